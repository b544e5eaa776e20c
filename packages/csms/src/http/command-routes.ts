import { BusbarError, formatInstant, limits, parseInstant } from '@busbar/runtime';
import type { CommandRecord, TokenInput } from '../store/intents.ts';
import type { CallView, UseCases } from '../use-cases.ts';
import type { AccessControl } from './access.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { type EventStreams, topicsOf } from './live-stream.ts';
import { type Sight, sightOf } from './sight.ts';
import { messageView, tokenView } from './views.ts';

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

export function registerCommands(app: Typed, useCases: UseCases, access: AccessControl, streams: EventStreams): void {
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
        actor: actorOf(access, request),
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
  app.get<{ Params: { stationId: string }; Querystring: { limit?: number } }>(
    contract('stationCommands').url,
    contract('stationCommands').options,
    async ({ params, query }) =>
      (await kernel.read.commands(useCases.station(params.stationId).record.row, query.limit ?? 100)).map(commandView),
  );
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
  registerTokens(app, useCases, access);
  app.get<{ Querystring: { stationId?: string; before?: string; since?: string; action?: string; messageId?: string; limit?: number } }>(
    contract('messages').url,
    contract('messages').options,
    async (request) => {
      const { query } = request;
      const sight = sightOf(kernel, request);
      if (query.stationId !== undefined && !sight.all) sight.named(query.stationId);
      const messages = await kernel.messages.query({
        limit: query.limit ?? 100,
        ...(query.stationId === undefined ? {} : { stationId: query.stationId }),
        ...(query.stationId !== undefined || sight.all ? {} : { stationIds: sight.identities() }),
        ...(query.before === undefined ? {} : { before: parseInstant(query.before) }),
        ...(query.since === undefined ? {} : { since: parseInstant(query.since) }),
        ...(query.action === undefined ? {} : { action: query.action }),
        ...(query.messageId === undefined ? {} : { messageId: query.messageId }),
      });
      return messages.map(messageView);
    },
  );
  app.get<{ Querystring: { stationId?: string; topics?: string } }>(
    contract('events').url,
    contract('events').options,
    async (request, reply) => {
      if (streams.size >= limits.eventClients)
        throw new BusbarError('too-many-requests', `${limits.eventClients} clients follow the event stream already.`);
      const { stationId, topics } = request.query;
      await streams.open(request, reply, { ...topicsOf(topics), stationId });
    },
  );
}

type TokenBody = Omit<TokenInput, 'type' | 'idToken' | 'validUntil' | 'cacheExpiryDateTime'> & {
  validUntil?: string;
  cacheExpiryDateTime?: string;
};

function registerTokens(app: Typed, useCases: UseCases, access: AccessControl): void {
  const { read } = useCases.kernel;
  type OfToken = { Params: { type: string; idToken: string } };
  app.get<{ Querystring: { limit?: number } }>(contract('listTokens').url, contract('listTokens').options, async ({ query }) =>
    (await read.tokens(query.limit ?? 100)).map(tokenView),
  );
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
    await useCases.putToken(token, actorOf(access, request));
    return tokenView(token);
  });
  app.delete<OfToken>(contract('deleteToken').url, contract('deleteToken').options, async (request, reply) => {
    await useCases.deleteToken(request.params.type, request.params.idToken, actorOf(access, request));
    return reply.code(204).send();
  });
}

function instant(pointer: string, text: string): number {
  const at = parseInstant(text);
  if (Number.isNaN(at)) throw new BusbarError('invalid-request', `${pointer} is no RFC 3339 time.`, { fields: { pointer } });
  return at;
}

const time = (at: number | null): string | null => (at === null ? null : formatInstant(at));

const commandView = ({
  id,
  action,
  origin,
  actor,
  state,
  messageId,
  createdAt,
  sentAt,
  endedAt,
  request,
  result,
  effect,
}: CommandRecord) => ({
  commandId: id,
  action,
  origin,
  actor,
  state,
  messageId,
  createdAt: formatInstant(createdAt),
  sentAt: time(sentAt),
  endedAt: time(endedAt),
  request: JSON.parse(request),
  ...(result === null ? {} : { result: JSON.parse(result) }),
  ...(effect === null ? {} : { effect: JSON.parse(effect) }),
});
