import { closeSync, openSync, writeSync } from 'node:fs';
import type { Route } from '@busbar/api';
import { BusbarError, messageOf } from '@busbar/runtime';
import { ApiClient } from './api-client.ts';
import { queryOf } from './api-options.ts';
import { type ApiSurroundings, type Listed, line, part } from './listing.ts';

type Out = Listed & { readonly out?: string };

/** Charge detail records go through as they come: a year of them needs no memory. */
export async function exportCdr(
  flags: Out & {
    readonly format?: string;
    readonly since?: string;
    readonly until?: string;
    readonly station?: string;
    readonly provisional?: boolean;
  },
  around: ApiSurroundings,
): Promise<void> {
  const format = flags.json ? 'json' : (flags.format ?? 'csv');
  const query = new URLSearchParams({ format });
  if (flags.since !== undefined) query.set('since', flags.since);
  if (flags.until !== undefined) query.set('until', flags.until);
  if (flags.station !== undefined) query.set('stationId', flags.station);
  if (flags.provisional === true) query.set('provisional', 'yes');
  await copy(`/cdrs?${query.toString()}`, flags, around, 'records');
}

/** A list with its filters: CSV as the server writes it, or all its pages as one JSON array. */
export async function exportList(route: Route, flags: Out & Readonly<Record<string, unknown>>, around: ApiSurroundings): Promise<void> {
  const query = queryOf(route, flags);
  if (flags.json !== true) {
    query.set('format', 'csv');
    return copy(`${route.path}?${query.toString()}`, flags, around, 'lines');
  }
  const { rows } = await new ApiClient(flags, around.environment).list(route.path, query);
  if (flags.out === undefined) return around.write(line(rows));
  const file = created(flags.out);
  try {
    writeAll(file, new TextEncoder().encode(line(rows)));
  } finally {
    closeSync(file);
  }
  around.progress?.(`${rows.length} records in ${flags.out}\n`);
}

export async function exportSigned(station: string, transaction: string, flags: Out, around: ApiSurroundings): Promise<void> {
  const path = `/transactions/${part(station)}/${part(transaction)}/signed-meter-values`;
  if (flags.out !== undefined) return copy(path, flags, around, 'lines');
  const { body } = await new ApiClient(flags, around.environment).request('GET', path);
  around.write(flags.json ? `${JSON.stringify(body)}\n` : `${JSON.stringify(body, undefined, 2)}\n`);
}

/** A line break in quotes is counted as well: the number is for people who wait. */
async function copy(path: string, flags: Out, around: ApiSurroundings, unit: string): Promise<void> {
  const decoder = new TextDecoder();
  let [file, lines]: [number | undefined, number] = [undefined, 0];
  try {
    for await (const bytes of new ApiClient(flags, around.environment).download(path)) {
      for (const byte of bytes) if (byte === 10) lines += 1;
      if (flags.out === undefined) around.write(decoder.decode(bytes, { stream: true }));
      else {
        file ??= created(flags.out); // not before somebody answered
        writeAll(file, bytes);
        around.progress?.(`\r${lines} ${unit} …`);
      }
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }
  if (file !== undefined) around.progress?.(`\r${lines} lines in ${flags.out}\n`);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function created(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new BusbarError('bad-usage', `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
