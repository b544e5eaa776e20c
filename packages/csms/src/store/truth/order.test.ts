import type { Ocpp } from '@busbar/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyHash } from '../../ledger/canonical.ts';
import { event, minutes, session } from '../../testing/events.ts';
import { arrival, oddFacts, oddTransaction, type PlacedFact } from '../../testing/odd-transactions.ts';
import type { Intent } from '../intents.ts';
import type { Store } from '../store.ts';
import { commit, type Reopen, STORES, station, useStores } from '../testing/engines.ts';

useStores();

type Request = Ocpp.TransactionEventRequest;
type Item = { readonly request: Request } | PlacedFact;

const intent = (row: number, item: Item): Intent =>
  'request' in item
    ? { k: 'txEvent', station: row, receivedAt: minutes(99), request: item.request }
    : { k: 'txFact', station: row, txid: 'tx-1', generation: item.generation, fact: item.fact };

/** Everything the port tells of the transaction, of all its generations; what the database numbers by itself left out. */
async function told(store: Store, row: number) {
  const out = [];
  for (let generation = 1; ; generation += 1) {
    const record = await store.read.transaction(row, 'tx-1', generation);
    if (record === undefined) return out;
    const events = (await store.read.events(record.id)).map(({ request }) => bodyHash(request));
    out.push({ row: record.row, bill: record.bill, events: events.toSorted() });
  }
}

/** Stores in the order given, in as many lives of the store as told. */
async function storeAll(open: Reopen, items: readonly Item[], restarts: readonly number[]) {
  let store = await open();
  const row = await station(store);
  for (const [index, item] of items.entries()) {
    if (restarts.includes(index)) {
      await store.close();
      store = await open();
    }
    await commit(store, intent(row, item));
  }
  const result = await told(store, row);
  await store.close();
  return result;
}

describe.each(STORES)('%s', { timeout: 60_000 }, (name, make) => {
  test('T2 T3 T15 T16 T17 T22 any order, repetition and partition into restarts of events and facts: the identical rows, bills and events', async () => {
    const transaction = fc.record({ requests: oddTransaction, facts: oddFacts }).chain(({ requests, facts }) => {
      const items: Item[] = [...requests.map((request) => ({ request })), ...facts];
      return fc.record({ items: fc.constant(items), order: arrival(items), restarts: fc.array(fc.nat(20), { maxLength: 3 }) });
    });
    await fc.assert(
      fc.asyncProperty(transaction, async ({ items, order, restarts }) => {
        const whole = await storeAll(make(), items, []);
        expect(await storeAll(make(), order, restarts)).toEqual(whole);
        const distinct = new Set(items.flatMap((item) => ('request' in item ? [bodyHash(item.request)] : [])));
        expect(new Set(whole.flatMap(({ events }) => events))).toEqual(distinct);
        expect(whole.flatMap(({ events }) => events)).toHaveLength(distinct.size);
      }),
      name.includes('in process') ? { numRuns: 60 } : { numRuns: 2, endOnFailure: true }, // elsewhere each event costs an fsync
    );
  });

  test('T2 an Updated after the Ended is stored, counts and is named', async () => {
    const [whole] = await storeAll(
      make(),
      [...session(3), event('Updated', 4, { wh: 1500, at: minutes(5) })].map((request) => ({ request })),
      [4],
    );
    expect(whole?.row.anomalies).toEqual(['eventAfterEnded']);
    expect(whole?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 500_000 });
  });

  test('T3 the Ended first: provisional, then the same as in order', async () => {
    const items = session(3).map((request) => ({ request }));
    const [first] = await storeAll(make(), items.slice(-1), []);
    expect(first?.bill).toMatchObject({ bill: 'provisional', reason: 'Started never came', missingSeqNos: null });
    expect(await storeAll(make(), items.toReversed(), [1])).toEqual(await storeAll(make(), items, []));
  });

  test('T15 500 queued events from the last to the first make the bill that an online session makes', async () => {
    const open = make();
    const store = await open();
    const row = await station(store);
    const queued = session(499).map((request): Intent => intent(row, { request: { ...request, offline: true } }));
    await commit(store, ...(name.includes('worker') ? queued : queued.toReversed()));
    const [record] = await told(store, row);
    expect(record?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 499 * 100_500, missingSeqNos: [] });
    await store.close();
  });

  test('T1 T20 an early event told again after so many holes that its number is no longer kept is still a duplicate', async () => {
    const thinned = session(1_200).filter(({ seqNo, eventType }) => eventType !== 'Updated' || seqNo % 2 === 0);
    const store = await make()();
    const row = await station(store);
    await commit(store, ...thinned.map((request) => intent(row, { request })));
    const [before] = await told(store, row);
    expect(before?.row.anomalies).toEqual(['seqNoScattered']);
    for (const request of [thinned[1], thinned[100]])
      if (request) expect((await commit(store, intent(row, { request })))[0]?.result).toBe('duplicate');
    expect(await told(store, row)).toEqual([before]);
    await store.close();
  });
});
