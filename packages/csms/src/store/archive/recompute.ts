import { isDeepStrictEqual } from 'node:util';
import { bodyHash } from '../../ledger/canonical.ts';
import { type LedgerFact, ledgerEvent } from '../../ledger/event.ts';
import { addFact, foldAll, type KeyedEvent, NO_FACTS } from '../../ledger/fold.ts';
import type { FactState } from '../../ledger/row.ts';
import { json, num, text } from '../programs/columns.ts';
import { columnsOf, toRequest } from '../programs/event-row.ts';
import { SampleDictionary } from '../programs/sample-keys.ts';
import { EVENT_COLUMNS, toTxRow } from '../programs/tx-row.ts';
import { type Program, type Row, rows } from '../sql.ts';

/** Whose events are past retention has nothing to be made from. */
const SOME = `SELECT station, txid FROM tx WHERE events_gone=0 ORDER BY random() LIMIT ?`;
const ROWS = 'SELECT * FROM tx WHERE station=? AND txid=? ORDER BY generation';
const EVENTS = `SELECT ${EVENT_COLUMNS} FROM tx_event WHERE tx=?1 UNION ALL SELECT ${EVENT_COLUMNS} FROM tx_event_conflict WHERE tx=?1`;
const FACTS = 'SELECT generation, body FROM tx_fact WHERE station=? AND txid=? ORDER BY at, id';

export interface Recomputed {
  readonly transactions: number;
  /** Those whose rows are not what their events say. */
  readonly differing: readonly string[];
}

/** Makes so many transactions anew, taken at random, from nothing but their events and facts, and compares the rows. */
export function* recompute(most: number): Program<Recomputed> {
  const keys = new SampleDictionary();
  yield* keys.load();
  const differing: string[] = [];
  const some = yield* rows(SOME, most);
  for (const one of some) {
    const [station, txid] = [num(one, 'station'), text(one, 'txid')];
    if (!(yield* isTrue(station, txid, keys))) differing.push(txid);
  }
  return { transactions: some.length, differing };
}

function* isTrue(station: number, txid: string, keys: SampleDictionary): Program<boolean> {
  const stored = yield* rows(ROWS, station, txid);
  if (stored.some((row) => num(row, 'events_gone') === 1)) return true;
  const events: KeyedEvent[] = [];
  for (const row of stored) events.push(...(yield* rows(EVENTS, num(row, 'id'))).map((each) => keyed(each, txid, keys)));
  const facts = yield* rows(FACTS, station, txid);
  const made = foldAll(events, (generation) => factsOf(facts, generation));
  return isDeepStrictEqual(
    made,
    stored.map((row) => toTxRow(row, NO_FACTS)),
  );
}

function keyed(row: Row, txid: string, keys: SampleDictionary): KeyedEvent {
  const request = toRequest(columnsOf(row), txid, keys);
  return { ...ledgerEvent(request), hash: row['hash'] === null ? bodyHash(request) : text(row, 'hash') };
}

const factsOf = (facts: readonly Row[], generation: number): FactState =>
  facts
    .filter((row) => num(row, 'generation') === generation)
    .reduce<FactState>((all, row) => addFact(all, json<LedgerFact>(row, 'body')), NO_FACTS);
