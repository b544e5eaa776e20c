import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchOptions } from './bench.ts';
import { fill } from './fill.ts';
import type { RunResult } from './load/fleet.ts';
import { diskSyncMs } from './measure/disk.ts';
import { median, percentile, round } from './measure/percentile.ts';
import { privateMiB } from './measure/processes.ts';
import { Part } from './part.ts';
import { atMost, type Row } from './report.ts';
import { inTemporaryFolder, register, type Served, startServe, warmUpMs } from './served.ts';

const [EVENTS, EVENTS_FULL, EVENTS_EACH] = [300_000, 10_000_000, 90];
const STATIONS = 50;
const ROUNDS = 5;
/** Between two queries of somebody who looks. */
const LOOK_MS = 50;

/** The same load on a database that has seen much and on an empty one. */
export const history: Bench = (options) =>
  inTemporaryFolder(async (folder) => {
    const { full, progress } = options;
    const transactions = Math.ceil((full ? EVENTS_FULL : EVENTS) / EVENTS_EACH);
    const before = diskSyncMs(folder);
    const filled = await fill({
      folder: join(folder, 'old'),
      transactions,
      eventsEach: EVENTS_EACH,
      batch: 500,
      underWay: 2,
      progress: (share) => progress(`history: ${Math.round(share * 100)} % of ${(transactions * EVENTS_EACH).toLocaleString('en')} events`),
    });
    const old = await Side.start(join(folder, 'old'));
    const empty = await Side.start(join(folder, 'empty'));
    try {
      const rounds = await alternate(old, empty, options);
      const looking = look(old);
      progress('history: somebody looks meanwhile');
      const looked = await old.run(2 * lengthOf(options));
      const queries = await looking.stop();
      const cpu = (of: 'old' | 'empty'): number => median(rounds.map((each) => us(each[of])));
      const p99 = (of: 'old' | 'empty'): number => median(rounds.map((each) => each[of].p99Ms));
      const row = (name: string, of: 'old' | 'empty', events: number, side: Side): Row => ({
        database: name,
        'events before': events,
        'per s': round(median(rounds.map((each) => each[of].answered / each[of].seconds))),
        'CPU µs': round(cpu(of), 1),
        'p50 ms': round(median(rounds.map((each) => each[of].p50Ms)), 1),
        'p99 ms': round(p99(of), 1),
        MiB: round(side.memory(), 1),
      });
      return {
        about: `${STATIONS} stations back to back on a database with ${filled.events.toLocaleString('en')} events and on an empty one, ${ROUNDS} rounds in turn; then one more on the old one while somebody reads its lists and transactions.`,
        rows: [
          row('old', 'old', filled.events, old),
          row('empty', 'empty', 0, empty),
          {
            database: 'old, read meanwhile',
            'events before': filled.events,
            'per s': round(looked.answered / looked.seconds),
            'CPU µs': round(us(looked), 1),
            'p50 ms': round(looked.p50Ms, 1),
            'p99 ms': round(looked.p99Ms, 1),
            MiB: round(old.memory(), 1),
          },
        ],
        targets: [
          atMost('ratio', 'CPU per message, old / empty', 1.15, round(cpu('old') / cpu('empty'), 2)),
          atMost('ratio', 'p99, old / empty', 2, round(p99('old') / p99('empty'), 2)),
          atMost('time', `p99 of ${queries.length} queries of the API during the load`, 50, round(percentile(queries, 0.99), 1), ' ms'),
        ],
        notes: [
          `${full ? '' : `Not --full: ${filled.events.toLocaleString('en')} events instead of ten million. `}They were written in ${round(filled.ms / 1000, 1)} s.`,
          `fdatasync of this disk: ${round(before, 2)} ms before, ${round(diskSyncMs(folder), 2)} ms after (median of 4 to 64 kB).`,
        ],
      };
    } finally {
      await Promise.all([old.stop(), empty.stop()]);
    }
  });

const us = ({ cpuMs, answered }: RunResult): number => ((cpuMs[0] ?? 0) * 1000) / answered;

interface Round {
  readonly old: RunResult;
  readonly empty: RunResult;
}

const lengthOf = ({ roundMs, full }: BenchOptions): number => roundMs ?? (full ? 4_000 : 2_000);

async function alternate(old: Side, empty: Side, options: BenchOptions): Promise<Round[]> {
  const ms = lengthOf(options);
  options.progress('history: warming up');
  for (const side of [old, empty]) await side.run(warmUpMs(ms));
  const rounds: Round[] = [];
  for (let n = 1; n <= ROUNDS; n += 1) {
    options.progress(`history: round ${n} of ${ROUNDS}`);
    // Whoever comes first in a round is second in the next.
    const first = n % 2 === 0 ? await empty.run(ms) : undefined;
    const on = await old.run(ms);
    rounds.push({ old: on, empty: first ?? (await empty.run(ms)) });
  }
  return rounds;
}

/** Somebody who looks at lists and sessions while the load goes on. */
function look({ served }: Side): { stop: () => Promise<readonly number[]> } {
  const times: number[] = [];
  const end = new AbortController();
  const timed = async (path: string): Promise<void> => {
    const from = performance.now();
    await served.csms.api('GET', path);
    times.push(performance.now() - from);
  };
  const work = (async () => {
    for (let n = 1; !end.signal.aborted; n += 1) {
      await timed('/transactions?limit=100');
      const txid = `00000000-0000-4000-8000-${String((n * 31) % 3_000).padStart(12, '0')}`;
      await timed(`/transactions/HISTORY/${txid}`);
      await timed(`/transactions/HISTORY/${txid}/events`);
      await sleep(LOOK_MS);
    }
  })();
  return {
    stop: async () => {
      end.abort();
      await work;
      return times;
    },
  };
}

/** One server with its load. */
class Side {
  readonly served: Served;
  readonly #load: Part;

  private constructor(served: Served, load: Part) {
    this.served = served;
    this.#load = load;
  }

  static async start(folder: string): Promise<Side> {
    const served = await startServe(folder);
    const load = Part.start('load');
    const stations = await register(served, STATIONS);
    await load.ask({ do: 'connect', port: served.csms.ocppPort, stations, atOnce: 50 });
    await load.ask({ do: 'begin' });
    return new Side(served, load);
  }

  run(ms: number): Promise<RunResult> {
    return this.#load.ask({ do: 'run', ms, pids: [this.served.pid] });
  }

  memory(): number {
    return privateMiB(this.served.pid);
  }

  async stop(): Promise<void> {
    await this.#load.stop();
    await this.served.stop();
  }
}
