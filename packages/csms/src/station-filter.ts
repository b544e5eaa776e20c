import type { Kernel } from './kernel.ts';
import type { Station } from './stations.ts';

/** Which stations are meant, in a list or by a job for many. */
export interface StationFilter {
  /** Part of id, model, serial number or vendor, without case. */
  readonly q?: string;
  readonly site?: number;
  readonly state?: 'connected' | 'offline' | 'unapproved' | 'retired';
  /** Of at least one connector. */
  readonly status?: string;
  readonly firmware?: string;
  readonly model?: string;
}

/** In the order of their ids. Retired ones only when they are asked for. */
export async function stationsThat(
  { stations, read }: Kernel,
  filter: StationFilter,
  sites?: readonly number[],
): Promise<readonly Station[]> {
  const withStatus = filter.status === undefined ? undefined : await read.stationsWithStatus(filter.status);
  return stations
    .all()
    .filter(
      (station) => sites?.includes(station.record.site) !== false && withStatus?.has(station.record.row) !== false && fits(station, filter),
    );
}

function fits({ record, session }: Station, { q, site, state, firmware, model }: StationFilter): boolean {
  if ((record.approval === 'retired') !== (state === 'retired')) return false;
  if (site !== undefined && record.site !== site) return false;
  if (firmware !== undefined && record.firmwareVersion !== firmware) return false;
  if (model !== undefined && record.model !== model) return false;
  if (state === 'connected' && session === undefined) return false;
  if (state === 'offline' && session !== undefined) return false;
  if (state === 'unapproved' && record.approval !== 'unapproved') return false;
  if (q === undefined) return true;
  const part = q.toLowerCase();
  return [record.identity, record.model, record.serialNumber, record.vendorName].some(
    (text) => text?.toLowerCase().includes(part) === true,
  );
}
