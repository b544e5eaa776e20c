import { randomBytes } from 'node:crypto';
import { openApi } from '@busbar/api';
import { BusbarError, limits, VERSION } from '@busbar/runtime';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Csms } from '../csms.ts';
import { UseCases } from '../use-cases.ts';
import { AccessControl } from './access.ts';
import { registerBulk } from './bulk-routes.ts';
import { registerCommands } from './command-routes.ts';
import { typed } from './contract.ts';
import { registerFiles } from './file-routes.ts';
import { registerForgetting } from './forget-routes.ts';
import { registerMessages } from './message-routes.ts';
import { metrics } from './metrics.ts';
import { useProblems } from './problems.ts';
import { registerSchemas } from './schema-routes.ts';
import { registerSecurity } from './security-routes.ts';
import { registerStations } from './station-routes.ts';
import { registerTariffs } from './tariff-routes.ts';
import { registerTransactions } from './transaction-routes.ts';
import { registerWebhooks } from './webhook-routes.ts';

export interface HttpOptions {
  readonly csms: Csms;
  /** The live page, with BUSBAR_NONCE where each answer gets a fresh one. */
  readonly page: string;
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

export async function createHttpServer({ csms, page, hosts, trustProxy }: HttpOptions): Promise<HttpServer> {
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
  const streams = new Set<FastifyReply>();
  const description = openApi(VERSION);
  useProblems(app, (error, url) => kernel.log.error('request failed', { url, error }));
  guard(app, access, hosts);
  registerStations(typed(app), useCases, access);
  registerSecurity(typed(app), useCases, access);
  registerTransactions(typed(app), useCases, access);
  registerCommands(typed(app), useCases, access, streams);
  registerTariffs(typed(app), useCases, access);
  registerFiles(typed(app), useCases, access);
  registerSchemas(typed(app));
  registerMessages(typed(app), useCases, access);
  registerBulk(typed(app), useCases, access);
  registerWebhooks(typed(app), useCases, access);
  registerForgetting(typed(app), useCases, access);
  registerPage(app, access, page);
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
      for (const reply of streams) reply.raw.end();
      await app.close();
    },
  };
}

const OPEN = ['/health/live', '/health/ready', '/api/openapi.json', '/'];

/** Before any route: a Host we know (a page elsewhere cannot rebind its name to us), and somebody who may. */
function guard(app: FastifyInstance, access: AccessControl, hosts: readonly string[]): void {
  const known = new Set(['127.0.0.1', 'localhost', '[::1]', ...hosts]);
  app.addHook('onRequest', async (request) => {
    if (!known.has(request.hostname.replace(/:\d+$/, '')))
      throw new BusbarError(
        'forbidden',
        `This server does not answer for the host ${request.hostname}. Set --public-http-url to the name people use.`,
      );
    if (OPEN.includes(request.url.split('?')[0] ?? '')) return;
    const who = access.of(request);
    if (who === undefined)
      throw new BusbarError('unauthorized', 'Send Authorization: Bearer KEY. The first key lies in the data folder, file api-key.');
    if (who.readOnly && request.method !== 'GET')
      throw new BusbarError('forbidden', 'The ticket of the start page may look, not touch. Use an API key.');
  });
}

/** The live page. With a ticket it becomes a cookie and the ticket disappears from the address. */
function registerPage(app: FastifyInstance, access: AccessControl, page: string): void {
  app.get<{ Querystring: { ticket?: string } }>('/', async (request, reply) => {
    const { ticket } = request.query;
    if (ticket !== undefined) {
      const cookie = access.redeem(ticket);
      if (cookie === undefined)
        throw new BusbarError('unauthorized', 'This ticket was used or is too old. Restart with npm start, or use an API key.');
      return reply.header('set-cookie', cookie).redirect('/', 303);
    }
    if (access.of(request) === undefined)
      throw new BusbarError('unauthorized', 'Open the address with the ticket that `npm start` prints.');
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header(
        'content-security-policy',
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      )
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page.replaceAll('BUSBAR_NONCE', nonce));
  });
}
