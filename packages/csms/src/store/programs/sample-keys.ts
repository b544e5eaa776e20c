import type { MetKind, SampleKeys } from '../../ledger/pack.ts';
import { type Program, type Row, rows, tell } from '../sql.ts';
import { num, text } from './columns.ts';

/** An id that stands in a row and not in memory: the dictionary has grown since it was read. */
export class UnknownSampleKind extends Error {}

export const SAMPLE_KINDS = 'SELECT id, k FROM sample_key';

/** A kind of sample and its number, as `sample_key` holds it. */
export type SampleKind = readonly [id: number, key: string];

/**
 * The dictionary of sample kinds, in memory and in its table. Numbers are given out once and never again: a kind whose
 * transaction rolled back is written with the next one.
 */
export class SampleDictionary implements SampleKeys {
  readonly met: MetKind = { id: 0, sample: undefined, next: undefined };
  readonly shapes: SampleKeys['shapes'] = new Map();
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  /** Not in the table yet. */
  readonly #unsaved = new Map<number, string>();
  /** Written in the present transaction. */
  readonly #saving = new Map<number, string>();
  #last = 0;

  /** At the start, and when a reader meets an id it has not seen. */
  *load(): Program<void> {
    this.fill(yield* rows(SAMPLE_KINDS));
  }

  fill(stored: readonly Row[]): void {
    for (const row of stored) this.#add(num(row, 'id'), text(row, 'k'));
  }

  /** Kinds that another dictionary has given numbers to, to be written here. */
  learn(kinds: readonly SampleKind[]): void {
    for (const [id, key] of kinds) {
      this.#add(id, key);
      this.#unsaved.set(id, key);
    }
  }

  /** The kinds that are new since it was asked last: another dictionary writes them. */
  takeUnsaved(): readonly SampleKind[] {
    if (this.#unsaved.size === 0) return [];
    const kinds = [...this.#unsaved];
    this.#unsaved.clear();
    return kinds;
  }

  get hasUnsaved(): boolean {
    return this.#unsaved.size > 0;
  }

  /** Writes new kinds; before the rows that use them. */
  *keep(): Program<void> {
    for (const [id, key] of this.takeUnsaved()) {
      this.#saving.set(id, key);
      yield* tell('INSERT INTO sample_key(id, k) VALUES(?,?) ON CONFLICT DO NOTHING', id, key);
    }
  }

  committed(): void {
    this.#saving.clear();
  }

  rolledBack(): void {
    for (const [id, key] of this.#saving) this.#unsaved.set(id, key);
    this.#saving.clear();
  }

  idOf(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#last + 1;
    this.#add(id, key);
    this.#unsaved.set(id, key);
    return id;
  }

  keyOf(id: number): string {
    const key = this.#texts.get(id);
    if (key === undefined) throw new UnknownSampleKind(`sample kind ${id} is not stored`);
    return key;
  }

  #add(id: number, key: string): void {
    this.#ids.set(key, id);
    this.#texts.set(id, key);
    this.#last = Math.max(this.#last, id);
  }
}
