import { setTimeout as pause } from 'node:timers/promises';
import { Bulk, BulkDetail, BulkItem } from '@busbar/api';
import { BusbarError } from '@busbar/runtime';
import type { Static } from 'typebox';
import { ApiClient, type Environment } from './api-client.ts';
import { type ApiSurroundings, card, type Listed, line, oneOf, part, rowsOf, short, showList, width } from './listing.ts';
import { table } from './table.ts';

type Job = Static<typeof Bulk>;
type Item = Static<typeof BulkItem>;

/** How often a running job is looked at. */
const LOOK_MS = 500;
const BAR = 30;

export const listBulk = (flags: Listed, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: '/bulk',
      schema: Bulk,
      head: ['job', 'created', 'by', 'state', 'stations', 'action'],
      keep: [0],
      row: (one) => [one.bulkId, short(one.createdAt), one.actor, one.state, countsText(one), JSON.stringify(one.action)],
      none: 'No jobs yet: busbar call CS-1,CS-2 ClearCache\n',
      usual: 100,
    },
    flags,
    around,
  );

function countsText({ total, counts }: Pick<Job, 'total' | 'counts'>): string {
  const { done, ...others } = counts;
  const bad = Object.entries(others).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]));
  return [`${done} of ${total} done`, ...bad].join(', ');
}

export async function showBulk(bulkId: string, flags: Listed, around: ApiSurroundings): Promise<void> {
  const { environment, write } = around;
  const client = new ApiClient(flags, environment);
  const { body } = await client.request('GET', `/bulk/${part(bulkId)}`);
  const job = oneOf(BulkDetail, body);
  const items = await itemsOf(client, bulkId);
  if (flags.json) return write(line({ ...job, stations: items }));
  write(
    card([
      ['job', job.bulkId],
      ['action', JSON.stringify(job.action)],
      ['state', `${job.state}: ${countsText(job)}`],
      ['created', `${short(job.createdAt)} by ${job.actor}`],
      ['ended', short(job.endedAt)],
    ]),
  );
  write(`\n${itemTable(items, around)}`);
}

export async function stopBulk(bulkId: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('POST', `/bulk/${part(bulkId)}/stop`);
  write(flags.json ? line(body) : `${bulkId} is stopped: ${countsText(oneOf(Bulk, body))}. What is under way ends by itself.\n`);
}

const itemsOf = async (client: ApiClient, bulkId: string): Promise<readonly Item[]> =>
  rowsOf(BulkItem, (await client.list(`/bulk/${part(bulkId)}/stations`, new URLSearchParams({ limit: '1000' }))).rows);

const itemTable = (items: readonly Item[], around: ApiSurroundings): string =>
  table(
    ['station', 'result', 'ms', 'what it said'],
    items.map(({ stationId, state, ms, reason, clause, response }) => [
      stationId ?? '(removed)',
      state,
      ms === null ? '' : String(ms),
      reason === null
        ? response === null || response === undefined
          ? ''
          : JSON.stringify(response)
        : [reason, clause].filter(Boolean).join(' '),
    ]),
    { ...width(around), keep: [0] },
  );

/** Starts a job, shows how far it is, and what became of each station; exit code 9 unless all of them did it. */
export async function runBulk(
  body: object,
  flags: Omit<Listed, 'wait'> & { readonly wait: boolean },
  around: ApiSurroundings & { readonly environment: Environment },
): Promise<void> {
  const { environment, write, progress } = around;
  const client = new ApiClient(flags, environment);
  let job = oneOf(Bulk, (await client.request('POST', '/bulk', { body })).body);
  if (!flags.wait) return write(flags.json ? line(job) : `The job ${job.bulkId} runs: busbar bulk show ${job.bulkId}\n`);
  while (job.state === 'running') {
    progress?.(`\r${bar(job)}`);
    await pause(LOOK_MS);
    job = oneOf(Bulk, (await client.request('GET', `/bulk/${part(job.bulkId)}`)).body);
  }
  progress?.(`\r${bar(job)}\n`);
  const items = await itemsOf(client, job.bulkId);
  write(flags.json ? line({ ...job, stations: items }) : itemTable(items, around));
  if (job.counts.done < job.total)
    throw new BusbarError(job.counts.refused > 0 ? 'call-refused' : 'no-answer', `Not every station did it: ${countsText(job)}.`);
}

export function bar({ total, counts }: Pick<Job, 'total' | 'counts'>): string {
  const ended = total - counts.waiting - counts.underWay;
  const filled = total === 0 ? BAR : Math.floor((ended * BAR) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${ended} of ${total}, ${counts.underWay} under way `;
}
