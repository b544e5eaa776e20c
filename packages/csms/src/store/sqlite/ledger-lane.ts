import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Instant, limits } from '@busbar/runtime';
import { billOf, gapSeen } from '../../ledger/bill.ts';
import { bodyHash } from '../../ledger/canonical.ts';
import { type LedgerFact, ledgerEvent } from '../../ledger/event.ts';
import { addFact, comesNext, emptyRow, fold, generations, hasSeq, type KeyedEvent, NO_FACTS, step } from '../../ledger/fold.ts';
import type { FactState, TxRow } from '../../ledger/row.ts';
import type { Intent, Outcome, StationRow, TxOutcome } from '../intents.ts';
import { json, num, type Row, text } from './columns.ts';
import { type EventColumns, toColumns, toRequest } from './event-row.ts';
import type { SqliteSampleKeys } from './sample-keys.ts';
import { INSERT_TX, toTxRow, txValues, UPDATE_TX } from './tx-row.ts';

type TxEventIntent = Extract<Intent, { k: 'txEvent' }>;

interface Entry {
  readonly id: number;
  readonly row: TxRow;
}

interface SetEvent extends KeyedEvent {
  readonly columns: EventColumns;
  readonly receivedAt: Instant;
}

const EVENT_COLUMNS = 'tx, seq, at, received_at, kind, trig, evse, connector, charging, hash, samples, rest';

/**
 * The ledger's place in the writer: open transactions in memory, one step and two statements for an event that comes next,
 * a fold of the whole set for everything else. What it keeps in memory is forgotten when a transaction rolls back.
 */
export class LedgerLane {
  readonly #keys: SqliteSampleKeys;
  readonly #cache = new Map<string, readonly Entry[]>();
  readonly #touched = new Set<string>();
  readonly #sql: Record<
    | 'load'
    | 'insertTx'
    | 'updateTx'
    | 'insertEvent'
    | 'insertConflict'
    | 'bySeq'
    | 'all'
    | 'facts'
    | 'insertFact'
    | 'dropEvents'
    | 'dropConflicts'
    | 'effect'
    | 'outbox',
    StatementSync
  >;

  constructor(db: DatabaseSync, keys: SqliteSampleKeys) {
    this.#keys = keys;
    const values = '?,'.repeat(11);
    this.#sql = {
      load: db.prepare('SELECT * FROM tx WHERE station=? AND txid=? ORDER BY generation'),
      insertTx: db.prepare(`${INSERT_TX} RETURNING id`),
      updateTx: db.prepare(UPDATE_TX),
      insertEvent: db.prepare(`INSERT INTO tx_event(${EVENT_COLUMNS}) VALUES(${values}?) ON CONFLICT DO NOTHING`),
      insertConflict: db.prepare(`INSERT INTO tx_event_conflict(${EVENT_COLUMNS}) VALUES(${values}?) ON CONFLICT DO NOTHING`),
      bySeq: db.prepare(
        `SELECT ${EVENT_COLUMNS} FROM tx_event WHERE tx=?1 AND seq=?2 UNION ALL SELECT ${EVENT_COLUMNS} FROM tx_event_conflict WHERE tx=?1 AND seq=?2`,
      ),
      all: db.prepare(
        `SELECT ${EVENT_COLUMNS} FROM tx_event WHERE tx=?1 UNION ALL SELECT ${EVENT_COLUMNS} FROM tx_event_conflict WHERE tx=?1`,
      ),
      facts: db.prepare('SELECT generation, body FROM tx_fact WHERE station=? AND txid=? ORDER BY at, id'),
      insertFact: db.prepare('INSERT INTO tx_fact(station, txid, generation, at, body) VALUES(?,?,?,?,?)'),
      dropEvents: db.prepare('DELETE FROM tx_event WHERE tx=?'),
      dropConflicts: db.prepare('DELETE FROM tx_event_conflict WHERE tx=?'),
      effect: db.prepare('UPDATE command SET effect=? WHERE station=? AND remote_start_id=? AND effect IS NULL'),
      outbox: db.prepare('INSERT INTO outbox(event_id, type, station, at, body) VALUES(?,?,?,?,?)'),
    };
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
    this.#keys.reload();
  }

  event(intent: TxEventIntent): Outcome {
    const { station, request, receivedAt } = intent;
    const txid = request.transactionInfo.transactionId;
    const event = ledgerEvent(request);
    const entries = this.#entries(station, txid);
    const [only] = entries;
    if (entries.length === 0) return this.#first(intent, event.seq);
    if (entries.length === 1 && only !== undefined && comesNext(only.row, event)) {
      const columns = toColumns(request, this.#keys);
      if (this.#insert('insertEvent', only.id, columns, receivedAt, null)) {
        const row = step(only.row, event);
        this.#sql.updateTx.run(...txValues(row, NO_FACTS), only.id);
        this.#remember(station, txid, [{ id: only.id, row }]);
        this.#announce(station, txid, only.id, request.eventType, event.seq, event.at, event.remoteStartId);
        return { result: 'new', tx: outcome(only.id, txid, row, only.row) };
      }
    }
    return this.#anew(intent, entries);
  }

  fact(station: StationRow, txid: string, fact: LedgerFact, wanted?: number): Outcome {
    const entries = this.#entries(station, txid);
    const generation = wanted ?? entries.at(-1)?.row.generation ?? 1;
    this.#sql.insertFact.run(station, txid, generation, fact.at, JSON.stringify(fact));
    const entry = entries.find(({ row }) => row.generation === generation);
    if (!entry) return { result: 'notFound' };
    const row: TxRow = { ...entry.row, facts: addFact(entry.row.facts, fact) };
    this.#sql.updateTx.run(...txValues(row, NO_FACTS), entry.id);
    this.#remember(
      station,
      txid,
      entries.map((other) => (other === entry ? { id: entry.id, row: row } : other)),
    );
    return { result: 'done', tx: outcome(entry.id, txid, row, entry.row) };
  }

  #first(intent: TxEventIntent, seq: number | null): Outcome {
    const { station, request, receivedAt } = intent;
    const txid = request.transactionInfo.transactionId;
    const facts = this.#facts(station, txid, 1);
    const event = ledgerEvent(request);
    const row = step(emptyRow(1, facts), event);
    const id = this.#newTx(row, station, txid, receivedAt);
    this.#insert('insertEvent', id, toColumns(request, this.#keys), receivedAt, null);
    this.#remember(station, txid, [{ id, row }]);
    this.#announce(station, txid, id, request.eventType, seq, event.at, event.remoteStartId);
    return { result: 'new', tx: { ...outcome(id, txid, row, undefined), isNew: true } };
  }

  /** Late, repeated, conflicting, or of another generation: the rows are made anew from the whole set of events. */
  #anew(intent: TxEventIntent, entries: readonly Entry[]): Outcome {
    const { station, request, receivedAt } = intent;
    const txid = request.transactionInfo.transactionId;
    const hash = bodyHash(request);
    const seq = request.seqNo;
    const same = entries.some(({ id, row }) => hasSeq(row, seq) && this.#hashesAt(id, seq, txid).includes(hash));
    const newest = entries.at(-1);
    if (same && newest !== undefined) return { result: 'duplicate', tx: outcome(newest.id, txid, newest.row, newest.row) };
    const taken = entries.some(({ row }) => hasSeq(row, seq));
    const added: SetEvent = { ...ledgerEvent(request), hash, columns: toColumns(request, this.#keys), receivedAt };
    const events = [...entries.flatMap(({ id }) => this.#events(id, txid)), added];
    const groups = generations(events);
    const next = groups.map((own, index) => this.#rewrite(station, txid, index + 1, own, entries[index], receivedAt));
    this.#remember(station, txid, next);
    this.#announce(station, txid, next.at(-1)?.id ?? 0, request.eventType, seq, added.at, added.remoteStartId);
    const at = groups.findIndex((own) => own.includes(added));
    const entry = next[at];
    if (entry === undefined) throw new Error('an event belongs to no generation');
    return { result: taken ? 'conflict' : 'new', tx: outcome(entry.id, txid, entry.row, entries[at]?.row) };
  }

  #rewrite(
    station: StationRow,
    txid: string,
    generation: number,
    events: readonly KeyedEvent[],
    before: Entry | undefined,
    now: Instant,
  ): Entry {
    const row = fold(generation, events, this.#facts(station, txid, generation));
    const id = before?.id ?? this.#newTx(row, station, txid, now);
    if (before) this.#sql.updateTx.run(...txValues(row, NO_FACTS), id);
    this.#sql.dropEvents.run(id);
    this.#sql.dropConflicts.run(id);
    for (const event of events) {
      if (!isSetEvent(event)) throw new Error('an event lost its columns');
      if (!this.#insert('insertEvent', id, event.columns, event.receivedAt, event.hash))
        this.#insert('insertConflict', id, event.columns, event.receivedAt, event.hash);
    }
    return { id, row };
  }

  #newTx(row: TxRow, station: StationRow, txid: string, now: Instant): number {
    return num(this.#sql.insertTx.get(...txValues(row, NO_FACTS), station, txid, row.generation, now) ?? {}, 'id');
  }

  #insert(into: 'insertEvent' | 'insertConflict', tx: number, c: EventColumns, receivedAt: Instant, hash: string | null): boolean {
    const { changes } = this.#sql[into].run(
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
    );
    return changes === 1;
  }

  #hashesAt(tx: number, seq: number, txid: string): readonly string[] {
    return this.#sql.bySeq.all(tx, seq).map((row) => hashOf(row, txid, this.#keys));
  }

  #events(tx: number, txid: string): readonly SetEvent[] {
    return this.#sql.all.all(tx).map((row) => {
      const request = toRequest(row, txid, this.#keys);
      return {
        ...ledgerEvent(request),
        hash: hashOf(row, txid, this.#keys),
        columns: toColumns(request, this.#keys),
        receivedAt: num(row, 'received_at'),
      };
    });
  }

  #facts(station: StationRow, txid: string, generation: number): FactState {
    return this.#sql.facts
      .all(station, txid)
      .filter((row) => num(row, 'generation') === generation)
      .reduce<FactState>((facts, row) => addFact(facts, json<LedgerFact>(row, 'body')), NO_FACTS);
  }

  #entries(station: StationRow, txid: string): readonly Entry[] {
    const key = `${station} ${txid}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    return this.#sql.load.all(station, txid).map((row) => ({ id: num(row, 'id'), row: toTxRow(row, NO_FACTS) }));
  }

  #remember(station: StationRow, txid: string, entries: readonly Entry[]): void {
    const key = `${station} ${txid}`;
    this.#touched.add(key);
    this.#cache.delete(key); // the newest stands last, the oldest goes first
    this.#cache.set(key, entries);
  }

  /** What others want to hear of (outbox), and the command that this event is the effect of. */
  #announce(
    station: StationRow,
    txid: string,
    id: number,
    kind: string,
    seq: number | null,
    at: Instant,
    remoteStartId: number | undefined,
  ): void {
    if (remoteStartId !== undefined) this.#sql.effect.run(JSON.stringify({ transactionId: txid }), station, remoteStartId);
    if (kind === 'Updated') return;
    this.#sql.outbox.run(`tx-${id}-${seq ?? at}-${kind}`, `transaction${kind}`, station, at, JSON.stringify({ transactionId: txid }));
  }
}

const isSetEvent = (event: KeyedEvent): event is SetEvent => 'columns' in event;
const hashOf = (row: Row, txid: string, keys: SqliteSampleKeys): string =>
  row['hash'] === null ? bodyHash(toRequest(row, txid, keys)) : text(row, 'hash');

function outcome(id: number, txid: string, row: TxRow, before: TxRow | undefined): TxOutcome {
  const bill = billOf(row);
  const wasFinal = before !== undefined && billOf(before).bill === 'final';
  return { id, txid, row, bill, gapSeen: gapSeen(row), becameFinal: bill.bill === 'final' && !wasFinal, isNew: false };
}
