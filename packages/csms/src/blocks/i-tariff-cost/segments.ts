import type { Instant } from '@busbar/runtime';
import { borders, periodAt } from './periods.ts';
import type { Tariff } from './tariff.ts';
import type { EnergyPoint, Timeline } from './timeline.ts';

/** A piece of a transaction within one period of the tariff, in one state. */
export interface Segment {
  readonly from: Instant;
  readonly to: Instant;
  /** Index of the tariff's period. */
  readonly period: number;
  /** Null for all of them when the energy is not known. */
  readonly mWh: number | null;
  /** Number of the idle stretch it belongs to. */
  readonly idle: number | null;
}

/** A longer transaction has a clock that nobody can believe, and no price. */
const LONGEST_MS = 400 * 86_400_000;

/**
 * Cuts a transaction at the tariff's borders on the clock of the site. What flowed between two registers is shared out by time in
 * whole mWh, by one running sum, so that the pieces add up to the bill exactly.
 */
export function segments(line: Timeline, tariff: Pick<Tariff, 'periods'>, zone: string): readonly Segment[] | undefined {
  const { from, to, energy, energyMWh, stretches } = line;
  if (to - from > LONGEST_MS) return undefined;
  const cuts = borders(tariff, zone, from, to);
  const out: Segment[] = [];
  const flowedUntil = runningSum(energy);
  let [flowed, cut] = [0, 0];
  for (const [index, stretch] of stretches.entries()) {
    const ends: Instant[] = [];
    for (let at = cuts[cut]; at !== undefined && at < stretch.to; at = cuts[++cut]) if (at > stretch.from) ends.push(at);
    ends.push(stretch.to);
    let since = stretch.from;
    for (const [part, at] of ends.entries()) {
      const isLast = index === stretches.length - 1 && part === ends.length - 1;
      const total = energyMWh === null ? null : isLast ? energyMWh : flowedUntil(at);
      out.push({
        from: since,
        to: at,
        period: periodAt(tariff, zone, since),
        mWh: total === null ? null : total - flowed,
        idle: stretch.idle,
      });
      flowed = total ?? 0;
      since = at;
    }
  }
  return out;
}

/** What had flowed at a moment, between two points by time; the moments are asked in order. */
function runningSum(points: readonly EnergyPoint[]): (at: Instant) => number {
  let next = 0;
  return (at) => {
    while ((points[next]?.at ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    const [before, after] = [points[next - 1], points[next]];
    if (before === undefined) return 0;
    if (after === undefined) return before.mWh;
    const share = (BigInt(after.mWh - before.mWh) * BigInt(at - before.at)) / BigInt(after.at - before.at);
    return before.mWh + Number(share);
  };
}
