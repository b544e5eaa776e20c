import type { Drift, TemplateDetail } from '@busbar/api';
import type { Static } from 'typebox';

export type DriftRow = Static<typeof Drift>;
export type Wanted = Static<typeof TemplateDetail>['variables'][number];
export type State = DriftRow['variables'][number]['state'];

export interface Column {
  readonly index: number;
  readonly name: string;
  readonly component: string;
  readonly wanted: string;
  /** Stations that differ in it. */
  readonly stations: number;
}

export const nameOf = ({ variable: { name, instance } }: Wanted): string => (instance === undefined ? name : `${name} [${instance}]`);
export function componentOf({ component: { name, instance, evse } }: Wanted): string {
  const own = instance === undefined ? name : `${name} [${instance}]`;
  if (evse === undefined) return own;
  return `${own} ${evse.id}${evse.connectorId === undefined ? '' : `.${evse.connectorId}`}`;
}

/** Only variables in which somebody differs; those that most differ in stand first. */
export function columnsOf(variables: readonly Wanted[], rows: readonly DriftRow[], search: string): readonly Column[] {
  const counts = new Map<number, number>();
  for (const row of rows) for (const { index } of row.variables) counts.set(index, (counts.get(index) ?? 0) + 1);
  const text = search.trim().toLowerCase();
  return [...counts.entries()]
    .flatMap(([index, stations]): Column[] => {
      const wanted = variables[index];
      if (wanted === undefined) return [];
      return [{ index, stations, name: nameOf(wanted), component: componentOf(wanted), wanted: wanted.attributeValue }];
    })
    .filter(({ name, component }) => `${component}.${name}`.toLowerCase().includes(text))
    .toSorted((a, b) => b.stations - a.stations || a.index - b.index);
}

/** Something there can be written: it differs, or was refused before and may be tried again. */
export const mayBeFixed = ({ variables }: DriftRow): boolean => variables.some(({ state }) => state === 'differs' || state === 'refused');

export function countsOf(rows: readonly DriftRow[]): Readonly<Record<State, number>> {
  const counts = { differs: 0, refused: 0, afterReboot: 0, unknown: 0 };
  for (const row of rows) for (const { state } of row.variables) counts[state] += 1;
  return counts;
}
