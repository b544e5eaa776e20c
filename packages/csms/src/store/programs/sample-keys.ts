import type { SampleKeys } from '../../ledger/pack.ts';
import { type Program, type Row, rows, tell } from '../sql.ts';
import { num, text } from './columns.ts';

/** An id that stands in a row and not in memory: the dictionary has grown since it was read. */
export class UnknownSampleKind extends Error {}

/** The dictionary of sample kinds, in memory and in its table. New kinds are written in the transaction that uses them. */
export class SampleDictionary implements SampleKeys {
  readonly quick = new Map<string, number>();
  readonly shapes: SampleKeys['shapes'] = new Map();
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  #fresh: (readonly [number, string])[] = [];
  #last = 0;

  /** At the start, after a rollback, and when a reader meets an id it has not seen. */
  *load(): Program<void> {
    this.fill(yield* rows('SELECT id, k FROM sample_key'));
  }

  fill(stored: readonly Row[]): void {
    this.quick.clear();
    this.shapes.clear();
    this.#ids.clear();
    this.#texts.clear();
    this.#fresh = [];
    this.#last = 0;
    for (const row of stored) this.#add(num(row, 'id'), text(row, 'k'));
  }

  get hasFresh(): boolean {
    return this.#fresh.length > 0;
  }

  /** Writes the kinds that `idOf` has met for the first time. */
  *keep(): Program<void> {
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const [id, key] of fresh) yield* tell('INSERT INTO sample_key(id, k) VALUES(?,?)', id, key);
  }

  idOf(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#last + 1;
    this.#add(id, key);
    this.#fresh.push([id, key]);
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
