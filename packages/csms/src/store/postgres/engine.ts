import { BusbarError, type Clock, type Log, limits, messageOf } from '@busbar/runtime';
import type { Intent } from '../intents.ts';
import { Batches, txKeys } from '../programs/batch.ts';
import { num } from '../programs/columns.ts';
import { prepare } from '../programs/prepared.ts';
import { TX_COLUMNS } from '../programs/tx-row.ts';
import { type Answer, LEDGER_TABLES, type LedgerWrite, runLater, type SqlValue, type Statement, type Step } from '../sql.ts';
import type { GroupResult } from '../store.ts';
import { type Connection, isConnectionLoss, isStoreWide, type Result } from './connection.ts';
import { CONFLICT, EVENT, EVENTS, NEW_TX, READ_AHEAD, readAheadValues, UPDATE_TX } from './ledger-sql.ts';
import { makeTxRanges } from './partitions.ts';

const NOTHING: Answer = { rows: [], changes: 0 };
const STORED: Answer = { rows: [], changes: 1 };
const TX_WIDTH = TX_COLUMNS.split(', ').length;
const IDS_AHEAD = 100;
const CONTROL = { save: 'SAVEPOINT one', release: 'RELEASE SAVEPOINT one', back: 'ROLLBACK TO SAVEPOINT one' };

/** The transaction had failed before: nothing of it counts. */
class CommitRefused extends Error {}

export interface EngineOptions {
  /** A connection that holds the lock; made anew when the last one is lost. */
  readonly connect: () => Promise<Connection>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The one writing lane. The ledger's writes of a batch are held back and leave as one statement per table; whatever nobody
 * waits for is sent without waiting. A commit whose answer was lost with the connection is looked up, never guessed.
 */
export class PostgresEngine {
  readonly #options: EngineOptions;
  readonly #batches = new Batches(isStoreWide);
  #connection: Connection | undefined;
  #epoch = 0;
  #batch = 0;
  #ids: number[] = [];
  #rangesUntil = 0;
  #fatal: BusbarError | undefined;

  #newTx = new Map<number, readonly SqlValue[]>();
  #updates = new Map<number, readonly SqlValue[]>();
  #events: (readonly SqlValue[])[] = [];
  /** Going through a batch one by one: everything at once, to see whose fault it is. */
  #careful = false;
  #sent: Promise<unknown>[] = [];
  #failed: unknown;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** False while the database cannot be reached. */
  get healthy(): boolean {
    return this.#fatal === undefined && this.#connection?.lost !== true;
  }

  async open(): Promise<void> {
    const connection = await this.#options.connect();
    this.#connection = connection;
    const { rows } = await connection.query('UPDATE writer SET epoch=epoch+1 WHERE one=1 RETURNING epoch, batch');
    this.#epoch = num(rows[0] ?? {}, 'epoch');
    this.#batch = num(rows[0] ?? {}, 'batch');
    const { rows: last } = await connection.query('SELECT COALESCE(MAX(id), 0) AS id FROM tx');
    this.#rangesUntil = await makeTxRanges(connection, num(last[0] ?? {}, 'id') + IDS_AHEAD);
    await runLater(this.#batches.start(), this.#execute);
  }

  async apply(intents: readonly (readonly Intent[])[]): Promise<readonly GroupResult[]> {
    const groups = prepare(intents, this.#batches.keys);
    try {
      await this.#ready();
      const unknown = this.#batches.lane.unknown(txKeys(groups));
      if (unknown.length > 0) {
        const { rows } = await this.#live.query(READ_AHEAD, readAheadValues(unknown));
        this.#batches.lane.learn(unknown, rows);
        await this.#makeIds(unknown.length - rows.length);
      }
    } catch (error) {
      return this.#batches.refuse(groups, error);
    }
    return runLater(this.#batches.apply(groups), this.#execute);
  }

  forget(): void {
    this.#batches.lane.forget();
  }

  /** Work between batches (partitions, retention), on the same connection. */
  async between(work: (connection: Connection) => Promise<void>): Promise<void> {
    await this.#ready();
    await work(this.#live);
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  get #live(): Connection {
    if (this.#fatal) throw this.#fatal;
    if (this.#connection === undefined) throw new BusbarError('store-unavailable', 'PostgreSQL is not connected.');
    return this.#connection;
  }

  /** A new connection when the last one is lost; refused when another Busbar has written since. Returns the last batch that counts. */
  async #ready(): Promise<number> {
    if (this.#connection?.lost === false) return this.#batch;
    const connection = await this.#options.connect();
    const { rows } = await connection.query('SELECT epoch, batch FROM writer WHERE one=1');
    if (num(rows[0] ?? {}, 'epoch') !== this.#epoch) {
      await connection.close();
      this.#fatal = new BusbarError('database-taken', 'Another Busbar has written this database since; this one stops writing.');
      throw this.#fatal;
    }
    this.#connection = connection;
    this.#options.log.info('PostgreSQL is there again');
    return num(rows[0] ?? {}, 'batch');
  }

  readonly #execute = (step: Step): Answer | Promise<Answer> => {
    if ('write' in step) return this.#ledger(step);
    if (!('control' in step)) return this.#statement(step);
    switch (step.control) {
      case 'begin':
        this.#clear();
        this.#careful = false;
        this.#send('BEGIN');
        return NOTHING;
      case 'commit':
        return this.#commit();
      case 'rollback':
        return this.#rollback();
      case 'save':
        this.#careful = true;
        return this.#settled(this.#live.query(CONTROL.save));
      case 'release':
      case 'back':
        return this.#settled(this.#live.query(CONTROL[step.control]));
    }
  };

  #statement({ sql, values, want }: Statement): Answer | Promise<Answer> {
    if (LEDGER_TABLES.test(sql)) this.#flush();
    if (want !== 'nothing' || this.#careful) return this.#settled(this.#live.query(sql, values));
    this.#send(sql, values);
    return NOTHING;
  }

  #ledger(step: LedgerWrite): Answer | Promise<Answer> {
    switch (step.write) {
      case 'txNew': {
        const id = this.#ids.shift();
        return id === undefined ? this.#makeIds(1).then(() => this.#ledger(step)) : this.#txNew(id, step.values);
      }
      case 'txUpdate': {
        const fresh = this.#newTx.get(step.id);
        if (fresh) this.#newTx.set(step.id, [step.id, ...step.values, ...fresh.slice(1 + TX_WIDTH)]);
        else this.#updates.set(step.id, [step.id, ...step.values]);
        if (this.#careful) this.#flush();
        return STORED;
      }
      case 'event':
        if (this.#careful) return this.#now(EVENT, step.values);
        this.#events.push(step.values);
        return STORED;
      case 'conflict':
        return this.#now(CONFLICT, step.values);
    }
  }

  #now(sql: string, values: readonly SqlValue[]): Promise<Answer> {
    this.#flush();
    return this.#settled(this.#live.query(sql, values));
  }

  #txNew(id: number, values: readonly SqlValue[]): Answer {
    this.#newTx.set(id, [id, ...values]);
    if (this.#careful) this.#flush();
    return { rows: [], changes: id };
  }

  /** What was held back, in an order that never breaks a rule: transactions, their events, their new state. */
  #flush(): void {
    const [fresh, events, updates] = [[...this.#newTx.values()], this.#events, [...this.#updates.values()]];
    this.#newTx = new Map();
    this.#events = [];
    this.#updates = new Map();
    if (fresh.length > 0) this.#send(NEW_TX.sql, NEW_TX.values(fresh));
    if (events.length > 0) this.#send(EVENTS.sql, EVENTS.values(events));
    if (updates.length > 0) this.#send(UPDATE_TX.sql, UPDATE_TX.values(updates));
  }

  async #commit(): Promise<Answer> {
    this.#flush();
    const batch = this.#batch + 1;
    this.#send('UPDATE writer SET batch=? WHERE one=1 AND epoch=?', [batch, this.#epoch]);
    try {
      const { tag } = await this.#live.query('COMMIT');
      await this.#drain();
      if (tag !== 'COMMIT') throw new CommitRefused(`PostgreSQL answered ${tag} to COMMIT`);
    } catch (error) {
      await this.#drain();
      const first = this.#failed ?? error;
      // What was sent before may have lost its answer together with the commit's: only the writer's own row can tell.
      if (first instanceof CommitRefused || !isConnectionLoss(first)) throw first;
      this.#live.abandon();
      if (!(await this.#didCount(batch))) throw first;
    }
    this.#batch = batch;
    return NOTHING;
  }

  /** The connection went away with the answer to a commit: asks until somebody can tell. */
  async #didCount(batch: number): Promise<boolean> {
    const { clock, log } = this.#options;
    log.error('the connection to PostgreSQL was lost during a commit; asking whether it counts', { batch });
    for (;;) {
      try {
        return (await this.#ready()) === batch;
      } catch (error) {
        if (this.#fatal) throw error;
        log.warn('PostgreSQL cannot be reached', { error: messageOf(error) });
        await new Promise<void>((resolve) => clock.after(limits.databaseRetryMs, 'PostgreSQL again', resolve));
      }
    }
  }

  async #rollback(): Promise<Answer> {
    await this.#drain();
    this.#clear();
    await this.#ready();
    await this.#live.query('ROLLBACK');
    this.#ids = []; // those given out are gone
    this.#rangesUntil = 0; // a part made in the transaction is gone with it
    return NOTHING;
  }

  async #makeIds(wanted: number): Promise<void> {
    if (this.#ids.length >= wanted) return;
    const { rows } = await this.#live.query(`SELECT nextval('tx_id') AS id FROM generate_series(1, ?::int)`, [wanted + IDS_AHEAD]);
    this.#ids.push(...rows.map((row) => num(row, 'id')));
    const last = this.#ids.at(-1) ?? 0;
    if (last + IDS_AHEAD >= this.#rangesUntil) this.#rangesUntil = await makeTxRanges(this.#live, last + IDS_AHEAD);
  }

  /** Nobody looks at the answer; an error shows at the next one that is awaited. */
  #send(sql: string, values: readonly SqlValue[] = []): void {
    const answer = this.#live.query(sql, values).catch((error: unknown) => {
      this.#failed ??= error;
    });
    this.#sent.push(answer);
  }

  async #settled(answer: Promise<Result>): Promise<Answer> {
    try {
      const result = await answer;
      if (this.#failed !== undefined) throw this.#failed;
      return result;
    } catch (error) {
      const first = this.#failed ?? error;
      this.#failed = undefined;
      throw first;
    }
  }

  async #drain(): Promise<void> {
    const sent = this.#sent;
    this.#sent = [];
    await Promise.all(sent);
  }

  #clear(): void {
    this.#newTx = new Map();
    this.#updates = new Map();
    this.#events = [];
    this.#sent = [];
    this.#failed = undefined;
  }
}
