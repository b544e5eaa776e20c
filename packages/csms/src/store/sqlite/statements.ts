import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Row, SqlValue } from '../sql.ts';

interface Prepared {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
  /** What every row is a copy of: its shape is made once. */
  readonly empty: Readonly<Record<string, unknown>>;
}

/**
 * The statements of one connection, each prepared once. Rows are read as arrays and made into objects here: those that node:sqlite
 * makes itself lie in V8's old generation, where only a full collection finds them (4 kB per request of a list, and its pauses).
 */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #kept: number;
  readonly #prepared = new Map<string, Prepared>();

  /** Of so many it remembers how they are prepared. */
  constructor(db: DatabaseSync, kept = Infinity) {
    this.#db = db;
    this.#kept = kept;
  }

  rows(sql: string, values: readonly SqlValue[]): readonly Row[] {
    const { statement, columns, empty } = this.#of(sql);
    return statement.all(...values).map((cells) => rowOf(cells, columns, empty));
  }

  run(sql: string, values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number } {
    const { changes, lastInsertRowid } = this.#of(sql).statement.run(...values);
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  #of(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    const prepared = { statement, columns, empty: Object.fromEntries(columns.map((name) => [name, null])) };
    if (this.#prepared.size < this.#kept) this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** The types know rows as objects only. */
function rowOf(cells: SQLOutputValue[] | Record<string, SQLOutputValue>, columns: readonly string[], empty: Row): Row {
  if (!Array.isArray(cells)) return cells;
  const row: Record<string, unknown> = { ...empty };
  for (let index = 0; index < columns.length; index += 1) row[columns[index] ?? ''] = cells[index];
  return row;
}
