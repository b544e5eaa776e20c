import { BusbarError, messageOf } from '@busbar/runtime';
import pg from 'pg';
import type { Row, SqlValue } from '../sql.ts';

const INT8 = 20;
/** bigint comes as a number: whatever we store is below 2^53. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
};
const MINIMUM = 150_000;

export interface Result {
  readonly rows: readonly Row[];
  readonly changes: number;
  /** `COMMIT`, or `ROLLBACK` for a commit of a transaction that had failed. */
  readonly tag: string;
}

interface Planned {
  readonly text: string;
  readonly name?: string;
}
const texts = new Map<string, Planned>();

/** `?` and `?1` of the common subset as `$1`; each text gets a name, so that it is planned once per connection. */
function dollar(sql: string): Planned {
  const known = texts.get(sql);
  if (known) return known;
  let last = 0;
  const text = sql.replace(/\?(\d*)/g, (_, digits: string) => {
    const n = digits === '' ? last + 1 : Number(digits);
    last = Math.max(last, n);
    return `$${n}`;
  });
  if (texts.size >= 1000) return { text }; // a rare combination of filters: planned when it is asked
  const made = { text, name: `q${texts.size}` };
  texts.set(sql, made);
  return made;
}

/** PostgreSQL's text cannot hold a NUL; a station that sends one is shown the symbol for it. */
const storable = (value: SqlValue): SqlValue =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u2400') : value;

/** One connection. Statements are sent at once, answers come in order: nothing waits for the answer before it. */
export class Connection {
  readonly #client: pg.Client;
  #lost: Error | undefined;

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on('error', (error) => {
      this.#lost ??= error;
    });
    client.on('end', () => {
      this.#lost ??= new Error('the connection to PostgreSQL ended');
    });
  }

  static async open(url: string, name: string): Promise<Connection> {
    const client = new pg.Client({ ...base(url, name), pipeline: true });
    const connection = new Connection(client);
    try {
      await client.connect();
      const { rows } = await client.query('SHOW server_version_num');
      const [row]: Row[] = rows;
      if (Number(row?.['server_version_num']) < MINIMUM) throw new BusbarError('database-too-old', 'PostgreSQL 15 or newer is needed.');
      return connection;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (error instanceof BusbarError) throw error;
      throw new BusbarError('store-unavailable', `PostgreSQL cannot be reached: ${messageOf(error)}. See --database.`, { cause: error });
    }
  }

  get lost(): boolean {
    return this.#lost !== undefined;
  }

  async query(sql: string, values: readonly SqlValue[] = []): Promise<Result> {
    const query = { ...dollar(sql), values: values.map(storable) };
    try {
      const { rows, rowCount, command } = await this.#client.query(query);
      return { rows, changes: rowCount ?? 0, tag: command };
    } catch (error) {
      throw error instanceof pg.DatabaseError ? error : new ConnectionLost(messageOf(error), { cause: error });
    }
  }

  /** Several statements without values: a migration. */
  async script(sql: string): Promise<void> {
    await this.#client.query(sql);
  }

  async close(): Promise<void> {
    if (!this.lost) await this.#client.end();
  }

  /** Something is wrong with it: nothing more is sent, and the server is told by the end of the socket. */
  abandon(): void {
    this.#lost ??= new Error('the connection to PostgreSQL was given up');
    this.#client.end().catch(() => undefined);
  }
}

export interface Pool {
  query(sql: string, ...values: SqlValue[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** For whoever reads: a few connections, made when they are needed. */
export function openPool(url: string, size: number, failed: (error: Error) => void): Pool {
  const pool = new pg.Pool({ ...base(url, 'busbar reader'), max: size, idleTimeoutMillis: 60_000 });
  pool.on('error', failed);
  return {
    query: async (sql, ...values) => {
      const { rows } = await pool.query({ ...dollar(sql), values: values.map(storable) });
      return rows;
    },
    close: () => pool.end(),
  };
}

const base = (url: string, name: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: name,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 5_000,
  types,
});

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '');

class ConnectionLost extends Error {}

/** The connection went, so nobody said what became of what was sent. */
export const isConnectionLoss = (error: unknown): boolean => error instanceof ConnectionLost || /^(08|57P)/.test(codeOf(error));

/** The server or the way to it is in trouble: connection lost, shutting down, starting, out of disk or memory, read-only. */
export function isStoreWide(error: unknown): boolean {
  if (error instanceof BusbarError) return true;
  return isConnectionLoss(error) || /^(53|58|XX)/.test(codeOf(error)) || codeOf(error) === '25006';
}
