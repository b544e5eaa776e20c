import type { Journal, JournalChange } from '../journal.ts';
import { applyChanges } from './memory-journal.ts';

/**
 * A Journal that lasts as long as its process, for stations that are load: whatever is handed over counts as durable at once.
 * The next life of the station is given the same one.
 */
export class VolatileJournal implements Journal {
  readonly #entries = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#entries.get(key);
  }

  list(prefix: string): readonly (readonly [string, string])[] {
    return [...this.#entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async commit(changes: readonly JournalChange[]): Promise<void> {
    applyChanges(this.#entries, changes);
  }

  async close(): Promise<void> {}
}
