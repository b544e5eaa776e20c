// Somebody else holds the database: the writer waits, nobody is refused, memory stays bounded; then everything goes on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '@busbar/csms/store';
import pg from 'pg';
import { Fleet, pause, until } from './fleet.ts';
import { judge, type Verdict } from './judge.ts';
import { readyStatus, serve } from './serve.ts';

export interface StallResult extends Verdict {
  readonly seconds: number;
  readonly acknowledgedMeanwhile: number;
  readonly readyMeanwhile: number;
  readonly closes: number;
  readonly refused: readonly string[];
  /** Resident memory of the CSMS before, and the most while it waited. */
  readonly memoryMiB: { readonly before: number; readonly most: number };
}

/** Takes what the writer needs; the answer gives it back. */
async function hold(folder: string, database: string | undefined): Promise<() => Promise<void>> {
  if (database === undefined) {
    const other = openDatabase(join(folder, 'busbar.db'));
    other.exec('PRAGMA busy_timeout=10000; BEGIN EXCLUSIVE');
    return async () => {
      other.exec('ROLLBACK');
      other.close();
    };
  }
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE writer IN ACCESS EXCLUSIVE MODE');
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

export async function runStall(folder: string, clients: number, seconds: number, database: string | undefined): Promise<StallResult> {
  const csms = await serve(folder, { ocpp: 0, http: 0 }, database === undefined ? [] : ['--database', database]);
  const fleet = await Fleet.start(csms, clients);
  await until('load', () => fleet.acknowledged > 20 * clients);
  const memory = (): number => residentMiB(csms.process.pid ?? 0);
  const release = await hold(folder, database);
  await pause(200); // answers that were under way
  const before = { acknowledged: fleet.acknowledged, memory: memory() };
  let most = before.memory;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    await pause(100);
    most = Math.max(most, memory());
  }
  const meanwhile = { acknowledgedMeanwhile: fleet.acknowledged - before.acknowledged, readyMeanwhile: await readyStatus(csms) };
  await release();
  const held = fleet.acknowledged;
  await until('load again', () => fleet.acknowledged > held + 20 * clients);
  const { refused, closes } = fleet;
  await fleet.finish();
  const verdict = await judge(csms, fleet);
  await csms.stop();
  return { seconds, ...meanwhile, closes, refused, memoryMiB: { before: before.memory, most }, ...verdict };
}

const residentMiB = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
