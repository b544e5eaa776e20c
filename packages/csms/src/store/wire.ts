// How work travels between the threads: bytes for what is frequent, JSON for the rest (ADR 5).

import { billOf } from '../ledger/bill.ts';
import type { LedgerEvent } from '../ledger/event.ts';
import { NO_FACTS } from '../ledger/fold.ts';
import type { Register } from '../ledger/meter.ts';
import type { Bill, TxRow } from '../ledger/row.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { Outcome, StoredAuthorization, TxOutcome } from './intents.ts';
import { chargingStateAt, type EventColumns, kindAt, triggerAt } from './programs/event-row.ts';
import type { Prepared, PreparedEvent } from './programs/prepared.ts';
import { TX_COLUMNS, toTxRow, txValues } from './programs/tx-row.ts';
import type { SqlValue } from './sql.ts';
import { type GroupResult, StoreFailure } from './store.ts';

const [JSON_TEXT, EVENT, READINGS] = [0, 1, 2];
const [PLAIN, TRANSACTION] = [0, 1];
const FAILED = -1;
const RESULTS = ['new', 'duplicate', 'conflict', 'done', 'notFound'] as const;
const CONTEXTS = ['begin', 'end', 'other'] as const;
const COLUMNS = TX_COLUMNS.split(', ');

/** What few events have: the rest of a `LedgerEvent`, and its authorization. */
interface More {
  readonly event?: Omit<LedgerEvent, 'meter'>;
  readonly anomalies?: LedgerEvent['meter']['anomalies'];
  readonly authorization?: StoredAuthorization;
}

export class GroupWriter {
  readonly #out = new ByteWriter();

  /** Groups one after the other; the memory of the result may be given away. */
  write(groups: readonly (readonly Prepared[])[]): Uint8Array<ArrayBuffer> {
    for (const group of groups) {
      this.#out.number(group.length);
      for (const prepared of group) this.#prepared(prepared);
    }
    return this.#out.take();
  }

  #prepared(prepared: Prepared): void {
    const out = this.#out;
    if (prepared.k === 'txEvent') return this.#event(prepared);
    if (prepared.k !== 'meterValues') {
      out.byte(JSON_TEXT);
      return out.text(JSON.stringify(prepared));
    }
    out.byte(READINGS);
    const { station, evse, at, receivedAt, samples, rest } = prepared;
    for (const number of [station, evse, at, receivedAt]) out.number(number);
    out.bytes(samples);
    out.text(rest);
  }

  #event({ station, txid, receivedAt, event, columns, authorization }: PreparedEvent): void {
    const out = this.#out;
    const { meter } = event;
    out.byte(EVENT);
    out.number(station);
    out.number(receivedAt);
    out.text(txid);
    out.number(columns.seq);
    out.number(columns.at);
    out.byte(columns.kind);
    out.number(columns.trig);
    out.number(columns.evse);
    out.number(columns.connector);
    out.number(columns.charging);
    out.bytes(columns.samples);
    out.text(columns.rest);
    out.number(meter.powerW ?? null);
    out.number(meter.socPercent ?? null);
    out.number(meter.registers.length);
    for (const { at, mWh, context } of meter.registers) {
      out.number(at);
      out.number(mWh);
      out.byte(CONTEXTS.indexOf(context));
    }
    const rare = isRare(event);
    const more: More = {
      ...(rare ? { event: withoutMeter(event) } : {}),
      ...(meter.anomalies.length === 0 ? {} : { anomalies: meter.anomalies }),
      ...(authorization === undefined ? {} : { authorization }),
    };
    out.text(rare || meter.anomalies.length > 0 || authorization !== undefined ? JSON.stringify(more) : null);
  }
}

const withoutMeter = ({ meter: _meter, ...plain }: LedgerEvent): Omit<LedgerEvent, 'meter'> => plain;

/** It says more than its columns and its meter do. */
const isRare = ({ offline, stoppedReason, remoteStartId, reservationId, idToken }: LedgerEvent): boolean =>
  offline || stoppedReason !== undefined || remoteStartId !== undefined || reservationId !== undefined || idToken !== undefined;

export function readGroups(bytes: Uint8Array): readonly (readonly Prepared[])[] {
  const from = new ByteReader(bytes);
  const groups: Prepared[][] = [];
  while (!from.done) {
    const group: Prepared[] = [];
    for (let n = from.number(); n > 0; n -= 1) group.push(readPrepared(from));
    groups.push(group);
  }
  return groups;
}

function readPrepared(from: ByteReader): Prepared {
  const kind = from.byte();
  if (kind === EVENT) return readEvent(from);
  if (kind === JSON_TEXT) return JSON.parse(from.text());
  return {
    k: 'meterValues',
    station: from.number(),
    evse: from.number(),
    at: from.number(),
    receivedAt: from.number(),
    samples: from.bytesOrNull(),
    rest: from.textOrNull(),
  };
}

function readEvent(from: ByteReader): PreparedEvent {
  const [station, receivedAt, txid] = [from.number(), from.number(), from.text()];
  const columns: EventColumns = {
    seq: from.numberOrNull(),
    at: from.number(),
    kind: from.byte(),
    trig: from.number(),
    evse: from.numberOrNull(),
    connector: from.numberOrNull(),
    charging: from.numberOrNull(),
    samples: from.bytesOrNull(),
    rest: from.textOrNull(),
  };
  const [powerW, socPercent] = [from.numberOrNull(), from.numberOrNull()];
  const registers: Register[] = [];
  for (let n = from.number(); n > 0; n -= 1)
    registers.push({ at: from.number(), mWh: from.number(), context: CONTEXTS[from.byte()] ?? 'other' });
  const text = from.textOrNull();
  const more: More = text === null ? {} : JSON.parse(text);
  const chargingState = chargingStateAt(columns.charging);
  const event: LedgerEvent = {
    seq: columns.seq,
    at: columns.at,
    kind: kindAt(columns.kind),
    trigger: triggerAt(columns.trig),
    offline: false,
    meter: {
      registers,
      anomalies: more.anomalies ?? [],
      ...(powerW === null ? {} : { powerW }),
      ...(socPercent === null ? {} : { socPercent }),
    },
    ...(columns.evse === null ? {} : { evse: columns.evse }),
    ...(columns.connector === null ? {} : { connector: columns.connector }),
    ...(chargingState === undefined ? {} : { chargingState }),
    ...more.event,
  };
  const { authorization } = more;
  const common = { k: 'txEvent', station, txid, receivedAt, event, columns } as const;
  return authorization === undefined ? common : { ...common, authorization };
}

export class ResultWriter {
  readonly #out = new ByteWriter();

  write(results: readonly GroupResult[]): Uint8Array<ArrayBuffer> {
    for (const result of results) {
      if (result instanceof StoreFailure) {
        this.#out.number(FAILED);
        this.#out.text(JSON.stringify({ failed: result.message, storeWide: result.storeWide }));
        continue;
      }
      this.#out.number(result.length);
      for (const outcome of result) this.#outcome(outcome);
    }
    return this.#out.take();
  }

  #outcome(outcome: Outcome): void {
    const out = this.#out;
    const { result, tx } = outcome;
    if (tx === undefined) {
      out.byte(PLAIN);
      return out.text(JSON.stringify(outcome));
    }
    out.byte(TRANSACTION);
    out.byte(RESULTS.indexOf(result));
    out.number(tx.id);
    out.text(tx.txid);
    out.byte((tx.ended ? 1 : 0) + (tx.final ? 2 : 0) + (tx.becameFinal ? 4 : 0));
    out.number(tx.row.generation);
    out.values(txValues(tx.row, tx.bill, NO_FACTS));
  }
}

export function readResults(bytes: Uint8Array): readonly GroupResult[] {
  const from = new ByteReader(bytes);
  const results: GroupResult[] = [];
  while (!from.done) results.push(readResult(from, bytes));
  return results;
}

function readResult(from: ByteReader, bytes: Uint8Array): GroupResult {
  const count = from.number();
  if (count === FAILED) {
    const { failed, storeWide }: { failed: string; storeWide: boolean } = JSON.parse(from.text());
    return new StoreFailure(failed, storeWide);
  }
  const outcomes: Outcome[] = [];
  for (let n = count; n > 0; n -= 1) outcomes.push(from.byte() === PLAIN ? JSON.parse(from.text()) : readTransaction(from, bytes));
  return outcomes;
}

function readTransaction(from: ByteReader, bytes: Uint8Array): Outcome {
  const result = RESULTS[from.byte()] ?? 'done';
  const [id, txid, flags, generation] = [from.number(), from.text(), from.byte(), from.number()];
  return { result, tx: new ReadTransaction(id, txid, flags, generation, bytes, from.skipValues()) };
}

/** Row and bill stay bytes until somebody asks for them. */
class ReadTransaction implements TxOutcome {
  readonly id: number;
  readonly txid: string;
  readonly #flags: number;
  readonly #generation: number;
  readonly #bytes: Uint8Array;
  readonly #from: number;
  #row: TxRow | undefined;

  constructor(id: number, txid: string, flags: number, generation: number, bytes: Uint8Array, from: number) {
    this.id = id;
    this.txid = txid;
    this.#flags = flags;
    this.#generation = generation;
    this.#bytes = bytes;
    this.#from = from;
  }

  get ended(): boolean {
    return (this.#flags & 1) !== 0;
  }
  get final(): boolean {
    return (this.#flags & 2) !== 0;
  }
  get becameFinal(): boolean {
    return (this.#flags & 4) !== 0;
  }
  get row(): TxRow {
    this.#row ??= rowOf(new ByteReader(this.#bytes, this.#from).values(), this.#generation);
    return this.#row;
  }
  get bill(): Bill {
    return billOf(this.row);
  }
}

const rowOf = (values: readonly SqlValue[], generation: number): TxRow =>
  toTxRow({ ...Object.fromEntries(COLUMNS.map((column, index) => [column, values[index] ?? null])), generation }, NO_FACTS);
