import type { Ocpp } from '@busbar/protocol';
import { isRecord } from '@busbar/runtime';
import { billOf } from '../../ledger/bill.ts';
import { bodyHash } from '../../ledger/canonical.ts';
import { NO_FACTS } from '../../ledger/fold.ts';
import type { Intent } from '../intents.ts';
import { type Program, type Row, rows, run, tell } from '../sql.ts';
import { num, text, textOrNull } from './columns.ts';
import { columnsOf, toRequest } from './event-row.ts';
import type { SampleDictionary } from './sample-keys.ts';
import { keepListed } from './tx-listed.ts';
import { EVENT_COLUMNS, toTxRow, txValues } from './tx-row.ts';

type Erase = Extract<Intent, { k: 'tokenErase' }>;

/** Transactions, and rows of other tables, of one slice: everybody else waits for it. */
const SLICE = 25;
const ROWS = 500;

/**
 * A driver is forgotten: in a slice of his transactions his token becomes a pseudonym, in the row, the events and the
 * authorizations alike, so the rows are still what their events say and no bill changes. Returns how many transactions it
 * were; none = there is none left.
 */
export function* eraseFromTransactions(erase: Erase, keys: SampleDictionary): Program<number> {
  const { type, pseudonym } = erase;
  const key = erase.idToken.toLowerCase();
  const found = yield* rows(
    `SELECT id, station, txid FROM tx WHERE id IN (SELECT id FROM tx_listed WHERE token_type=?1 AND token=?2) OR (station, txid) IN
      (SELECT station, txid FROM tx_authorization WHERE type=?1 AND lower(id_token)=?2) ORDER BY id LIMIT ?3`,
    type,
    key,
    SLICE,
  );
  for (const tx of found) {
    const [id, station, txid] = [num(tx, 'id'), num(tx, 'station'), text(tx, 'txid')];
    for (const table of ['tx_event', 'tx_event_conflict'] as const) yield* eraseFromEvents(table, id, txid, erase, keys);
    yield* eraseFromRow(id, station, txid, erase);
    const [bare] = yield* rows(
      'SELECT info FROM tx_authorization WHERE station=? AND txid=? AND type=? AND lower(id_token)=?',
      station,
      txid,
      type,
      key,
    );
    if (bare === undefined) continue;
    yield* tell('DELETE FROM tx_authorization WHERE station=? AND txid=? AND type=? AND lower(id_token)=?', station, txid, type, key);
    yield* tell(
      'INSERT INTO tx_authorization VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING',
      station,
      txid,
      type,
      pseudonym,
      withoutMessage(text(bare, 'info')),
    );
  }
  return found.length;
}

function* eraseFromEvents(
  table: 'tx_event' | 'tx_event_conflict',
  tx: number,
  txid: string,
  erase: Erase,
  keys: SampleDictionary,
): Program<void> {
  for (const row of yield* rows(`SELECT ${EVENT_COLUMNS} FROM ${table} WHERE tx=? AND rest IS NOT NULL`, tx)) {
    const before = text(row, 'rest');
    const rest = erasedJson(before, erase);
    if (rest === undefined) continue;
    const columns = { ...columnsOf(row), rest };
    const old = textOrNull(row, 'hash');
    // The hash of what is stored, where one stands: a hash of the old body would let somebody try out tokens.
    const hash = old === null ? null : bodyHash(toRequest(columns, txid, keys));
    if (table === 'tx_event') yield* run('UPDATE tx_event SET rest=?, hash=? WHERE tx=? AND seq=?', rest, hash, tx, columns.seq);
    else yield* run('UPDATE tx_event_conflict SET rest=?, hash=? WHERE tx=? AND seq=? AND hash=?', rest, hash, tx, columns.seq, old);
  }
}

function* eraseFromRow(id: number, station: number, txid: string, erase: Erase): Program<void> {
  const [stored] = yield* rows('SELECT * FROM tx WHERE id=?', id);
  if (stored === undefined) return;
  const row = toTxRow(stored, NO_FACTS);
  const idToken = row.idToken !== null && isMeant(row.idToken, erase) ? replaced(row.idToken, erase) : row.idToken;
  const after = { ...row, idToken };
  const bill = billOf(after);
  if (idToken !== row.idToken) yield { write: 'txUpdate', id, values: txValues(after, bill, NO_FACTS) };
  yield* keepListed(station, txid, id, { row: after, bill });
}

const isMeant = (token: { readonly idToken: string; readonly type: string }, { type, idToken }: Erase): boolean =>
  token.type === type && token.idToken.toLowerCase() === idToken.toLowerCase();
/** Whatever else it is known by goes with it. */
const replaced = ({ additionalInfo: _gone, ...token }: Ocpp.IdTokenType, { pseudonym }: Erase): Ocpp.IdTokenType => ({
  ...token,
  idToken: pseudonym,
});

/** Messages to the driver may name him. */
const withoutMessage = (info: string): string => {
  const { personalMessage: _gone, ...kept }: { personalMessage?: unknown } = JSON.parse(info);
  return JSON.stringify(kept);
};

/** The same JSON with the pseudonym wherever this token stands; undefined when it does not. */
export function erasedJson(body: string, erase: Erase): string | undefined {
  if (!body.toLowerCase().includes(erase.idToken.toLowerCase())) return undefined;
  const value: unknown = JSON.parse(body);
  const after = erasedValue(value, erase);
  return after === value ? undefined : JSON.stringify(after);
}

function erasedValue(value: unknown, erase: Erase): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => erasedValue(item, erase));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isRecord(value)) return value;
  const { idToken, type } = value;
  if (typeof idToken === 'string' && typeof type === 'string' && isMeant({ idToken, type }, erase)) {
    const { additionalInfo: _gone, ...kept } = value;
    return { ...kept, idToken: erase.pseudonym };
  }
  let changed = false;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    out[key] = erasedValue(inner, erase);
    changed ||= out[key] !== inner;
  }
  return changed ? out : value;
}

/** JSON columns elsewhere in which a token may stand: what was asked, answered, noticed, and by which a row is found again. */
const ELSEWHERE = [
  { table: 'command', columns: ['request', 'result'], key: 'id', first: '' },
  { table: 'notice', columns: ['body'], key: 'id', first: 0 },
  { table: 'bulk', columns: ['action'], key: 'id', first: '' },
  { table: 'invalid_event', columns: ['text', 'error'], key: 'id', first: 0 },
] as const;

/** Beside the transactions. Returns how many rows were changed. */
export function* eraseElsewhere(erase: Erase): Program<number> {
  // As JSON would print it; `%` and `_` are letters here.
  const like = `%${JSON.stringify(erase.idToken.toLowerCase())
    .slice(1, -1)
    .replaceAll(/[\\%_]/g, '\\$&')}%`;
  let changed = 0;
  for (const place of ELSEWHERE) for (const column of place.columns) changed += yield* eraseFromColumn(place, column, like, erase);
  return changed + (yield* run(`DELETE FROM customer_information WHERE lower(data) LIKE ? ESCAPE '\\'`, like));
}

/** Page by page along the key: rows in which it only seems to stand are passed by. */
function* eraseFromColumn({ table, key, first }: (typeof ELSEWHERE)[number], column: string, like: string, erase: Erase): Program<number> {
  const sql = `SELECT ${key}, ${column} FROM ${table} WHERE ${key} > ? AND lower(${column}) LIKE ? ESCAPE '\\' ORDER BY ${key} LIMIT ?`;
  let changed = 0;
  for (let after: string | number = first; ; ) {
    const found: readonly Row[] = yield* rows(sql, after, like, ROWS);
    for (const row of found) {
      after = keyOf(row, key);
      const erased = erasedText(row, column, erase);
      if (erased !== undefined) changed += yield* run(`UPDATE ${table} SET ${column}=? WHERE ${key}=?`, erased, after);
    }
    if (found.length < ROWS) return changed;
  }
}

const keyOf = (row: Row, key: string): string | number => {
  const value = row[key];
  return typeof value === 'string' || typeof value === 'number' ? value : '';
};

/** A text that is no JSON, or in which it stands otherwise than as a token, is cut out where it stands. */
function erasedText(row: Row, column: string, erase: Erase): string | undefined {
  const before = textOrNull(row, column);
  if (before === null) return undefined;
  let after: string | undefined;
  try {
    after = erasedJson(before, erase);
  } catch {
    after = undefined; // a broken frame: cut below
  }
  const body = after ?? before;
  const bare = new RegExp(erase.idToken.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  const cut = column === 'text' || column === 'error' ? body.replaceAll(bare, erase.pseudonym) : body;
  return cut === before ? undefined : cut;
}
