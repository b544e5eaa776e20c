import { Readable } from 'node:stream';
import type { Direction, OcppVersion } from '@busbar/protocol';
import { limits } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readFrames } from '../message-import.ts';
import type { LoggedMessage, MessageFilter } from '../message-log.ts';
import { completed, isUnanswered, joined, type MessagePair, pairView, type VersionOf } from '../message-pairs.ts';
import type { UseCases } from '../use-cases.ts';
import { contract, type Typed } from './contract.ts';
import { given, instantOf, nextLink, readCursor, sitesOf } from './list.ts';
import { sightOf } from './sight.ts';
import { messageView } from './views.ts';

interface MessageQuery {
  readonly stationId?: string;
  readonly before?: string;
  readonly since?: string;
  readonly action?: string;
  readonly messageId?: string;
  readonly q?: string;
  readonly direction?: Direction;
  readonly errors?: boolean;
  readonly only?: 'violations' | 'unanswered';
  readonly view?: 'frames' | 'pairs';
  readonly format?: 'json' | 'jsonl';
  readonly cursor?: string;
  readonly limit?: number;
}

/** The raw frames of all links: one by one, in pairs, as a file; and the same view of a file that somebody brings. */
export function registerMessages(app: Typed, useCases: UseCases): void {
  const { kernel } = useCases;
  const versionOf: VersionOf = (stationId) => {
    const station = stationId === null ? undefined : kernel.stations.get(stationId);
    const version = station?.session?.version ?? station?.record.version;
    return version === 'ocpp2.1' || version === 'ocpp2.0.1' ? version : undefined;
  };
  app.get<{ Querystring: MessageQuery }>(contract('messages').url, contract('messages').options, async (request, reply) => {
    const { query } = request;
    if (query.stationId !== undefined) sightOf(kernel, request).mayName(query.stationId);
    const filter = { ...filterOf(query), ...given('stationIds', stationsOf(useCases, sitesOf(request))) };
    if (query.format === 'jsonl')
      return reply
        .header('content-disposition', 'attachment; filename="messages.jsonl"')
        .header('x-content-type-options', 'nosniff')
        .type('application/x-ndjson; charset=utf-8')
        .send(Readable.from(exported(useCases, filter)));
    return query.view === 'pairs' ? pairs(useCases, filter, request, reply, versionOf) : frames(useCases, filter, request, reply);
  });
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'string', bodyLimit: limits.importBytes }, (_request, body, done) =>
    done(null, body),
  );
  app.post<{ Querystring: { version?: OcppVersion }; Body: unknown }>(
    contract('importMessages').url,
    { ...contract('importMessages').options, bodyLimit: limits.importBytes },
    async ({ body, query }) => {
      const halves = joined(readFrames(typeof body === 'string' ? body : ''));
      return Promise.all(halves.map((half) => pairView(half, () => query.version)));
    },
  );
}

type AskedMessages = FastifyRequest<{ Querystring: MessageQuery }>;

type Wanted = Omit<MessageFilter, 'limit'>;

/** The stations of some sites; undefined = all there are. */
const stationsOf = ({ kernel }: UseCases, sites: readonly number[] | undefined): readonly string[] | undefined =>
  sites === undefined
    ? undefined
    : kernel.stations
        .all()
        .filter(({ record }) => sites.includes(record.site))
        .map(({ record }) => record.identity);

/** Where a page ends: a time, and how many frames of that very time were on it. */
interface Place {
  readonly at: number;
  readonly seen: number;
}

const filterOf = (query: MessageQuery): Wanted => ({
  ...given('stationId', query.stationId),
  ...given('before', instantOf('/before', query.before)),
  ...given('since', instantOf('/since', query.since)),
  ...given('action', query.action),
  ...given('messageId', query.messageId),
  ...given('text', query.q),
  ...given('direction', query.direction),
  ...(query.errors === true ? { errors: true as const } : {}),
});

/** Newest first, from the place on; and the place where the next page begins. */
async function page({ kernel }: UseCases, filter: Wanted, from: Place | undefined, limit: number) {
  const found = await kernel.messages.query({
    ...filter,
    ...(from === undefined ? {} : { before: from.at + 1 }),
    limit: limit + (from?.seen ?? 0),
  });
  const messages = from === undefined ? found : found.slice(Math.min(from.seen, found.filter(({ at }) => at === from.at).length));
  const last = messages.at(-1);
  if (last === undefined || messages.length < limit) return { messages, next: undefined };
  const same = messages.filter(({ at }) => at === last.at).length;
  return { messages, next: { at: last.at, seen: same + (from?.at === last.at ? from.seen : 0) } };
}

function placeOf({ cursor }: MessageQuery): Place | undefined {
  const read = readCursor(cursor, ['number', 'number']);
  return read === undefined ? undefined : { at: Number(read[0]), seen: Math.min(limits.pageSize, Math.max(0, Number(read[1]))) };
}

async function frames(useCases: UseCases, filter: Wanted, request: AskedMessages, reply: FastifyReply): Promise<FastifyReply> {
  const { query } = request;
  const { messages, next } = await page(useCases, filter, placeOf(query), query.limit ?? 100);
  if (next !== undefined) reply.header('link', nextLink(request.url, [next.at, next.seen]));
  return reply.send(messages.map(messageView));
}

async function pairs(
  useCases: UseCases,
  filter: Wanted,
  request: AskedMessages,
  reply: FastifyReply,
  versionOf: VersionOf,
): Promise<FastifyReply> {
  const { only, limit = 100, ...query } = request.query;
  const look = async (from: Place | undefined) => {
    const { messages, next } = await page(useCases, { ...filter, pairs: true }, from, only === undefined ? 2 * limit : SEARCHED_AT_ONCE);
    const halves = (await completed(joined(messages.toReversed()), (wanted) => useCases.kernel.messages.query(wanted))).toReversed();
    const meant = only === 'unanswered' ? halves.filter(isUnanswered) : halves;
    const views = await Promise.all(meant.map((half) => pairView(half, versionOf)));
    return { views: only === 'violations' ? views.filter(({ violations }) => violations.length > 0) : views, next };
  };
  const found: MessagePair[] = [];
  let from = placeOf(query);
  const looks = only === undefined ? 1 : limits.pairsSearched / SEARCHED_AT_ONCE;
  for (let n = 0; n < looks && found.length < limit; n += 1) {
    const { views, next } = await look(from);
    found.push(...views);
    from = next;
    if (from === undefined) break;
  }
  if (from !== undefined) reply.header('link', nextLink(request.url, [from.at, from.seen]));
  return reply.send(found);
}

/** Frames that are judged before anybody else has a turn. */
const SEARCHED_AT_ONCE = 400;

/** Frames as lines, newest first, page by page. */
async function* exported(useCases: UseCases, filter: Wanted): AsyncGenerator<string> {
  let from: Place | undefined;
  for (let count = 0; count < limits.messageExport; ) {
    const { messages, next } = await page(useCases, filter, from, Math.min(limits.pageSize, limits.messageExport - count));
    if (messages.length > 0) yield lines(messages);
    count += messages.length;
    if (next === undefined) return;
    from = next;
  }
}

const lines = (messages: readonly LoggedMessage[]): string =>
  messages.map((message) => `${JSON.stringify(messageView(message))}\n`).join('');
