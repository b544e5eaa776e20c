import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SampleKeys } from '../../ledger/pack.ts';
import { num, text } from './columns.ts';

/** The dictionary of sample kinds, in memory and in its table. New kinds are written in the transaction that uses them. */
export class SqliteSampleKeys implements SampleKeys {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();

  constructor(db: DatabaseSync, writable: boolean) {
    this.#db = db;
    this.#insert = writable
      ? db.prepare('INSERT INTO sample_key(k) VALUES(?) RETURNING id')
      : db.prepare('SELECT id FROM sample_key WHERE k=?');
    this.reload();
  }

  /** After a rollback, or when a reader meets an id it has not seen. */
  reload(): void {
    this.#ids.clear();
    this.#texts.clear();
    for (const row of this.#db.prepare('SELECT id, k FROM sample_key').iterate()) {
      this.#ids.set(text(row, 'k'), num(row, 'id'));
      this.#texts.set(num(row, 'id'), text(row, 'k'));
    }
  }

  idOf(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const row = this.#insert.get(key);
    if (row === undefined) throw new Error(`sample kind ${key} is not stored`);
    const id = num(row, 'id');
    this.#ids.set(key, id);
    this.#texts.set(id, key);
    return id;
  }

  keyOf(id: number): string {
    if (!this.#texts.has(id)) this.reload();
    const key = this.#texts.get(id);
    if (key === undefined) throw new Error(`sample kind ${id} is not stored`);
    return key;
  }
}
