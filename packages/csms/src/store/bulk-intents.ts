import type { Instant } from '@busbar/runtime';
import type { StationRow } from './intents.ts';

export type BulkState = 'running' | 'done' | 'stopped';
/** waiting: its turn has not come, or its station is not there. unknown: whether it acted is not known (no answer, CSMS restarted). */
export type BulkItemState = 'waiting' | 'underWay' | 'done' | 'refused' | 'failed' | 'unknown' | 'stopped';

export interface BulkRecord {
  readonly id: string;
  /** JSON of what is done. */
  readonly action: string;
  /** JSON of how. */
  readonly options: string;
  readonly state: BulkState;
  readonly total: number;
  readonly actor: string;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
}

export interface BulkItemRecord {
  readonly station: StationRow;
  readonly state: BulkItemState;
  readonly command: string | null;
  readonly reason: string | null;
  /** JSON of what the station answered. */
  readonly result: string | null;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Refused first, then failed, unknown, waiting, under way, stopped, done. */
  readonly rank: number;
}

export type BulkIntent =
  | { readonly k: 'bulkPut'; readonly bulk: BulkRecord; readonly stations: readonly StationRow[] }
  /** Its turn: durable before anything is sent. Not found when it is not waiting any more. */
  | { readonly k: 'bulkBegin'; readonly bulk: string; readonly station: StationRow; readonly at: Instant }
  | {
      readonly k: 'bulkItem';
      readonly bulk: string;
      readonly station: StationRow;
      readonly state: Exclude<BulkItemState, 'waiting' | 'underWay'>;
      readonly command?: string;
      readonly reason?: string;
      readonly result?: string;
      readonly at: Instant;
    }
  /** Whatever still waits ends so, too. */
  | {
      readonly k: 'bulkEnd';
      readonly bulk: string;
      readonly state: 'done' | 'stopped';
      readonly waiting: { readonly state: 'failed' | 'stopped'; readonly reason: string };
      readonly at: Instant;
    };

export type BulkCounts = Readonly<Record<BulkItemState, number>>;

export interface BulkReader {
  /** Newest first; of one actor where that is wanted. */
  bulks(limit: number, before?: string, actor?: string): Promise<readonly BulkRecord[]>;
  bulk(id: string): Promise<BulkRecord | undefined>;
  runningBulks(): Promise<readonly BulkRecord[]>;
  bulkCounts(id: string): Promise<BulkCounts>;
  bulkItems(id: string, limit: number, after?: readonly [rank: number, station: StationRow]): Promise<readonly BulkItemRecord[]>;
  bulkWaiting(id: string): Promise<readonly StationRow[]>;
}
