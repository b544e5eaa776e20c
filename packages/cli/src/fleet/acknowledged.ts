import { type Instant, isRecord } from '@busbar/runtime';
import type { TraceEvent } from '@busbar/station';

/** What a CSMS has said it stored of one transaction. */
export interface AcknowledgedTx {
  readonly transactionId: string;
  readonly seqNos: ReadonlySet<number>;
  /** Last register minus the first. */
  readonly energyMWh: number | null;
  readonly ended: boolean;
}

interface Event {
  readonly transactionId: string;
  readonly seqNo: number;
  readonly kind: string;
  readonly registers: readonly number[];
  readonly at: Instant;
}

interface Account {
  readonly seqNos: Set<number>;
  readonly registers: Map<number, readonly number[]>;
  ended: boolean;
}

const NEWEST = 10;

/** Keeps the account of one station, from its frames alone: what it told and what was answered. */
export class Acknowledged {
  readonly #open = new Map<string, Event>();
  readonly #accounts = new Map<string, Account>();
  events = 0;
  refused = 0;
  /** How long the newest answers took, in milliseconds. */
  answerMs: readonly number[] = [];

  readonly hear = (event: TraceEvent): void => {
    if (event.kind !== 'frame') return;
    const { at, direction, text } = event;
    if (direction === 'out' ? !/^\[2,"[^"]*","TransactionEvent"/.test(text) : this.#open.size === 0 || !/^\[[34],/.test(text)) return;
    const frame: unknown = JSON.parse(text);
    if (!Array.isArray(frame)) return;
    const [type, id, , payload]: readonly unknown[] = frame;
    if (direction === 'out') return this.#told(String(id), payload, at);
    const told = this.#open.get(String(id));
    this.#open.delete(String(id));
    if (told === undefined) return;
    this.answerMs = [...this.answerMs.slice(1 - NEWEST), at - told.at];
    if (type === 3) this.#count(told);
    else this.refused += 1;
  };

  transactions(): readonly AcknowledgedTx[] {
    return [...this.#accounts].map(([transactionId, { seqNos, registers, ended }]) => {
      const inOrder = [...registers].toSorted(([a], [b]) => a - b).flatMap(([, values]) => values);
      const [first, last] = [inOrder[0], inOrder.at(-1)];
      return { transactionId, seqNos, ended, energyMWh: first === undefined || last === undefined ? null : last - first };
    });
  }

  #told(id: string, payload: unknown, at: Instant): void {
    if (!isRecord(payload) || !isRecord(payload['transactionInfo'])) return;
    this.#open.clear(); // one CALL is open at a time: an answer to the last one comes no more
    this.#open.set(id, {
      transactionId: String(payload['transactionInfo']['transactionId']),
      seqNo: Number(payload['seqNo']),
      kind: String(payload['eventType']),
      registers: registersOf(payload['meterValue']),
      at,
    });
  }

  #count({ transactionId, seqNo, kind, registers }: Event): void {
    const account = this.#accounts.get(transactionId) ?? { seqNos: new Set<number>(), registers: new Map(), ended: false };
    this.#accounts.set(transactionId, account);
    if (!account.seqNos.has(seqNo)) this.events += 1;
    account.seqNos.add(seqNo);
    if (registers.length > 0) account.registers.set(seqNo, registers);
    account.ended ||= kind === 'Ended';
  }
}

/** Energy registers of the outlet, all phases together, in mWh. */
function registersOf(meterValue: unknown): readonly number[] {
  if (!Array.isArray(meterValue)) return [];
  return meterValue.flatMap((each: unknown) => {
    const samples: unknown = isRecord(each) ? each['sampledValue'] : undefined;
    return Array.isArray(samples) ? samples.flatMap((sample: unknown) => registerOf(sample) ?? []) : [];
  });
}

function registerOf(sample: unknown): number | undefined {
  if (!isRecord(sample) || (sample['measurand'] ?? 'Energy.Active.Import.Register') !== 'Energy.Active.Import.Register') return undefined;
  if (sample['phase'] !== undefined || (sample['location'] ?? 'Outlet') !== 'Outlet') return undefined;
  const { unit = 'Wh', multiplier = 0 } = isRecord(sample['unitOfMeasure']) ? sample['unitOfMeasure'] : {};
  return Math.round(Number(sample['value']) * (unit === 'kWh' ? 1e6 : 1e3) * 10 ** Number(multiplier));
}
