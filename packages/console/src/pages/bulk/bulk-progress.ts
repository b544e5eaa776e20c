import type { Bulk, BulkItem } from '@busbar/api';
import type { Static } from 'typebox';

export type Job = Static<typeof Bulk>;
export type Item = Static<typeof BulkItem>;
export type ItemState = 'waiting' | 'underWay' | 'done' | 'refused' | 'failed' | 'unknown' | 'stopped';

/** In the order in which they are looked at. */
export const ITEM_STATES = [
  'refused',
  'failed',
  'unknown',
  'underWay',
  'waiting',
  'stopped',
  'done',
] as const satisfies readonly ItemState[];
const stateOf = (text: string): ItemState => ITEM_STATES.find((state) => state === text) ?? 'unknown';

/** Shares of the bar: done, refused with everything else that went wrong, and what is left. */
export function shares({ counts, total }: Pick<Job, 'counts' | 'total'>): { readonly done: number; readonly bad: number } {
  if (total === 0) return { done: 0, bad: 0 };
  return { done: counts.done / total, bad: (counts.refused + counts.failed + counts.unknown) / total };
}

/** States that occur, with how many. */
export const figures = ({ counts }: Pick<Job, 'counts'>): readonly (readonly [ItemState, number])[] =>
  (['done', 'refused', 'failed', 'unknown', 'underWay', 'waiting', 'stopped'] as const)
    .map((state) => [state, counts[state]] as const)
    .filter(([, n]) => n > 0);

export interface Group {
  readonly state: ItemState;
  readonly reason: string | null;
  readonly clause: string | null;
  readonly stations: readonly string[];
  /** More than those that are named; of done ones the server names a hundred at most. */
  readonly more: number;
  /** Of a single one. */
  readonly ms: number | null;
}

/** As many of a group as are named. */
const NAMED = 3;

/** Stations with the same end and the same reason are one line. */
export function groups(items: readonly Item[], { counts }: Pick<Job, 'counts'>): readonly Group[] {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const key = JSON.stringify([item.state, item.reason, item.clause]);
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  const lines = [...found.values()].flatMap((same): readonly Group[] => {
    const [first] = same;
    if (first === undefined) return [];
    const state = stateOf(first.state);
    // Those beyond the hundred are counted where their reason does not matter.
    const all = state === 'done' || state === 'waiting' || state === 'stopped' ? Math.max(same.length, counts[state]) : same.length;
    return [
      {
        state,
        reason: first.reason,
        clause: first.clause,
        stations: same.slice(0, NAMED).flatMap(({ stationId }) => stationId ?? []),
        more: Math.max(0, all - NAMED),
        ms: same.length === 1 && all === 1 ? first.ms : null,
      },
    ];
  });
  return lines.toSorted((a, b) => ITEM_STATES.indexOf(a.state) - ITEM_STATES.indexOf(b.state));
}

/** What the job does, in OCPP's words. */
export function nameOf(action: unknown): string {
  const { kind, ...rest }: Record<string, unknown> = typeof action === 'object' && action !== null ? { ...action } : {};
  switch (kind) {
    case 'call':
      return String(rest['action']);
    case 'reset':
      return `Reset ${String(rest['type'])}`;
    case 'availability':
      return `ChangeAvailability ${String(rest['operationalStatus'])}`;
    case 'trigger':
      return `TriggerMessage ${String(rest['requestedMessage'])}`;
    case 'clearCache':
      return 'ClearCache';
    case 'baseReport':
      return `GetBaseReport ${String(rest['reportBase'])}`;
    case 'setVariables':
      return `SetVariables ${variablesOf(rest['variables'])}`;
    default:
      return typeof kind === 'string' ? kind : '';
  }
}

interface Named {
  readonly component: { readonly name: string };
  readonly variable: { readonly name: string };
  readonly attributeValue: string;
}
const isNamed = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && 'component' in value && 'variable' in value && 'attributeValue' in value;

function variablesOf(variables: unknown): string {
  const [first, ...more] = (Array.isArray(variables) ? variables : []).filter(isNamed);
  if (first === undefined) return '';
  return `${first.component.name}.${first.variable.name} = ${first.attributeValue}${more.length === 0 ? '' : ` +${more.length}`}`;
}
