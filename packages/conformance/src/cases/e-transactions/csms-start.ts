import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { oneOf } from '../../field.ts';
import type { IdToken } from '../../settings.ts';
import {
  authorized,
  booted,
  connectorIs,
  energyTransferStarted,
  evConnectedPreSession,
  reading,
  stoppedAndGone,
} from '../../states/csms.ts';
import type { ToolStation } from '../../tool-station.ts';

/** How a transaction starts: every start point, every order (E01–E03, E05). */

/** The token is asked for, the cable goes in, and nothing has started yet. */
async function authorizedAndPlugged(t: CsmsTest): Promise<{ station: ToolStation; idToken: IdToken }> {
  const station = await booted(t);
  const idToken = await t.tokenAt('valid');
  t.check(2, await station.send(1, 'Authorize', { idToken }), { 'idTokenInfo.status': 'Accepted' }, 'C01.FR.02');
  await connectorIs(t, station, 3, 'Occupied');
  return { station, idToken };
}

const startsAt = (id: string, title: string, chargingState: 'SuspendedEVSE' | 'Charging') =>
  csmsCase(id, title, async (t) => {
    const { station, idToken } = await authorizedAndPlugged(t);
    const tx = t.transaction(station);
    await tx.event(5, {
      triggerReason: 'ChargingStateChanged',
      idToken,
      evse: { id: tx.evseId, connectorId: tx.connectorId },
      chargingState,
    });
    if (chargingState === 'SuspendedEVSE') await tx.event(7, { triggerReason: 'ChargingStateChanged', chargingState: 'Charging' });
  });

export const csmsStart = [
  startsAt('TC_E_01_CSMS', 'A transaction that starts when the power path closes', 'SuspendedEVSE'),
  startsAt('TC_E_02_CSMS', 'A transaction that starts when energy flows', 'Charging'),
  csmsCase('TC_E_03_CSMS', 'Cable first, then the token', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await evConnectedPreSession(t, station, tx);
    await authorized(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 2);
  }),
  csmsCase('TC_E_04_CSMS', 'Token first, then the cable', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await authorized(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 2);
  }),
  csmsCase('TC_E_09_CSMS', 'A transaction that starts with the cable', async (t) => {
    const station = await booted(t);
    await evConnectedPreSession(t, station, t.transaction(station), 1);
  }),
  csmsCase('TC_E_10_CSMS', 'A transaction that starts with the token', async (t) => {
    const station = await booted(t);
    const idToken = await t.tokenAt('valid');
    t.check(2, await station.send(1, 'Authorize', { idToken }), { 'idTokenInfo.status': 'Accepted' }, 'C01.FR.02');
    await t.transaction(station).event(3, { triggerReason: 'Authorized', idToken });
  }),
  csmsCase('TC_E_11_CSMS', 'A transaction that starts with a signed reading', async (t) => {
    const { station, idToken } = await authorizedAndPlugged(t);
    const tx = t.transaction(station);
    await tx.event(5, {
      triggerReason: 'SignedDataReceived',
      idToken,
      evse: { id: tx.evseId, connectorId: tx.connectorId },
      meterValue: [reading(t, 0, 'Transaction.Begin', { signed: true })],
    });
    await tx.event(7, { triggerReason: 'ChargingStateChanged', chargingState: 'Charging' });
  }),
  csmsCase('TC_E_12_CSMS', 'A transaction that starts when an EV stands in the bay', async (t) => {
    const station = await booted(t);
    await t.transaction(station).event(1, { triggerReason: 'EVDetected' });
  }),
  csmsCase('TC_E_38_CSMS', 'Authorized and plugged in, but the EV is not ready', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await authorized(t, station, tx);
    await evConnectedPreSession(t, station, tx, 1);
    await tx.event(2, { triggerReason: 'ChargingStateChanged', chargingState: 'SuspendedEV' });
  }),
  csmsCase('TC_E_39_CSMS', 'Authorized, but no cable comes in time', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await authorized(t, station, tx);
    await tx.event(1, { triggerReason: 'EVConnectTimeout', stoppedReason: 'Timeout', eventType: 'Ended' });
  }),
  csmsCase('TC_E_16_CSMS', 'A transaction started offline by an unknown token is refused when it is told', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await tx.event(1, { triggerReason: 'Authorized', idToken: await t.tokenAt('invalid'), status: oneOf('Invalid', 'Unknown') });
    await tx.event(3, { triggerReason: 'Deauthorized', stoppedReason: 'DeAuthorized', eventType: 'Ended' });
  }),
  csmsCase('TC_E_53_CSMS', 'Every transaction may count from zero', async (t) => {
    const station = await booted(t);
    for (const step of [1, 3]) {
      const tx = t.transaction(station);
      await energyTransferStarted(t, station, tx, step);
      await stoppedAndGone(t, station, tx, step + 1);
    }
  }),
];
