import { readFileSync } from 'node:fs';
import { silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { event, minutes, session } from '../testing/events.ts';
import { arrival, oddFacts, oddTransaction } from '../testing/odd-transactions.ts';
import { DirectStore, memoryDatabase } from './direct-store.ts';
import type { Intent } from './intents.ts';
import { PostgresStore } from './postgres/postgres-store.ts';
import type { Row } from './sql.ts';
import type { Store } from './store.ts';
import { commit, station, useStores } from './testing/engines.ts';
import { testServer } from './testing/postgres.ts';

useStores();
const server = await testServer();

/** What the migration says of transactions that were there before it. */
const backfill = (engine: 'sqlite' | 'postgres'): string => {
  const sql = readFileSync(new URL(`./migrations/0007-lists.${engine}.sql`, import.meta.url), 'utf8');
  return /INSERT INTO tx_listed[^;]+;/.exec(sql)?.[0] ?? '';
};

async function fill(store: Store): Promise<void> {
  const row = await station(store);
  const tx = (request: Extract<Intent, { k: 'txEvent' }>['request']): Intent => ({ k: 'txEvent', station: row, receivedAt: 0, request });
  for (const request of session(3)) await commit(store, tx({ ...request, idToken: { idToken: 'AbC', type: 'ISO14443' } }));
  await commit(store, tx(event('Started', 5, { txid: 'open', wh: 7 })), tx(event('Updated', 6, { txid: 'open', wh: 9 })));
  await commit(store, tx(event('Ended', 4, { txid: 'headless', wh: 7 })));
  await commit(store, tx(event('Started', 0, { txid: 'hole', wh: 7 })), tx(event('Ended', 2, { txid: 'hole', wh: 3, at: minutes(3) })));
  await commit(store, tx(event('Started', 0, { txid: 'closed', wh: 7 })), {
    k: 'txFact',
    station: row,
    txid: 'closed',
    fact: { kind: 'operatorClose', at: 1, reason: 'r', actor: 'a' },
  });
  await commit(store, tx(event('Started', 0, { txid: 'bad', wh: 7 })), tx(event('Ended', 1, { txid: 'bad', wh: 8, at: minutes(1) })), {
    k: 'invalidEvent',
    station: row,
    receivedAt: 0,
    hash: 'h',
    text: 't',
    error: 'e',
    txid: 'bad',
  });
}

const odd = oddTransaction.chain((events) => fc.record({ events: arrival(events), facts: oddFacts }));

test('whatever comes in whatever order, lists know of every transaction what its row says', async () => {
  await fc.assert(
    fc.asyncProperty(odd, async ({ events, facts }) => {
      const db = memoryDatabase();
      const store = new DirectStore(db, systemClock, () => 0);
      const row = await station(store);
      for (const request of events) await commit(store, { k: 'txEvent', station: row, receivedAt: 0, request });
      const [txid] = events.map(({ transactionInfo }) => transactionInfo.transactionId);
      for (const { generation, fact } of facts)
        if (txid !== undefined) await commit(store, { k: 'txFact', station: row, txid, generation, fact });
      const listed = await store.read.listTransactions({ sort: 'startedAt', order: 'desc', limit: 1000 });
      const all = await store.read.transactions({ limit: 1000 });
      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)));
      for (const { id, row: own, bill } of all) {
        const over = own.state === 'ended' || bill.bill === 'final';
        expect({ ...db.prepare('SELECT * FROM tx_listed WHERE id=?').get(id) }).toMatchObject({
          started_at: own.startedAt ?? own.lastAt,
          energy: over ? bill.energyMWh : null,
          token: own.idToken?.idToken.toLowerCase() ?? null,
          stopped_reason: own.stoppedReason,
          ended: Number(over),
          final: Number(bill.bill === 'final'),
          complete: Number(bill.completeness === 'complete'),
        });
      }
    }),
    { numRuns: 40 },
  );
}, 30_000);

test('SQLite: what the migration makes of old transactions is what the ledger writes of new ones', async () => {
  const db = memoryDatabase();
  await fill(new DirectStore(db, systemClock, () => 0));
  const all = (): readonly Row[] => db.prepare('SELECT * FROM tx_listed ORDER BY id').all();
  const written = all();
  db.exec(`DELETE FROM tx_listed; ${backfill('sqlite')}`);
  expect(all()).toEqual(written);
  expect(written.map(({ ended, final, complete }) => [ended, final, complete])).toEqual([
    [1, 1, 1],
    [0, 0, 0],
    [1, 0, 0],
    [1, 0, 0],
    [1, 1, 0],
    [1, 0, 0],
  ]);
});

test.skipIf(server === undefined)('PostgreSQL: the same', async () => {
  const database = await server?.database();
  if (database === undefined) return;
  const store = await PostgresStore.open({ url: database.url, clock: systemClock, log: silentLog });
  await fill(store);
  await store.between(async (connection) => {
    const all = async () => (await connection.query('SELECT * FROM tx_listed ORDER BY id')).rows;
    const written = await all();
    expect(written).toHaveLength(6);
    await connection.script(`DELETE FROM tx_listed; ${backfill('postgres')}`);
    expect(await all()).toEqual(written);
  });
  await store.close();
  await database.drop();
});
