import { hash } from 'node:crypto';
import type { Row, SqlValue } from '../sql.ts';

/** One row as both engines have it, in the order of its table's columns. */
export type Cells = readonly SqlValue[];

/** What a driver handed over; anything but the four kinds that we store is a bug. */
export function cell(value: unknown): SqlValue {
  if (value === null || typeof value === 'number' || typeof value === 'string' || value instanceof Uint8Array) return value;
  throw new Error(`a column holds ${typeof value}`);
}

export const cellsOf = (row: Row, columns: readonly string[]): Cells => columns.map((name) => cell(row[name]));

/** A row as one line of JSON; bytes as base64. */
export const printCells = (cells: Cells): string =>
  JSON.stringify(cells.map((value) => (value instanceof Uint8Array ? { b: Buffer.from(value).toString('base64') } : value)));

export function parseCells(line: string): Cells {
  const values: unknown = JSON.parse(line);
  if (!Array.isArray(values)) throw new Error('a row is no array');
  return values.map((value: unknown) =>
    typeof value === 'object' && value !== null && 'b' in value && typeof value.b === 'string'
      ? Buffer.from(value.b, 'base64')
      : cell(value),
  );
}

/** What a table holds, whatever order its rows come in: how many, and the sum of their SHA-256. */
export class RowSum {
  rows = 0;
  #sum = 0n;

  add(line: string): void {
    this.rows += 1;
    this.#sum = BigInt.asUintN(256, this.#sum + BigInt(`0x${hash('sha256', line)}`));
  }

  get text(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }

  equals(other: RowSum): boolean {
    return this.rows === other.rows && this.text === other.text;
  }
}
