import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Bench } from './bench.ts';
import { fill, readBack } from './fill.ts';
import { diskSyncMs } from './measure/disk.ts';
import { round } from './measure/percentile.ts';
import { atMost } from './report.ts';
import { inTemporaryFolder } from './served.ts';

const TRANSACTIONS = 1_000;
const [EVENTS_EACH, EVENTS_EACH_FULL] = [90, 360];
const BATCHES = [50, 250];

/** The store alone: what a stored event costs in time and on disk, and what reading a session back costs. */
export const store: Bench = ({ full, progress }) =>
  inTemporaryFolder(async (folder) => {
    const eventsEach = full ? EVENTS_EACH_FULL : EVENTS_EACH;
    const before = diskSyncMs(folder);
    const found = [];
    for (const batch of BATCHES) {
      const data = join(folder, `data-${batch}`);
      const done = await fill({
        folder: data,
        transactions: TRANSACTIONS,
        eventsEach,
        batch,
        underWay: 2,
        progress: (share) => progress(`store: commits of ${batch} events, ${Math.round(share * 100)} %`),
      });
      const bytes = statSync(join(data, 'busbar.db')).size / done.events;
      progress('store: sessions are read back');
      const session = await readBack(data, TRANSACTIONS, 300);
      progress('store: plain inserts');
      const raw = plainInserts(join(folder, `raw-${batch}.db`), done.events, batch, Math.round(bytes));
      found.push({ batch, bytes, session, cpuUs: (done.cpuMs * 1000) / done.events, rate: (done.events / done.ms) * 1000, ...raw });
    }
    const [first, last] = [found[0], found.at(-1)];
    return {
      about: `${(TRANSACTIONS * eventsEach).toLocaleString('en')} events of ${TRANSACTIONS.toLocaleString('en')} transactions in scattered order, eight samples each. Raw: INSERTs of a blob as long as an event is on disk, in transactions of the same size.`,
      rows: found.map(({ batch, rate, rawRate, cpuUs, rawCpuUs, bytes, session }) => ({
        'events per commit': batch,
        'per s': round(rate),
        'raw per s': round(rawRate),
        ratio: round(rate / rawRate, 2),
        'CPU µs': round(cpuUs, 1),
        'raw CPU µs': round(rawCpuUs, 1),
        'bytes on disk': round(bytes, 1),
        'session ms': round(session.ms, 2),
        'its events': session.events,
      })),
      targets: [
        atMost('memory', 'bytes on disk per event of eight samples', 110, round(last?.bytes ?? Number.NaN, 1)),
        atMost(
          'time',
          `a session of ${first?.session.events ?? 0} events read back`,
          0.3,
          round(first?.session.ms ?? Number.NaN, 3),
          ' ms',
        ),
        atMost('time', 'CPU per event, both threads, without making it', 15, round(last?.cpuUs ?? Number.NaN, 1), ' µs'),
      ],
      notes: [
        `fdatasync of this disk: ${round(before, 2)} ms before, ${round(diskSyncMs(folder), 2)} ms after (median of 4 to 64 kB).`,
        ...(full ? ['A session has four times as many events with --full; its target is for 90.'] : []),
      ],
    };
  });

function plainInserts(path: string, events: number, batch: number, bytes: number): { rawRate: number; rawCpuUs: number } {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event(id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;');
    const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
    const insert = db.prepare('INSERT INTO event(body) VALUES(?)');
    const body = Buffer.alloc(bytes, 7);
    const [cpu, from] = [process.cpuUsage(), performance.now()];
    for (let n = 0; n < events; n += batch) {
      begin.run();
      for (let i = n; i < Math.min(events, n + batch); i += 1) insert.run(body);
      commit.run();
    }
    const { user, system } = process.cpuUsage(cpu);
    return { rawRate: (events / (performance.now() - from)) * 1000, rawCpuUs: (user + system) / events };
  } finally {
    db.close();
  }
}
