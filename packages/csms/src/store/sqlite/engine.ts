import type { DatabaseSync } from 'node:sqlite';
import type { Intent } from '../intents.ts';
import { Batches } from '../programs/batch.ts';
import { type Prepared, prepare } from '../programs/prepared.ts';
import type { SampleDictionary } from '../programs/sample-keys.ts';
import { EVENT_COLUMNS, TX_COLUMNS, TX_KEY_COLUMNS } from '../programs/tx-row.ts';
import { type Answer, type LedgerWrite, type Row, runNow, type SqlValue, type Step } from '../sql.ts';
import type { GroupResult } from '../store.ts';
import { Statements } from './statements.ts';

const NOTHING: Answer = { rows: [], changes: 0 };
const marks = (columns: string): string => columns.split(', ').fill('?').join(',');
const LEDGER = {
  txNew: `INSERT INTO tx(${TX_COLUMNS}, ${TX_KEY_COLUMNS}, version) VALUES(${marks(TX_COLUMNS)},${marks(TX_KEY_COLUMNS)},1)`,
  txUpdate: `UPDATE tx SET ${TX_COLUMNS.replaceAll(',', '=?,')}=?, version=version+1 WHERE id=?`,
  event: `INSERT INTO tx_event(${EVENT_COLUMNS}) VALUES(${marks(EVENT_COLUMNS)}) ON CONFLICT DO NOTHING`,
  conflict: `INSERT INTO tx_event_conflict(${EVENT_COLUMNS}) VALUES(${marks(EVENT_COLUMNS)}) ON CONFLICT DO NOTHING`,
} satisfies Record<LedgerWrite['write'], string>;
const CONTROL = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  save: 'SAVEPOINT one',
  release: 'RELEASE one',
  back: 'ROLLBACK TO one',
};

/** One writing connection: takes a batch of groups into one transaction. Synchronous; lives in a worker or, in tests, in process. */
export class SqliteEngine {
  readonly #db: DatabaseSync;
  readonly #statements: Statements;
  readonly #batches = new Batches(isStoreWide);

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = new Statements(db);
    runNow(this.#batches.start(), this.#execute);
  }

  /** Each group whole or not at all, in order, one commit for all; returns after the fsync. */
  apply(groups: readonly (readonly Intent[])[]): readonly GroupResult[] {
    return this.write(prepare(groups, this.keys));
  }

  write(groups: readonly (readonly Prepared[])[]): readonly GroupResult[] {
    return runNow(this.#batches.apply(groups), this.#execute);
  }

  get keys(): SampleDictionary {
    return this.#batches.keys;
  }

  readonly #execute = (step: Step): Answer => {
    if ('write' in step) return this.#ledger(step);
    if ('control' in step) {
      if (step.control === 'rollback' && !this.#db.isTransaction) return NOTHING;
      this.#statements.run(CONTROL[step.control], []);
      return NOTHING;
    }
    if (step.want === 'rows') return { rows: this.#statements.rows(step.sql, step.values), changes: 0 };
    return { rows: [], changes: this.#statements.run(step.sql, step.values).changes };
  };

  #ledger(step: LedgerWrite): Answer {
    const values = step.write === 'txUpdate' ? [...step.values, step.id] : step.values;
    const { changes, lastInsertRowid } = this.#statements.run(LEDGER[step.write], values);
    return { rows: [], changes: step.write === 'txNew' ? lastInsertRowid : changes };
  }
}

/** Kept statements of a reader: all its own and the usual combinations of filters. */
const STATEMENTS = 500;

/** How a reader asks. */
export function sqliteQuery(db: DatabaseSync): (sql: string, ...values: SqlValue[]) => Promise<readonly Row[]> {
  const statements = new Statements(db, STATEMENTS);
  return async (sql, ...values) => statements.rows(sql, values);
}

/** SQLite's own codes for "nothing can be written": busy, locked, read-only, I/O error, damaged, full, cannot be opened, not a database. */
const STORE_WIDE = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

function isStoreWide(error: unknown): boolean {
  const code =
    typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  return STORE_WIDE.has(code);
}
