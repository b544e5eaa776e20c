import { BusbarError, type Clock, DAY_MS } from '@busbar/runtime';
import { pending } from '../migrations.ts';
import { Connection } from '../postgres/connection.ts';
import { makeDay, makeTxRange, rangeOf } from '../postgres/partitions.ts';
import { locked } from '../postgres/postgres-store.ts';
import { num, text } from '../programs/columns.ts';
import { type Program, runLater, type SqlValue, type Step } from '../sql.ts';
import { type Cells, cellsOf } from './cells.ts';
import { type Applied, type ArchiveSource, type ArchiveTarget, archived, type Table } from './database.ts';

const PART = 500;
const AT_ONCE = 100;
const TABLES = `SELECT c.relname AS table_name, a.attname AS column_name FROM pg_class c JOIN pg_attribute a ON a.attrelid=c.oid
  WHERE c.relnamespace=current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname, a.attnum`;

/** One moment of a database that others may write. */
export async function snapshotOfPostgres(url: string): Promise<ArchiveSource> {
  const connection = await Connection.open(url, 'busbar backup');
  await connection.script('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  return new PostgresArchive(connection);
}

/** An empty database, with the lock that keeps other Busbars away, filled in one transaction. */
export async function emptyPostgres(url: string, clock: Clock): Promise<ArchiveTarget> {
  const connection = await locked(url, clock);
  const { rows } = await connection.query(TABLES);
  if (rows.length > 0) {
    await connection.close();
    throw new BusbarError('not-empty', 'The database is not empty: nothing was written. Make a new one and name that with --database.');
  }
  await connection.script('BEGIN');
  return new PostgresArchive(connection, clock);
}

class PostgresArchive implements ArchiveTarget {
  readonly engine = 'postgres';
  readonly #connection: Connection;
  readonly #clock: Clock | undefined;
  readonly #days = new Set<number>();
  readonly #ranges = new Set<number>();

  constructor(connection: Connection, clock?: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  async applied(): Promise<readonly Applied[]> {
    const { rows } = await this.#connection.query('SELECT name, checksum FROM schema_migration ORDER BY name');
    return rows.map((row) => ({ name: text(row, 'name'), checksum: text(row, 'checksum') }));
  }

  async tables(): Promise<readonly Table[]> {
    const { rows } = await this.#connection.query(TABLES);
    const byName = Map.groupBy(rows, (row) => text(row, 'table_name'));
    return archived([...byName].map(([name, own]) => ({ name, columns: own.map((row) => text(row, 'column_name')) })));
  }

  async *rows({ name, columns }: Table): AsyncGenerator<readonly Cells[]> {
    await this.#connection.script(`DECLARE part_of_${name} CURSOR FOR SELECT ${columns.join(', ')} FROM ${name}`);
    for (;;) {
      const { rows } = await this.#connection.query(`FETCH ${PART} FROM part_of_${name}`);
      if (rows.length > 0) yield rows.map((row) => cellsOf(row, columns));
      if (rows.length < PART) break;
    }
    await this.#connection.script(`CLOSE part_of_${name}`);
  }

  async migrate(upTo?: string): Promise<void> {
    await this.#connection.script(
      `CREATE TABLE IF NOT EXISTS schema_migration(name TEXT COLLATE "C" PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`,
    );
    const applied = new Map((await this.applied()).map(({ name, checksum }) => [name, checksum]));
    for (const { name, sql, checksum } of pending('postgres', applied, '--database', upTo)) {
      await this.#connection.script(sql);
      await this.#connection.query('INSERT INTO schema_migration VALUES(?,?,?)', [name, checksum, this.#clock?.now() ?? 0]);
    }
  }

  async clear(tables: readonly Table[]): Promise<void> {
    for (const { name } of tables) await this.#connection.script(`DELETE FROM ${name}`);
  }

  kept(cells: Cells): Cells {
    return cells.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\u2400') : value));
  }

  async write(table: Table, rows: readonly Cells[]): Promise<void> {
    await this.#partitions(table, rows);
    const { name, columns } = table;
    const marks = `(${columns.map(() => '?').join(',')})`;
    const insert = (count: number): string =>
      `INSERT INTO ${name}(${columns.join(', ')}) VALUES ${Array.from({ length: count }, () => marks).join(',')}`;
    const sent: Promise<unknown>[] = [];
    const whole = rows.length - (rows.length % AT_ONCE);
    for (let at = 0; at < whole; at += AT_ONCE) sent.push(this.#connection.query(insert(AT_ONCE), rows.slice(at, at + AT_ONCE).flat()));
    for (const row of rows.slice(whole)) sent.push(this.#connection.query(insert(1), row));
    for (const result of await Promise.allSettled(sent)) if (result.status === 'rejected') throw result.reason;
  }

  async numbers(): Promise<void> {
    const { rows } = await this.#connection.query(
      `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema=current_schema() AND is_identity='YES'
        AND table_name IN (SELECT relname FROM pg_class WHERE relnamespace=current_schema()::regnamespace AND NOT relispartition)`,
    );
    for (const row of rows) {
      const [table, column] = [text(row, 'table_name'), text(row, 'column_name')];
      await this.#connection.script(setval(`pg_get_serial_sequence('${table}', '${column}')`, column, table));
    }
    await this.#connection.script(setval(`'tx_id'`, 'id', 'tx'));
  }

  run<T>(program: Program<T>): Promise<T> {
    return runLater(program, (step: Step) => {
      if (!('sql' in step)) throw new Error('only statements are run here');
      return this.#connection.query(step.sql, step.values);
    });
  }

  async commit(): Promise<void> {
    await this.#connection.script('COMMIT');
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** The parts of a table that these rows lie in, or whose transactions may still get events. */
  async #partitions({ name, columns }: Table, rows: readonly Cells[]): Promise<void> {
    const column = name === 'tx' ? 'id' : name === 'tx_event' ? 'tx' : name === 'meter_value' ? 'received_at' : undefined;
    if (column === undefined) return;
    const at = columns.indexOf(column);
    for (const row of rows) {
      const value = whole(row[at]);
      if (name === 'meter_value') await once(this.#days, Math.floor(value / DAY_MS), (day) => makeDay(this.#connection, name, day));
      else await once(this.#ranges, rangeOf(value), (range) => makeTxRange(this.#connection, range));
    }
  }
}

const setval = (sequence: string, column: string, table: string): string =>
  `SELECT setval(${sequence}, (SELECT GREATEST(COALESCE(MAX(${column}), 0), 1) FROM ${table}), EXISTS(SELECT 1 FROM ${table}))`;

const whole = (value: SqlValue | undefined): number => num({ value }, 'value');

async function once(seen: Set<number>, value: number, make: (value: number) => Promise<void>): Promise<void> {
  if (seen.has(value)) return;
  seen.add(value);
  await make(value);
}
