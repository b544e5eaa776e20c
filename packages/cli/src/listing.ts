import { BusbarError } from '@busbar/runtime';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ApiClient, type ApiFlags, type Environment } from './api-client.ts';
import { table } from './table.ts';

export interface ApiSurroundings {
  readonly environment: Environment;
  readonly write: (text: string) => void;
  /** A line that is written over, on a terminal; nothing elsewhere. */
  readonly progress?: (text: string) => void;
  /** Width of the terminal; whoever reads a file or a pipe gets every letter. */
  readonly columns?: number;
  /** What stands in `-`. */
  readonly input?: () => Promise<string>;
  readonly colour?: boolean;
}

export interface Listed extends ApiFlags {
  readonly json?: boolean;
  readonly limit?: string | number;
}

/** The rows of a list, as the contract says; anything else comes from another server or version. */
export function rowsOf<S extends TSchema>(schema: S, body: unknown): readonly Static<S>[] {
  const list = Type.Array(schema);
  if (Value.Check(list, body)) return body;
  throw new BusbarError('no-api', 'The answer is not what this version of Busbar expects.');
}

/** One thing, as the contract says. */
export function oneOf<S extends TSchema>(schema: S, body: unknown): Static<S> {
  if (Value.Check(schema, body)) return body;
  throw new BusbarError('no-api', 'The answer is not what this version of Busbar expects.');
}

export const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
export const part = (text: string): string => encodeURIComponent(text);
export const short = (time: string | null): string => (time === null ? '' : time.replace('T', ' ').replace(/\.\d+Z$/, 'Z'));

export interface Listing<S extends TSchema> {
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly schema: S;
  readonly head: readonly string[];
  readonly row: (one: Static<S>) => readonly string[];
  /** Columns that are never shortened: what one copies from them is typed into the next command. */
  readonly keep: readonly number[];
  /** What is said of an empty list, and what to do about it. */
  readonly none: string;
  /** How many are shown when nobody says; all of them when left out. */
  readonly usual?: number;
}

/** Every list: its pages by Link, as JSON or as a table. */
export async function showList<S extends TSchema>(listing: Listing<S>, flags: Listed, around: ApiSurroundings): Promise<void> {
  const { path, query = new URLSearchParams(), schema, head, row, keep, none, usual } = listing;
  const most = flags.limit === undefined ? usual : Number(flags.limit);
  const { rows: body, more } = await new ApiClient(flags, around.environment).list(path, query, most);
  if (flags.json) return around.write(line(body));
  const rows = rowsOf(schema, body).map(row);
  around.write(rows.length === 0 ? none : table(head, rows, { ...width(around), keep }));
  if (more && flags.limit === undefined) around.progress?.(`… there are more: --limit ${(most ?? 0) * 10}\n`);
}

export const width = ({ columns }: ApiSurroundings): { readonly columns?: number } => (columns === undefined ? {} : { columns });

/** Names and values below each other; what has no value stands with a dash. */
export const card = (pairs: readonly (readonly [name: string, value: string | null])[]): string =>
  table(
    ['', ''],
    pairs.map(([name, value]) => [name, value === null || value === '' ? '-' : value]),
  ).replace(/^.*\n/, '');
