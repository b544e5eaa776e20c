import { formatInstant, type Instant, silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { event, minutes, session } from '../../testing/events.ts';
import type { Intent, Outcome } from '../intents.ts';
import { type GroupResult, type Store, StoreFailure } from '../store.ts';
import { testServer } from '../testing/postgres.ts';
import { makeCluster } from '../testing/postgres-cluster.ts';
import { PostgresStore } from './postgres-store.ts';

const server = await testServer();
const cluster = await makeCluster();
afterAll(async () => {
  await cluster?.remove();
}, 60_000);

const open = (url: string): Promise<PostgresStore> => PostgresStore.open({ url, clock: systemClock, log: silentLog });
async function commit(store: Store, ...intents: Intent[]): Promise<readonly Outcome[]> {
  const [result] = await store.commit([intents]);
  if (result === undefined || result instanceof StoreFailure) throw result ?? new Error('no result');
  return result;
}
async function station(store: Store, identity: string): Promise<number> {
  const [outcome] = await commit(store, { k: 'stationPut', station: { identity, securityProfile: 1, approval: 'approved', at: 0 } });
  return outcome?.assigned ?? 0;
}
const tx = (row: number, request: ReturnType<typeof event>): Intent => ({ k: 'txEvent', station: row, receivedAt: minutes(99), request });
const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
};

describe.skipIf(server === undefined)(`PostgreSQL ${server?.version} alone`, { timeout: 60_000 }, () => {
  const own = async () => {
    if (server === undefined) throw new Error('no server');
    return server.database();
  };

  test('a database that another Busbar writes is refused; once it has ended the next one goes on', async () => {
    const database = await own();
    const first = await open(database.url);
    await expect(open(database.url)).rejects.toMatchObject({ code: 'database-taken' });
    await first.close();
    await (await open(database.url)).close();
    await database.drop();
  });

  test('who lost his lock to another writes nothing any more', async () => {
    const database = await own();
    const first = await open(database.url);
    const row = await station(first, 'CS1');
    await query(
      database.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='busbar writer' AND datname=current_database()`,
    );
    const second = await open(database.url);
    await commit(second, tx(row, event('Started', 0)));
    await second.close(); // the lock is free again, but the first one has missed something
    const late = await first.commit([[tx(row, event('Updated', 1))]]);
    const [last] = failed(late) ? await first.commit([[tx(row, event('Updated', 1))]]) : late;
    expect(last).toBeInstanceOf(StoreFailure);
    expect(first.healthy).toBe(false);
    expect(await query(database.url, 'SELECT count(*)::int AS n FROM tx_event')).toEqual([{ n: 1 }]);
    await first.close();
    await database.drop();
  });

  test('a newer database is refused with a sentence', async () => {
    const database = await own();
    await (await open(database.url)).close();
    await query(database.url, `INSERT INTO schema_migration VALUES('9999-future', 'x', 1)`);
    await expect(open(database.url)).rejects.toMatchObject({ code: 'folder-newer' });
    await database.drop();
  });

  test('retention: days of readings and ranges of final transactions go as whole partitions; what is open stays', async () => {
    const database = await own();
    const store = await open(database.url);
    const row = await station(store, 'CS1');
    for (const request of session(3)) await commit(store, tx(row, request));
    const day = 24 * 3600 * 1000;
    const now: Instant = systemClock.now();
    const request = { evseId: 1, meterValue: [{ timestamp: formatInstant(now), sampledValue: [{ value: 1 }] }] };
    await commit(
      store,
      { k: 'meterValues', station: row, receivedAt: now, request },
      { k: 'meterValues', station: row, receivedAt: now - 900 * day, request },
    );
    expect(await store.read.meterValues(row, 10)).toHaveLength(2);
    await store.retain('readings', now - 30 * day);
    expect(await store.read.meterValues(row, 10)).toHaveLength(1);
    expect(await store.retain('events', now + 9000 * day)).toBe(0); // the newest range is still being filled
    await query(database.url, `SELECT setval('tx_id', 250000)`);
    await store.close();
    const again = await open(database.url);
    await commit(again, tx(row, event('Started', 0, { txid: 'far' })));
    await commit(again, tx(row, event('Started', 0, { txid: 'farther' })));
    expect(await again.retain('events', now + 9000 * day)).toBe(2);
    const old = await again.read.transaction(row, 'tx-1');
    expect(old?.bill).toMatchObject({ bill: 'final', completeness: 'complete' });
    expect(await again.read.events(old?.id ?? 0)).toEqual([]);
    // It comes again, long after: kept and shown, and the bill stays what it was.
    const [late] = await commit(again, tx(row, event('Updated', 1, { wh: 9_000_000 })));
    expect(late).toMatchObject({ result: 'new', tx: { bill: old?.bill, row: { anomalies: ['afterRetention'] } } });
    expect((await commit(again, tx(row, event('Updated', 1, { wh: 9_000_000 }))))[0]?.result).toBe('duplicate');
    expect(await again.read.events(old?.id ?? 0)).toHaveLength(1);
    await again.close();
    await database.drop();
  });
});

const failed = (results: readonly GroupResult[]): boolean => results[0] instanceof StoreFailure;

describe.skipIf(cluster === undefined)(`a PostgreSQL of our own`, { timeout: 120_000 }, () => {
  test.each(['fast', 'immediate'] as const)(
    'restarted under load (%s): nothing acknowledged is lost, nothing counted twice',
    async (how) => {
      if (cluster === undefined) throw new Error('no cluster');
      const name = `load_${how}`;
      await query(cluster.url, `CREATE DATABASE ${name}`);
      const url = cluster.url.replace(/postgres$/, name);
      const store = await open(url);
      const rows = await Promise.all(Array.from({ length: 20 }, (_, n) => station(store, `CS${n}`)));
      const acknowledged = new Map<number, number>();
      const state = { stopping: false, restarts: 0 };
      // Each station sends its next event when the last one is acknowledged, and the same one again when it is not: as stations do.
      const drive = async (row: number): Promise<void> => {
        for (let seq = 0; !state.stopping; ) {
          const request = event(seq === 0 ? 'Started' : 'Updated', seq, { at: minutes(0) + seq * 1000, wh: seq });
          const [result] = await store.commit([[tx(row, request)]]);
          if (result === undefined || result instanceof StoreFailure) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            continue;
          }
          acknowledged.set(row, seq + 1);
          seq += 1;
        }
      };
      const drivers = rows.map(drive);
      for (let round = 0; round < 3; round += 1) {
        const before = total(acknowledged);
        await until(() => total(acknowledged) > before + 200);
        await cluster.stop(how);
        await cluster.start();
      }
      const before = total(acknowledged);
      await until(() => total(acknowledged) > before + 200);
      state.stopping = true;
      await Promise.all(drivers);
      for (const row of rows) {
        const record = await store.read.transaction(row, 'tx-1');
        const events = await store.read.events(record?.id ?? 0);
        expect(record?.row).toMatchObject({
          events: acknowledged.get(row),
          ranges: [[0, (acknowledged.get(row) ?? 0) - 1]],
          anomalies: [],
        });
        expect(events.map(({ request }) => request.seqNo)).toEqual(Array.from({ length: acknowledged.get(row) ?? 0 }, (_, n) => n));
      }
      await store.close();
    },
  );

  test('a commit whose answer never came is looked up: it counts once, and its answer is the right one', async () => {
    if (cluster === undefined) throw new Error('no cluster');
    await query(cluster.url, 'CREATE DATABASE doubt');
    const url = cluster.url.replace(/postgres$/, 'doubt');
    const store = await open(url);
    const row = await station(store, 'CS1');
    // The server commits and then is killed before it says so: a trigger at commit makes it sleep, the backend is ended meanwhile.
    const before = await query(url, 'SELECT batch::int AS batch FROM writer');
    const numbers = await Promise.all(
      Array.from({ length: 50 }, async () => commit(store, { k: 'nextId', station: row, counter: 'requestId' })),
    );
    const own = query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='busbar writer' AND datname=current_database()`,
    );
    const results = await Promise.all([
      own,
      ...Array.from({ length: 50 }, async () => {
        for (;;) {
          const [result] = await store.commit([[{ k: 'nextId', station: row, counter: 'requestId' }]]);
          if (result !== undefined && !(result instanceof StoreFailure)) return result;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }),
    ]);
    const given = [...numbers, ...results.slice(1)].map((result) => (Array.isArray(result) ? result[0] : undefined));
    expect(new Set(given.map((outcome) => JSON.stringify(outcome))).size).toBe(100); // no number twice
    const [last] = await query(url, 'SELECT request_id::int AS n FROM station');
    expect(last).toEqual({ n: 100 }); // and none was taken by a commit that nobody heard of
    expect(before).toHaveLength(1);
    await store.close();
  });
});

const total = (counts: ReadonlyMap<number, number>): number => [...counts.values()].reduce((sum, n) => sum + n, 0);
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
