import { rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { text } from '../programs/columns.ts';
import { type Program, runNow, type Step } from '../sql.ts';
import { migrate } from '../sqlite/database.ts';
import { Statements } from '../sqlite/statements.ts';
import { type Cells, cellsOf } from './cells.ts';
import { type Applied, type ArchiveSource, type ArchiveTarget, archived, type Table } from './database.ts';

const PART = 500;
/** More pages than a database has: the copy is made in one step, under one read lock, however much is written meanwhile. */
const ALL_PAGES = 2 ** 31 - 1;

/** Takes a copy of a database that others may write, and reads that. The copy goes with `close`. */
export async function copyOfSqlite(path: string, copy: string): Promise<ArchiveSource> {
  const live = new DatabaseSync(path, { readOnly: true });
  try {
    await backup(live, copy, { rate: ALL_PAGES });
  } finally {
    live.close();
  }
  const source = new SqliteArchive(new DatabaseSync(copy));
  return {
    engine: 'sqlite',
    applied: () => source.applied(),
    tables: () => source.tables(),
    rows: (table) => source.rows(table),
    close: async () => {
      await source.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true });
    },
  };
}

/** A SQLite database that nobody else writes: read, or filled in one transaction. */
export class SqliteArchive implements ArchiveTarget {
  readonly engine = 'sqlite';
  readonly #db: DatabaseSync;
  readonly #now: () => number;

  constructor(db: DatabaseSync, now: () => number = () => 0) {
    this.#db = db;
    this.#now = now;
  }

  async applied(): Promise<readonly Applied[]> {
    return this.#db
      .prepare('SELECT name, checksum FROM schema_migration ORDER BY name')
      .all()
      .map((row) => ({ name: text(row, 'name'), checksum: text(row, 'checksum') }));
  }

  async tables(): Promise<readonly Table[]> {
    const names = this.#db.prepare(`SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'`).all();
    return archived(
      names.map((row) => {
        const name = text(row, 'name');
        const columns = this.#db.prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid').all(name);
        return { name, columns: columns.map((column) => text(column, 'name')) };
      }),
    );
  }

  async *rows({ name, columns }: Table): AsyncGenerator<readonly Cells[]> {
    let part: Cells[] = [];
    for (const row of this.#db.prepare(`SELECT ${columns.join(', ')} FROM ${name}`).iterate()) {
      part.push(cellsOf(row, columns));
      if (part.length < PART) continue;
      yield part;
      part = [];
    }
    if (part.length > 0) yield part;
  }

  /** Its own transactions end here; the rows come in one of their own. */
  async migrate(upTo?: string): Promise<void> {
    if (this.#db.isTransaction) this.#db.exec('COMMIT');
    migrate(this.#db, this.#now(), upTo);
  }

  async clear(tables: readonly Table[]): Promise<void> {
    this.#db.exec('BEGIN IMMEDIATE');
    for (const { name } of tables) this.#db.exec(`DELETE FROM ${name}`);
  }

  kept(cells: Cells): Cells {
    return cells;
  }

  async write({ name, columns }: Table, rows: readonly Cells[]): Promise<void> {
    const insert = this.#db.prepare(`INSERT INTO ${name}(${columns.join(', ')}) VALUES(${columns.map(() => '?').join(',')})`);
    for (const row of rows) insert.run(...row);
  }

  /** SQLite goes on behind the greatest by itself. */
  async numbers(): Promise<void> {}

  async run<T>(program: Program<T>): Promise<T> {
    const statements = new Statements(this.#db);
    return runNow(program, (step: Step) => {
      if (!('sql' in step)) throw new Error('only statements are run here');
      if (step.want === 'rows') return { rows: statements.rows(step.sql, step.values), changes: 0 };
      return { rows: [], changes: statements.run(step.sql, step.values).changes };
    });
  }

  async commit(): Promise<void> {
    if (this.#db.isTransaction) this.#db.exec('COMMIT');
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}
