import { DAY_MS } from '@busbar/runtime';
import { describe, expect, test } from 'vitest';
import { event, minutes, session } from '../../testing/events.ts';
import { commit, STORES, station, useStores } from '../testing/engines.ts';

useStores();

describe.each(STORES.filter(([name]) => name.startsWith('SQLite')))('%s', { timeout: 60_000 }, (_, make) => {
  test('D7 an event that comes after retention is kept and shown, and the bill stays; what is open keeps its events', async () => {
    const open = make();
    let store = await open();
    const row = await station(store);
    const tx = (request: ReturnType<typeof event>) => ({ k: 'txEvent', station: row, receivedAt: minutes(99), request }) as const;
    for (const request of session(3)) await commit(store, tx(request));
    await commit(store, tx(event('Started', 0, { txid: 'open' })));
    const before = await store.read.transaction(row, 'tx-1');
    expect(await store.retain('events', minutes(98))).toBe(0);
    expect(await store.retain('events', minutes(99) + DAY_MS)).toBe(1);
    expect(await store.read.events(before?.id ?? 0)).toEqual([]);
    expect(await store.read.events((await store.read.transaction(row, 'open'))?.id ?? 0)).toHaveLength(1);
    await store.close();
    store = await open();
    const late = event('Updated', 1, { wh: 9_000_000 });
    expect(await commit(store, tx(late))).toMatchObject([
      { result: 'new', tx: { bill: before?.bill, row: { anomalies: ['afterRetention'] } } },
    ]);
    expect(await commit(store, tx(late))).toMatchObject([{ result: 'duplicate' }]);
    expect((await store.read.events(before?.id ?? 0)).map(({ request }) => request)).toEqual([late]);
    await store.close();
  });
});
