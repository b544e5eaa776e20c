import { type Instant, limits } from '@busbar/runtime';
import { billOf } from '../../ledger/bill.ts';
import { bodyHash } from '../../ledger/canonical.ts';
import { type LedgerEvent, type LedgerFact, ledgerEvent } from '../../ledger/event.ts';
import { addFact, comesNext, emptyRow, fold, generations, hasSeq, type KeyedEvent, NO_FACTS, step } from '../../ledger/fold.ts';
import type { Bill, FactState, TxRow } from '../../ledger/row.ts';
import type { Outcome, StationRow, TxOutcome } from '../intents.ts';
import { type Program, type Row, rows, type SqlValue, tell } from '../sql.ts';
import { json, num, text, textOrNull } from './columns.ts';
import { columnsOf, type EventColumns, toRequest } from './event-row.ts';
import type { Outbox } from './outbox.ts';
import type { PreparedEvent } from './prepared.ts';
import type { SampleDictionary } from './sample-keys.ts';
import { keepListed } from './tx-listed.ts';
import { EVENT_COLUMNS, toTxRow, txValues } from './tx-row.ts';

interface Entry {
  readonly id: number;
  readonly row: TxRow;
  readonly bill: Bill;
  /** Its events are past retention: the row is all there is. */
  readonly gone?: boolean;
}

interface SetEvent extends KeyedEvent {
  readonly columns: EventColumns;
  readonly receivedAt: Instant;
}

const LOAD = 'SELECT * FROM tx WHERE station=? AND txid=? ORDER BY generation';
const BY_SEQ = `SELECT ${EVENT_COLUMNS} FROM tx_event WHERE tx=?1 AND seq=?2 UNION ALL SELECT ${EVENT_COLUMNS} FROM tx_event_conflict WHERE tx=?1 AND seq=?2`;
const ALL = `SELECT ${EVENT_COLUMNS} FROM tx_event WHERE tx=?1 UNION ALL SELECT ${EVENT_COLUMNS} FROM tx_event_conflict WHERE tx=?1`;
const FACTS = 'SELECT generation, body FROM tx_fact WHERE station=? AND txid=? ORDER BY at, id';

/** A transaction id of a station. */
export interface TxKey {
  readonly station: StationRow;
  readonly txid: string;
}

/**
 * The ledger's place in the writer: open transactions in memory, one step and two statements for an event that comes next,
 * a fold of the whole set for everything else. What it keeps in memory is forgotten when a transaction rolls back.
 */
export class LedgerLane {
  readonly #keys: SampleDictionary;
  readonly #outbox: Outbox;
  readonly #cache = new Map<string, readonly Entry[]>();
  readonly #touched = new Set<string>();

  constructor(keys: SampleDictionary, outbox: Outbox) {
    this.#keys = keys;
    this.#outbox = outbox;
  }

  /** The present transaction is durable. */
  committed(): void {
    this.#touched.clear();
    for (const key of this.#cache.keys()) {
      if (this.#cache.size <= limits.ledgerCache) break;
      this.#cache.delete(key);
    }
  }

  rolledBack(): void {
    for (const key of this.#touched) this.#cache.delete(key);
    this.#touched.clear();
  }

  /** Those of the keys that it would have to read. */
  unknown(keys: readonly TxKey[]): readonly TxKey[] {
    const seen = new Map(keys.map((key) => [keyOf(key.station, key.txid), key]));
    return [...seen].filter(([key]) => !this.#cache.has(key)).map(([, key]) => key);
  }

  /** What an engine read ahead for `unknown` keys, in the order of generations; a key without rows is a new transaction. */
  learn(keys: readonly TxKey[], found: readonly Row[]): void {
    const byKey = Map.groupBy(found, (row) => keyOf(num(row, 'station'), text(row, 'txid')));
    for (const { station, txid } of keys) {
      const own = byKey.get(keyOf(station, txid)) ?? [];
      this.#remember(station, txid, own.map(toEntry));
    }
  }

  *event(prepared: PreparedEvent): Program<Outcome> {
    const { station, txid, event, columns, receivedAt } = prepared;
    if (this.#keys.hasUnsaved) yield* this.#keys.keep();
    const cached = this.#cache.get(keyOf(station, txid));
    const entries = cached ?? (yield* this.#load(station, txid));
    const [only] = entries;
    if (only === undefined) return yield* this.#first(prepared);
    if (entries.some(({ gone }) => gone === true)) return yield* this.#afterRetention(prepared, entries);
    if (entries.length === 1 && comesNext(only.row, event)) {
      if ((yield { write: 'event', values: eventValues(only.id, columns, receivedAt, null) }).changes === 1) {
        const next = entryOf(only.id, step(only.row, event));
        yield { write: 'txUpdate', id: only.id, values: txValues(next.row, next.bill, NO_FACTS) };
        yield* keepListed(station, txid, only.id, next, only);
        this.#remember(station, txid, [next]);
        if (event.kind !== 'Updated' || event.remoteStartId !== undefined) yield* this.#announce(station, txid, only.id, event);
        return { result: 'new', tx: outcome(next, txid, only) };
      }
    }
    return yield* this.#anew(prepared, entries);
  }

  *fact(station: StationRow, txid: string, fact: LedgerFact, wanted?: number): Program<Outcome> {
    const entries = yield* this.#entries(station, txid);
    const generation = wanted ?? entries.at(-1)?.row.generation ?? 1;
    yield* tell(
      'INSERT INTO tx_fact(station, txid, generation, at, body) VALUES(?,?,?,?,?)',
      station,
      txid,
      generation,
      fact.at,
      JSON.stringify(fact),
    );
    const entry = entries.find(({ row }) => row.generation === generation);
    if (!entry) return { result: 'notFound' };
    const row: TxRow = { ...entry.row, facts: addFact(entry.row.facts, fact) };
    const after: Entry = { ...entry, row, bill: billOf(row) };
    yield { write: 'txUpdate', id: entry.id, values: txValues(row, after.bill, NO_FACTS) };
    yield* keepListed(station, txid, entry.id, after, entry);
    this.#remember(
      station,
      txid,
      entries.map((other) => (other === entry ? after : other)),
    );
    return { result: 'done', tx: outcome(after, txid, entry) };
  }

  /** The set is not there any more, so the bill cannot be made anew: the event is kept beside it and shown (D7). */
  *#afterRetention(prepared: PreparedEvent, entries: readonly Entry[]): Program<Outcome> {
    const { station, txid, columns, receivedAt } = prepared;
    const entry = entries.findLast(({ gone }) => gone === true);
    if (entry === undefined) throw new Error('no generation whose events are gone');
    const { changes } = yield { write: 'conflict', values: eventValues(entry.id, columns, receivedAt, this.#hash(prepared)) };
    if (changes === 0) return { result: 'duplicate', tx: outcome(entry, txid, entry) };
    const row: TxRow = { ...entry.row, anomalies: [...new Set([...entry.row.anomalies, 'afterRetention' as const])].sort() };
    const after: Entry = { ...entry, row };
    yield { write: 'txUpdate', id: entry.id, values: txValues(row, entry.bill, NO_FACTS) };
    this.#remember(
      station,
      txid,
      entries.map((other) => (other === entry ? after : other)),
    );
    return { result: 'new', tx: outcome(after, txid, entry) };
  }

  /** Forgets what it keeps in memory of transactions. */
  forget(): void {
    this.#cache.clear();
  }

  *#first({ station, txid, event, columns, receivedAt }: PreparedEvent): Program<Outcome> {
    const facts = yield* this.#facts(station, txid, 1);
    const row = step(emptyRow(1, facts), event);
    const id = yield* this.#newTx(row, station, txid, receivedAt);
    yield { write: 'event', values: eventValues(id, columns, receivedAt, null) };
    const entry = entryOf(id, row);
    yield* keepListed(station, txid, id, entry);
    this.#remember(station, txid, [entry]);
    yield* this.#announce(station, txid, id, event);
    return { result: 'new', tx: outcome(entry, txid, undefined) };
  }

  /** Late, repeated, conflicting, or of another generation: the rows are made anew from the whole set of events. */
  *#anew(prepared: PreparedEvent, entries: readonly Entry[]): Program<Outcome> {
    const { station, txid, event, columns, receivedAt } = prepared;
    const hash = this.#hash(prepared);
    const { seq } = event;
    let [same, taken] = [false, false];
    for (const { id, row } of entries) {
      if (seq === null || !hasSeq(row, seq)) continue;
      taken = true;
      same ||= (yield* this.#hashesAt(id, seq, txid)).includes(hash);
    }
    const newest = entries.at(-1);
    if (same && newest !== undefined) return { result: 'duplicate', tx: outcome(newest, txid, newest) };
    const added: SetEvent = { ...event, hash, columns, receivedAt };
    const events: SetEvent[] = [];
    for (const { id } of entries) events.push(...(yield* this.#events(id, txid)));
    // Numbers that scatter too much are not all remembered (D6): the set itself knows.
    if (newest !== undefined && events.some((other) => other.seq === seq && other.hash === hash))
      return { result: 'duplicate', tx: outcome(newest, txid, newest) };
    events.push(added);
    const groups = generations(events);
    const [only] = entries;
    const next: Entry[] = [];
    if (only !== undefined && entries.length === 1 && groups.length === 1) {
      const again = entryOf(only.id, fold(1, events, yield* this.#facts(station, txid, 1)));
      yield { write: taken ? 'conflict' : 'event', values: eventValues(only.id, columns, receivedAt, hash) };
      yield { write: 'txUpdate', id: only.id, values: txValues(again.row, again.bill, NO_FACTS) };
      yield* keepListed(station, txid, only.id, again);
      next.push(again);
    } else
      for (const [index, own] of groups.entries())
        next.push(yield* this.#rewrite(station, txid, index + 1, own, entries[index], receivedAt));
    this.#remember(station, txid, next);
    yield* this.#announce(station, txid, next.at(-1)?.id ?? 0, event);
    const at = groups.findIndex((own) => own.includes(added));
    const entry = next[at];
    if (entry === undefined) throw new Error('an event belongs to no generation');
    return { result: taken ? 'conflict' : 'new', tx: outcome(entry, txid, entries[at]) };
  }

  *#rewrite(
    station: StationRow,
    txid: string,
    generation: number,
    events: readonly KeyedEvent[],
    before: Entry | undefined,
    now: Instant,
  ): Program<Entry> {
    const row = fold(generation, events, yield* this.#facts(station, txid, generation));
    const id = before?.id ?? (yield* this.#newTx(row, station, txid, now));
    const entry = entryOf(id, row);
    if (before) yield { write: 'txUpdate', id, values: txValues(row, entry.bill, NO_FACTS) };
    yield* keepListed(station, txid, id, entry);
    yield* tell('DELETE FROM tx_event WHERE tx=?', id);
    yield* tell('DELETE FROM tx_event_conflict WHERE tx=?', id);
    const taken = new Set<number | null>();
    for (const event of events) {
      if (!isSetEvent(event)) throw new Error('an event lost its columns');
      const write = taken.has(event.seq) && event.seq !== null ? 'conflict' : 'event';
      taken.add(event.seq);
      yield { write, values: eventValues(id, event.columns, event.receivedAt, event.hash) };
    }
    return entry;
  }

  *#newTx(row: TxRow, station: StationRow, txid: string, now: Instant): Program<number> {
    return (yield { write: 'txNew', values: [...txValues(row, billOf(row), NO_FACTS), station, txid, row.generation, now] }).changes;
  }

  *#hashesAt(tx: number, seq: number, txid: string): Program<readonly string[]> {
    return (yield* rows(BY_SEQ, tx, seq)).map((row) => hashOf(row, txid, this.#keys));
  }

  *#events(tx: number, txid: string): Program<readonly SetEvent[]> {
    return (yield* rows(ALL, tx)).map((row) => {
      const columns = columnsOf(row);
      const request = toRequest(columns, txid, this.#keys);
      const hash = textOrNull(row, 'hash') ?? bodyHash(request);
      return { ...ledgerEvent(request), hash, columns, receivedAt: num(row, 'received_at') };
    });
  }

  *#facts(station: StationRow, txid: string, generation: number): Program<FactState> {
    return (yield* rows(FACTS, station, txid))
      .filter((row) => num(row, 'generation') === generation)
      .reduce<FactState>((facts, row) => addFact(facts, json<LedgerFact>(row, 'body')), NO_FACTS);
  }

  *#entries(station: StationRow, txid: string): Program<readonly Entry[]> {
    return this.#cache.get(keyOf(station, txid)) ?? (yield* this.#load(station, txid));
  }

  *#load(station: StationRow, txid: string): Program<readonly Entry[]> {
    return (yield* rows(LOAD, station, txid)).map(toEntry);
  }

  #remember(station: StationRow, txid: string, entries: readonly Entry[]): void {
    const key = keyOf(station, txid);
    this.#touched.add(key);
    this.#cache.delete(key); // the newest stands last, the oldest goes first
    this.#cache.set(key, entries);
  }

  #hash({ columns, txid }: PreparedEvent): string {
    return bodyHash(toRequest(columns, txid, this.#keys));
  }

  /** What others want to hear of (outbox), and the command that this event is the effect of. */
  *#announce(station: StationRow, txid: string, id: number, { kind, seq, at, remoteStartId }: LedgerEvent): Program<void> {
    if (remoteStartId !== undefined)
      yield* tell(
        'UPDATE command SET effect=? WHERE station=? AND remote_start_id=? AND effect IS NULL',
        JSON.stringify({ transactionId: txid }),
        station,
        remoteStartId,
      );
    if (kind === 'Updated') return;
    const type = kind === 'Started' ? 'transactionStarted' : 'transactionEnded';
    yield* this.#outbox.write(type, `tx-${id}-${seq ?? at}-${kind}`, station, at, { transactionId: txid, seqNo: seq });
  }
}

const keyOf = (station: StationRow, txid: string): string => `${station} ${txid}`;
const entryOf = (id: number, row: TxRow): Entry => ({ id, row, bill: billOf(row) });
const toEntry = (row: Row): Entry => ({ ...entryOf(num(row, 'id'), toTxRow(row, NO_FACTS)), gone: num(row, 'events_gone') === 1 });
const isSetEvent = (event: KeyedEvent): event is SetEvent => 'columns' in event;
const hashOf = (row: Row, txid: string, keys: SampleDictionary): string =>
  textOrNull(row, 'hash') ?? bodyHash(toRequest(columnsOf(row), txid, keys));

const eventValues = (tx: number, c: EventColumns, receivedAt: Instant, hash: string | null): SqlValue[] => [
  tx,
  c.seq,
  c.at,
  receivedAt,
  c.kind,
  c.trig,
  c.evse,
  c.connector,
  c.charging,
  hash,
  c.samples,
  c.rest,
];

function outcome({ id, row, bill }: Entry, txid: string, before: Entry | undefined): TxOutcome {
  const final = bill.bill === 'final';
  return { id, txid, ended: row.endedAt !== null, final, becameFinal: final && before?.bill.bill !== 'final', row, bill };
}
