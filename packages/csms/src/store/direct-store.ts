import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Instant, Millis } from '@busbar/runtime';
import type { Intent, Retained } from './intents.ts';
import { makeReader } from './programs/reader.ts';
import { retainInSlices } from './retain.ts';
import { migrate, openDatabase } from './sqlite/database.ts';
import { SqliteEngine, sqliteQuery } from './sqlite/engine.ts';
import type { GroupResult, Reader, Store } from './store.ts';

/**
 * The store in process, for duet tests and the simulator: commits take their virtual time, and a cut drops what is not
 * durable yet. The next life gets the same database.
 */
export class DirectStore implements Store {
  readonly read: Reader;
  readonly healthy = true;
  readonly #clock: Clock;
  readonly #engine: SqliteEngine;
  readonly #commitMs: () => Millis;
  #tail: Promise<unknown> = Promise.resolve();
  #alive = true;

  constructor(db: DatabaseSync, clock: Clock, commitMs: () => Millis = () => 1) {
    migrate(db, clock.now());
    this.#clock = clock;
    this.#engine = new SqliteEngine(db);
    this.#commitMs = commitMs;
    this.read = makeReader(sqliteQuery(db));
  }

  commit(groups: readonly (readonly Intent[])[]): Promise<readonly GroupResult[]> {
    const done = this.#tail.then(
      () =>
        new Promise<readonly GroupResult[]>((resolve) => {
          this.#clock.after(this.#commitMs(), 'virtual fsync of the store', () => {
            if (this.#alive) resolve(this.#engine.apply(groups));
          });
        }),
    );
    this.#tail = done;
    return done;
  }

  /** The power goes: commits under way never happened, nobody is told anything. */
  cut(): void {
    this.#alive = false;
  }

  retain(what: Retained, before: Instant): Promise<number> {
    return retainInSlices(this, what, before);
  }

  async close(): Promise<void> {
    if (this.#alive) await this.#tail;
  }
}

export const memoryDatabase = (): DatabaseSync => openDatabase(':memory:');
