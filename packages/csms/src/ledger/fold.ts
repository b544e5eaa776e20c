import { limits } from '@busbar/runtime';
import type { LedgerEvent, LedgerFact } from './event.ts';
import { add, has } from './ranges.ts';
import type { Anomaly, FactState, TxRow } from './row.ts';

/** An event with what tells it apart from another one under the same number. */
export interface KeyedEvent extends LedgerEvent {
  readonly hash: string;
}

export const NO_FACTS: FactState = { status: null, billTimeout: null, closed: null, invalid: {} };

const EMPTY: TxRow = {
  generation: 1,
  state: 'active',
  startedAt: null,
  endedAt: null,
  firstSeq: null,
  lastSeq: null,
  ranges: [],
  events: 0,
  lastAt: Number.MIN_SAFE_INTEGER,
  evse: null,
  connector: null,
  chargingState: null,
  beginMWh: null,
  beginFromStarted: false,
  lastMWh: null,
  forwardMWh: 0,
  powerW: null,
  socPercent: null,
  idToken: null,
  stoppedReason: null,
  remoteStartId: null,
  reservationId: null,
  anomalies: [],
  facts: NO_FACTS,
};

export const emptyRow = (generation: number, facts: FactState = NO_FACTS): TxRow => ({ ...EMPTY, generation, facts });

/** More than a day between two neighbours means that somebody set a clock (D12, T17). */
const CLOCK_JUMP_MS = 24 * 3600 * 1000;

/**
 * Whether the event simply comes next, so that `step` is enough. Everything else (late, repeated, second Started or Ended)
 * is folded anew from the whole set, which is what makes the row independent of the order of arrival.
 */
export function comesNext(row: TxRow, event: LedgerEvent): boolean {
  if (event.seq === null || row.endedAt !== null) return false;
  const last = row.ranges.at(-1);
  if (last === undefined) return row.events === 0;
  // Of two Started only the whole set can say whether this Ended stands between them and makes two generations of one.
  const plain = !row.anomalies.includes('seqNoConflict') && !row.anomalies.includes('startedTwice');
  return plain && event.seq > last[1] && event.kind !== 'Started';
}

/** The next event in order. Pure; `fold` is this over the sorted set. */
export function step(row: TxRow, event: LedgerEvent): TxRow {
  const anomalies = new Set<Anomaly>([...row.anomalies, ...event.meter.anomalies]);
  if (row.events > 0 && Math.abs(event.at - row.lastAt) > CLOCK_JUMP_MS) anomalies.add('clockJump');
  if (row.endedAt !== null && event.kind !== 'Ended') anomalies.add('eventAfterEnded');
  if (event.evse !== undefined && row.evse !== null && event.evse !== row.evse) anomalies.add('evseChanged');
  const ranges = event.seq === null ? row.ranges : add(row.ranges, event.seq);
  if (ranges.length > limits.seqRanges) anomalies.add('seqNoScattered');
  const started = event.kind === 'Started';
  const ended = event.kind === 'Ended';
  return {
    ...energy(row, event, anomalies),
    generation: row.generation,
    state: ended ? 'ended' : row.state,
    startedAt: started ? event.at : row.startedAt,
    endedAt: ended ? event.at : row.endedAt,
    firstSeq: started ? event.seq : row.firstSeq,
    lastSeq: ended ? event.seq : row.lastSeq,
    ranges: ranges.length > limits.seqRanges ? ranges.slice(-limits.seqRanges) : ranges,
    events: row.events + 1,
    lastAt: Math.max(row.lastAt, event.at),
    // E01.FR.16: the EVSE is named once; T7: an Updated without it belongs to its transaction all the same.
    evse: row.evse ?? event.evse ?? null,
    connector: row.connector ?? event.connector ?? null,
    chargingState: ended ? null : (event.chargingState ?? row.chargingState),
    // T4: a sample of power only leaves everything else as it was.
    powerW: ended ? null : (event.meter.powerW ?? row.powerW),
    socPercent: event.meter.socPercent ?? row.socPercent,
    idToken: row.idToken ?? event.idToken ?? null,
    stoppedReason: ended ? (event.stoppedReason ?? 'Local') : row.stoppedReason, // E06.FR.08: left out means Local
    remoteStartId: row.remoteStartId ?? event.remoteStartId ?? null,
    reservationId: row.reservationId ?? event.reservationId ?? null,
    anomalies: [...anomalies].sort(),
    facts: row.facts,
  };
}

type Energy = Pick<TxRow, 'beginMWh' | 'beginFromStarted' | 'lastMWh' | 'forwardMWh'>;

function energy(row: TxRow, event: LedgerEvent, anomalies: Set<Anomaly>): Energy {
  let { beginMWh, beginFromStarted, lastMWh, forwardMWh } = row;
  const { registers } = event.meter;
  const first = registers.find(({ context }) => context === 'begin') ?? registers[0];
  // An event may repeat the samples of a whole night (Ended does): what it says of now is its end mark, or its newest sample.
  const end = event.kind === 'Ended' ? registers.findLast(({ context }) => context === 'end') : undefined;
  const current = end ?? registers.at(-1);
  if (current !== undefined) {
    if (lastMWh !== null && current.mWh < lastMWh) anomalies.add('registerBackwards');
    if (lastMWh !== null) {
      const stepMWh = Math.max(0, current.mWh - lastMWh);
      if (stepMWh > limits.registerStepMWh) anomalies.add('registerJump');
      forwardMWh = Math.min(forwardMWh + stepMWh, Number.MAX_SAFE_INTEGER);
    }
    lastMWh = current.mWh;
  }
  if (first !== undefined && (beginMWh === null || (event.kind === 'Started' && !beginFromStarted))) {
    beginMWh = first.mWh;
    beginFromStarted = event.kind === 'Started';
  }
  return {
    beginMWh,
    beginFromStarted,
    lastMWh,
    forwardMWh,
  };
}

const KIND_ORDER = { Started: 0, Updated: 1, Ended: 2 } as const;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const bySeq = (a: KeyedEvent, b: KeyedEvent): number =>
  (a.seq ?? -1) - (b.seq ?? -1) || a.at - b.at || KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || byText(a.hash, b.hash);
const byTime = (a: KeyedEvent, b: KeyedEvent): number =>
  a.at - b.at || KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || (a.seq ?? -1) - (b.seq ?? -1) || byText(a.hash, b.hash);

/** Several events share a number: then numbers say nothing about order, and time decides (D6). */
function hasSeqConflict(events: readonly KeyedEvent[]): boolean {
  const seen = new Set<number>();
  return events.some(({ seq }) => seq !== null && (seen.has(seq) || !seen.add(seq)));
}

/**
 * Which generation each event belongs to (D6): a Started that comes later than an Ended opens a new one, an event goes to
 * the generation whose Started is the latest at or before its timestamp. Computed from the set alone.
 */
export function generations(events: readonly KeyedEvent[]): readonly (readonly KeyedEvent[])[] {
  const starts: number[] = [];
  for (const start of events.filter(({ kind }) => kind === 'Started').sort(byTime)) {
    const open = starts.at(-1);
    const endedBetween = events.some(({ kind, at }) => kind === 'Ended' && open !== undefined && at >= open && at < start.at);
    if (open === undefined || endedBetween) starts.push(start.at);
  }
  if (starts.length <= 1) return [events];
  const out: KeyedEvent[][] = starts.map(() => []);
  for (const event of events)
    out[
      Math.max(
        0,
        starts.findLastIndex((at) => at <= event.at),
      )
    ]?.push(event);
  return out;
}

/** The Ended that counts bears a lower number than the Started that counts: the counter restarted in between. */
const hasRestarted = (start: KeyedEvent | undefined, end: KeyedEvent | undefined): boolean =>
  start !== undefined && end !== undefined && start.seq !== null && end.seq !== null && end.seq < start.seq;

/** The events of one generation in the order in which they count, and what that order says about them. */
export interface Ordered<E extends KeyedEvent> {
  readonly events: readonly E[];
  readonly anomalies: readonly Anomaly[];
}

/** Of two Started or two Ended one counts: the latest, then the greatest hash (D6). The others stay as plain events. */
export function inOrder<E extends KeyedEvent>(events: readonly E[]): Ordered<E> {
  const conflict = hasSeqConflict(events);
  const timely = [...events].sort(byTime);
  const [starts, ends] = [timely.filter(({ kind }) => kind === 'Started'), timely.filter(({ kind }) => kind === 'Ended')];
  const [start, end] = [starts.at(-1), ends.at(-1)];
  const restarted = hasRestarted(start, end);
  const sorted = conflict || restarted || events.some(({ seq }) => seq === null) ? timely : [...events].sort(bySeq);
  const anomalies: Anomaly[] = conflict ? ['seqNoConflict'] : [];
  if (restarted) anomalies.push('seqNoRestarted');
  if (starts.length > 1) anomalies.push('startedTwice');
  if (ends.length > 1) anomalies.push('endedTwice');
  const loses = (event: E): boolean => (event.kind === 'Started' && event !== start) || (event.kind === 'Ended' && event !== end);
  return { events: sorted.map((event) => (loses(event) ? { ...event, kind: 'Updated' } : event)), anomalies };
}

/** The row of one generation: a pure function of the set of its events and facts. */
export function fold(generation: number, events: readonly KeyedEvent[], facts: FactState = NO_FACTS): TxRow {
  const ordered = inOrder(events);
  const reused: Anomaly[] = generation > 1 ? ['transactionIdReused'] : [];
  let row: TxRow = emptyRow(generation, facts);
  for (const event of ordered.events) row = step(row, event);
  const anomalies = [...new Set<Anomaly>([...row.anomalies, ...ordered.anomalies, ...reused])].sort();
  return { ...row, anomalies };
}

/** All rows of a transaction id: the whole truth, from scratch. */
export function foldAll(events: readonly KeyedEvent[], factsOf: (generation: number) => FactState): readonly TxRow[] {
  return generations(events).map((own, index) => fold(index + 1, own, factsOf(index + 1)));
}

/** Adds one recorded fact. Order does not matter: of two that say different things a rule without arrival order chooses. */
export function addFact(facts: FactState, fact: LedgerFact): FactState {
  switch (fact.kind) {
    case 'statusAnswer': {
      const { at, messagesInQueue, ongoing } = fact;
      const status = { at, messagesInQueue, ...(ongoing === undefined ? {} : { ongoing }) };
      return facts.status !== null && !saysMore(status, facts.status) ? facts : { ...facts, status };
    }
    case 'billTimeout':
      return { ...facts, billTimeout: Math.min(fact.at, facts.billTimeout ?? fact.at) };
    case 'operatorClose': {
      const closed = { at: fact.at, reason: fact.reason, actor: fact.actor };
      return facts.closed !== null && !closesFirst(closed, facts.closed) ? facts : { ...facts, closed };
    }
    case 'invalidEvent': {
      if (facts.resolved?.includes(fact.hash)) return facts;
      const known = facts.invalid[fact.hash];
      return withInvalid(facts, { ...facts.invalid, [fact.hash]: known ?? fact.seq ?? null });
    }
    case 'invalidResolved': {
      // Kept, so that the same event told once more does not come back to life.
      const { [fact.hash]: _resolved, ...rest } = facts.invalid;
      const resolved = [...new Set([...(facts.resolved ?? []), fact.hash])].sort(byText);
      return { ...withInvalid(facts, rest), resolved };
    }
  }
}

const withInvalid = (facts: FactState, invalid: FactState['invalid']): FactState => ({
  ...facts,
  invalid: Object.fromEntries(Object.entries(invalid).sort(([a], [b]) => byText(a, b))),
});

type Status = NonNullable<FactState['status']>;
type Closed = NonNullable<FactState['closed']>;
/** The newest answer counts; of two in the same millisecond the one that keeps the bill open longer. */
const hope = ({ messagesInQueue, ongoing }: Status): number => (messagesInQueue ? 4 : 0) + (ongoing === undefined ? 1 : ongoing ? 2 : 0);
const saysMore = (a: Status, b: Status): boolean => a.at > b.at || (a.at === b.at && hope(a) > hope(b));
/** The first closing counts; of two in the same millisecond the one whose words come first in the alphabet. */
const closesFirst = (a: Closed, b: Closed): boolean =>
  a.at - b.at < 0 || (a.at === b.at && (byText(a.actor, b.actor) || byText(a.reason, b.reason)) < 0);

/** Whether an event with this number may be stored already. Below the ranges that are kept (D6) only the store knows. */
export const hasSeq = (row: TxRow, seq: number): boolean =>
  has(row.ranges, seq) || (row.anomalies.includes('seqNoScattered') && seq < (row.ranges[0]?.[0] ?? 0));
