import { limits } from '@busbar/runtime';
import { describe, expect, test } from 'vitest';
import { event, minutes } from '../testing/events.ts';
import type { BulkRecord } from './bulk-intents.ts';
import type { Intent } from './intents.ts';
import { StoreFailure } from './store.ts';
import { commit, STORES, station, useStores } from './testing/engines.ts';
import type { DeliveryInput, WebhookRecord } from './webhook-intents.ts';

useStores();

const BULK: BulkRecord = { id: 'b1', action: '{}', options: '{}', state: 'running', total: 5, actor: 'a', createdAt: 1, endedAt: null };
const HOOK: WebhookRecord = {
  id: 'w1',
  url: 'https://a.example',
  types: ['transactionStarted'],
  sites: [1, 2],
  active: true,
  note: '',
  secretVersion: 1,
  createdBy: 'a',
  createdAt: 1,
};
const delivery = (id: string, more: Partial<DeliveryInput> = {}): DeliveryInput => ({
  id,
  webhook: 'w1',
  eventId: `e-${id}`,
  type: 't',
  at: 1,
  body: '{"a":1}',
  createdAt: 100,
  ...more,
});

describe.each(STORES)('%s', { timeout: 60_000 }, (_name, make) => {
  test('jobs for many stations: an item begins once, ends once, and what was under way at a restart is unknown', async () => {
    const open = make();
    let store = await open();
    const rows: number[] = [];
    for (const id of ['A', 'B', 'C', 'D', 'E']) rows.push(await station(store, id));
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = rows;
    await commit(store, { k: 'bulkPut', bulk: BULK, stations: rows });
    expect(await store.read.bulkWaiting('b1')).toEqual(rows);
    const begin = (row: number): Intent => ({ k: 'bulkBegin', bulk: 'b1', station: row, at: 5 });
    expect((await commit(store, begin(a), begin(a), begin(b), begin(c))).map(({ result }) => result)).toEqual([
      'done',
      'notFound',
      'done',
      'done',
    ]);
    const end = { k: 'bulkItem', bulk: 'b1', at: 9 } as const;
    const outcomes = await commit(
      store,
      { ...end, station: a, state: 'done', command: 'c1', result: '{"status":"Accepted"}' },
      { ...end, station: a, state: 'failed' },
      { ...end, station: b, state: 'refused', reason: 'Rejected' },
    );
    expect(outcomes.map(({ result }) => result)).toEqual(['done', 'notFound', 'done']);
    await commit(store, { k: 'commandsUnknown', at: 20 });
    await store.close();
    store = await open();
    expect(await store.read.runningBulks()).toEqual([BULK]);
    expect(await store.read.bulkWaiting('b1')).toEqual([d, e]);
    expect(await store.read.bulkCounts('b1')).toEqual({ waiting: 2, underWay: 0, done: 1, refused: 1, failed: 0, unknown: 1, stopped: 0 });
    const seen: unknown[] = [];
    for (let after: readonly [number, number] | undefined; ; ) {
      const page = await store.read.bulkItems('b1', 2, after);
      seen.push(...page.map((item) => [item.station, item.state, item.reason, item.startedAt, item.endedAt]));
      const last = page.at(-1);
      if (last === undefined) break;
      after = [last.rank, last.station];
    }
    expect(seen).toEqual([
      [b, 'refused', 'Rejected', 5, 9],
      [c, 'unknown', 'csmsRestarted', 5, 20],
      [d, 'waiting', null, null, null],
      [e, 'waiting', null, null, null],
      [a, 'done', null, 5, 9],
    ]);
    const stop = { k: 'bulkEnd', bulk: 'b1', state: 'stopped', waiting: { state: 'stopped', reason: 'stopped' }, at: 30 } as const;
    expect((await commit(store, stop, stop)).map(({ result }) => result)).toEqual(['done', 'notFound']);
    expect(await store.read.bulk('b1')).toMatchObject({ state: 'stopped', endedAt: 30 });
    expect((await store.read.bulkCounts('b1')).stopped).toBe(2);
    await commit(store, { k: 'bulkPut', bulk: { ...BULK, id: 'b2' }, stations: [a] });
    expect((await store.read.bulks(10)).map(({ id }) => id)).toEqual(['b2', 'b1']);
    expect((await store.read.bulks(10, 'b2')).map(({ id }) => id)).toEqual(['b1']);
    await store.close();
  });

  test('the outbox is written while a webhook is active, and not otherwise; a group that is refused changes nothing of that', async () => {
    const store = await make()();
    const row = await station(store);
    const started = (txid: string): Intent => ({
      k: 'txEvent',
      station: row,
      receivedAt: 0,
      request: event('Started', 0, { txid, wh: 0, at: minutes(1) }),
    });
    const count = async () => (await store.read.outbox(100)).length;
    await commit(store, started('t1'));
    expect(await count()).toBe(0);
    await commit(store, { k: 'webhookPut', webhook: HOOK }, started('t2'));
    expect(await store.read.outbox(100)).toMatchObject([{ type: 'transactionStarted', station: row, at: minutes(1) }]);
    await commit(store, { k: 'webhookPut', webhook: { ...HOOK, active: false } }, started('t3'));
    expect(await count()).toBe(1);
    // Bound to fail as a whole: the webhook of this group never was.
    const bad: Intent = { k: 'stationPatch', station: row, patch: { site: 'nowhere' as unknown as number } };
    const [refused, stored] = await store.commit([[{ k: 'webhookPut', webhook: HOOK }, bad], [started('t4')]]);
    expect(refused).toBeInstanceOf(StoreFailure);
    expect(stored).toMatchObject([{ result: 'new' }]);
    expect(await store.read.webhooks()).toEqual([{ ...HOOK, active: false }]);
    expect(await count()).toBe(1);
    await store.close();
  });

  test('handed over with the removal of what was handed over; tried, put off, ended; the log is kept for a time', async () => {
    const store = await make()();
    await station(store);
    await commit(store, { k: 'webhookPut', webhook: HOOK }, { k: 'webhookPut', webhook: { ...HOOK, id: 'w2' } });
    const row = 1;
    await commit(store, { k: 'securityEvent', station: row, at: 1, receivedAt: 1, type: 'X', critical: true, source: 'station' });
    const [told] = await store.read.outbox(10);
    await commit(store, {
      k: 'webhookFanOut',
      until: told?.id ?? 0,
      deliveries: [delivery('d1'), delivery('d2'), delivery('d3', { webhook: 'w2' })],
    });
    expect(await store.read.outbox(10)).toEqual([]);
    expect((await store.read.deliveriesDue('w1', 100, 10)).map(({ id }) => id).toSorted()).toEqual(['d1', 'd2']);
    expect(await store.read.deliveriesDue('w1', 99, 10)).toEqual([]);
    await commit(
      store,
      { k: 'webhookTried', id: 'd1', state: 'pending', at: 110, nextAt: 500, status: 503, error: 'answered 503' },
      { k: 'webhookTried', id: 'd2', state: 'delivered', at: 120, nextAt: 500, status: 204 },
    );
    expect((await store.read.deliveriesDue('w1', 499, 10)).map(({ id }) => id)).toEqual([]);
    expect(await store.read.nextDelivery('w1', 120)).toBe(500);
    const [late] = await commit(store, { k: 'webhookTried', id: 'd2', state: 'dead', at: 130, nextAt: 1 });
    expect(late?.result).toBe('notFound');
    expect(await store.read.deliveries('w1', 10)).toMatchObject([
      { id: 'd2', state: 'delivered', attempts: 1, status: 204, error: null, endedAt: 120 },
      { id: 'd1', state: 'pending', attempts: 1, status: 503, error: 'answered 503', endedAt: null },
    ]);
    expect((await store.read.deliveries('w1', 10, 'd2')).map(({ id }) => id)).toEqual(['d1']);
    await commit(store, { k: 'webhookLogRetain', before: 121 });
    expect((await store.read.deliveries('w1', 10)).map(({ id }) => id)).toEqual(['d1']);
    await commit(store, { k: 'webhookDelete', id: 'w1' });
    expect(await store.read.deliveries('w1', 10)).toEqual([]);
    expect(await store.read.deliveries('w2', 10)).toHaveLength(1);
    expect(limits.webhookWaiting).toBeGreaterThan(1000);
    await store.close();
  });
});
