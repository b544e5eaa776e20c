import { isAction, useCasesOf } from '@busbar/protocol';
import { ERRORS, formatInstant, isErrorCode } from '@busbar/runtime';
import type { FastifyRequest } from 'fastify';
import { type BulkAction, type BulkOptions, type BulkView, type BulkWish, nameOf, noBulk } from '../bulk.ts';
import type { BulkItemRecord } from '../store/bulk-intents.ts';
import type { UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { answerList, type Columns, sitesOf } from './list.ts';
import { type Sight, sightOf } from './sight.ts';

/** Stations that are shown with a job itself; the others are in their own list. */
const FIRST = 100;

type OfBulk = { Params: { bulkId: string } };
type Asked = Pick<FastifyRequest<OfBulk>, 'params' | 'access'>;

/** Jobs for many stations. */
export function registerBulk(app: Typed, useCases: UseCases): void {
  const { kernel, bulk } = useCases;
  /** Somebody's own job, or any for who sees all. */
  const job = async (request: Asked): Promise<BulkView> => {
    const found = await bulk.view(request.params.bulkId);
    if (!sightOf(kernel, request).job(found.bulk.actor)) throw noBulk(request.params.bulkId);
    return found;
  };
  const nameOfRow = (sight: Sight, row: number): string | null =>
    sight.row(row) ? (kernel.stations.byRow(row)?.record.identity ?? null) : null;
  app.post<{ Body: BulkWish }>(contract('startBulk').url, contract('startBulk').options, async (request, reply) =>
    reply.code(202).send(bulkView(await bulk.start(request.body, actorOf(request), sitesOf(request)))),
  );
  app.get(contract('listBulk').url, contract('listBulk').options, async (request, reply) =>
    answerList<ReturnType<typeof bulkView>>(request, reply, {
      name: 'bulk',
      cursor: ['string'],
      columns: BULK_COLUMNS,
      page: async (after, limit) => {
        const only = sightOf(kernel, request).all ? undefined : actorOf(request);
        const records = await kernel.read.bulks(limit, after === undefined ? undefined : String(after[0]), only);
        return Promise.all(
          records.map(async (record) => ({
            view: bulkView({ bulk: record, counts: await kernel.read.bulkCounts(record.id) }),
            cursor: [record.id],
          })),
        );
      },
    }),
  );
  app.get<OfBulk>(contract('getBulk').url, contract('getBulk').options, async (request) => {
    const view = bulkView(await job(request));
    const items = await kernel.read.bulkItems(view.bulkId, FIRST);
    const sight = sightOf(kernel, request);
    return { ...view, stations: items.map((item) => itemView(item, nameOfRow(sight, item.station))) };
  });
  app.get<OfBulk>(contract('bulkItems').url, contract('bulkItems').options, async (request, reply) => {
    const { bulk: record } = await job(request);
    const sight = sightOf(kernel, request);
    return answerList<ItemView>(request, reply, {
      name: 'bulk-stations',
      cursor: ['number', 'number'],
      columns: ITEM_COLUMNS,
      page: async (after, limit) =>
        (await kernel.read.bulkItems(record.id, limit, after === undefined ? undefined : [Number(after[0]), Number(after[1])])).map(
          (item) => ({
            view: itemView(item, nameOfRow(sight, item.station)),
            cursor: [item.rank, item.station],
          }),
        ),
    });
  });
  app.post<OfBulk>(contract('stopBulk').url, contract('stopBulk').options, async (request) => {
    const { bulk: record } = await job(request);
    return bulkView(await bulk.stop(record.id, actorOf(request)));
  });
}

export function bulkView({ bulk, counts }: BulkView) {
  const action: BulkAction = JSON.parse(bulk.action);
  const options: BulkOptions = JSON.parse(bulk.options);
  const message = action.kind === 'call' ? action.action : MESSAGES[action.kind];
  return {
    bulkId: bulk.id,
    action,
    useCases: isAction(message) ? useCasesOf(message) : [],
    state: bulk.state,
    total: bulk.total,
    counts,
    offline: options.offline,
    expiresAt: options.expiresAt === undefined ? null : formatInstant(options.expiresAt),
    atOnce: options.atOnce,
    actor: bulk.actor,
    createdAt: formatInstant(bulk.createdAt),
    endedAt: bulk.endedAt === null ? null : formatInstant(bulk.endedAt),
  };
}

const MESSAGES = {
  setVariables: 'SetVariables',
  applyVariables: 'SetVariables',
  reset: 'Reset',
  availability: 'ChangeAvailability',
  trigger: 'TriggerMessage',
  clearCache: 'ClearCache',
  baseReport: 'GetBaseReport',
} as const;

const BULK_COLUMNS: Columns<ReturnType<typeof bulkView>> = [
  ['bulkId', (job) => job.bulkId],
  ['action', (job) => nameOf(job.action)],
  ['state', (job) => job.state],
  ['total', (job) => job.total],
  ['done', (job) => job.counts.done],
  ['refused', (job) => job.counts.refused],
  ['failed', (job) => job.counts.failed],
  ['unknown', (job) => job.counts.unknown],
  ['waiting', (job) => job.counts.waiting],
  ['actor', (job) => job.actor],
  ['createdAt', (job) => job.createdAt],
  ['endedAt', (job) => job.endedAt],
];

function itemView({ state, command, reason, result, startedAt, endedAt }: BulkItemRecord, stationId: string | null) {
  return {
    stationId,
    state,
    commandId: command,
    reason,
    clause: clauseOf(reason),
    response: result === null ? null : JSON.parse(result),
    startedAt: startedAt === null ? null : formatInstant(startedAt),
    ms: startedAt === null || endedAt === null ? null : endedAt - startedAt,
  };
}
type ItemView = ReturnType<typeof itemView>;

/** Where a reason of our own has a clause behind it, or the station named one. */
function clauseOf(reason: string | null): string | null {
  const code = reason?.split(':')[0] ?? '';
  const known = isErrorCode(code) ? ERRORS[code] : undefined;
  if (known !== undefined && 'clause' in known) return known.clause;
  return /\b[A-S]\d\d\.FR\.\d+\b/.exec(reason ?? '')?.[0] ?? null;
}

const ITEM_COLUMNS: Columns<ItemView> = [
  ['stationId', (item) => item.stationId],
  ['state', (item) => item.state],
  ['reason', (item) => item.reason],
  ['clause', (item) => item.clause],
  ['ms', (item) => item.ms],
  ['commandId', (item) => item.commandId],
  ['startedAt', (item) => item.startedAt],
  ['response', (item) => (item.response === null ? null : JSON.stringify(item.response))],
];
