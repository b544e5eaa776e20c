import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { messageOf } from '@busbar/runtime';
import type { Intent, Outcome } from '../intents.ts';
import { type GroupResult, StoreFailure } from '../store.ts';
import { LedgerLane } from './ledger-lane.ts';
import { SqliteSampleKeys } from './sample-keys.ts';
import { SimpleIntents } from './simple-intents.ts';

/** One writing connection: takes a batch of groups into one transaction. Synchronous; lives in a worker or, in tests, in process. */
export class SqliteEngine {
  readonly #db: DatabaseSync;
  readonly #lane: LedgerLane;
  readonly #simple: SimpleIntents;
  readonly #control: Record<'begin' | 'commit' | 'save' | 'release' | 'back', StatementSync>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const keys = new SqliteSampleKeys(db, true);
    this.#lane = new LedgerLane(db, keys);
    this.#simple = new SimpleIntents(db, keys, this.#lane);
    this.#control = {
      begin: db.prepare('BEGIN IMMEDIATE'),
      commit: db.prepare('COMMIT'),
      save: db.prepare('SAVEPOINT one'),
      release: db.prepare('RELEASE one'),
      back: db.prepare('ROLLBACK TO one'),
    };
  }

  /** Each group whole or not at all, in order, one commit for all; returns after the fsync. */
  apply(groups: readonly (readonly Intent[])[]): readonly GroupResult[] {
    try {
      return this.#inOneGo(groups);
    } catch (error) {
      this.#rollBack();
      if (groups.length === 1) return [failure(error)];
      return this.#oneByOne(groups);
    }
  }

  #inOneGo(groups: readonly (readonly Intent[])[]): readonly GroupResult[] {
    this.#control.begin.run();
    const results = groups.map((intents) => intents.map((intent) => this.#one(intent)));
    this.#control.commit.run();
    this.#lane.committed();
    return results;
  }

  /** Some group of the batch is bad: find it, without harm to the others. */
  #oneByOne(groups: readonly (readonly Intent[])[]): readonly GroupResult[] {
    try {
      this.#control.begin.run();
      const results = groups.map((intents): GroupResult => {
        this.#control.save.run();
        try {
          const outcomes = intents.map((intent) => this.#one(intent));
          this.#control.release.run();
          return outcomes;
        } catch (error) {
          if (!this.#db.isTransaction) throw error; // the whole transaction is gone (disk full): nobody was stored
          this.#control.back.run();
          this.#control.release.run();
          this.#lane.rolledBack();
          return failure(error);
        }
      });
      this.#control.commit.run();
      this.#lane.committed();
      return results;
    } catch (error) {
      this.#rollBack();
      return groups.map(() => failure(error, true));
    }
  }

  #one(intent: Intent): Outcome {
    if (intent.k === 'txEvent') {
      const outcome = this.#lane.event(intent);
      if (intent.authorization)
        this.#simple.authorization(intent.station, intent.request.transactionInfo.transactionId, intent.authorization);
      return outcome;
    }
    return this.#simple.apply(intent);
  }

  #rollBack(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    this.#lane.rolledBack();
  }
}

/** SQLite's own codes for "nothing can be written": busy, read-only, I/O error, damaged, full, cannot be opened, not a database. */
const STORE_WIDE = new Set([5, 8, 10, 11, 13, 14, 26]);

function failure(error: unknown, storeWide = false): StoreFailure {
  const code =
    typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  return new StoreFailure(messageOf(error), storeWide || STORE_WIDE.has(code), error);
}
