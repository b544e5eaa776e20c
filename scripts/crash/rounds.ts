// Kills one end of a session at a random moment and looks whether everything is told, once, to the milliwatt-hour.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { worldMWh } from '@busbar/station/hardware';
import { type SpawnedCsms, spawnServe } from '../../packages/cli/src/spawn.ts';

export interface Lane {
  readonly victim: 'station' | 'csms';
  readonly folder: string;
  readonly rounds: number;
  readonly random: () => number;
  readonly progress: (done: number) => void;
}

export interface LaneResult {
  readonly victim: string;
  readonly rounds: number;
  readonly transactions: number;
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly energyWrong: readonly string[];
}

const ID = 'CRASH-1';
const TOKEN = 'CRASH0001';
const CHARGE_MS = 1500;
const ROUND_MS = 2600;

export async function runLane({ victim, folder, rounds, random, progress }: Lane): Promise<LaneResult> {
  mkdirSync(folder, { recursive: true });
  const data = join(folder, 'csms');
  const ports = { ocpp: 0, http: 0 };
  let csms = await serve(data, ports);
  [ports.ocpp, ports.http] = [csms.ocppPort, csms.httpPort];
  const created = await csms.api('POST', '/stations', { id: ID });
  const { password } = created as { password: string };
  await csms.api('PUT', `/tokens/ISO14443/${TOKEN}`, { status: 'Accepted' });
  const orders = (finishOnly: boolean) => ({
    id: ID,
    url: `ws://127.0.0.1:${ports.ocpp}/ocpp`,
    password,
    folder: join(folder, 'station'),
    token: TOKEN,
    version: 'ocpp2.0.1',
    chargeMs: CHARGE_MS,
    finishOnly,
  });
  for (let round = 0; round < rounds; round += 1) {
    const station = startStation(orders(false));
    await pause(Math.floor(random() * ROUND_MS) + (round === 0 ? 800 : 0));
    if (victim === 'station') {
      await killed(station);
      await finished(startStation(orders(true)));
    } else {
      await killed(csms.process);
      csms = await serve(data, ports);
      await finished(station);
    }
    progress(round + 1);
  }
  const result = await judge(csms, folder);
  csms.process.kill('SIGTERM');
  await new Promise((resolve) => csms.process.once('exit', resolve));
  return { victim, rounds, ...result };
}

const serve = (data: string, ports: { ocpp: number; http: number }): Promise<SpawnedCsms> =>
  spawnServe(data, [
    '--ocpp-port',
    String(ports.ocpp),
    '--http-port',
    String(ports.http),
    '--onboarding-inventory',
    'no',
    '--log-level',
    'error',
  ]);

function startStation(orders: unknown): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'station-process.ts'), JSON.stringify(orders)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A session that was over before its moment came counts as well: then the process is gone already. */
async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}

async function finished(station: ChildProcess): Promise<void> {
  if (station.exitCode !== null) return;
  const code = await Promise.race([new Promise<number | null>((resolve) => station.once('exit', resolve)), pause(60_000).then(() => -1)]);
  if (code !== 0) {
    station.kill('SIGKILL');
    throw new Error(`the station did not finish its session (${code})`);
  }
}

interface Transaction {
  readonly transactionId: string;
  readonly energyWh: number | null;
  readonly state: string;
  readonly bill: string;
  readonly completeness: string;
  readonly anomalies: readonly string[];
}

/** The oracle: the World's file for energy, the station's list of acknowledgements for events. */
async function judge(csms: SpawnedCsms, folder: string) {
  const transactions = (await csms.api('GET', '/transactions?limit=1000')) as Transaction[];
  const stored = new Map<string, number>();
  for (const { transactionId } of transactions) {
    const events = (await csms.api('GET', `/transactions/${ID}/${transactionId}/events`)) as { event: { seqNo: number } }[];
    for (const { event } of events) {
      const key = `${transactionId} ${event.seqNo}`;
      stored.set(key, (stored.get(key) ?? 0) + 1);
    }
  }
  const list = join(folder, 'station', 'acknowledged');
  const acknowledged = existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n') : [];
  const world = worldMWh(readFileSync(join(folder, 'station', `${ID}.world.json`), 'utf8')) / 1000;
  const billed = transactions.reduce((sum, { energyWh }) => sum + Math.round((energyWh ?? 0) * 1000), 0) / 1000;
  const energyWrong = [
    ...(billed === world ? [] : [`the bills add up to ${billed} Wh, the meter of the World counted ${world} Wh`]),
    ...transactions
      .filter(
        ({ state, bill, completeness, anomalies }) =>
          state !== 'ended' || bill !== 'final' || completeness !== 'complete' || anomalies.length > 0,
      )
      .map((transaction) => JSON.stringify(transaction)),
  ];
  return {
    transactions: transactions.length,
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((key) => !stored.has(key)),
    doubled: [...stored].filter(([, count]) => count > 1).map(([key]) => key),
    energyWrong,
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
