import { Readable } from 'node:stream';
import { BusbarError, type Instant, limits, parseInstant } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Cell, csvLine } from './csv.ts';

/** Where a page ends: what the next one begins behind. People carry it as one opaque text. */
export type Cursor = readonly (string | number)[];

/** One page: the views in order, each with the cursor that leads on behind it. */
export interface Listing<View> {
  /** Entries behind the cursor, at most so many. */
  readonly page: (after: Cursor | undefined, limit: number) => Promise<readonly Entry<View>[]>;
  /** Shape of a cursor of this list; another one was made for another list, or by hand. */
  readonly cursor: readonly ('string' | 'number')[];
  readonly columns: Columns<View>;
  /** Name of the file of a CSV. */
  readonly name: string;
}
export interface Entry<View> {
  readonly view: View;
  readonly cursor: Cursor;
}
export type Columns<View> = readonly (readonly [name: string, of: (view: View) => Cell])[];

export interface ListQuery {
  readonly limit?: number;
  readonly cursor?: string;
  readonly format?: 'json' | 'csv';
}

/**
 * Every list answers alike: an array, the next page in the header `Link`, and the same entries as CSV, page by page, whoever
 * asks for that with `format=csv` or the header Accept.
 */
export async function answerList<View>(request: FastifyRequest, reply: FastifyReply, listing: Listing<View>): Promise<FastifyReply> {
  const query: ListQuery = isQuery(request.query) ? request.query : {};
  const after = readCursor(query.cursor, listing.cursor);
  if (query.format === 'csv' || (query.format === undefined && wantsCsv(request))) {
    return asCsv(reply, listing.name).send(Readable.from(csvOf(listing, after)));
  }
  const limit = query.limit ?? 100;
  // One more than asked for tells whether there is a next page.
  const entries = await listing.page(after, limit + 1);
  const last = entries[limit - 1];
  if (entries.length > limit && last !== undefined) reply.header('link', nextLink(request.url, last.cursor));
  return reply.send(entries.slice(0, limit).map(({ view }) => view));
}

const asCsv = (reply: FastifyReply, name: string): FastifyReply =>
  reply
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .header('x-content-type-options', 'nosniff')
    .type('text/csv; charset=utf-8; header=present');

/** What is not long enough for pages. */
export const sendCsv = <View>(reply: FastifyReply, name: string, columns: Columns<View>, views: readonly View[]): FastifyReply =>
  asCsv(reply, name).send(csvHead(columns) + csvRows(columns, views));

const csvHead = <View>(columns: Columns<View>): string => csvLine(columns.map(([name]) => name));
const csvRows = <View>(columns: Columns<View>, views: readonly View[]): string =>
  views.map((view) => csvLine(columns.map(([, of]) => of(view)))).join('');

const isQuery = (query: unknown): query is ListQuery => typeof query === 'object' && query !== null;
const wantsCsv = ({ headers }: FastifyRequest): boolean => /\btext\/csv\b/.test(headers.accept ?? '');

/** Relative: it is right behind every proxy. */
export function nextLink(url: string, cursor: Cursor): string {
  const [path = '', search = ''] = url.split('?', 2);
  const query = new URLSearchParams(search);
  query.set('cursor', printCursor(cursor));
  return `<${path}?${query.toString()}>; rel="next"`;
}

const printCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** One of our own, or a refusal: what is in it goes into a statement's values, never into its text. */
export function readCursor(text: string | undefined, shape: Listing<unknown>['cursor']): Cursor | undefined {
  if (text === undefined) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    read = undefined; // judged below, like everything else that is none of ours
  }
  if (isCursor(read) && read.length === shape.length && shape.every((type, index) => typeof read[index] === type)) return read;
  throw new BusbarError('invalid-request', 'This cursor was not given out by this list.', { fields: { pointer: '/cursor' } });
}
const isCursor = (value: unknown): value is Cursor =>
  Array.isArray(value) && value.every((part) => typeof part === 'string' || (typeof part === 'number' && Number.isFinite(part)));

async function* csvOf<View>({ page, columns }: Listing<View>, first: Cursor | undefined): AsyncGenerator<string> {
  yield csvHead(columns);
  for (let [after, rows] = [first, 0]; rows < limits.csvRows; ) {
    const size = Math.min(limits.csvPage, limits.csvRows - rows);
    const entries = await page(after, size);
    const views = entries.map(({ view }) => view);
    if (views.length > 0) yield csvRows(columns, views);
    rows += entries.length;
    after = entries.at(-1)?.cursor;
    if (entries.length < size) return;
  }
}

/** The sites somebody may see; undefined = all. */
export function sitesOf({ access }: Pick<FastifyRequest, 'access'>): readonly number[] | undefined {
  // Without anybody nothing is seen: a route that forgets its guard shows an empty list.
  if (access === undefined) return [];
  return access.sites === undefined ? undefined : [...access.sites];
}

/** A time of the query, or the field that is none. */
export function instantOf(pointer: string, text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (!Number.isFinite(at))
    throw new BusbarError('invalid-request', `${pointer.slice(1)} is no time of RFC 3339, such as 2026-03-01T00:00:00+01:00.`, {
      fields: { pointer },
    });
  return at;
}

/** An optional property that stays absent when there is no value. */
export const given = <K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> => {
  const out: Partial<Record<K, V>> = {};
  if (value !== undefined) out[name] = value;
  return out;
};
