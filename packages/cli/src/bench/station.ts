import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { needOpenFiles } from './measure/open-files.ts';
import { round } from './measure/percentile.ts';
import { privateMiB } from './measure/processes.ts';
import { Part } from './part.ts';
import { atMost } from './report.ts';
import { inTemporaryFolder, register, startServe } from './served.ts';

const STATIONS = 10_000;
/** Whose boot is measured alone. */
const FIRST = 2_000;
/** At once: more would only wait in the listener's queue. */
const GROUP = 500;
const KIB = 50;
const BASE_MIB = 120;
const BOOT_S = 5;
const SETTLE_MS = 10_000;

/** Full stations of our own in one process: what each of them costs. */
export const station: Bench = ({ connections, progress, roundMs }) =>
  inTemporaryFolder(async (folder) => {
    const count = connections?.[0] ?? STATIONS;
    const first = Math.min(FIRST, count);
    needOpenFiles(count);
    const served = await startServe(folder);
    const part = Part.start('fleet');
    try {
      const stations = await register(served, count);
      const { ocppPort: port } = served.csms;
      await part.ask({ do: 'tidyFleet' });
      const base = privateMiB(part.pid);
      const boot = { cpuMs: 0, ms: 0, firstCpuMs: 0 };
      for (let at = 0; at < count; at += GROUP) {
        progress(`station: ${at} of ${count} run`);
        const took = await part.ask({ do: 'bootFleet', port, stations: stations.slice(at, at + GROUP) });
        boot.cpuMs += took.cpuMs;
        boot.ms += took.ms;
        if (at < first) boot.firstCpuMs += took.cpuMs;
      }
      await part.ask({ do: 'tidyFleet' });
      await sleep(roundMs ?? SETTLE_MS);
      const mib = privateMiB(part.pid);
      const kib = ((mib - base) * 1024) / count;
      return {
        about: `${count.toLocaleString('en')} full stations in one process (device model, journal in memory, physics), accepted, without drivers.`,
        rows: [
          {
            stations: count,
            'base MiB': round(base),
            MiB: round(mib),
            'KiB per station': round(kib, 1),
            [`CPU s for ${first}`]: round(boot.firstCpuMs / 1000, 2),
            'CPU s for all': round(boot.cpuMs / 1000, 2),
            's for all': round(boot.ms / 1000, 1),
          },
        ],
        targets: [
          atMost('memory', 'memory per full station', KIB, round(kib, 1), ' KiB'),
          atMost('memory', 'memory of the process without stations', BASE_MIB, round(base), ' MiB'),
          atMost('time', `CPU to boot ${first}`, BOOT_S, round(boot.firstCpuMs / 1000, 2), ' s'),
        ],
        notes: [
          'Private memory of the process, idle, after its heap was tidied (once without stations, once with all). Booting includes the report of the inventory that a new station is asked for.',
        ],
      };
    } finally {
      await part.stop();
      await served.stop();
    }
  });
