import type { Row } from '../sql.ts';

/** Typed reading of one column; a wrong type is a damaged database or a bug, never a guess. */
export function num(row: Row, name: string): number {
  const value = row[name];
  if (typeof value !== 'number') throw new Error(`column ${name} holds no number`);
  return value;
}
export function text(row: Row, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw new Error(`column ${name} holds no text`);
  return value;
}
export const numOrNull = (row: Row, name: string): number | null => (row[name] === null ? null : num(row, name));
export const textOrNull = (row: Row, name: string): string | null => (row[name] === null ? null : text(row, name));
export function blobOrNull(row: Row, name: string): Uint8Array | null {
  const value = row[name];
  return value instanceof Uint8Array ? value : null;
}
/** JSON that we wrote ourselves: its type is what we wrote. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export const json = <T>(row: Row, name: string): T => JSON.parse(text(row, name));
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export const jsonOrNull = <T>(row: Row, name: string): T | null => (row[name] === null ? null : json<T>(row, name));

/** `{ a: 1 }` when there is a value, `{}` when not: optional properties stay absent. */
export const opt = <K extends string, V>(name: K, value: V | null | undefined): Partial<Record<K, V>> => {
  const out: Partial<Record<K, V>> = {};
  if (value !== null && value !== undefined) out[name] = value;
  return out;
};
