import { mkdirSync } from 'node:fs';
import { WorkerStore } from '@busbar/csms/store';
import { BusbarError, silentLog } from '@busbar/runtime';
import { transactionEvent } from './load/hot-event.ts';

export interface Fill {
  readonly folder: string;
  readonly transactions: number;
  readonly eventsEach: number;
  /** Events of one commit. */
  readonly batch: number;
  /** Commits that are under way at once, as the server has them. */
  readonly underWay: number;
  readonly progress: (share: number) => void;
}

export interface Filled {
  readonly events: number;
  readonly ms: number;
  /** Of this process with the writer's thread, without what making the events costs. */
  readonly cpuMs: number;
}

const STATION = 'HISTORY';
const txidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const DAY = Date.UTC(2026, 4, 4);

/**
 * Writes transactions through the store itself, one event of each in turn and the turn's order scattered: no event lies
 * beside the one before.
 */
export async function fill({ folder, transactions, eventsEach, batch, underWay, progress }: Fill): Promise<Filled> {
  mkdirSync(folder, { recursive: true });
  const store = await WorkerStore.open({ folder, log: silentLog });
  try {
    await store.commit([[{ k: 'stationPut', station: { identity: STATION, securityProfile: 1, approval: 'approved', at: DAY } }]]);
    const station = (await store.read.station(STATION))?.row;
    if (station === undefined) throw new BusbarError('internal', 'the station of the bench was not stored');
    const events = transactions * eventsEach;
    const intent = (n: number) => {
      const seqNo = Math.floor(n / transactions);
      const kind = seqNo === 0 ? 'Started' : seqNo === eventsEach - 1 ? 'Ended' : 'Updated';
      const request = transactionEvent(txidOf(scattered(n % transactions, transactions)), seqNo, kind);
      return { k: 'txEvent', station, receivedAt: DAY + n, request } as const;
    };
    const making = costOf(() => intent(events - 1));
    const [cpu, from] = [process.cpuUsage(), performance.now()];
    let next = 0;
    const writer = async (): Promise<void> => {
      while (next < events) {
        const first = next;
        next = Math.min(events, next + batch);
        const groups = Array.from({ length: next - first }, (_, index) => [intent(first + index)]);
        await store.commit(groups);
        progress(next / events);
      }
    };
    await Promise.all(Array.from({ length: underWay }, writer));
    const { user, system } = process.cpuUsage(cpu);
    return { events, ms: performance.now() - from, cpuMs: (user + system) / 1000 - making * events };
  } finally {
    await store.close();
  }
}

/** Milliseconds of CPU for one. */
function costOf(work: () => unknown): number {
  const times = 20_000;
  for (let i = 0; i < times; i += 1) work();
  const cpu = process.cpuUsage();
  for (let i = 0; i < times; i += 1) work();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000 / times;
}

/** Another order of 0…count-1, always the same: multiplying by a prime that does not divide the count. */
const PRIME = 7_919;
function scattered(index: number, count: number): number {
  return count % PRIME === 0 ? index : (index * PRIME) % count;
}

export interface ReadBack {
  readonly ms: number;
  readonly events: number;
}

/** One session of many, read with all its samples: the mean over some of them. */
export async function readBack(folder: string, transactions: number, times: number): Promise<ReadBack> {
  const store = await WorkerStore.open({ folder, log: silentLog });
  try {
    const all = await store.read.transactions({ limit: Math.min(transactions, 1_000) });
    const ids = Array.from({ length: times }, (_, index) => all[scattered(index % all.length, all.length)]?.id ?? 0);
    let events = 0;
    for (const id of ids) await store.read.events(id); // compiled before it is measured
    const from = performance.now();
    for (const id of ids) events += (await store.read.events(id)).length;
    return { ms: (performance.now() - from) / times, events: Math.round(events / times) };
  } finally {
    await store.close();
  }
}
