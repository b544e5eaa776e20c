import { timingSafeEqual } from 'node:crypto';
import { type StationVerb, stationControlRoutes, stationVerbs } from '@busbar/api';
import { BusbarError, ERRORS, type Log, type Secret } from '@busbar/runtime';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import type { TraceRing } from './trace-ring.ts';
import { type Controlled, VERBS } from './verbs.ts';

export interface ControlledStation extends Controlled {
  readonly trace: TraceRing;
}

/** Where the stations of this process are. Making and removing them is the process's business. */
export interface StationSet {
  get(id: string): ControlledStation | undefined;
  ids(): readonly string[];
  create?(spec: Static<typeof stationControlRoutes.create.body>): Promise<ControlledStation>;
  remove?(id: string): Promise<void>;
}

export interface ControlOptions {
  readonly stations: StationSet;
  readonly token: Secret;
  readonly log: Log;
  readonly port: number;
  /** Loopback unless told otherwise. */
  readonly host?: string;
}

/** The hands of a laboratory over HTTP: what Part 6 calls manual actions. */
export async function startControl(options: ControlOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const app = fastify({ logger: false, bodyLimit: 64 << 10, return503OnClosing: true });
  app.addHook('onRequest', async (request, reply) => {
    if (!mayPass(request, options.token)) await reply.code(401).send({ code: 'unauthorized', reason: ERRORS.unauthorized.sentence });
  });
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof BusbarError ? error : undefined;
    const code = known?.code ?? 'invalid-request';
    if (!known) options.log.warn('control request failed', { error });
    return reply.code(ERRORS[code].http).send({ code, reason: known?.message ?? ERRORS[code].sentence });
  });
  routes(app, options.stations);
  await app.listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  const address = app.server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : options.port, close: () => app.close() };
}

function mayPass(request: FastifyRequest, token: Secret): boolean {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const [a, b] = [Buffer.from(given), Buffer.from(token.reveal())];
  return a.length === b.length && timingSafeEqual(a, b);
}

const isVerb = (name: string): name is StationVerb => Object.hasOwn(stationVerbs, name);

function routes(app: FastifyInstance, stations: StationSet): void {
  app.get('/v1/stations', () => ({ stations: stations.ids() }));
  app.post('/v1/stations', async (request, reply) => {
    if (!stations.create) return conflict(reply, 'not-applicable', 'this process makes no stations');
    if (!Value.Check(stationControlRoutes.create.body, request.body)) return invalid(reply);
    if (stations.get(request.body.id)) return conflict(reply, 'station-exists', ERRORS['station-exists'].sentence);
    return facts(await stations.create(request.body));
  });
  app.get<{ Params: { id: string } }>('/v1/stations/:id', ({ params }) => facts(found(stations, params.id)));
  app.get<{ Params: { id: string }; Querystring: { after?: string } }>('/v1/stations/:id/trace', ({ params, query }) => ({
    events: found(stations, params.id).trace.after(Number(query.after ?? 0)),
  }));
  app.delete<{ Params: { id: string } }>('/v1/stations/:id', async ({ params }, reply) => {
    found(stations, params.id);
    if (!stations.remove) return conflict(reply, 'not-applicable', 'this process removes no stations');
    await stations.remove(params.id);
    return { removed: params.id };
  });
  app.post<{ Params: { id: string; verb: string } }>('/v1/stations/:id/:verb', async ({ params, body }, reply) => {
    const controlled = found(stations, params.id);
    if (!isVerb(params.verb)) throw new BusbarError('not-found', `no verb ${params.verb.slice(0, 50)}`);
    const outcome = await perform(params.verb, body, controlled);
    if (outcome === 'invalid') return invalid(reply);
    if (outcome !== 'done') return conflict(reply, outcome.code, outcome.reason);
    await controlled.station.settled();
    return facts(controlled);
  });
}

/** An EVSE or connector that does not exist is no bug of ours. */
async function perform(verb: StationVerb, body: unknown, controlled: Controlled): ReturnType<(typeof VERBS)[StationVerb]> {
  try {
    return await VERBS[verb](body ?? {}, controlled);
  } catch (error) {
    if (error instanceof RangeError) return { code: 'not-applicable', reason: error.message };
    throw error;
  }
}

function found(stations: StationSet, id: string): ControlledStation {
  const station = stations.get(id);
  if (!station) throw new BusbarError('station-unknown');
  return station;
}

const invalid = (reply: FastifyReply): FastifyReply =>
  reply.code(422).send({ code: 'invalid-request', reason: ERRORS['invalid-request'].sentence });
const conflict = (reply: FastifyReply, code: string, reason: string): FastifyReply => reply.code(409).send({ code, reason });

const facts = ({ station, hardware }: Controlled) => ({
  facts: { ...station.facts(), hardware: hardware.facts(), mainMeterMWh: hardware.readMeter(0).importMWh },
});
