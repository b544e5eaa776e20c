import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchOptions } from './bench.ts';
import type { Credentials, RunResult } from './load/fleet.ts';
import { needOpenFiles } from './measure/open-files.ts';
import { round } from './measure/percentile.ts';
import { privateMiB } from './measure/processes.ts';
import { Part } from './part.ts';
import { atMost, type Row, type Target } from './report.ts';
import { inTemporaryFolder, register, type Served, startServe } from './served.ts';

const STATIONS = 10_000;
const STATIONS_FULL = 18_000;
const KIB = { plain: 12, deflate: 22 } as const;
const HEARTBEAT_US = 60;
/** Each sends one in this time. */
const HEARTBEATS_S = 5;
/** What connecting left behind is collected meanwhile. */
const SETTLE_MS = 10_000;

/** Many stations that say nothing, on one process: what each of them costs. */
export const idle: Bench = (options) =>
  inTemporaryFolder(async (folder) => {
    const count = options.connections?.[0] ?? (options.full ? STATIONS_FULL : STATIONS);
    needOpenFiles(count);
    const rows: Row[] = [];
    const targets: Target[] = [];
    for (const link of ['plain', 'deflate'] as const) {
      const found = await withLinks(join(folder, link), link, count, options);
      rows.push(found.row);
      targets.push(...found.targets);
    }
    return {
      about: `${count.toLocaleString('en')} stations on one process that say nothing; then each sends one Heartbeat within ${HEARTBEATS_S} s. Raw: ws, JSON.parse, validators, answer, without compression.`,
      rows,
      targets,
      notes: ['Private memory of the process (Private_… of smaps_rollup), the difference between no station and all of them.'],
    };
  });

async function withLinks(
  folder: string,
  link: 'plain' | 'deflate',
  count: number,
  { progress, roundMs }: BenchOptions,
): Promise<{ row: Row; targets: Target[] }> {
  const served = await startServe(folder);
  const [load, rawLoad, rawServer] = [Part.start('load'), Part.start('load'), Part.start('raw-server')];
  try {
    progress(`idle: ${count} stations are registered (${link})`);
    const stations = await register(served, count);
    const settle = roundMs ?? SETTLE_MS;
    const ours = await side({ pid: served.pid, load, port: served.csms.ocppPort, stations, link, settle, progress });
    await load.ask({ do: 'close' });
    const raw = await side({
      pid: rawServer.pid,
      load: rawLoad,
      port: await rawServer.ask({ do: 'listen' }),
      stations,
      link: 'plain',
      settle,
      progress,
    });
    const connected = await connectedCount(served);
    return {
      row: {
        link,
        stations: count,
        'kB per station': round(ours.kib, 1),
        'raw kB': round(raw.kib, 1),
        ratio: round(raw.kib / ours.kib, 2),
        MiB: round(ours.mib),
        'heartbeat CPU µs': round(ours.us, 1),
        'raw CPU µs': round(raw.us, 1),
        'p50 ms': round(ours.run.p50Ms, 1),
        'p99 ms': round(ours.run.p99Ms, 1),
        'left behind': connected,
      },
      targets: [
        atMost('memory', `memory per station, ${link}`, KIB[link], round(ours.kib, 1), ' kB'),
        atMost('time', `CPU per heartbeat, ${link}`, HEARTBEAT_US, round(ours.us, 1), ' µs'),
      ],
    };
  } finally {
    await Promise.all([load.stop(), rawLoad.stop(), rawServer.stop()]);
    await served.stop();
  }
}

interface SideOptions {
  readonly pid: number;
  readonly load: Part;
  readonly port: number;
  readonly stations: readonly Credentials[];
  readonly link: 'plain' | 'deflate';
  readonly settle: number;
  readonly progress: (text: string) => void;
}

async function side({ pid, load, port, stations, link, settle, progress }: SideOptions) {
  const before = privateMiB(pid);
  progress(`idle: ${stations.length} stations connect and boot (${link})`);
  await load.ask({ do: 'connect', port, stations, atOnce: 50, deflate: link === 'deflate' });
  progress(`idle: ${stations.length} stations say nothing (${link})`);
  await sleep(settle);
  const offered = stations.length / HEARTBEATS_S;
  const beat = (): Promise<RunResult> => load.ask({ do: 'run', ms: HEARTBEATS_S * 1000, offered, pids: [pid], heartbeats: true });
  const run = await beat();
  const mib = privateMiB(pid);
  return { run, mib, kib: ((mib - before) * 1024) / stations.length, us: ((run.cpuMs[0] ?? 0) * 1000) / run.answered };
}

/** How many the server still believes to be there after they left. */
async function connectedCount({ csms }: Served): Promise<number> {
  const answer = await csms.api('GET', '/stations');
  const all: readonly { connected?: boolean }[] = Array.isArray(answer) ? answer : [];
  return all.filter(({ connected }) => connected === true).length;
}
