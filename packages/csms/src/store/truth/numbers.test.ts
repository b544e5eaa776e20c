import type { Ocpp } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import type { LedgerFact } from '../../ledger/event.ts';
import { event, minutes, session } from '../../testing/events.ts';
import type { Intent } from '../intents.ts';
import type { Store } from '../store.ts';
import { commit, STORES, station, useStores } from '../testing/engines.ts';

useStores();

type Request = Ocpp.TransactionEventRequest;
const tx = (row: number, request: Request): Intent => ({ k: 'txEvent', station: row, receivedAt: minutes(99), request });
const fact = (row: number, what: LedgerFact): Intent => ({ k: 'txFact', station: row, txid: 'tx-1', fact: what });

/** Events and facts one by one, then the bill and the row by the port. */
async function stored(store: Store, requests: readonly Request[], facts: readonly LedgerFact[] = []) {
  const row = await station(store);
  for (const request of requests) await commit(store, tx(row, request));
  for (const each of facts) await commit(store, fact(row, each));
  const record = await store.read.transaction(row, 'tx-1');
  if (record === undefined) throw new Error('the transaction is not there');
  return { ...record, events: await store.read.events(record.id), first: await store.read.transaction(row, 'tx-1', 1) };
}

describe.each(STORES)('%s', { timeout: 60_000 }, (_name, make) => {
  test('T8 T19 a counter that starts at 17 has no gap', async () => {
    const store = await make()();
    const { bill } = await stored(
      store,
      session(3).map((request) => ({ ...request, seqNo: request.seqNo + 17 })),
    );
    expect(bill).toMatchObject({ bill: 'final', completeness: 'complete', missingSeqNos: [] });
    await store.close();
  });

  test('T16 T19 the id used again, its counter going on or beginning anew: two transactions, each with its own bill', async () => {
    for (const from of [0, 4]) {
      const again = session(3).map((request, n) => ({
        ...event(request.eventType, from + n, { wh: 9000 + n * 10, at: minutes(100 + n) }),
      }));
      const store = await make()();
      const { row, bill, first } = await stored(store, [...session(3), ...again]);
      expect(row).toMatchObject({ generation: 2, events: 4, anomalies: ['transactionIdReused'] });
      expect(bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 30_000 });
      expect(first?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 301_500 });
      await store.close();
    }
  });

  test('T17 a clock of 1970 that is corrected in mid-transaction: whole, in the order of the numbers, marked', async () => {
    const store = await make()();
    const requests = session(4).map((request, n) => (n < 2 ? { ...request, timestamp: `1970-01-01T00:0${n}:00.000Z` } : request));
    const { row, bill, events } = await stored(store, requests);
    expect(bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 402_000 });
    expect(row).toMatchObject({ startedAt: 0, endedAt: minutes(4), anomalies: ['clockJump'] });
    expect(events.map(({ request }) => request.timestamp)).toEqual(requests.map(({ timestamp }) => timestamp));
    await store.close();
  });

  test('T20 a thinned Updated and a station that has nothing more: final, incomplete, the number is named', async () => {
    const store = await make()();
    const thinned = session(4).filter(({ seqNo }) => seqNo !== 2);
    const { bill } = await stored(store, thinned, [{ kind: 'statusAnswer', at: minutes(9), messagesInQueue: false, ongoing: false }]);
    expect(bill).toMatchObject({ bill: 'final', completeness: 'incomplete', closedBy: 'station', missingSeqNos: [2], energyMWh: 402_000 });
    await store.close();
  });

  test('T21 a Started that never came: the registers that are there count, the bill says what lacks', async () => {
    const store = await make()();
    const { bill } = await stored(store, session(4).slice(1), [{ kind: 'billTimeout', at: minutes(2_000) }]);
    expect(bill).toMatchObject({ bill: 'final', completeness: 'incomplete', missingSeqNos: null, energyMWh: 301_500 });
    expect(bill.reason).toBe('no usable answer in time; Started never came');
    await store.close();
  });

  test('T22 two bodies under one seqNo are both kept and both count', async () => {
    const store = await make()();
    const { row, bill, events } = await stored(store, [...session(3), event('Updated', 1, { wh: 1150, at: minutes(1) + 30_000 })]);
    expect(row).toMatchObject({ events: 5, anomalies: ['seqNoConflict'] });
    expect(bill).toMatchObject({ bill: 'final', completeness: 'complete', missingSeqNos: null, energyMWh: 301_500 });
    expect(events.filter(({ conflict }) => conflict)).toHaveLength(1);
    await store.close();
  });

  test('T4 registers that repeat, fall, jump, are negative, fractional or huge: stored as told, billed as the registers say, marked', async () => {
    const store = await make()();
    const row = await station(store);
    for (const [txid, values, energyMWh, anomalies] of [
      ['repeat', [1000, 1000, 1000], 0, []],
      ['fraction', [1000, 1397.5], 397_500, []],
      ['fall', [1000, 1500, 100, 400], 800_000, ['registerBackwards']],
      ['jump', [1000, 2_001_000.5], 2_000_000_500, ['registerJump']],
      ['negative', [-10, 20], 30_000, ['registerNegative']],
      ['huge', [0, 1e18], 0, ['registerOutOfRange']],
      ['huge between', [0, 2 ** 63, 700], 700_000, ['registerOutOfRange']],
    ] as const) {
      const last = values.length - 1;
      const requests = values.map((wh, n) => event(n === 0 ? 'Started' : n === last ? 'Ended' : 'Updated', n, { wh, txid }));
      await commit(store, ...requests.map((request) => tx(row, request)));
      const record = await store.read.transaction(row, txid);
      expect({ energyMWh: record?.bill.energyMWh, anomalies: record?.row.anomalies }).toEqual({ energyMWh, anomalies });
      expect((await store.read.events(record?.id ?? 0)).map(({ request }) => request)).toEqual(requests);
    }
    await store.close();
  });
});
