import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { atLeast } from '../../field.ts';
import { booted, energyTransferStarted, evConnectedPreSession } from '../../states/csms.ts';
import type { ToolStation, ToolTransaction } from '../../tool-station.ts';

/** Remote start and unlock (F01, F02, F05). */

/** An operator starts; returns the remoteStartId the CSMS chose. */
async function startsRemotely(t: CsmsTest, station: ToolStation, tx: ToolTransaction, plugged: boolean): Promise<number> {
  const idToken = await t.tokenAt('valid');
  const call = await t.command(station, 1, {
    action: 'RequestStartTransaction',
    payload: { idToken, evseId: tx.evseId },
    expect: { 'idToken.idToken': idToken.idToken, 'idToken.type': idToken.type, remoteStartId: atLeast(0) },
    requirements: ['F01.FR.01'],
    answer: { status: 'Accepted', ...(plugged ? { transactionId: tx.id } : {}) },
  });
  tx.token = idToken;
  return call.payload.remoteStartId;
}

const startsFirst = (tx: ToolTransaction, step: number, remoteStartId: number) =>
  tx.event(step, { triggerReason: 'RemoteStart', remoteStartId, ...(tx.token ? { idToken: tx.token } : {}) });

export const csmsRemoteStart = [
  csmsCase('TC_F_01_CSMS', 'Cable first, then the operator starts', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await evConnectedPreSession(t, station, tx);
    const remoteStartId = await startsRemotely(t, station, tx, true);
    await startsFirst(tx, 3, remoteStartId);
    await energyTransferStarted(t, station, tx, 5);
  }),
  csmsCase('TC_F_02_CSMS', 'The operator starts; the station authorizes the token first', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    const remoteStartId = await startsRemotely(t, station, tx, false);
    const idToken = await t.tokenAt('valid');
    t.check(4, await station.send(3, 'Authorize', { idToken }), { 'idTokenInfo.status': 'Accepted' }, 'C01.FR.02');
    await startsFirst(tx, 5, remoteStartId);
    await energyTransferStarted(t, station, tx, 7);
  }),
  csmsCase('TC_F_03_CSMS', 'The operator starts; the station charges at once', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await startsFirst(tx, 3, await startsRemotely(t, station, tx, false));
    await energyTransferStarted(t, station, tx, 5);
  }),
  csmsCase('TC_F_04_CSMS', 'The operator starts, but no cable comes in time', async (t) => {
    const station = await booted(t);
    const tx = t.transaction(station);
    await startsFirst(tx, 3, await startsRemotely(t, station, tx, false));
    await tx.event(5, { triggerReason: 'EVConnectTimeout' });
  }),
  csmsCase('TC_F_06_CSMS', 'The operator unlocks a connector', async (t) => {
    const station = await booted(t);
    const { evseId, connectorId } = t.settings;
    await t.command(station, 1, {
      action: 'UnlockConnector',
      payload: { evseId, connectorId },
      expect: { evseId, connectorId },
      requirements: ['F05.FR.01'],
      answer: { status: 'Unlocked' },
    });
    await station.send(2, 'Heartbeat', {});
  }),
];
