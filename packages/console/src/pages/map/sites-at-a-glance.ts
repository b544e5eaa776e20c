import type { StatusName } from '../../design/status.tsx';
import type { Row } from '../../live/fleet-store.ts';

interface Place {
  readonly id: number;
  readonly name: string;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
}

export interface SiteGlance extends Place {
  readonly stations: number;
  readonly charging: number;
  /** Stations that are not connected, or have a fault. */
  readonly wrong: number;
  /** The worst state of any of its stations. */
  readonly worst: StatusName;
}

const has = ({ connectors }: Row, state: string): boolean => connectors.some((connector) => connector.state === state);
const WORST: readonly (readonly [StatusName, (row: Row) => boolean])[] = [
  ['Faulted', (row) => has(row, 'Faulted')],
  ['Offline', (row) => !row.connected],
  ['Unavailable', (row) => has(row, 'Unavailable')],
  ['SuspendedEVSE', (row) => has(row, 'SuspendedEVSE')],
  ['Charging', (row) => has(row, 'Charging')],
  ['Occupied', (row) => has(row, 'Occupied')],
];

/** Worst first, then by name: the order of the list, which is the map for those who do not see it. */
export function sitesAtAGlance(sites: readonly Place[], rows: readonly Row[]): readonly SiteGlance[] {
  return sites
    .map((site) => {
      const own = rows.filter((row) => row.site === site.id);
      return {
        ...site,
        stations: own.length,
        charging: own.flatMap(({ connectors }) => connectors).filter(({ state }) => state === 'Charging').length,
        wrong: own.filter((row) => !row.connected || has(row, 'Faulted')).length,
        worst: WORST.find(([, is]) => own.some(is))?.[0] ?? 'Available',
      } as const;
    })
    .sort((a, b) => rank(a.worst) - rank(b.worst) || a.name.localeCompare(b.name));
}

function rank(state: StatusName): number {
  const at = WORST.findIndex(([name]) => name === state);
  return at < 0 ? WORST.length : at;
}
