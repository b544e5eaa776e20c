import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { BusbarError, messageOf } from '../errors.ts';
import type { Journal, JournalChange } from '../journal.ts';

interface Waiting {
  readonly owner: string;
  readonly changes: readonly JournalChange[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One SQLite file for all stations of a process (WAL, synchronous=FULL). What is handed over during one loop turn is one
 * commit: a fleet pays one fsync for all of it.
 */
export class SqliteJournal {
  readonly #db: DatabaseSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];

  constructor(path: string, clock: Clock, options: { synchronous?: 'FULL' | 'OFF' } = {}) {
    mkdirSync(dirname(path), { recursive: true });
    this.#clock = clock;
    this.#db = new DatabaseSync(path);
    const prepare = `PRAGMA journal_mode=WAL; PRAGMA synchronous=${options.synchronous ?? 'FULL'}; PRAGMA wal_autocheckpoint=1000;
      PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-512;
      CREATE TABLE IF NOT EXISTS entry(station TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(station, key)) STRICT, WITHOUT ROWID;
      PRAGMA user_version=1;`;
    try {
      this.#db.exec(prepare);
    } catch (error) {
      this.#db.close();
      throw isBusy(error) ? inUse(path, error) : error;
    }
    this.#put = this.#db.prepare('INSERT INTO entry VALUES(?,?,?) ON CONFLICT DO UPDATE SET value=excluded.value');
    this.#remove = this.#db.prepare('DELETE FROM entry WHERE station=? AND key=?');
  }

  /** The part of the file that belongs to one station. */
  of(station: string): Journal {
    const image = new Map<string, string>();
    for (const row of this.#db.prepare('SELECT key, value FROM entry WHERE station=? ORDER BY key').iterate(station)) {
      image.set(String(row['key']), String(row['value']));
    }
    return {
      get: (key) => image.get(key),
      list: (prefix) => [...image].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
      commit: (changes) => {
        for (const change of changes) {
          if ('put' in change) image.set(change.put, change.value);
          else image.delete(change.remove);
        }
        return this.#enqueue(station, changes);
      },
      close: () => Promise.resolve(),
    };
  }

  close(): void {
    this.#flush();
    this.#db.close();
  }

  #enqueue(owner: string, changes: readonly JournalChange[]): Promise<void> {
    return new Promise((done, failed) => {
      if (this.#waiting.length === 0) this.#clock.turn(() => this.#flush());
      this.#waiting.push({ owner, changes, done, failed });
    });
  }

  #flush(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      for (const { owner, changes } of batch) {
        for (const change of changes) {
          if ('put' in change) this.#put.run(owner, change.put, change.value);
          else this.#remove.run(owner, change.remove);
        }
      }
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      const wrapped = new BusbarError('store-unavailable', `the station's journal cannot write: ${messageOf(error)}`, { cause: error });
      for (const { failed } of batch) failed(wrapped);
      return;
    }
    for (const { done } of batch) done();
  }
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;

const inUse = (path: string, cause: unknown): BusbarError =>
  new BusbarError(
    'folder-locked',
    `The file ${path} belongs to a station that runs in another process. End that one, or choose another folder with --data DIR.`,
    { cause },
  );
