import { BusbarError, limits, parseInstant } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CommandState, TokenInput } from '../store/intents.ts';
import type { CallView, UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { answerList, type Columns, given, instantOf, type Listing, sitesOf } from './list.ts';
import { type EventStreams, topicsOf } from './live-stream.ts';
import { type Sight, sightOf } from './sight.ts';
import { tokenView } from './views.ts';

/** The HTTP status of a command's state (Contracts): 200 answered or refused, 202 under way, 504 unknown, 409 not sent. */
export function statusOf({ state }: Pick<CallView, 'state'>): number {
  switch (state) {
    case 'answered':
    case 'refused':
      return 200;
    case 'queued':
    case 'sent':
      return 202;
    case 'unknown':
      return 504;
    case 'notSent':
      return 409;
  }
}

interface CallQuery {
  timeout?: number;
  wait?: number;
  mode?: string;
  offline?: 'refuse' | 'queue';
  expires?: number;
}

export function registerCommands(app: Typed, useCases: UseCases, streams: EventStreams): void {
  const { kernel } = useCases;
  const seen = async (sight: Sight, commandId: string): Promise<boolean> => {
    if (sight.all) return true;
    const command = await kernel.read.command(commandId);
    return command !== undefined && sight.row(command.station);
  };
  app.post<{ Params: { stationId: string; action: string }; Querystring: CallQuery; Body: Record<string, unknown> }>(
    contract('call').url,
    contract('call').options,
    async (request, reply) => {
      const { params, query, body } = request;
      const key = request.headers['idempotency-key'];
      const view = await useCases.call(params.stationId, params.action, body, {
        actor: actorOf(request),
        raw: query.mode === 'raw',
        offline: query.offline ?? 'refuse',
        ...(query.timeout === undefined ? {} : { timeoutMs: query.timeout * 1000 }),
        ...(query.wait === undefined ? {} : { waitMs: query.wait * 1000 }),
        ...(query.expires === undefined ? {} : { expiresS: query.expires }),
        ...(typeof key === 'string' ? { idempotencyKey: key } : {}),
      });
      return reply.code(statusOf(view)).send(view);
    },
  );
  registerCommandLists(app, useCases);
  app.get<{ Params: { commandId: string }; Querystring: { wait?: number } }>(
    contract('getCommand').url,
    contract('getCommand').options,
    async (request, reply) => {
      const { params, query } = request;
      if (!(await seen(sightOf(kernel, request), params.commandId))) throw new BusbarError('not-found', `No command ${params.commandId}.`);
      const view = await useCases.command(params.commandId, (query.wait ?? 0) * 1000);
      return reply.code(statusOf(view)).send(view);
    },
  );
  app.delete<{ Params: { commandId: string } }>(
    contract('cancelCommand').url,
    contract('cancelCommand').options,
    async (request, reply) => {
      const { commandId } = request.params;
      if (!(await seen(sightOf(kernel, request), commandId)) || !kernel.commands.cancel(commandId))
        throw new BusbarError('conflict', 'Only a command that was not sent yet can be taken back.');
      return reply.code(204).send();
    },
  );
  registerTokens(app, useCases);
  app.get<{ Querystring: { stationId?: string; topics?: string } }>(
    contract('events').url,
    contract('events').options,
    async (request, reply) => {
      if (streams.size >= limits.eventClients)
        throw new BusbarError('too-many-requests', `${limits.eventClients} clients follow the event stream already.`);
      const { stationId, topics } = request.query;
      await streams.open(request, reply, topicsOf(topics, stationId));
    },
  );
}

interface CommandQuery {
  readonly stationId?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly state?: CommandState;
  readonly origin?: 'person' | 'driver' | 'automation';
  readonly since?: string;
}

/** Of all stations, and of one: newest first. */
function registerCommandLists(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  const answer = async (request: FastifyRequest, reply: FastifyReply, stationId: string | undefined, query: CommandQuery) => {
    const { actor, action, state, origin } = query;
    const filter = {
      ...given('station', stationId === undefined ? undefined : sightOf(useCases.kernel, request).named(stationId)),
      ...given('sites', sitesOf(request)),
      ...given('actor', actor),
      ...given('action', action),
      ...given('state', state),
      ...given('origin', origin),
      ...given('since', instantOf('/since', query.since)),
    };
    const listing: Listing<CallView> = {
      name: 'commands',
      cursor: ['string'],
      columns: COMMAND_COLUMNS,
      page: async (after, limit) =>
        (await read.listCommands({ ...filter, limit, ...given('after', after === undefined ? undefined : String(after[0])) })).map(
          (record) => ({ view: useCases.commandView(record), cursor: [record.id] }),
        ),
    };
    return answerList(request, reply, listing);
  };
  app.get<{ Querystring: CommandQuery }>(contract('listCommands').url, contract('listCommands').options, async (request, reply) =>
    answer(request, reply, request.query.stationId, request.query),
  );
  app.get<{ Params: { stationId: string }; Querystring: CommandQuery }>(
    contract('stationCommands').url,
    contract('stationCommands').options,
    async (request, reply) => answer(request, reply, request.params.stationId, request.query),
  );
}

const COMMAND_COLUMNS: Columns<CallView> = [
  ['commandId', (command) => command.commandId],
  ['stationId', (command) => command.stationId],
  ['action', (command) => command.action],
  ['state', (command) => command.state],
  ['reason', (command) => command.reason ?? command.error?.description],
  ['errorCode', (command) => command.error?.code],
  ['origin', (command) => command.origin],
  ['actor', (command) => command.actor],
  ['createdAt', (command) => command.createdAt],
  ['sentAt', (command) => command.sentAt],
  ['endedAt', (command) => command.endedAt],
  ['request', (command) => JSON.stringify(command.request)],
  ['response', (command) => (command.response === undefined ? null : JSON.stringify(command.response))],
  ['transactionId', (command) => command.effect?.transactionId],
];

interface TokenQuery {
  readonly q?: string;
  readonly group?: string;
  readonly status?: string;
}
type TokenView = ReturnType<typeof tokenView>;
const TOKEN_COLUMNS: Columns<TokenView> = [
  ['type', (token) => token.type],
  ['idToken', (token) => token.idToken],
  ['status', (token) => token.status],
  ['group', (token) => token.groupIdToken?.idToken],
  ['groupType', (token) => token.groupIdToken?.type],
  ['validUntil', (token) => token.validUntil],
  ['cacheExpiryDateTime', (token) => token.cacheExpiryDateTime],
  ['chargingPriority', (token) => token.chargingPriority],
  ['language1', (token) => token.language1],
  ['language2', (token) => token.language2],
  ['evseId', (token) => token.evseId?.join(' ')],
  ['masterPass', (token) => token.masterPass],
];

type TokenBody = Omit<TokenInput, 'type' | 'idToken' | 'validUntil' | 'cacheExpiryDateTime'> & {
  validUntil?: string;
  cacheExpiryDateTime?: string;
};

function registerTokens(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  type OfToken = { Params: { type: string; idToken: string } };
  app.get<{ Querystring: TokenQuery }>(contract('listTokens').url, contract('listTokens').options, async (request, reply) => {
    const { q, group, status } = request.query;
    const listing: Listing<TokenView> = {
      name: 'tokens',
      cursor: ['string', 'string'],
      columns: TOKEN_COLUMNS,
      page: async (after, limit) =>
        (
          await read.listTokens({
            limit,
            ...given('part', q),
            ...given('group', group),
            ...given('status', status),
            ...given('after', after === undefined ? undefined : ([String(after[0]), String(after[1])] as const)),
          })
        ).map((token) => ({ view: tokenView(token), cursor: [token.type, token.idToken.toLowerCase()] })),
    };
    return answerList(request, reply, listing);
  });
  app.get<OfToken>(contract('getToken').url, contract('getToken').options, async ({ params }) => {
    const token = await read.token(params.type, params.idToken);
    if (token === undefined) throw new BusbarError('token-unknown', `No token ${params.idToken} of type ${params.type}.`);
    return tokenView(token);
  });
  app.put<OfToken & { Body: TokenBody }>(contract('putToken').url, contract('putToken').options, async (request) => {
    const { validUntil, cacheExpiryDateTime, ...body } = request.body;
    const token: TokenInput = {
      ...body,
      ...request.params,
      ...(validUntil === undefined ? {} : { validUntil: instant('/validUntil', validUntil) }),
      ...(cacheExpiryDateTime === undefined ? {} : { cacheExpiryDateTime: instant('/cacheExpiryDateTime', cacheExpiryDateTime) }),
    };
    await useCases.putToken(token, actorOf(request));
    return tokenView(token);
  });
  app.delete<OfToken>(contract('deleteToken').url, contract('deleteToken').options, async (request, reply) => {
    await useCases.deleteToken(request.params.type, request.params.idToken, actorOf(request));
    return reply.code(204).send();
  });
}

function instant(pointer: string, text: string): number {
  const at = parseInstant(text);
  if (Number.isNaN(at)) throw new BusbarError('invalid-request', `${pointer} is no RFC 3339 time.`, { fields: { pointer } });
  return at;
}
