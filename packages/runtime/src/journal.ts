export type JournalChange = { readonly put: string; readonly value: string } | { readonly remove: string };

/**
 * A station's durable memory: keys and values, changed in atomic commits.
 * A queue is a range of keys that sort in its order. Reads see every change handed to `commit`, durable or not yet;
 * what matters outside (an answer, a frame) waits for the promise.
 */
export interface Journal {
  get(key: string): string | undefined;
  /** All entries whose key starts with the prefix, in key order. */
  list(prefix: string): readonly (readonly [key: string, value: string])[];
  /** Resolves when the changes survive a power cut. Commits become durable in the order they were handed over, each whole or not at all. */
  commit(changes: readonly JournalChange[]): Promise<void>;
  close(): Promise<void>;
}

/** Where the physical truth lies: one text, replaced as a whole, written before anybody is told (meter, cable, contactor). */
export interface WorldFile {
  load(): string | undefined;
  save(text: string): void;
}
