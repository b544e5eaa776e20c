import type { BulkCounts, BulkIntent, BulkItemState, BulkReader, BulkRecord, BulkState } from '../bulk-intents.ts';
import type { Outcome } from '../intents.ts';
import { type Program, type Query, type Row, run, tell } from '../sql.ts';
import { num, numOrNull, text, textOrNull } from './columns.ts';
import type { Prepared } from './prepared.ts';
import { Where } from './where.ts';

const KINDS: ReadonlySet<string> = new Set<BulkIntent['k']>(['bulkPut', 'bulkBegin', 'bulkItem', 'bulkEnd']);
export const isBulkIntent = (intent: Prepared): intent is BulkIntent => KINDS.has(intent.k);

const found = (changes: number): Outcome => ({ result: changes > 0 ? 'done' : 'notFound' });

/** What is written about jobs for many stations. An item goes waiting → underWay → its end, and never back. */
export function* applyBulk(intent: BulkIntent): Program<Outcome> {
  switch (intent.k) {
    case 'bulkPut': {
      const { id, action, options, state, total, actor, createdAt, endedAt } = intent.bulk;
      yield* tell('INSERT INTO bulk VALUES(?,?,?,?,?,?,?,?)', id, action, options, state, total, actor, createdAt, endedAt);
      for (const station of intent.stations) yield* tell(`INSERT INTO bulk_item(bulk, station, state) VALUES(?,?,'waiting')`, id, station);
      return { result: 'new' };
    }
    case 'bulkBegin':
      return found(
        yield* run(
          `UPDATE bulk_item SET state='underWay', started_at=? WHERE bulk=? AND station=? AND state='waiting'`,
          intent.at,
          intent.bulk,
          intent.station,
        ),
      );
    case 'bulkItem':
      return found(
        yield* run(
          `UPDATE bulk_item SET state=?, command=?, reason=?, result=?, ended_at=? WHERE bulk=? AND station=? AND state IN ('waiting', 'underWay')`,
          intent.state,
          intent.command ?? null,
          intent.reason ?? null,
          intent.result ?? null,
          intent.at,
          intent.bulk,
          intent.station,
        ),
      );
    case 'bulkEnd':
      yield* tell(
        `UPDATE bulk_item SET state=?, reason=?, ended_at=? WHERE bulk=? AND state='waiting'`,
        intent.waiting.state,
        intent.waiting.reason,
        intent.at,
        intent.bulk,
      );
      return found(yield* run(`UPDATE bulk SET state=?, ended_at=? WHERE id=? AND state='running'`, intent.state, intent.at, intent.bulk));
  }
}

/** What went wrong stands first. */
const RANK = `CASE state WHEN 'refused' THEN 0 WHEN 'failed' THEN 1 WHEN 'unknown' THEN 2 WHEN 'underWay' THEN 3 WHEN 'waiting' THEN 4 WHEN 'stopped' THEN 5 ELSE 6 END`;
const STATES: readonly BulkItemState[] = ['waiting', 'underWay', 'done', 'refused', 'failed', 'unknown', 'stopped'];
const JOB_STATES: readonly BulkState[] = ['running', 'done', 'stopped'];

export const bulkReader = (all: Query): BulkReader => ({
  bulks: async (limit, before, actor) => {
    const where = new Where();
    where.maybe('id<?', before);
    where.maybe('actor=?', actor);
    return (await all(`SELECT * FROM bulk ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit)).map(toBulk);
  },
  bulk: async (id) => (await all('SELECT * FROM bulk WHERE id=?', id)).map(toBulk)[0],
  runningBulks: async () => (await all(`SELECT * FROM bulk WHERE state='running' ORDER BY id`)).map(toBulk),
  bulkCounts: async (id) => {
    const rows = await all('SELECT state, COUNT(*) AS n FROM bulk_item WHERE bulk=? GROUP BY state', id);
    const of = (state: BulkItemState): number => rows.filter((row) => row['state'] === state).reduce((sum, row) => sum + num(row, 'n'), 0);
    const counts: BulkCounts = {
      waiting: of('waiting'),
      underWay: of('underWay'),
      done: of('done'),
      refused: of('refused'),
      failed: of('failed'),
      unknown: of('unknown'),
      stopped: of('stopped'),
    };
    return counts;
  },
  bulkItems: async (id, limit, after) =>
    (
      await all(
        `SELECT * FROM (SELECT bulk_item.*, ${RANK} AS rank FROM bulk_item WHERE bulk=?1) ranked WHERE rank > ?2 OR (rank = ?2 AND station > ?3) ORDER BY rank, station LIMIT ?4`,
        id,
        after?.[0] ?? -1,
        after?.[1] ?? -1,
        limit,
      )
    ).map((row) => ({
      station: num(row, 'station'),
      state: STATES.find((known) => known === row['state']) ?? 'unknown',
      command: textOrNull(row, 'command'),
      reason: textOrNull(row, 'reason'),
      result: textOrNull(row, 'result'),
      startedAt: numOrNull(row, 'started_at'),
      endedAt: numOrNull(row, 'ended_at'),
      rank: num(row, 'rank'),
    })),
  bulkWaiting: async (id) =>
    (await all(`SELECT station FROM bulk_item WHERE bulk=? AND state='waiting' ORDER BY station`, id)).map((row) => num(row, 'station')),
});

const toBulk = (row: Row): BulkRecord => ({
  id: text(row, 'id'),
  action: text(row, 'action'),
  options: text(row, 'options'),
  state: JOB_STATES.find((known) => known === row['state']) ?? 'stopped',
  total: num(row, 'total'),
  actor: text(row, 'actor'),
  createdAt: num(row, 'created_at'),
  endedAt: numOrNull(row, 'ended_at'),
});
