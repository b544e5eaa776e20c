import { DAY_MS, type Instant, limits } from '@busbar/runtime';
import { num, text } from '../programs/columns.ts';
import type { Connection } from './connection.ts';

const DAILY = ['meter_value', 'message_block'] as const;
export const rangeOf = (tx: number): number => Math.floor(tx / limits.txPerPartition);

/** Makes the range that holds the transaction and the one after it. */
export async function makeTxRanges(connection: Connection, tx: number): Promise<number> {
  const first = rangeOf(tx);
  for (const range of [first, first + 1]) await makeTxRange(connection, range);
  return (first + 2) * limits.txPerPartition;
}

export async function makeTxRange(connection: Connection, range: number): Promise<void> {
  const [from, to] = [range * limits.txPerPartition, (range + 1) * limits.txPerPartition];
  await connection.script(`CREATE TABLE IF NOT EXISTS tx_event_r${range} PARTITION OF tx_event FOR VALUES FROM (${from}) TO (${to})`);
}

/** Makes the days from yesterday to a week ahead. */
export async function makeDays(connection: Connection, now: Instant): Promise<void> {
  const today = Math.floor(now / DAY_MS);
  for (const table of DAILY)
    for (let day = today - 1; day <= today + limits.partitionDaysAhead; day += 1) await makeDay(connection, table, day);
}

export async function makeDay(connection: Connection, table: (typeof DAILY)[number], day: number): Promise<void> {
  await connection.script(
    `CREATE TABLE IF NOT EXISTS ${table}_d${day} PARTITION OF ${table} FOR VALUES FROM (${day * DAY_MS}) TO (${(day + 1) * DAY_MS})`,
  );
}

/** Drops the days of a table that ended before then; what fitted no day goes row by row. Returns how many parts went. */
export async function dropDays(connection: Connection, table: (typeof DAILY)[number], before: Instant): Promise<number> {
  const { rows } = await connection.query(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid=i.inhrelid WHERE i.inhparent=to_regclass(?)`,
    [table],
  );
  let dropped = 0;
  for (const row of rows) {
    const [, day] = /_d(\d+)$/.exec(text(row, 'name')) ?? [];
    if (day === undefined || (Number(day) + 1) * DAY_MS > before) continue;
    await connection.script(`DROP TABLE ${table}_d${day}`);
    dropped += 1;
  }
  await connection.query(`DELETE FROM ${table}_rest WHERE ${table === 'meter_value' ? 'received_at' : 'last_at'} < ?`, [before]);
  return dropped;
}

/** Drops the ranges whose transactions are all final and ended before then. Their rows stay: bills are kept for ever. */
export async function dropTxRanges(connection: Connection, before: Instant): Promise<number> {
  const { rows } = await connection.query(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid=i.inhrelid WHERE i.inhparent=to_regclass('tx_event')`,
  );
  const { rows: last } = await connection.query('SELECT COALESCE(MAX(id), 0) AS id FROM tx');
  const newest = rangeOf(num(last[0] ?? {}, 'id'));
  let dropped = 0;
  for (const row of rows) {
    const [, range] = /_r(\d+)$/.exec(text(row, 'name')) ?? [];
    if (range === undefined || Number(range) >= newest) continue;
    const [from, to] = [Number(range) * limits.txPerPartition, (Number(range) + 1) * limits.txPerPartition];
    const { rows: held } = await connection.query(
      'SELECT 1 FROM tx WHERE id>=? AND id<? AND (final=0 OR last_at>=? OR created_at>=?) LIMIT 1',
      [from, to, before, before],
    );
    if (held.length > 0) continue;
    await connection.query('UPDATE tx SET events_gone=1 WHERE id>=? AND id<?', [from, to]);
    await connection.script(`DROP TABLE tx_event_r${range}`);
    dropped += 1;
  }
  return dropped;
}
