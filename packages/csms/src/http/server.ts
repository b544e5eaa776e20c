import { openApi } from '@busbar/api';
import { BusbarError, limits, VERSION } from '@busbar/runtime';
import fastify, { type FastifyInstance } from 'fastify';
import type { Csms } from '../csms.ts';
import { UseCases } from '../use-cases.ts';
import { AccessControl } from './access.ts';
import { registerCommands } from './command-routes.ts';
import { type ConsoleFiles, registerConsole } from './console.ts';
import { typed } from './contract.ts';
import { registerFiles } from './file-routes.ts';
import { registerFleet } from './fleet-routes.ts';
import { EventStreams } from './live-stream.ts';
import { metrics } from './metrics.ts';
import { useProblems } from './problems.ts';
import { registerSecurity } from './security-routes.ts';
import { registerStations } from './station-routes.ts';
import { registerTariffs } from './tariff-routes.ts';
import { registerTransactions } from './transaction-routes.ts';

export interface HttpOptions {
  readonly csms: Csms;
  readonly console: ConsoleFiles;
  /** Host headers that are answered besides loopback names: the public URL's. */
  readonly hosts: readonly string[];
  readonly trustProxy: boolean;
}

export interface HttpServer {
  readonly app: FastifyInstance;
  readonly access: AccessControl;
  readonly useCases: UseCases;
  /** Clients that follow the event stream now. */
  readonly followers: number;
  close(): Promise<void>;
}

export async function createHttpServer({ csms, console, hosts, trustProxy }: HttpOptions): Promise<HttpServer> {
  const { kernel } = csms;
  const app = fastify({
    bodyLimit: limits.httpBodyBytes,
    trustProxy,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false } },
    routerOptions: { maxParamLength: 300 },
  });
  const access = new AccessControl(kernel.clock, await kernel.read.apiKeys());
  const useCases = new UseCases(csms);
  const streams = new EventStreams(useCases);
  const description = openApi(VERSION);
  useProblems(app, (error, url) => kernel.log.error('request failed', { url, error }));
  guard(app, access, hosts);
  registerStations(typed(app), useCases, access);
  registerSecurity(typed(app), useCases, access);
  registerTransactions(typed(app), useCases, access);
  registerCommands(typed(app), useCases, access, streams);
  registerFleet(typed(app), useCases, access);
  registerTariffs(typed(app), useCases, access);
  registerFiles(typed(app), useCases, access);
  registerConsole(app, access, console);
  app.get('/api/openapi.json', async () => description);
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const ready = kernel.queue.healthy;
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'store-unavailable', queue: kernel.queue.depth });
  });
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(metrics(kernel, streams.size)));
  await app.ready();
  return {
    app,
    access,
    useCases,
    get followers() {
      return streams.size;
    },
    close: async () => {
      streams.close();
      await app.close();
    },
  };
}

/** Everything that tells something needs a sign-in; the page itself tells nothing. */
const isOpen = (path: string): boolean => !path.startsWith('/api/v1') && path !== '/metrics';

/** Before any route: a Host we know (a page elsewhere cannot rebind its name to us), and somebody who may. */
function guard(app: FastifyInstance, access: AccessControl, hosts: readonly string[]): void {
  const known = new Set(['127.0.0.1', 'localhost', '[::1]', ...hosts]);
  app.addHook('onRequest', async (request) => {
    if (!known.has(request.hostname.replace(/:\d+$/, '')))
      throw new BusbarError(
        'forbidden',
        `This server does not answer for the host ${request.hostname}. Set --public-http-url to the name people use.`,
      );
    if (isOpen(request.url.split('?')[0] ?? '')) return;
    const who = access.of(request);
    if (who === undefined)
      throw new BusbarError('unauthorized', 'Send Authorization: Bearer KEY. The first key lies in the data folder, file api-key.');
    if (who.readOnly && request.method !== 'GET')
      throw new BusbarError('forbidden', 'The ticket of the start page may look, not touch. Use an API key.');
  });
}
