import { EVENT_COLUMNS, TX_COLUMNS, TX_KEY_COLUMNS } from '../programs/tx-row.ts';
import type { SqlValue } from '../sql.ts';

/** Columns that are not whole numbers. Those in `body` travel in one parameter for the whole batch: no quote is escaped. */
const TYPES: Readonly<Record<string, 'text' | 'float8' | 'body' | 'bytes'>> = {
  state: 'text',
  ranges: 'text',
  charging_state: 'text',
  power: 'float8',
  soc: 'float8',
  detail: 'body',
  txid: 'text',
  hash: 'text',
  samples: 'bytes',
  rest: 'body',
};

/** Many rows as one statement: an array per column. `sql` is always the same text, so it is planned once. */
interface Bulk {
  readonly sql: string;
  values(rows: readonly (readonly SqlValue[])[]): SqlValue[];
}

function bulk(columns: readonly string[], statement: (source: string) => string): Bulk {
  const parameters: string[] = [];
  const selected = columns.map((column) => {
    const type = TYPES[column];
    if (type !== 'body' && type !== 'bytes') {
      parameters.push(`?::${type ?? 'bigint'}[]`);
      return `u.c${parameters.length} AS ${column}`;
    }
    parameters.push('?::int[]', '?::int[]');
    const [from, length] = [`u.c${parameters.length - 1}`, `u.c${parameters.length}`];
    const bytes = `substring(b.body from ${from} for ${length})`;
    return `${type === 'bytes' ? bytes : `convert_from(${bytes}, 'UTF8')`} AS ${column}`;
  });
  const names = parameters.map((_, index) => `c${index + 1}`).join(', ');
  const source = `SELECT ${selected.join(', ')} FROM (SELECT ?::bytea AS body) b, unnest(${parameters.join(', ')}) AS u(${names})`;
  return { sql: statement(source), values: (rows) => arrays(columns, rows) };
}

function arrays(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): SqlValue[] {
  const bodies: Uint8Array[] = [];
  let at = 1; // substring counts from one
  const out: SqlValue[] = [];
  for (const [index, column] of columns.entries()) {
    const type = TYPES[column];
    if (type === 'body' || type === 'bytes') {
      const [from, length]: (number | null)[][] = [[], []];
      for (const row of rows) {
        const value = row[index] ?? null;
        if (value === null) {
          from?.push(null);
          length?.push(null);
          continue;
        }
        const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
        bodies.push(bytes);
        from?.push(at);
        length?.push(bytes.byteLength);
        at += bytes.byteLength;
      }
      out.push(numbers(from ?? []), numbers(length ?? []));
    } else out.push(type === 'text' ? literals(rows.map((row) => row[index] ?? null)) : numbers(rows.map((row) => row[index] ?? null)));
  }
  return [Buffer.concat(bodies), ...out];
}

const numbers = (values: readonly SqlValue[]): string => `{${values.map((value) => value ?? 'NULL').join(',')}}`;
const literals = (values: readonly SqlValue[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;

const split = (columns: string): string[] => columns.split(', ');
const TX = split(TX_COLUMNS);

export const NEW_TX = bulk(
  ['id', ...TX, ...split(TX_KEY_COLUMNS)],
  (source) => `INSERT INTO tx(id, ${TX_COLUMNS}, ${TX_KEY_COLUMNS}, version) SELECT n.*, 1 FROM (${source}) n`,
);
export const UPDATE_TX = bulk(
  ['id', ...TX],
  (source) => `UPDATE tx SET ${TX.map((name) => `${name}=n.${name}`).join(', ')}, version=version+1 FROM (${source}) n WHERE tx.id=n.id`,
);
/** A number that is taken is an error here: the ledger's memory was wrong, and the batch is gone through one by one. */
export const EVENTS = bulk(split(EVENT_COLUMNS), (source) => `INSERT INTO tx_event(${EVENT_COLUMNS}) ${source}`);

const marks = split(EVENT_COLUMNS)
  .map(() => '?')
  .join(',');
export const EVENT = `INSERT INTO tx_event(${EVENT_COLUMNS}) VALUES(${marks}) ON CONFLICT DO NOTHING`;
export const CONFLICT = `INSERT INTO tx_event_conflict(${EVENT_COLUMNS}) VALUES(${marks}) ON CONFLICT DO NOTHING`;
/** The rows of transactions that a batch is about, in one go. */
export const READ_AHEAD =
  'SELECT tx.* FROM unnest(?::bigint[], ?::text[]) AS k(station, txid) JOIN tx ON tx.station=k.station AND tx.txid=k.txid ORDER BY tx.generation';
export const readAheadValues = (keys: readonly { readonly station: number; readonly txid: string }[]): SqlValue[] => [
  numbers(keys.map(({ station }) => station)),
  literals(keys.map(({ txid }) => txid)),
];
