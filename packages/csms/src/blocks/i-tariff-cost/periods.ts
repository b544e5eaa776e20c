import type { Instant } from '@busbar/runtime';
import type { Period, Tariff } from './tariff.ts';
import { wallClock, wallMoments } from './zone.ts';

const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;

/** Which period counts at that moment: the first that fits the clock at the site. */
export function periodAt({ periods }: Pick<Tariff, 'periods'>, zone: string, at: Instant): number {
  if (periods.length === 1) return 0;
  const wall = wallClock(zone, at);
  const day = Math.floor(wall / DAY_MS);
  const minute = Math.floor((wall - day * DAY_MS) / 60_000);
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1; // 1 January 1970 was a Thursday
  return periods.findIndex((period) => fits(period, weekday, minute));
}

/** A period over midnight belongs to the day on which it begins. */
function fits({ days, hours }: Period, weekday: number, minute: number): boolean {
  const on = (day: number): boolean => days === undefined || days.includes(day);
  if (hours === undefined) return on(weekday);
  const { from, to } = hours;
  if (from < to) return on(weekday) && minute >= from && minute < to;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return minute >= from ? on(weekday) : minute < to && on(yesterday);
}

/** Moments strictly in between at which another period may begin. */
export function borders({ periods }: Pick<Tariff, 'periods'>, zone: string, from: Instant, to: Instant): readonly Instant[] {
  if (periods.length === 1 || to <= from) return [];
  const minutes = new Set([0]);
  for (const { hours } of periods) if (hours) minutes.add(hours.from).add(hours.to % DAY_MINUTES);
  return wallMoments(zone, from, to, [...minutes]);
}
