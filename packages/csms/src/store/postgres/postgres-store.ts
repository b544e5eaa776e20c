import { BusbarError, type Clock, type Instant, type Log, limits, messageOf, Scope } from '@busbar/runtime';
import type { Intent, Retained } from '../intents.ts';
import { pending } from '../migrations.ts';
import { text } from '../programs/columns.ts';
import { makeReader } from '../programs/reader.ts';
import { retainInSlices } from '../retain.ts';
import type { GroupResult, Reader, Store } from '../store.ts';
import { Connection, openPool, type Pool } from './connection.ts';
import { PostgresEngine } from './engine.ts';
import { dropDays, dropTxRanges, makeDays } from './partitions.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The lock that keeps a second Busbar away: held by the writing connection, so it falls with it. The number is ours alone. */
const LOCK = 0x62757362;
const DAYS_EVERY_MS = 3_600_000;

interface Waiting {
  readonly groups: readonly (readonly Intent[])[];
  readonly resolve: (results: readonly GroupResult[]) => void;
}

/** PostgreSQL: one writing lane on one connection, batches made of what arrived while the last one committed. */
export class PostgresStore implements Store {
  readonly read: Reader;
  readonly #engine: PostgresEngine;
  readonly #pool: Pool;
  readonly #scope: Scope;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting: Waiting[] = [];
  #busy = false;

  private constructor(engine: PostgresEngine, pool: Pool, scope: Scope) {
    this.#engine = engine;
    this.#pool = pool;
    this.#scope = scope;
    this.read = makeReader((sql, ...values) => pool.query(sql, ...values));
  }

  static async open({ url, clock, log }: PostgresStoreOptions): Promise<PostgresStore> {
    const first = await locked(url, clock);
    await migrate(first, clock.now());
    await makeDays(first, clock.now());
    let given: Connection | undefined = first;
    const engine = new PostgresEngine({
      clock,
      log,
      connect: async () => {
        const own = given ?? (await locked(url, clock));
        given = undefined;
        return own;
      },
    });
    await engine.open();
    const pool = openPool(url, limits.databaseReaders, (error) => log.warn('a reading connection was lost', { error: error.message }));
    const store = new PostgresStore(engine, pool, new Scope(clock, log, 'postgres'));
    store.#scope.every(DAYS_EVERY_MS, 'partitions of the coming days', () =>
      store.#scope.run('partitions', () => store.between((connection) => makeDays(connection, clock.now()))),
    );
    return store;
  }

  get healthy(): boolean {
    return this.#engine.healthy;
  }

  commit(groups: readonly (readonly Intent[])[]): Promise<readonly GroupResult[]> {
    return new Promise((resolve) => {
      this.#waiting.push({ groups, resolve });
      if (!this.#busy) this.#next();
    });
  }

  /** Work that must not cut into a batch. */
  between(work: (connection: Connection) => Promise<void>): Promise<void> {
    const done = this.#tail.then(() => this.#engine.between(work));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Whole partitions where they exist; the rest in slices. */
  async retain(what: Retained, before: Instant): Promise<number> {
    let gone = 0;
    if (what === 'events') {
      await this.between(async (connection) => {
        gone = await dropTxRanges(connection, before);
        this.#engine.forget();
      });
      return gone;
    }
    await this.between(async (connection) => {
      gone = await dropDays(connection, 'meter_value', before);
    });
    return gone + (await retainInSlices(this, what, before));
  }

  async close(): Promise<void> {
    this.#scope.close();
    while (this.#busy) await this.#tail;
    await this.#tail;
    await this.#engine.close();
    await this.#pool.close();
  }

  /** Everything that was handed over while the last batch was under way is one batch. */
  #next(): void {
    let count = 0;
    const full = this.#waiting.findIndex((one) => {
      count += one.groups.length;
      return count >= limits.batchGroups;
    });
    const taken = this.#waiting.splice(0, full < 0 ? this.#waiting.length : full + 1);
    this.#busy = taken.length > 0;
    if (!this.#busy) return;
    this.#tail = this.#commitAfter(this.#tail, taken);
  }

  async #commitAfter(before: Promise<unknown>, taken: readonly Waiting[]): Promise<void> {
    await before;
    const results = await this.#engine.apply(taken.flatMap(({ groups }) => groups));
    let at = 0;
    for (const { groups, resolve } of taken) {
      resolve(results.slice(at, at + groups.length));
      at += groups.length;
    }
    this.#next();
  }
}

/** A connection with the lock; whoever holds it is waited for a few seconds. */
export async function locked(url: string, clock: Clock): Promise<Connection> {
  const until = clock.monotonic() + limits.databaseLockMs;
  const connection = await Connection.open(url, 'busbar writer');
  for (;;) {
    const { rows } = await connection.query('SELECT pg_try_advisory_lock(?::int, hashtext(current_schema())) AS got', [LOCK]);
    if (rows[0]?.['got'] === true) return connection;
    if (clock.monotonic() > until) {
      await connection.close();
      throw new BusbarError('database-taken', 'Another Busbar writes this database. End that one, or choose another --database.');
    }
    await new Promise<void>((resolve) => clock.after(200, 'lock of the database', resolve));
  }
}

/** Applies what is new, each step whole or not at all. A table in use is waited for a few seconds, not for ever. */
async function migrate(connection: Connection, now: number): Promise<void> {
  await connection.script(
    `CREATE TABLE IF NOT EXISTS schema_migration(name TEXT COLLATE "C" PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`,
  );
  const { rows } = await connection.query('SELECT name, checksum FROM schema_migration');
  const applied = new Map(rows.map((row) => [text(row, 'name'), text(row, 'checksum')]));
  for (const { name, sql, checksum } of pending('postgres', applied, '--database')) {
    try {
      await connection.script(`BEGIN; SET LOCAL lock_timeout='10s'; ${sql}`);
      await connection.query('INSERT INTO schema_migration VALUES(?,?,?)', [name, checksum, now]);
      await connection.script('COMMIT');
    } catch (error) {
      await connection.script('ROLLBACK').catch(() => undefined);
      throw new BusbarError('store-unavailable', `Migration ${name} could not be applied: ${messageOf(error)}`, { cause: error });
    }
  }
}
