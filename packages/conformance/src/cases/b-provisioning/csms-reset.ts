import type { ResponseOf } from '@busbar/protocol';
import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { absent } from '../../field.ts';
import { acceptedBoot, allConnectorsAre, booted, bootedAgain, charging, connectorIs, sendBoot } from '../../states/csms.ts';
import type { ToolStation, ToolTransaction } from '../../tool-station.ts';

/** Reset of the station and of one EVSE, with and without a transaction (B11, B12). */

type Kind = 'OnIdle' | 'Immediate';

const reset = (
  t: CsmsTest,
  station: ToolStation,
  type: Kind,
  evseId: number | undefined,
  status: ResponseOf<'Reset'>['status'],
  requirement: string,
) =>
  t.command(station, 1, {
    action: 'Reset',
    payload: { type, ...(evseId === undefined ? {} : { evseId }) },
    expect: { type, evseId: evseId ?? absent },
    requirements: [requirement],
    answer: { status },
  });

/** The driver stops, the EV goes. */
async function driverLeaves(tx: ToolTransaction): Promise<void> {
  await tx.event(3, { triggerReason: 'StopAuthorized', chargingState: 'EVConnected', ...(tx.token ? { idToken: tx.token } : {}) });
  await tx.event(5, { triggerReason: 'EVCommunicationLost', chargingState: 'Idle', stoppedReason: 'EVDisconnected', eventType: 'Ended' });
}
const cutByReset = (tx: ToolTransaction) =>
  tx.event(3, { triggerReason: 'ResetCommand', chargingState: 'EVConnected', stoppedReason: 'ImmediateReset', eventType: 'Ended' });

export const csmsReset = [
  csmsCase('TC_B_20_CSMS', 'An idle station is reset', async (t) => {
    const station = await booted(t);
    await reset(t, station, 'OnIdle', undefined, 'Accepted', 'B11.FR.04');
    await bootedAgain(t, station, 3, 'RemoteReset');
  }),
  csmsCase('TC_B_21_CSMS', 'A reset waits for the transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await reset(t, station, 'OnIdle', undefined, 'Scheduled', 'B12.FR.01');
    await driverLeaves(tx);
    await bootedAgain(t, station, 7, 'ScheduledReset');
  }),
  csmsCase('TC_B_22_CSMS', 'A reset cuts the transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await reset(t, station, 'Immediate', undefined, 'Accepted', 'B12.FR.03');
    await cutByReset(tx);
    acceptedBoot(t, 6, await sendBoot(t, station, 5, 'RemoteReset'));
    await connectorIs(t, station, 7, 'Occupied', tx.evseId, tx.connectorId);
    await connectorIs(t, station, 7, 'Available', 2, 1);
  }),
  csmsCase('TC_B_25_CSMS', 'One idle EVSE is reset', async (t) => {
    const station = await booted(t);
    await reset(t, station, 'OnIdle', t.settings.evseId, 'Accepted', 'B11.FR.04');
    await allConnectorsAre(t, station, 2, 'Available');
  }),
  csmsCase('TC_B_26_CSMS', 'The reset of an EVSE waits for its transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await reset(t, station, 'OnIdle', tx.evseId, 'Scheduled', 'B12.FR.07');
    await driverLeaves(tx);
  }),
  csmsCase('TC_B_27_CSMS', 'The reset of an EVSE cuts its transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await reset(t, station, 'Immediate', tx.evseId, 'Accepted', 'B12.FR.08');
    await cutByReset(tx);
  }),
];
