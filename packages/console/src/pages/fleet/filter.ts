import type { Row } from '../../live/fleet-store.ts';

export const STATES = [
  'connected',
  'Offline',
  'Charging',
  'paused',
  'Faulted',
  'Unavailable',
  'Available',
  'Reserved',
  'unapproved',
  'virtual',
] as const;
export type StateFilter = (typeof STATES)[number];
export const SORTS = ['worst', 'id', 'power', 'lastSeen', 'firmware'] as const;
export type Sort = (typeof SORTS)[number];

/** What the address of the page says about which rows and in which order. */
export interface FleetFilter {
  readonly q?: string | undefined;
  readonly state?: string | undefined;
  readonly site?: string | undefined;
  readonly firmware?: string | undefined;
  readonly sort?: string | undefined;
}

const inState = (row: Row, ...states: readonly string[]): boolean => row.connectors.some(({ state }) => states.includes(state));

const STATE_TESTS: Readonly<Record<StateFilter, (row: Row) => boolean>> = {
  connected: (row) => row.connected,
  Offline: (row) => !row.connected,
  Charging: (row) => inState(row, 'Charging'),
  paused: (row) => inState(row, 'SuspendedEV', 'SuspendedEVSE'),
  Faulted: (row) => inState(row, 'Faulted'),
  Unavailable: (row) => inState(row, 'Unavailable'),
  Available: (row) => inState(row, 'Available'),
  Reserved: (row) => inState(row, 'Reserved'),
  unapproved: (row) => row.approval === 'unapproved',
  virtual: (row) => row.virtual,
};

export const stateOf = ({ state }: FleetFilter): StateFilter | undefined => STATES.find((known) => known === state);
export const sortOf = ({ sort }: FleetFilter): Sort => SORTS.find((known) => known === sort) ?? 'worst';

export function matches(row: Row, filter: FleetFilter): boolean {
  const q = filter.q?.toLowerCase();
  const state = stateOf(filter);
  return (
    (q === undefined || [row.id, row.model, row.vendorName].some((text) => text?.toLowerCase().includes(q))) &&
    (state === undefined || STATE_TESTS[state](row)) &&
    (filter.site === undefined || String(row.site) === filter.site) &&
    (filter.firmware === undefined || row.firmwareVersion === filter.firmware)
  );
}

/** Greater is worse. */
const badness = (row: Row): number => {
  if (row.approval === 'unapproved') return 3;
  if (!row.connected) return 4;
  return inState(row, 'Faulted') ? 5 : inState(row, 'Unavailable') ? 2 : 0;
};

const byId = (a: Row, b: Row): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const ORDER: Readonly<Record<Sort, (a: Row, b: Row) => number>> = {
  worst: (a, b) => badness(b) - badness(a) || byId(a, b),
  id: byId,
  power: (a, b) => (b.powerW ?? -1) - (a.powerW ?? -1) || byId(a, b),
  lastSeen: (a, b) => (a.lastSeen ?? '').localeCompare(b.lastSeen ?? '') || byId(a, b),
  firmware: (a, b) => (a.firmwareVersion ?? '').localeCompare(b.firmwareVersion ?? '') || byId(a, b),
};

/** The ids of the rows a filter means, in its order: taken once, so that live values never move a row. */
export const idsOf = (rows: readonly Row[], filter: FleetFilter): readonly string[] =>
  rows
    .filter((row) => matches(row, filter))
    .sort(ORDER[sortOf(filter)])
    .map(({ id }) => id);
