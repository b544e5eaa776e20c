import { join } from 'node:path';
import type { Bench, BenchOptions } from './bench.ts';
import type { Credentials, RunResult } from './load/fleet.ts';
import { diskSyncMs } from './measure/disk.ts';
import { median, round } from './measure/percentile.ts';
import { privateMiB, processesNamed } from './measure/processes.ts';
import { Part } from './part.ts';
import { atLeast, atMost, exactly, type Row, type Target } from './report.ts';
import { inTemporaryFolder, register, type Served, startServe, storedEvents, warmUpMs } from './served.ts';

const CONNECTIONS = [50, 200, 1_000];
const OFFERED = { connections: 1_000, perSecond: 5_000, runs: 5 } as const;
const SLOW_DISK_MS = 0.5;

/** TransactionEvents back to back and at a steady rate, against a server that only parses, validates and answers. */
export const ingest: Bench = (options) =>
  inTemporaryFolder(async (folder) => {
    const rows: Row[] = [];
    const targets: Target[] = [];
    const before = diskSyncMs(folder);
    for (const connections of options.connections ?? CONNECTIONS) {
      const found = await atConnections(join(folder, `data-${connections}`), connections, options);
      rows.push(...found.rows);
      targets.push(...found.targets(before));
    }
    const after = diskSyncMs(folder);
    const slow = before > SLOW_DISK_MS;
    return {
      about: `TransactionEvents with eight samples, stored and answered; ${options.database === undefined ? 'SQLite' : 'PostgreSQL'}, message log on. Raw: ws, JSON.parse, validators, answer.`,
      rows,
      targets,
      notes: [
        `fdatasync of this disk: ${round(before, 2)} ms before, ${round(after, 2)} ms after (median of 4 to 64 kB).`,
        ...(slow && options.database === undefined
          ? [
              `The disk is slower than ${SLOW_DISK_MS} ms: with N stations that wait for their answer no server can do more than N / (2 × commit). "of the disk" is the rate in units of that; about 1 says that the disk is the limit.`,
            ]
          : []),
      ],
    };
  });

/** Both servers and the load of each. */
interface Side {
  readonly pid: number;
  readonly load: Part;
}

interface Found {
  readonly rows: readonly Row[];
  readonly targets: (diskMs: number) => readonly Target[];
}

async function atConnections(folder: string, connections: number, options: BenchOptions): Promise<Found> {
  const { progress, database, cpuProf } = options;
  progress(`ingest: ${connections} stations are registered and boot`);
  const served = await startServe(folder, { database, cpuProf });
  const stations = await register(served, connections);
  const ours: Side = { pid: served.pid, load: Part.start('load') };
  const rawServer = Part.start('raw-server');
  const raw: Side = { pid: rawServer.pid, load: Part.start('load') };
  try {
    await begin(ours, served.csms.ocppPort, stations);
    await begin(raw, await rawServer.ask({ do: 'listen' }), stations);
    return await measure({ served, ours, raw, stations }, connections, options);
  } finally {
    await Promise.all([ours.load.stop(), raw.load.stop(), rawServer.stop()]);
    await served.stop();
  }
}

async function begin({ load }: Side, port: number, stations: readonly Credentials[]): Promise<void> {
  await load.ask({ do: 'connect', port, stations, atOnce: 50 });
  await load.ask({ do: 'begin' });
}

interface Setting {
  readonly served: Served;
  readonly ours: Side;
  readonly raw: Side;
  readonly stations: readonly Credentials[];
}

async function measure({ served, ours, raw, stations }: Setting, connections: number, options: BenchOptions): Promise<Found> {
  const { full, progress } = options;
  const ms = options.roundMs ?? (full ? 5_000 : 2_000);
  const backends = options.database === undefined ? [] : processesNamed('postgres');
  const run = (side: Side, offered?: number, length = offered === undefined ? ms : ms / 2): Promise<RunResult> =>
    side.load.ask({
      do: 'run',
      ms: length,
      pids: side === ours ? [side.pid, ...backends] : [side.pid],
      ...(offered === undefined ? {} : { offered }),
    });
  const both = async (rounds: number, what: string, offered?: number): Promise<Pair[]> => {
    const pairs: Pair[] = [];
    for (let n = 1; n <= rounds; n += 1) {
      progress(`ingest: ${connections} stations, ${what}, round ${n} of ${rounds}`);
      pairs.push({ ours: await run(ours, offered), raw: await run(raw, offered) });
    }
    return pairs;
  };
  progress(`ingest: ${connections} stations, warming up`);
  for (const side of [ours, raw]) await run(side, undefined, warmUpMs(ms));
  const saturated = summary(await both(full ? 5 : 3, 'back to back'));
  const steady =
    connections === OFFERED.connections || options.connections !== undefined
      ? summary(await both(OFFERED.runs, `${OFFERED.perSecond} per second offered`, OFFERED.perSecond))
      : undefined;
  const acknowledged = await ours.load.ask({ do: 'acknowledged' });
  const stored = await storedEvents(served, stations);
  const memory = round(privateMiB(served.pid), 1);
  const verified = { stored: stored.events, acknowledged, memory };
  return {
    rows: [
      row(connections, 'back to back', saturated, verified),
      ...(steady === undefined ? [] : [row(connections, `${OFFERED.perSecond.toLocaleString('en')}/s offered`, steady, verified)]),
    ],
    targets: (diskMs) => [
      exactly(`stored of ${acknowledged} acknowledged, ${connections} stations`, acknowledged, stored.events),
      exactly(`seqNos missing, ${connections} stations`, 0, stored.missing),
      ...targetsOf(connections, saturated, steady, { diskMs, postgres: options.database !== undefined }),
    ],
  };
}

interface Pair {
  readonly ours: RunResult;
  readonly raw: RunResult;
}

interface Summary {
  readonly rate: number;
  readonly rawRate: number;
  readonly ratio: number;
  readonly p50: number;
  readonly p99: number;
  readonly rawP99: number;
  /** Of all processes of the server together, per message. */
  readonly cpuUs: number;
  readonly rawCpuUs: number;
  readonly loadUs: number;
  readonly drainMs: number;
  readonly refused: number;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const perSecond = ({ answered, seconds }: RunResult): number => answered / seconds;
const usPerMessage = ({ cpuMs, answered }: RunResult): number => (total(cpuMs) * 1000) / answered;

function summary(pairs: readonly Pair[]): Summary {
  const of = (figure: (pair: Pair) => number): number => median(pairs.map(figure));
  return {
    rate: of(({ ours }) => perSecond(ours)),
    rawRate: of(({ raw }) => perSecond(raw)),
    ratio: round(
      of(({ ours, raw }) => perSecond(ours) / perSecond(raw)),
      2,
    ),
    p50: of(({ ours }) => ours.p50Ms),
    p99: of(({ ours }) => ours.p99Ms),
    rawP99: of(({ raw }) => raw.p99Ms),
    cpuUs: of(({ ours }) => usPerMessage(ours)),
    rawCpuUs: of(({ raw }) => usPerMessage(raw)),
    loadUs: of(({ ours }) => (ours.ownCpuMs * 1000) / ours.answered),
    drainMs: of(({ ours }) => ours.drainMs),
    refused: total(pairs.map(({ ours, raw }) => ours.refused + raw.refused)),
  };
}

function row(stations: number, load: string, found: Summary, verified: { stored: number; acknowledged: number; memory: number }): Row {
  return {
    stations,
    load,
    'per s': round(found.rate),
    'raw per s': round(found.rawRate),
    ratio: found.ratio,
    'p50 ms': round(found.p50, 1),
    'p99 ms': round(found.p99, 1),
    'raw p99': round(found.rawP99, 1),
    'CPU µs': round(found.cpuUs, 1),
    'raw CPU': round(found.rawCpuUs, 1),
    'load CPU': round(found.loadUs, 1),
    MiB: verified.memory,
    'stored after ms': round(found.drainMs, 1),
    lost: verified.acknowledged - verified.stored,
    refused: found.refused,
  };
}

function targetsOf(
  connections: number,
  saturated: Summary,
  steady: Summary | undefined,
  { diskMs, postgres }: { readonly diskMs: number; readonly postgres: boolean },
): Target[] {
  const targets: Target[] = [];
  const at = `${connections} stations`;
  const few = connections <= 50;
  if (postgres) {
    if (few || connections === 200)
      targets.push(atLeast('rate', `events/s, ${at}, PostgreSQL`, few ? 12_000 : 15_000, round(saturated.rate), '/s'));
  } else {
    targets.push(atLeast('ratio', `of the raw server, ${at}`, few ? 0.4 : 0.6, saturated.ratio));
    if (few && diskMs > SLOW_DISK_MS)
      targets.push(
        atLeast('rate', `of the disk (rate × 2 × fdatasync / N), ${at}`, 0.7, round((saturated.rate * 2 * diskMs) / 1000 / connections, 2)),
      );
    else if (few) {
      targets.push(atLeast('rate', `events/s, ${at}`, 10_000, round(saturated.rate), '/s'));
      targets.push(atMost('time', `p99, ${at}`, 25, round(saturated.p99, 1), ' ms'));
    } else if (connections === 1_000) targets.push(atLeast('rate', `events/s, ${at}`, 15_000, round(saturated.rate), '/s'));
  }
  targets.push(atMost('time', `CPU per message, ${at}, saturated`, 75, round(saturated.cpuUs, 1), ' µs'));
  if (steady !== undefined)
    targets.push(
      atMost('time', `CPU per message, ${at}, 5,000/s offered`, 120, round(steady.cpuUs, 1), ' µs'),
      atMost('time', `p99, ${at}, 5,000/s offered, median of ${OFFERED.runs} runs`, 50, round(steady.p99, 1), ' ms'),
    );
  return targets;
}
