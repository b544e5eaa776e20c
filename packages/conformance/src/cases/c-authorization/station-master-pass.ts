import { stationCase } from '../../case.ts';
import { absentOr } from '../../field.ts';
import {
  authorizedLocally,
  booted,
  energyTransferStarted,
  evConnectedPostSession,
  evConnectedPreSession,
  evDisconnected,
  parkingBayUnoccupied,
  tokenFields,
  transactionOf,
} from '../../states/station.ts';
import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';
import { stillCharges } from './still-charges.ts';

/** The master pass of an attendant (C16). */

/** Two drivers charge at a station that knows the group of the master pass. */
async function bothCharge(t: StationTest, display: boolean): Promise<{ station: SutStation; txs: readonly SutTransaction[] }> {
  const station = await booted(t, { layout: { evses: 2, display }, variables: { 'AuthCtrlr.MasterPassGroupId': t.masterGroupId } });
  const txs: SutTransaction[] = [];
  for (const [evseId, role] of [
    [1, 'valid'],
    [2, 'valid2'],
  ] as const) {
    const tx = await transactionOf(t, station, evseId);
    await evConnectedPreSession(t, station, tx);
    await authorizedLocally(t, station, tx, 0, role);
    await energyTransferStarted(t, station, tx);
    txs.push(tx);
  }
  return { station, txs };
}

async function showsMasterPass(t: StationTest, station: SutStation): Promise<void> {
  const pass = t.token('masterPass');
  await station.does('presentToken', { ...pass });
  await station.take(1, 'Authorize', tokenFields(pass), { requirements: ['C16.FR.01'] });
}

/** Every event of the end may be the one with the reason; the last one has it (errata 6.2.32). */
async function endsByMasterPass(t: StationTest, station: SutStation, tx: SutTransaction, requirement: string): Promise<void> {
  const pass = t.token('masterPass');
  await tx.takes(
    3,
    { 'transactionInfo.stoppedReason': 'MasterPass', 'idToken.idToken': absentOr(pass.idToken), 'idToken.type': absentOr(pass.type) },
    [requirement, 'C16.FR.07'],
    { eventType: 'Ended' },
  );
  await evConnectedPostSession(tx, 5);
  await evDisconnected(t, station, tx, 6);
  await parkingBayUnoccupied(station, tx, 7);
}

export const stationMasterPass = [
  stationCase('TC_C_45_CS', 'A master pass starts nothing', async (t) => {
    const station = await booted(t, {
      variables: { 'TxCtrlr.TxStartPoint': 'Authorized', 'AuthCtrlr.MasterPassGroupId': t.masterGroupId },
    });
    const tx = await transactionOf(t, station);
    await showsMasterPass(t, station);
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
    await station.silence(4, t.settings.silenceS, 'TransactionEvent', {}, 'C16.FR.03');
  }),
  stationCase('TC_C_47_CS', 'A master pass ends all transactions that the attendant chooses on the display', async (t) => {
    const { station, txs } = await bothCharge(t, true);
    await showsMasterPass(t, station);
    await station.does('select', { all: true });
    for (const tx of txs) await endsByMasterPass(t, station, tx, 'C16.FR.01');
  }),
  stationCase('TC_C_48_CS', 'A master pass ends the one transaction that the attendant chooses on the display', async (t) => {
    const { station, txs } = await bothCharge(t, true);
    await showsMasterPass(t, station);
    await station.does('select', { evse: 1 });
    const [first, second] = txs;
    if (first === undefined || second === undefined) return t.inconclusive('two transactions were prepared');
    await endsByMasterPass(t, station, first, 'C16.FR.01');
    await stillCharges(t, station, second, 7);
  }),
  stationCase('TC_C_49_CS', 'A master pass at a station without a display ends all transactions', async (t) => {
    const { station, txs } = await bothCharge(t, false);
    await showsMasterPass(t, station);
    for (const tx of txs) await endsByMasterPass(t, station, tx, 'C16.FR.02');
  }),
];
