import type { Row } from '../../live/fleet-store.ts';
import { type FleetFilter, idsOf } from '../fleet/filter.ts';

export const VERSIONS = ['ocpp2.0.1', 'ocpp2.1'] as const;
export type Version = (typeof VERSIONS)[number];
export const versionIn = (text: string | null | undefined): Version | undefined => VERSIONS.find((version) => version === text);

/** The version all of them speak; the oldest when they differ. */
export function versionOf(rows: readonly Pick<Row, 'ocppVersion'>[]): { readonly version: Version; readonly mixed: boolean } {
  const spoken = new Set(rows.flatMap(({ ocppVersion }) => versionIn(ocppVersion) ?? []));
  return { version: VERSIONS.find((version) => spoken.has(version)) ?? 'ocpp2.0.1', mixed: spoken.size > 1 };
}

interface Meant extends FleetFilter {
  readonly stationId?: string | undefined;
  readonly of?: string | undefined;
}

/** Who an address of the page means: stations by their ids, or what a filter of the fleet means now. */
export function targetsOf({ stationId, of, q, state, site, firmware }: Meant, rows: readonly Row[]): readonly string[] {
  if (of === 'filter') return idsOf(rows, { q, state, site, firmware });
  return [...new Set((stationId ?? '').split(',').filter((id) => id !== ''))];
}
