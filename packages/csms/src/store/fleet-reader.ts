import type { Instant } from '@busbar/runtime';
import type { StationRow } from './intents.ts';
import type { ConnectorRecord, TxRecord } from './store.ts';

/** A link's newest state: still open, or closed with a code. */
export interface LinkRecord {
  readonly station: StationRow;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly closeCode: number | null;
}

/** Reads over all stations at once, for the pages that show all of them. */
export interface FleetReader {
  connectorsOfAll(): Promise<readonly (ConnectorRecord & { readonly station: StationRow })[]>;
  /** The newest link of each station that ever had one. */
  newestLinks(): Promise<readonly LinkRecord[]>;
  /** Links opened since then, by station. */
  linksSince(since: Instant): Promise<ReadonlyMap<StationRow, number>>;
  /** Ended at or after, newest first. */
  endedSince(since: Instant, limit: number): Promise<readonly TxRecord[]>;
  /** Those that nobody repaired or discarded, by station, with the time of the first one. */
  openInvalidEvents(): Promise<readonly { readonly station: StationRow; readonly count: number; readonly since: Instant }[]>;
}
