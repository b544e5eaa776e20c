import { type Instant, limits } from '@busbar/runtime';
import { type Program, rows, run } from '../sql.ts';
import { num } from './columns.ts';

/** Transactions whose events go at once on SQLite. */
const TRANSACTIONS = 100;

/** Removes a slice of readings and notices that arrived before then, oldest first. Returns how many rows went. */
export function* retainReadings(before: Instant): Program<number> {
  let gone = 0;
  for (const table of ['meter_value', 'notice'])
    gone += yield* run(
      `DELETE FROM ${table} WHERE id < (SELECT MIN(id) FROM ${table}) + ? AND received_at < ?`,
      limits.retentionRows,
      before,
    );
  // Nobody who delivers is ever so far behind.
  return gone + (yield* run('DELETE FROM outbox WHERE id < (SELECT MAX(id) FROM outbox) - ?', limits.outboxRows));
}

/** Removes the events of some transactions that are final and came and ended before then. Returns how many transactions it were. */
export function* retainEvents(before: Instant): Program<number> {
  const old = yield* rows(
    'SELECT id FROM tx WHERE final=1 AND events_gone=0 AND created_at < ? AND last_at < ? LIMIT ?',
    before,
    before,
    TRANSACTIONS,
  );
  for (const row of old) {
    yield* run('UPDATE tx SET events_gone=1 WHERE id=?', num(row, 'id'));
    yield* run('DELETE FROM tx_event WHERE tx=?', num(row, 'id'));
    yield* run('DELETE FROM tx_event_conflict WHERE tx=?', num(row, 'id'));
  }
  return old.length;
}
