import type { Program } from '../sql.ts';
import type { Cells } from './cells.ts';

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}
export interface Applied {
  readonly name: string;
  readonly checksum: string;
}

/** Tables that stay behind: what an engine notes about itself, the message log (frames are a log, not the ledger), and who is signed in. */
const LEFT_OUT = ['schema_migration', 'writer', 'message_block', 'sign_in'];
/** Numbers that SQLite gives its rows, to which nothing points and which PostgreSQL does not have. */
const NUMBERED_BY_SQLITE = ['tx_event', 'tx_event_conflict'];

/** What an archive holds, out of what the schema itself says there is: a new table is in it without anybody thinking of it. */
export const archived = (tables: readonly Table[]): readonly Table[] =>
  tables
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .map(({ name, columns }) => ({
      name,
      columns: NUMBERED_BY_SQLITE.includes(name) ? columns.filter((column) => column !== 'id') : columns,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** A database at one moment: whoever writes beside does not change what is read. */
export interface ArchiveSource {
  readonly engine: 'sqlite' | 'postgres';
  applied(): Promise<readonly Applied[]>;
  tables(): Promise<readonly Table[]>;
  /** All rows of a table, in parts. */
  rows(table: Table): AsyncIterable<readonly Cells[]>;
  close(): Promise<void>;
}

/** An empty database that is filled. Nothing of it counts before `commit`. */
export interface ArchiveTarget extends ArchiveSource {
  /** Makes the schema as it was after this migration, or as it is now. */
  migrate(upTo?: string): Promise<void>;
  /** What the migrations put there goes: everything comes from the archive. */
  clear(tables: readonly Table[]): Promise<void>;
  /** The cells as this engine is able to keep them. */
  kept(cells: Cells): Cells;
  write(table: Table, rows: readonly Cells[]): Promise<void>;
  /** Numbers go on behind those that are taken. */
  numbers(): Promise<void>;
  run<T>(program: Program<T>): Promise<T>;
  commit(): Promise<void>;
}
