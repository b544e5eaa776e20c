import { isDeepStrictEqual } from 'node:util';
import type { Ocpp } from '@busbar/protocol';
import { anomaliesOf, billOf } from '../../ledger/bill.ts';
import { bodyHash } from '../../ledger/canonical.ts';
import { ledgerEvent } from '../../ledger/event.ts';
import { foldAll, NO_FACTS } from '../../ledger/fold.ts';
import type { Store } from '../store.ts';

/** What a station said, before anybody could change it. */
export interface Told {
  readonly station: string;
  readonly request: Ocpp.TransactionEventRequest;
}
export type Complaint = 'count' | 'event' | 'row' | 'bill' | 'energy';

/**
 * Compares a store with what stations said. Everything is taken from the words of the stations and nothing from the store:
 * how many events, each event as it was told, the row and the bill that the set of them makes, the energy of all together.
 */
export async function complaints(store: Store, told: readonly Told[]): Promise<ReadonlySet<Complaint>> {
  const out = new Set<Complaint>();
  const stations = new Map((await store.read.stations()).map(({ identity, row }) => [identity, row]));
  const keys = new Set(told.map(({ station, request }) => `${station} ${request.transactionInfo.transactionId}`));
  let [energy, energyTold, count] = [0, 0, 0];
  for (const key of keys) {
    const [station = '', txid = ''] = key.split(' ');
    const own = told.filter((each) => each.station === station && each.request.transactionInfo.transactionId === txid);
    const distinct = new Map(own.map(({ request }) => [`${request.seqNo} ${bodyHash(request)}`, request]));
    const keyed = [...distinct.values()].map((request) => ({ ...ledgerEvent(request), hash: bodyHash(request) }));
    const stored: string[] = [];
    for (const row of foldAll(keyed, () => NO_FACTS)) {
      const record = await store.read.transaction(stations.get(station) ?? 0, txid, row.generation);
      const bill = billOf(row);
      energyTold += bill.energyMWh ?? 0;
      energy += record?.bill.energyMWh ?? 0;
      if (!isDeepStrictEqual(record?.row, row)) out.add('row');
      const [is, should] = [
        record === undefined ? undefined : { ...record.bill, anomalies: anomaliesOf(record.row) },
        { ...bill, anomalies: anomaliesOf(row) },
      ];
      if (!isDeepStrictEqual(is, should)) out.add('bill');
      const events = record === undefined ? [] : await store.read.events(record.id);
      stored.push(...events.map(({ request }) => `${request.seqNo} ${bodyHash(request)}`));
    }
    count += stored.length;
    if (stored.length !== distinct.size) out.add('count');
    if (!isDeepStrictEqual(stored.toSorted(), [...distinct.keys()].toSorted())) out.add('event');
  }
  if (energy !== energyTold) out.add('energy');
  const all = await store.read.transactions({ limit: 1_000 });
  if (all.reduce((sum, { row }) => sum + row.events, 0) !== count) out.add('count');
  return out;
}
