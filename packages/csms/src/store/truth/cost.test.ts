import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { event, minutes } from '../../testing/events.ts';
import { memoryDatabase } from '../direct-store.ts';
import { migrate } from '../sqlite/database.ts';
import { SqliteEngine } from '../sqlite/engine.ts';

const tx = (row: number, txid: string, seqNo: number) =>
  ({
    k: 'txEvent',
    station: row,
    receivedAt: minutes(seqNo),
    request: event(seqNo === 0 ? 'Started' : 'Updated', seqNo, { txid, wh: 1000 + seqNo }),
  }) as const;

/** Rows that were written since the database was opened. */
const written = (db: DatabaseSync): number => Number(db.prepare('SELECT total_changes() AS n').get()?.['n']);

test('T11 an event that comes next writes two rows, whether its ledger holds ten meter rows or fifty thousand', async () => {
  const db = memoryDatabase();
  migrate(db, 0);
  const engine = new SqliteEngine(db);
  engine.apply([[{ k: 'stationPut', station: { identity: 'CS1', securityProfile: 1, approval: 'approved', at: 0 } }]]);
  const row = 1;
  const cost = (txid: string, seqNo: number): number => {
    const before = written(db);
    engine.apply([[tx(row, txid, seqNo)]]);
    return written(db) - before;
  };
  for (let seqNo = 0; seqNo < 10; seqNo += 1) engine.apply([[tx(row, 'tx-1', seqNo)]]);
  const early = cost('tx-1', 10);
  for (let n = 0; n < 100; n += 1) engine.apply([Array.from({ length: 500 }, (_, seqNo) => tx(row, `other-${n}`, seqNo))]);
  expect([early, cost('tx-1', 11), cost('other-3', 500)]).toEqual([2, 2, 2]);
  expect(Number(db.prepare('SELECT count(*) AS n FROM tx_event').get()?.['n'])).toBe(50_013);
});

test('T11 what the writer asks of the tables is answered by an index, never by reading them through', () => {
  const db = memoryDatabase();
  migrate(db, 0);
  const asked = [
    'SELECT * FROM tx WHERE station=1 AND txid=?',
    'SELECT * FROM tx_event WHERE tx=1 AND seq=2',
    'SELECT * FROM tx_event WHERE tx=1',
    'SELECT * FROM tx_event_conflict WHERE tx=1 AND seq=2',
    'SELECT * FROM tx_fact WHERE station=1 AND txid=?',
  ];
  for (const sql of asked) {
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row['detail']));
    expect(plan.join()).toMatch(/^SEARCH .* USING INDEX/);
  }
});
