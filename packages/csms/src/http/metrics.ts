import { memoryUsage } from 'node:process';
import type { Histogram } from '../histogram.ts';
import type { Kernel } from '../kernel.ts';

type Kind = 'gauge' | 'counter';

const single = (name: string, kind: Kind, help: string, value: number): string =>
  `# HELP busbar_${name} ${help}\n# TYPE busbar_${name} ${kind}\nbusbar_${name} ${value}\n`;

function buckets(name: string, help: string, { bounds, counts, sum, count }: Histogram): string {
  let below = 0;
  const lines = bounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return `busbar_${name}_bucket{le="${bound}"} ${below}\n`;
  });
  return [
    `# HELP busbar_${name} ${help}\n# TYPE busbar_${name} histogram\n`,
    ...lines,
    `busbar_${name}_bucket{le="+Inf"} ${count}\nbusbar_${name}_sum ${sum}\nbusbar_${name}_count ${count}\n`,
  ].join('');
}

/** What Prometheus scrapes (text format 0.0.4). */
export function metrics({ queue, messages, stations, live }: Kernel, streams: number): string {
  const all = stations.all();
  return [
    single('queue_depth', 'gauge', 'Groups of intents that wait for their commit.', queue.depth),
    single('queue_oldest_seconds', 'gauge', 'How long the oldest of them has waited.', queue.oldestMs / 1000),
    single('queue_pressure', 'gauge', '1 while sockets are not read because the store is behind.', queue.pressure === 'ok' ? 0 : 1),
    single('store_healthy', 'gauge', '0 while the store cannot write.', queue.healthy ? 1 : 0),
    single('stored_total', 'counter', 'Groups of intents that are durable.', queue.stored),
    single('answered_total', 'counter', 'CALLs of stations that were answered.', queue.answered),
    buckets('batch_groups', 'Groups handed over to the store in one loop turn.', queue.batches),
    buckets('commit_seconds', 'From handing over to durable.', queue.commitSeconds),
    single('messages_kept_total', 'counter', 'Raw frames handed to the message log.', messages.kept),
    single('messages_dropped_total', 'counter', 'Raw frames that were not kept because the message log was behind.', messages.dropped),
    single('stations', 'gauge', 'Stations that are registered.', all.length),
    single('stations_connected', 'gauge', 'Stations with a link.', all.filter(({ session }) => session !== undefined).length),
    single('live_events_total', 'counter', 'Events told to followers.', live.lastId),
    single('event_streams', 'gauge', 'Followers of the event stream.', streams),
    single('resident_memory_bytes', 'gauge', 'Resident memory of the process.', memoryUsage.rss()),
  ].join('');
}
