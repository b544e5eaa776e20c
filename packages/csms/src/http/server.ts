import { openApi } from '@busbar/api';
import { limits, VERSION } from '@busbar/runtime';
import fastify, { type FastifyInstance } from 'fastify';
import type { Csms } from '../csms.ts';
import type { Kernel } from '../kernel.ts';
import { PeopleUseCases } from '../people/people-use-cases.ts';
import { UseCases } from '../use-cases.ts';
import { VirtualStations } from '../virtual-stations.ts';
import { AccessControl } from './access.ts';
import { useAudit } from './audit-hook.ts';
import { registerBulk } from './bulk-routes.ts';
import { registerCommands } from './command-routes.ts';
import { type ConsoleFiles, registerConsole } from './console.ts';
import { open, typed } from './contract.ts';
import { registerFiles } from './file-routes.ts';
import { registerFleet, type StationUrls } from './fleet-routes.ts';
import { registerForgetting } from './forget-routes.ts';
import { guard } from './guard.ts';
import { EventStreams } from './live-stream.ts';
import { registerMessages } from './message-routes.ts';
import { Metrics } from './metrics.ts';
import { OidcDoor, type OidcOptions } from './oidc.ts';
import { registerPeople } from './people-routes.ts';
import { useProblems } from './problems.ts';
import { registerSchemas } from './schema-routes.ts';
import { registerSecurity } from './security-routes.ts';
import { registerSession } from './session-routes.ts';
import { registerStations } from './station-routes.ts';
import { registerTariffs } from './tariff-routes.ts';
import { registerTemplates } from './template-routes.ts';
import { registerTokenImport } from './token-import-routes.ts';
import { registerTransactions } from './transaction-routes.ts';
import { registerVirtual } from './virtual-routes.ts';
import { registerWebhooks } from './webhook-routes.ts';

export interface HttpOptions {
  readonly csms: Csms;
  readonly console: ConsoleFiles;
  /** Host headers that are answered besides loopback names: the public URL's. */
  readonly hosts: readonly string[];
  readonly trustProxy: boolean;
  /** Under which people reach page and API; else what the request says. */
  readonly publicUrl?: string;
  readonly oidc?: OidcOptions;
  /** Known when everything listens. */
  readonly stationUrls?: () => StationUrls;
}

const nowhere = (): StationUrls => ({});

export interface HttpServer {
  readonly app: FastifyInstance;
  readonly access: AccessControl;
  readonly useCases: UseCases;
  readonly people: PeopleUseCases;
  readonly virtual: VirtualStations;
  /** Clients that follow the event stream now. */
  readonly followers: number;
  /** From now on `/health/ready` says 503, so that whoever sends people and scrapers here sends them elsewhere. */
  drain(): void;
  /** Ends the event streams, lets open requests finish for a while, then closes. */
  close(): Promise<void>;
}

export async function createHttpServer({
  csms,
  console,
  hosts,
  trustProxy,
  publicUrl,
  oidc,
  stationUrls = nowhere,
}: HttpOptions): Promise<HttpServer> {
  const { kernel } = csms;
  const app = fastify({
    bodyLimit: limits.httpBodyBytes,
    trustProxy,
    forceCloseConnections: 'idle',
    ajv: { customOptions: { removeAdditional: false } },
    routerOptions: { maxParamLength: 300 },
  });
  const access = new AccessControl(kernel);
  const useCases = new UseCases(csms);
  const people = new PeopleUseCases(csms);
  const virtual = new VirtualStations(useCases, kernel.extensions.virtualStations);
  const streams = new EventStreams(useCases, access);
  const metrics = new Metrics(kernel, () => streams.size);
  const drain = { under: false };
  const description = openApi(VERSION);
  useProblems(app, (error, url) => kernel.log.error('request failed', { url, error }));
  guard(app, kernel, access, hosts);
  useAudit(app, kernel);
  registerStations(typed(app), useCases);
  registerSecurity(typed(app), useCases);
  registerTransactions(typed(app), useCases);
  registerCommands(typed(app), useCases, streams);
  registerFleet(typed(app), useCases, stationUrls);
  registerTariffs(typed(app), useCases);
  registerFiles(typed(app), useCases);
  registerSchemas(typed(app));
  registerMessages(typed(app), useCases);
  registerBulk(typed(app), useCases);
  registerWebhooks(typed(app), useCases);
  registerVirtual(typed(app), useCases, virtual);
  registerTemplates(typed(app), useCases);
  registerTokenImport(typed(app), useCases);
  registerForgetting(typed(app), useCases);
  registerPeople(typed(app), kernel, people);
  registerSession(typed(app), { kernel, access, people, oidc: oidc && new OidcDoor(kernel, oidc, publicUrl) });
  registerConsole(app, access, console);
  app.get('/api/openapi.json', open('anyone'), async () => description);
  app.get('/health/live', open('anyone', { anyHost: true }), async () => ({ status: 'ok' }));
  app.get('/health/ready', open('anyone', { anyHost: true }), async (_request, reply) => {
    const status = drain.under ? 'draining' : kernel.queue.healthy ? 'ok' : 'store-unavailable';
    return reply.code(status === 'ok' ? 200 : 503).send({ status, queue: kernel.queue.depth });
  });
  app.get('/metrics', open('viewer', { anyHost: true }), async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await metrics.text(drain.under)),
  );
  await app.ready();
  let closing: Promise<void> | undefined;
  const closeHttp = async (): Promise<void> => {
    drain.under = true;
    streams.close();
    metrics.close();
    await closeDrained(app, kernel);
  };
  return {
    app,
    access,
    useCases,
    people,
    virtual,
    get followers() {
      return streams.size;
    },
    drain: () => {
      drain.under = true;
    },
    close: () => (closing ??= closeHttp()),
  };
}

const IDLE_MS = 50;

/** Nobody new gets in; who waits for an answer gets it, within a bound; a connection that is kept alive for more ends with its answer. */
async function closeDrained(app: FastifyInstance, { scope, log }: Kernel): Promise<void> {
  const idle = scope.every(IDLE_MS, 'idle connections', () => app.server.closeIdleConnections());
  const late = scope.after(limits.drainMs, 'open requests', () => {
    log.warn('requests that were still open are cut off', { afterMs: limits.drainMs });
    app.server.closeAllConnections();
  });
  try {
    await app.close();
  } finally {
    idle.cancel();
    late.cancel();
  }
}
