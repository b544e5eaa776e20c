import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BusbarError, messageOf } from '@busbar/runtime';
import { pending } from '../migrations.ts';
import { text } from '../programs/columns.ts';

const SAFE_SQLITE = '3.51.3'; // before it two connections can damage a WAL database

export interface OpenOptions {
  /** OFF only to show that the fsync proof can fail. */
  readonly synchronous?: 'FULL' | 'OFF';
  /** Gives the room of deleted rows back to the disk; only a new file can be made so. */
  readonly autoVacuum?: boolean;
}

export function openDatabase(path: string, options: OpenOptions = {}): DatabaseSync {
  const db = new DatabaseSync(path);
  const version = text(db.prepare('SELECT sqlite_version() AS v').get() ?? {}, 'v');
  if (version.localeCompare(SAFE_SQLITE, 'en', { numeric: true }) < 0) {
    throw new BusbarError(
      'sqlite-too-old',
      `SQLite ${version} can damage a database that is read and written at once; ${SAFE_SQLITE} or newer is needed (Node 24.21).`,
    );
  }
  db.exec(`PRAGMA page_size=4096; ${options.autoVacuum === true ? 'PRAGMA auto_vacuum=INCREMENTAL;' : ''} PRAGMA journal_mode=WAL; PRAGMA synchronous=${options.synchronous ?? 'FULL'}; PRAGMA wal_autocheckpoint=1000;
    PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF;`);
  return db;
}

/** Applies what is new, up to one migration or all; each step whole or not at all. */
export function migrate(db: DatabaseSync, now: number, upTo?: string): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS schema_migration(name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  );
  const stored = db.prepare('SELECT name, checksum FROM schema_migration').all();
  const applied = new Map(stored.map((row) => [text(row, 'name'), text(row, 'checksum')]));
  for (const { name, sql, checksum } of pending('sqlite', applied, '--data folder', upTo)) {
    db.exec('BEGIN IMMEDIATE');
    db.exec(sql);
    db.prepare('INSERT INTO schema_migration VALUES(?,?,?)').run(name, checksum, now);
    db.exec('COMMIT');
  }
}

/** Step by step: Node's own recursive mkdir never returns where a system refuses new folders without saying why (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/**
 * Claims a data folder for this process: a second Busbar on the same folder would write the same ledger twice.
 * The claim is a lock that the operating system drops when the process dies. Returns the way to give it back.
 */
export function claimFolder(folder: string): () => void {
  try {
    makeFolder(resolve(folder));
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new BusbarError(
      'folder-not-writable',
      `The data folder ${folder} cannot be written: ${messageOf(error)}. Choose another with --data DIR.`,
      { cause: error },
    );
  }
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new BusbarError(
      'folder-locked',
      `The data folder ${folder} is in use by another Busbar. End that one, or choose another with --data DIR.`,
      { cause: error },
    );
  }
  return () => lock.close();
}
