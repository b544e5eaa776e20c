import type { Order } from '../lists.ts';
import type { SqlValue } from '../sql.ts';

/** Conditions with what they bind. */
export class Where {
  readonly #parts: string[] = [];
  readonly values: SqlValue[] = [];

  and(sql: string, ...values: SqlValue[]): void {
    this.#parts.push(sql);
    this.values.push(...values);
  }

  /** Only when it is asked for. */
  maybe(sql: string, value: SqlValue | undefined): void {
    if (value !== undefined) this.and(sql, value);
  }

  oneOf(column: string, values: readonly number[] | undefined): void {
    if (values === undefined) return;
    const own = padded(values);
    this.and(`${column} IN (${marks(own)})`, ...own);
  }

  sites(column: string, sites: readonly number[] | undefined): void {
    if (sites === undefined) return;
    const own = padded(sites);
    this.and(`${column} IN (SELECT id FROM station WHERE site IN (${marks(own)}))`, ...own);
  }

  /** Behind a key of two columns, in the order given. */
  behind([first, second]: readonly [string, string], order: Order, key: readonly [SqlValue, SqlValue] | undefined): void {
    if (key === undefined) return;
    const than = order === 'asc' ? '>' : '<';
    this.and(`(${first} ${than} ? OR (${first} = ? AND ${second} ${than} ?))`, key[0], key[0], key[1]);
    this.and(`${first} ${than}= ?`, key[0]); // what an index can begin at
  }

  get sql(): string {
    return this.#parts.length === 0 ? '' : `WHERE ${this.#parts.join(' AND ')}`;
  }
}

/** Few lengths, so few statements: the rest is filled with a number that nothing has. */
export function padded(values: readonly number[]): readonly number[] {
  const size = [1, 8, 64, 500].find((known) => known >= values.length) ?? values.length;
  return [...values, ...Array.from({ length: size - values.length }, () => -1)];
}
export const marks = (values: readonly unknown[]): string => values.map(() => '?').join(',');
