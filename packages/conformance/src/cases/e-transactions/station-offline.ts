import { stationCase } from '../../case.ts';
import { present } from '../../field.ts';
import { booted, cached, charging, parkingBayUnoccupied, tokenFields, transactionOf } from '../../states/station.ts';
import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Transactions while the station is offline, and what it says of them (E08, E11, E12, E14). */

/** The link is away for two readings. */
async function awayForReadings(t: StationTest, station: SutStation): Promise<void> {
  station.offline();
  await t.pass((2 * t.settings.sampleS + 1) * 1000, 'readings fall due while the station is offline');
}
const sampled = (t: StationTest): Readonly<Record<string, string>> => ({
  'SampledDataCtrlr.TxUpdatedInterval': String(t.settings.sampleS),
});

/** Back on the line; the CSMS asks first, then takes what waits. The queue is held by not answering until the question is. */
async function backAndAsked(
  station: SutStation,
  tx: SutTransaction | undefined,
  expect: { readonly ongoing?: boolean; readonly queued: boolean },
  requirement: string,
  step: number,
): Promise<void> {
  station.ignores('TransactionEvent');
  station.online();
  await station.connects(step, 30_000);
  await station.call(
    step,
    'GetTransactionStatus',
    tx === undefined ? {} : { transactionId: tx.id },
    { ongoingIndicator: expect.ongoing, messagesInQueue: expect.queued },
    requirement,
  );
  station.answersHeld('TransactionEvent');
}

/** Every event that waited is marked; one of them is of this type. */
async function queued(
  t: StationTest,
  station: SutStation,
  tx: SutTransaction,
  step: number,
  eventType: 'Updated' | 'Ended',
): Promise<void> {
  await station.take(
    step,
    'TransactionEvent',
    { 'transactionInfo.transactionId': tx.id, offline: true, ...(eventType === 'Updated' ? { meterValue: present } : {}) },
    { where: { eventType, offline: true }, requirements: ['E12.FR.06', 'E11.FR.06'] },
  );
  t.that(
    step,
    'nothing is lost: seqNo has no gap',
    gapless(tx),
    tx.events.map(({ payload }) => payload.seqNo),
    ['E01.FR.07'],
    {
      entry: t.trace.entries.length - 1,
      absent: { action: 'TransactionEvent', where: { 'transactionInfo.transactionId': tx.id, seqNo: 1_000_000 } },
    },
  );
}
const gapless = (tx: SutTransaction): boolean =>
  tx.events.every(({ payload }, n, all) => n === 0 || payload.seqNo - (all[n - 1]?.payload.seqNo ?? 0) <= 1);

/** The driver stops, pulls the cable and drives away, all while offline. */
async function leavesOffline(
  station: SutStation,
  tx: SutTransaction,
  token: { readonly idToken: string; readonly type: string },
): Promise<void> {
  await station.does('presentToken', { evse: tx.evseId, ...token });
  await station.does('unplug', { evse: tx.evseId, connector: tx.connectorId });
  if (station.layout.parkingSensor === true) await station.does('leaveBay', { evse: tx.evseId });
}

export const stationTransactionsOffline = [
  stationCase('TC_E_28_CS', 'An unknown transaction is neither ongoing nor queued', async (t) => {
    const station = await booted(t);
    await station.call(
      1,
      'GetTransactionStatus',
      { transactionId: t.outside.ids.uuid4() },
      { ongoingIndicator: false, messagesInQueue: false },
      'E14.FR.01',
    );
  }),
  stationCase('TC_E_29_CS', 'An ongoing transaction with queued events', async (t) => {
    const station = await booted(t, { variables: sampled(t) });
    const tx = await charging(t, station);
    await awayForReadings(t, station);
    await backAndAsked(station, tx, { ongoing: true, queued: true }, 'E14.FR.04', 3);
    await queued(t, station, tx, 5, 'Updated');
  }),
  stationCase('TC_E_30_CS', 'An ongoing transaction without queued events', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await station.call(
      1,
      'GetTransactionStatus',
      { transactionId: tx.id },
      { ongoingIndicator: true, messagesInQueue: false },
      'E14.FR.05',
    );
  }),
  stationCase('TC_E_31_CS', 'An ended transaction with queued events', async (t) => {
    const station = await booted(t, { variables: sampled(t) });
    const tx = await charging(t, station);
    station.offline();
    await leavesOffline(station, tx, t.token('valid'));
    await backAndAsked(station, tx, { ongoing: false, queued: true }, 'E14.FR.03', 1);
    await queued(t, station, tx, 3, 'Ended');
  }),
  stationCase('TC_E_32_CS', 'An ended transaction without queued events', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    await leavesOffline(station, tx, t.token('valid'));
    await parkingBayUnoccupied(station, tx);
    await station.take(0, 'TransactionEvent', {}, { where: { eventType: 'Ended' } });
    await station.call(
      1,
      'GetTransactionStatus',
      { transactionId: tx.id },
      { ongoingIndicator: false, messagesInQueue: false },
      'E14.FR.05',
    );
  }),
  stationCase('TC_E_33_CS', 'Without an id: events are queued', async (t) => {
    const station = await booted(t, { variables: sampled(t) });
    const tx = await charging(t, station);
    await awayForReadings(t, station);
    await backAndAsked(station, undefined, { queued: true }, 'E14.FR.07', 3);
    await queued(t, station, tx, 5, 'Updated');
  }),
  stationCase('TC_E_34_CS', 'Without an id: nothing is queued', async (t) => {
    const station = await booted(t);
    await station.call(1, 'GetTransactionStatus', {}, { ongoingIndicator: undefined, messagesInQueue: false }, 'E14.FR.08');
  }),
  stationCase('TC_E_40_CS', 'The link is lost during a transaction; readings are queued', async (t) => {
    const station = await booted(t, { variables: sampled(t) });
    const tx = await charging(t, station);
    await awayForReadings(t, station);
    station.online();
    await station.connects(2, 30_000);
    await queued(t, station, tx, 3, 'Updated');
  }),
  stationCase('TC_E_43_CS', 'A whole transaction while offline', async (t) => {
    const station = await booted(t, {
      variables: { 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true', 'AuthCtrlr.LocalAuthorizeOffline': 'true' },
    });
    await cached(t, station, 'valid');
    const tx = await transactionOf(t, station);
    station.offline();
    await station.does('plug', { evse: tx.evseId, connector: tx.connectorId });
    await station.does('presentToken', { evse: tx.evseId, ...t.token('valid') });
    await t.pass(t.settings.sampleS * 1000, 'the driver charges while the station is offline');
    await leavesOffline(station, tx, t.token('valid'));
    station.online();
    await station.connects(1, 30_000);
    await tx.takes(1, { offline: true }, ['E12.FR.01', 'E12.FR.06']);
    await tx.takes(1, { offline: true }, ['E12.FR.02', 'E12.FR.06'], { eventType: 'Ended' });
    const unmarked = tx.events.find(({ payload }) => payload.offline !== true);
    t.that(
      1,
      'every event is marked offline',
      unmarked === undefined,
      unmarked?.payload,
      ['E12.FR.06'],
      unmarked && { entry: unmarked.entry, path: 'offline' },
    );
  }),
  stationCase('TC_E_44_CS', 'A transaction is ended while offline', async (t) => {
    const station = await booted(t);
    const tx = await charging(t, station);
    station.offline();
    await leavesOffline(station, tx, t.token('valid'));
    station.online();
    await station.connects(2, 30_000);
    await tx.takes(3, { offline: true }, ['E08.FR.01', 'E08.FR.06'], { eventType: 'Ended' });
  }),
  stationCase('TC_E_45_CS', 'A transaction is ended while offline by a token of the same group', async (t) => {
    const station = await booted(t, {
      variables: { 'AuthCacheCtrlr.Enabled': 'true', 'AuthCtrlr.LocalPreAuthorize': 'true', 'AuthCtrlr.LocalAuthorizeOffline': 'true' },
    });
    await cached(t, station, 'groupMate');
    const tx = await charging(t, station);
    station.offline();
    await leavesOffline(station, tx, t.token('groupMate'));
    station.online();
    await station.connects(2, 30_000);
    await tx.takes(3, { offline: true }, ['E08.FR.02'], { eventType: 'Ended' });
    const stop = station.all('TransactionEvent', { triggerReason: 'StopAuthorized' }).at(0);
    if (stop === undefined) return t.stop(3, 'an event says who stopped it', 'no StopAuthorized', ['E08.FR.02']);
    t.check(3, stop, tokenFields(t.token('groupMate')), 'E08.FR.02');
  }),
];
