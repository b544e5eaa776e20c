import { stationCase } from '../../case.ts';
import type { TokenRole } from '../../settings.ts';
import {
  authorizedLocally,
  booted,
  charging,
  energyTransferStarted,
  evConnectedPostSession,
  evConnectedPreSession,
  evDisconnected,
  parkingBayUnoccupied,
  tokenFields,
  transactionOf,
} from '../../states/station.ts';
import { stillCharges } from './still-charges.ts';

/** Tokens that are asked for and refused, groups (C01, C04, C06, C09). */

/** The cable is in, the token is refused: energy must not flow, and no event may name the token. */
const refused = (id: string, title: string, role: TokenRole, status: 'Invalid' | 'Blocked' | 'Expired' | 'Unknown') =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    station.deems({ status });
    const token = t.token(role);
    await station.does('presentToken', { evse: tx.evseId, ...token });
    await station.take(1, 'Authorize', tokenFields(token), { requirements: ['C01.FR.02'] });
    await station.silence(2, t.settings.silenceS, 'TransactionEvent', { triggerReason: 'Authorized' }, 'C01.FR.02');
    station.came(2, 0, 'TransactionEvent', { 'transactionInfo.chargingState': 'Charging' }, 'no energy flows', 'C01.FR.02');
  });

const group = (t: { readonly groupId: string }) => ({ groupIdToken: { idToken: t.groupId, type: 'Central' } });

export const stationAuthorize = [
  refused('TC_C_02_CS', 'A token that is Invalid starts nothing', 'invalid', 'Invalid'),
  refused('TC_C_06_CS', 'A token that is Blocked starts nothing', 'blocked', 'Blocked'),
  refused('TC_C_07_CS', 'A token that is Expired starts nothing', 'expired', 'Expired'),
  refused('TC_C_56_CS', 'A token that is Unknown starts nothing', 'invalid', 'Unknown'),
  stationCase('TC_C_05_CS', 'Behind a cable lock a refused token opens nothing', async (t) => {
    const station = await booted(t);
    station.deems({ status: 'Invalid' });
    const token = t.token('invalid');
    await station.does('presentToken', { evse: t.settings.evseId, ...token });
    await station.take(1, 'Authorize', tokenFields(token), { requirements: ['C01.FR.02'] });
    await station.silence(2, t.settings.silenceS, 'TransactionEvent', {}, 'C01.FR.02');
  }),
  stationCase('TC_C_04_CS', 'Another token does not end the transaction', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    const other = t.token('valid2');
    await station.does('presentToken', { evse: tx.evseId, ...other });
    await station.take(1, 'Authorize', tokenFields(other), { requirements: ['C01.FR.02'] });
    await station.silence(2, t.settings.silenceS, 'TransactionEvent', tokenFields(other), 'C01.FR.03');
    await stillCharges(t, station, tx, 2);
  }),
  stationCase('TC_C_39_CS', 'Another token of the same group ends the transaction', async (t) => {
    const station = await booted(t);
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await authorizedLocally(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 5);
    const mate = t.token('groupMate');
    await station.does('presentToken', { evse: tx.evseId, ...mate });
    await station.take(6, 'Authorize', tokenFields(mate), { requirements: ['C09.FR.03'] });
    tx.stoppedBy = 'Local';
    await tx.takes(8, { triggerReason: 'StopAuthorized', ...tokenFields(mate) }, ['C09.FR.05'], { triggerReason: 'StopAuthorized' });
    await evConnectedPostSession(tx, 10);
    await evDisconnected(t, station, tx, 11);
    await parkingBayUnoccupied(station, tx, 12);
  }),
  stationCase('TC_C_42_CS', 'A token of the same group that is Invalid ends nothing', async (t) => {
    const station = await booted(t);
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx);
    await authorizedLocally(t, station, tx, 1);
    await energyTransferStarted(t, station, tx, 5);
    station.deems({ status: 'Invalid', ...group(t) });
    const mate = t.token('invalid');
    await station.does('presentToken', { evse: tx.evseId, ...mate });
    await station.take(6, 'Authorize', tokenFields(mate), { requirements: ['C09.FR.11'] });
    await station.silence(7, t.settings.silenceS, 'TransactionEvent', { triggerReason: 'StopAuthorized' }, 'C09.FR.11');
    await stillCharges(t, station, tx, 7);
  }),
];
