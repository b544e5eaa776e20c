// The suites in their long and short forms, and what must be true of each.
import { join } from 'node:path';
import type { TestServer } from '../../packages/csms/src/store/testing/postgres.ts';
import { type DiskFullResult, runDiskFull } from './disk-full.ts';
import type { Verdict } from './judge.ts';
import { type KillsResult, runKills } from './kills.ts';
import { runStall, type StallResult } from './stall.ts';
import { runTornWal, type TornResult } from './torn-wal.ts';

export interface Suite {
  readonly name: 'kills' | 'torn WAL' | 'disk full' | 'stall';
  readonly result: KillsResult | TornResult | DiskFullResult | StallResult;
  /** What should be and is not, in words. */
  readonly failures: readonly string[];
}

export interface Options {
  readonly folder: string;
  readonly short: boolean;
  readonly random: () => number;
  /** A PostgreSQL to make databases on; what is about SQLite's own files is left out then. */
  readonly server?: TestServer;
  readonly told: (suite: Suite) => void;
  readonly progress?: (text: string) => void;
}

const CLIENTS = 20;
/** What waits for the store is bounded by one event of each client. */
const MEMORY_MIB = 64;

export async function runSuites({ folder, short, random, server, told, progress }: Options): Promise<readonly Suite[]> {
  const suites: Suite[] = [];
  const add = (suite: Suite): void => {
    suites.push(suite);
    told(suite);
  };
  const kills = short ? 8 : 200;
  const killing = async (): Promise<void> => {
    const done = (count: number): void => progress?.(`kill ${count}/${kills}`);
    const database = await server?.database();
    const flags = database === undefined ? [] : ['--database', database.url];
    add(ofKills(await runKills({ folder: join(folder, 'kills'), kills, clients: CLIENTS, random, flags, progress: done })));
    await database?.drop();
  };
  const others = async (): Promise<void> => {
    if (server === undefined) {
      add(ofTorn(await runTornWal(join(folder, 'torn'), short ? 20 : 300, random)));
      add(ofDiskFull(await runDiskFull(join(folder, 'full'), CLIENTS, [])));
    }
    const database = await server?.database();
    add(ofStall(await runStall(join(folder, 'stall'), CLIENTS, short ? 5 : 30, database?.url)));
    await database?.drop();
  };
  if (short) {
    // Both come to their end: what one has started is not left behind when the other fails.
    const failed = (await Promise.allSettled([killing(), others()])).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  } else {
    await killing();
    await others();
  }
  return suites;
}

const shown = (what: string, list: readonly string[]): string[] =>
  list.length === 0 ? [] : [`${list.length} ${what}: ${list.slice(0, 5).join('; ')}`];

const ofVerdict = ({ transactions, lost, doubled, billsWrong }: Verdict, refused: readonly string[]): string[] => [
  ...(transactions > CLIENTS ? [] : [`only ${transactions} transactions: that is no load`]),
  ...shown('acknowledged events lost', lost),
  ...shown('transactions with an event twice', doubled),
  ...shown('bills wrong', billsWrong),
  ...shown('answers that are no CALLRESULT', refused),
];

const ofKills = (result: KillsResult): Suite => ({ name: 'kills', result, failures: ofVerdict(result, result.refused) });

const ofTorn = (result: TornResult): Suite => ({
  name: 'torn WAL',
  result,
  failures: [...shown('corrupt', result.corrupt), ...shown('not a prefix of whole commits', result.notAPrefix)],
});

const ofDiskFull = (result: DiskFullResult): Suite => ({
  name: 'disk full',
  result,
  failures: [
    ...ofVerdict(result, result.refused),
    ...(result.acknowledgedWhileFull === 0 ? [] : [`${result.acknowledgedWhileFull} events were acknowledged by a full disk`]),
    ...(result.heartbeats.whileFull === 0 && result.heartbeats.afterwards === CLIENTS
      ? []
      : [`reading did not stop or did not go on: ${JSON.stringify(result.heartbeats)} heartbeats answered`]),
    ...(result.readyWhileFull === 503 ? [] : [`/health/ready answered ${result.readyWhileFull} while the disk was full`]),
    ...(result.readyAfterwards === 200 ? [] : [`/health/ready answered ${result.readyAfterwards} afterwards`]),
    ...(result.links === CLIENTS && result.closes === 0 ? [] : [`${CLIENTS - result.links} links were lost, ${result.closes} closes`]),
  ],
});

const ofStall = (result: StallResult): Suite => ({
  name: 'stall',
  result,
  failures: [
    ...ofVerdict(result, result.refused),
    ...(result.acknowledgedMeanwhile === 0 ? [] : [`${result.acknowledgedMeanwhile} events were acknowledged by a held database`]),
    ...(result.readyMeanwhile === 503 ? [] : [`/health/ready answered ${result.readyMeanwhile} meanwhile`]),
    ...(result.closes === 0 ? [] : [`${result.closes} links were lost`]),
    ...(result.memoryMiB.most - result.memoryMiB.before <= MEMORY_MIB
      ? []
      : [`memory grew from ${result.memoryMiB.before} to ${result.memoryMiB.most} MiB`]),
  ],
});
