import type { Instant } from '@busbar/runtime';
import { energyOf } from '../../ledger/bill.ts';
import { fold, inOrder, type KeyedEvent } from '../../ledger/fold.ts';
import type { Register } from '../../ledger/meter.ts';
import type { TxRow } from '../../ledger/row.ts';

/** An event as it is stored, with when it came. */
export interface TimedEvent extends KeyedEvent {
  readonly receivedAt: Instant;
}

/** Energy that has flowed since the beginning, in mWh, by the time it was measured; it never falls. */
export interface EnergyPoint {
  readonly at: Instant;
  readonly mWh: number;
}

/** A stretch of time in one state; `idle` numbers the stretches that may cost an idle fee. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly idle: number | null;
}

/** What happened in one transaction, on the station's clock. */
export interface Timeline {
  readonly from: Instant;
  readonly to: Instant;
  /** As the bill says (ADR 6); null when no register says anything. */
  readonly energyMWh: number | null;
  readonly energy: readonly EnergyPoint[];
  readonly stretches: readonly Stretch[];
}

/** The protocol is younger than this: a clock that shows an earlier day was never set. */
const OLDEST_CLOCK = 1_420_070_400_000; // 2015-01-01
const isSet = (at: Instant): boolean => at >= OLDEST_CLOCK;

/**
 * The events of one generation as time, states and energy. Pure, and independent of the order in which they came. An event of a
 * clock that was never set (1970) counts when it arrived, at the latest when the next one with a set clock happened.
 */
export function timeline(set: readonly TimedEvent[]): Timeline | undefined {
  const { events } = inOrder(set);
  const times = timesOf(events);
  const [from, to] = spanOf(events, times);
  if (from === undefined || to === undefined) return undefined;
  const row = fold(1, set);
  const energyMWh = energyOf(row);
  return {
    from,
    to,
    energyMWh,
    energy: energyMWh === null ? [] : energyPoints(events, times, row, [from, to]),
    stretches: stretchesOf(events, times, [from, to]),
  };
}

/** When each event happened; never before the one in front of it. */
function timesOf(events: readonly TimedEvent[]): readonly Instant[] {
  let next = Number.MAX_SAFE_INTEGER;
  const believed = events.map(({ at, receivedAt }) => (isSet(at) ? at : receivedAt));
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index];
    if (event === undefined) continue;
    if (isSet(event.at)) next = event.at;
    else believed[index] = Math.min(event.receivedAt, next);
  }
  let last = Number.MIN_SAFE_INTEGER;
  return believed.map((at) => {
    last = Math.max(last, at);
    return last;
  });
}

/** From Started (or what is known first) to Ended (or what is known last). */
function spanOf(events: readonly TimedEvent[], times: readonly Instant[]): readonly [Instant | undefined, Instant | undefined] {
  const started = events.findIndex(({ kind }) => kind === 'Started');
  const ended = events.findIndex(({ kind }) => kind === 'Ended');
  const [first, last] = [times[Math.max(started, 0)], times[ended < 0 ? times.length - 1 : ended]];
  return [first, first === undefined || last === undefined ? last : Math.max(first, last)];
}

type Span = readonly [Instant, Instant];
const within = ([from, to]: Span, at: Instant): Instant => Math.min(Math.max(at, from), to);

/**
 * Every register on the way, raised to what flowed until then. Where the closing one lies below the opening one only forward
 * steps count (ADR 6). The last point is what the bill says, exactly.
 */
function energyPoints(events: readonly TimedEvent[], times: readonly Instant[], row: TxRow, span: Span): readonly EnergyPoint[] {
  const points: EnergyPoint[] = [];
  const energyMWh = energyOf(row) ?? 0;
  const { beginMWh, lastMWh } = row;
  if (beginMWh !== null && lastMWh !== null && lastMWh >= beginMWh) {
    for (const [index, { meter }] of events.entries())
      for (const { at, mWh } of meter.registers)
        points.push({ at: within(span, isSet(at) ? at : (times[index] ?? at)), mWh: Math.min(Math.max(mWh - beginMWh, 0), energyMWh) });
  } else {
    let [before, forward]: [number | undefined, number] = [undefined, 0];
    for (const [index, event] of events.entries()) {
      const current = currentRegister(event);
      if (current === undefined) continue;
      if (before !== undefined) forward = Math.min(forward + Math.max(0, current.mWh - before), energyMWh);
      before = current.mWh;
      points.push({ at: within(span, times[index] ?? span[1]), mWh: forward });
    }
  }
  points.sort((a, b) => a.at - b.at || a.mWh - b.mWh);
  let most = 0;
  const rising = points.map(({ at, mWh }) => {
    most = Math.max(most, mWh);
    return { at, mWh: most };
  });
  // Of several at one moment the highest counts.
  return rising.filter(({ at }, index) => rising[index + 1]?.at !== at);
}

/** What an event says of now: its end mark, or its newest sample. */
const currentRegister = ({ kind, meter: { registers } }: KeyedEvent): Register | undefined =>
  (kind === 'Ended' ? registers.findLast(({ context }) => context === 'end') : undefined) ?? registers.at(-1);

/** States in which a vehicle only takes up the place; SuspendedEVSE is not the driver's doing. */
const IDLE: ReadonlySet<string | undefined> = new Set(['SuspendedEV', 'EVConnected', 'Idle']);

function stretchesOf(events: readonly TimedEvent[], times: readonly Instant[], span: Span): readonly Stretch[] {
  const out: Stretch[] = [];
  let state: string | undefined;
  let charged = false;
  let idle: number | null = null;
  let runs = 0;
  let since = span[0];
  for (const [index, { chargingState }] of events.entries()) {
    if (chargingState === undefined || chargingState === state) continue;
    state = chargingState;
    charged ||= state === 'Charging';
    const isIdle = charged && IDLE.has(state);
    if (isIdle === (idle !== null)) continue;
    const at = within(span, times[index] ?? span[1]);
    if (at > since) out.push({ from: since, to: at, idle });
    since = at;
    idle = isIdle ? runs++ : null;
  }
  if (span[1] > since || out.length === 0) out.push({ from: since, to: span[1], idle });
  return out;
}
