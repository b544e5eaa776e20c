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

/** What of each station is counted for who watches from outside. */
export interface StationFigures {
  /** Connectors by the state the station told. */
  readonly connectors: readonly { readonly station: StationRow; readonly status: string; readonly count: number }[];
  /** Transactions that have not ended. */
  readonly running: readonly { readonly station: StationRow; readonly count: number }[];
  /** Ended since a moment, with their energy as far as it is known. */
  readonly ended: readonly { readonly station: StationRow; readonly count: number; readonly energyMWh: number }[];
  /** Deliveries of webhooks that wait, and those that were given up since then. */
  readonly deliveries: { readonly pending: number; readonly dead: number };
}

/** Reads over all stations at once, for the pages that show all of them. */
export interface FleetReader {
  figures(since: { readonly ended: Instant; readonly dead: Instant }): Promise<StationFigures>;
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
