import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchOptions } from './bench.ts';
import { OFFLINE_EVENTS, type StormResult } from './load/storm.ts';
import { diskSyncMs } from './measure/disk.ts';
import { needOpenFiles } from './measure/open-files.ts';
import { round } from './measure/percentile.ts';
import { cpuMs, privateMiB } from './measure/processes.ts';
import { Part } from './part.ts';
import { atMost, exactly, type Row, type Target } from './report.ts';
import { inTemporaryFolder, register, startServe, storedEvents } from './served.ts';

const SIZES = [5, 50, 500, 5_000];
const BOOT_P99_MS = 5_000;

/** After a power cut: stations that were accepted before connect in the same moment, boot and deliver a transaction. */
export const bootStorm: Bench = (options) =>
  inTemporaryFolder(async (folder) => {
    const sizes = options.connections ?? SIZES;
    needOpenFiles(Math.max(...sizes));
    const rows: Row[] = [];
    const targets: Target[] = [];
    const before = diskSyncMs(folder);
    for (const size of sizes) {
      const found = await atSize(join(folder, `data-${size}`), size, options);
      rows.push(found.row);
      targets.push(...found.targets);
    }
    return {
      about:
        'A power cut is over: stations that are known connect with their passwords at once, boot, send a status and four events of an offline transaction. Raw: ws, JSON.parse, validators, answer.',
      rows,
      targets,
      notes: [
        `fdatasync of this disk: ${round(before, 2)} ms before, ${round(diskSyncMs(folder), 2)} ms after (median of 4 to 64 kB).`,
        `The kernel holds up to ${somaxconn()} connections that were not taken yet (net.core.somaxconn).`,
      ],
    };
  });

async function atSize(folder: string, size: number, { progress }: BenchOptions): Promise<{ row: Row; targets: Target[] }> {
  const served = await startServe(folder);
  const [load, rawServer] = [Part.start('load'), Part.start('raw-server')];
  try {
    progress(`boot-storm: ${size} stations become known`);
    const stations = await register(served, size);
    await load.ask({ do: 'connect', port: served.csms.ocppPort, stations, atOnce: 50 });
    await load.ask({ do: 'close' });
    progress(`boot-storm: ${size} stations at once`);
    const used = cpuMs(served.pid);
    const ours = await load.ask({ do: 'storm', port: served.csms.ocppPort, stations });
    const cpu = cpuMs(served.pid) - used;
    const memory = privateMiB(served.pid);
    const stored = await storedEvents(served, stations);
    const raw = await load.ask({ do: 'storm', port: await rawServer.ask({ do: 'listen' }), stations });
    return {
      row: {
        stations: size,
        accepted: size - failed(ours),
        'boot p50 ms': round(ours.bootP50Ms),
        'boot p99 ms': round(ours.bootP99Ms),
        'boot max ms': round(ours.bootMaxMs),
        'raw p99 ms': round(raw.bootP99Ms),
        'all stored ms': round(ours.allMs),
        'raw all ms': round(raw.allMs),
        ratio: round(raw.allMs / ours.allMs, 2),
        'CPU ms per station': round(cpu / size, 2),
        MiB: round(memory, 1),
        'events lost': ours.delivered * OFFLINE_EVENTS - stored.events,
        failures: describe(ours),
      },
      targets: [
        exactly(`accepted and delivered, ${size} stations`, size, ours.delivered),
        exactly(`events stored, ${size} stations`, size * OFFLINE_EVENTS, stored.events),
        ...(size === Math.max(...SIZES)
          ? [atMost('time', `p99 from connect to the boot's answer, ${size} stations`, BOOT_P99_MS, round(ours.bootP99Ms), ' ms')]
          : []),
      ],
    };
  } finally {
    await Promise.all([load.stop(), rawServer.stop()]);
    await served.stop();
  }
}

const failed = ({ failures }: StormResult): number => Object.values(failures).reduce((sum, count) => sum + count, 0);
const describe = ({ failures }: StormResult): string =>
  Object.entries(failures)
    .map(([reason, count]) => `${count} × ${reason}`)
    .join('; ');

function somaxconn(): string {
  try {
    return readFileSync('/proc/sys/net/core/somaxconn', 'latin1').trim();
  } catch {
    return 'an unknown number of';
  }
}
