import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownDatabase } from '@busbar/csms/postgres';
import { BusbarError, isRecord } from '@busbar/runtime';
import { type SpawnedCsms, spawnServe } from '../spawn.ts';
import { type Credentials, inGroups } from './load/fleet.ts';

/**
 * How long to load a server before it is measured in windows of so many ms: V8 compiles for several seconds under load, and the
 * figures are of the months that follow.
 */
export const warmUpMs = (windowMs: number): number => Math.min(8_000, 4 * windowMs);

/** A `busbar serve` with its default settings, a process of its own, as a bench uses it. */
export interface Served {
  readonly csms: SpawnedCsms;
  readonly pid: number;
  readonly folder: string;
  stop(): Promise<void>;
}

export interface ServeSettings {
  /** A server of PostgreSQL; it gets a database of its own there, which is gone afterwards. */
  readonly database?: string | undefined;
  readonly cpuProf?: string | undefined;
}

export async function startServe(folder: string, { database, cpuProf }: ServeSettings = {}): Promise<Served> {
  const flags = cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`];
  process.execArgv.push(...flags);
  try {
    const own = database === undefined ? undefined : await ownDatabase(database, 'bench');
    const csms = await spawnServe(folder, own === undefined ? [] : ['--database', own.url]);
    const stop = async (): Promise<void> => {
      await csms.stop();
      await own?.drop();
    };
    return { csms, pid: csms.process.pid ?? 0, folder, stop };
  } finally {
    process.execArgv.splice(process.execArgv.length - flags.length, flags.length);
  }
}

/** Something to measure in a folder that is gone afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Registers stations as a person would, each with a password that is made for it. */
export async function register({ csms }: Served, count: number, prefix = 'LOAD-'): Promise<Credentials[]> {
  const stations: Credentials[] = [];
  await inGroups(
    Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`),
    16,
    async (id) => {
      const { password } = await post(csms, id);
      stations.push({ id, password });
    },
  );
  return stations;
}

async function post(csms: SpawnedCsms, id: string): Promise<{ password: string }> {
  const answer = await csms.api('POST', '/stations', { id });
  if (isRecord(answer) && typeof answer['password'] === 'string') return { password: answer['password'] };
  throw new BusbarError('internal', `POST /stations gave ${id} no password`);
}

export interface StoredCount {
  readonly events: number;
  readonly missing: number;
}

const PAGE = 1_000;

/** What the REST interface says of all transactions of these stations. */
export async function storedEvents({ csms }: Served, stations: readonly Credentials[]): Promise<StoredCount> {
  const count = { events: 0, missing: 0 };
  const read = async (query: string): Promise<void> => {
    const answer = await csms.api('GET', `/transactions?limit=${PAGE}${query}`);
    const page: readonly unknown[] = Array.isArray(answer) ? answer : [];
    for (const transaction of page.filter(isRecord)) {
      count.events += Number(transaction['events']);
      count.missing += Array.isArray(transaction['missingSeqNos']) ? transaction['missingSeqNos'].length : 0;
    }
  };
  if (stations.length < PAGE) await read('');
  else await inGroups(stations, 16, ({ id }) => read(`&stationId=${id}`));
  return count;
}
