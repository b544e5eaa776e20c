import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import {
  booted,
  charging,
  connectorIs,
  energyTransferSuspended,
  evConnectedPostSession,
  evDisconnected,
  stopAuthorized,
} from '../../states/csms.ts';
import type { ToolEvent, ToolStation, ToolTransaction } from '../../tool-station.ts';

/** How a transaction ends: every stop point and what interrupts one (E06–E10). */

interface Charging {
  readonly station: ToolStation;
  readonly tx: ToolTransaction;
}
type Before = (t: CsmsTest, charging: Charging) => Promise<unknown>;

const ends = (id: string, title: string, before: Before, event: Omit<ToolEvent, 'eventType'>) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await before(t, { station, tx });
    await tx.event(1, { ...event, eventType: 'Ended' });
  });
const nothing: Before = async () => {};

export const csmsStop = [
  ends('TC_E_07_CSMS', 'Ended by the driver, with the power path', nothing, { triggerReason: 'StopAuthorized', stoppedReason: 'Local' }),
  ends('TC_E_08_CSMS', 'Ended by the driver, when energy stops', (_, { tx }) => stopAuthorized(tx), {
    triggerReason: 'ChargingStateChanged',
    chargingState: 'EVConnected',
    stoppedReason: 'Local',
  }),
  csmsCase('TC_E_14_CSMS', 'Ended when the cable is pulled at the station', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await stopAuthorized(tx);
    await evConnectedPostSession(tx);
    await evDisconnected(t, station, tx, 1);
  }),
  ends('TC_E_15_CSMS', 'Ended by the driver, with the authorization', nothing, { triggerReason: 'StopAuthorized', stoppedReason: 'Local' }),
  ends('TC_E_17_CSMS', 'Ended because the cable was pulled at the EV', (_, { tx }) => energyTransferSuspended(tx), {
    triggerReason: 'EVCommunicationLost',
    chargingState: 'Idle',
    stoppedReason: 'EVDisconnected',
  }),
  ends(
    'TC_E_19_CSMS',
    'Ended when the EV leaves the bay',
    async (t, { station, tx }) => {
      await stopAuthorized(tx);
      await evConnectedPostSession(tx);
      await connectorIs(t, station, 0, 'Available');
      await tx.event(0, { triggerReason: 'EVCommunicationLost', chargingState: 'Idle' });
    },
    { triggerReason: 'EVDeparted', stoppedReason: 'Local' },
  ),
  csmsCase('TC_E_20_CSMS', 'Ended when the cable is pulled at the EV', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await energyTransferSuspended(tx);
    await evDisconnected(t, station, tx, 1);
  }),
  csmsCase('TC_E_21_CSMS', 'Ended by the operator', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await t.command(station, 1, {
      action: 'RequestStopTransaction',
      payload: { transactionId: tx.id },
      expect: { transactionId: tx.id },
      requirements: ['F03.FR.01'],
      answer: { status: 'Accepted' },
    });
    await tx.event(3, { triggerReason: 'RemoteStop', stoppedReason: 'Remote', eventType: 'Ended' });
  }),
  ends('TC_E_22_CSMS', 'Ended when the EV takes no more energy', nothing, {
    triggerReason: 'ChargingStateChanged',
    chargingState: 'SuspendedEV',
    stoppedReason: 'StoppedByEV',
  }),
  csmsCase('TC_E_26_CSMS', 'The cable is pulled at the EV and put back; the transaction goes on', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await energyTransferSuspended(tx);
    await tx.event(1, { triggerReason: 'EVCommunicationLost', chargingState: 'Idle' });
    await connectorIs(t, station, 3, 'Available');
    await tx.event(5, { triggerReason: 'CablePluggedIn', chargingState: 'EVConnected' });
    await tx.event(7, { triggerReason: 'ChargingStateChanged', chargingState: 'Charging' });
  }),
];
