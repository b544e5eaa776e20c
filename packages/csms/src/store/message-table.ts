import type { Instant } from '@busbar/runtime';
import type { BlockHead, MessageBlock } from './message-block.ts';
import { json, num } from './programs/columns.ts';
import type { Row } from './sql.ts';

/** Where blocks lie: a file of their own on SQLite, a table on a connection of its own on PostgreSQL. */
export interface MessageTable {
  write(block: MessageBlock): void | Promise<void>;
  /** Newest first, those that begin before the id. */
  heads(before: number, limit: number): readonly BlockHead[] | Promise<readonly BlockHead[]>;
  body(id: number): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Removes what ended before then, and the oldest beyond the size. */
  retain(before: Instant, maxBytes: number): void | Promise<void>;
  close(): void | Promise<void>;
}

export const toHead = (row: Row): BlockHead => ({
  id: num(row, 'id'),
  firstAt: num(row, 'first_at'),
  lastAt: num(row, 'last_at'),
  stations: json<string[]>(row, 'stations'),
  actions: json<string[]>(row, 'actions'),
});
