import type { Overview } from '@busbar/api';
import { formatInstant, type Instant } from '@busbar/runtime';
import type { Static } from 'typebox';
import { wallMoments } from '../blocks/i-tariff-cost/zone.ts';
import type { TxRecord } from '../store/store.ts';
import type { FleetRowView } from './row.ts';

export type OverviewView = Static<typeof Overview>;

const HOUR_MS = 3_600_000;

/** When the day began on the clock at the site; on the two odd days of a year it is 23 or 25 hours long. */
export const dayStart = (zone: string, now: Instant): Instant => wallMoments(zone, now - 26 * HOUR_MS, now + 1, [0]).at(-1) ?? now;

/** Counters over the lines; `ended` are the transactions that ended since the day began. */
export function overviewOf(rows: readonly FleetRowView[], ended: readonly TxRecord[], since: Instant): OverviewView {
  const virtual = rows.filter((row) => row.virtual);
  const counts = virtual.length === rows.length && rows.length > 0 ? 'virtual' : 'real';
  const counted = counts === 'virtual' ? virtual : rows.filter((row) => !row.virtual);
  const ids = new Set(counted.map(({ id }) => id));
  const own = ended.filter(({ identity }) => ids.has(identity));
  const connectors = counted.flatMap((row) => row.connectors);
  const inState = (...states: readonly string[]): number => connectors.filter(({ state }) => states.includes(state)).length;
  const final = own.filter(({ bill }) => bill.bill === 'final').length;
  return {
    counts,
    stations: counted.length,
    connected: counted.filter((row) => row.connected).length,
    charging: inState('Charging'),
    paused: inState('SuspendedEV', 'SuspendedEVSE'),
    faulted: inState('Faulted'),
    offline: counted.filter((row) => !row.connected && row.approval === 'approved').length,
    outOfService: inState('Unavailable'),
    unapproved: counted.filter((row) => row.approval === 'unapproved').length,
    virtual: virtual.length,
    powerW: counted.reduce((sum, row) => sum + (row.powerW ?? 0), 0),
    today: {
      since: formatInstant(since),
      energyWh: own.reduce((sum, { bill }) => sum + (bill.energyMWh ?? 0), 0) / 1000,
      ended: own.length,
      final,
      provisional: own.length - final,
    },
  };
}
