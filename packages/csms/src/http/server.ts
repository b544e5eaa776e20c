import { randomBytes } from 'node:crypto';
import { openApi } from '@busbar/api';
import { BusbarError, limits, VERSION } from '@busbar/runtime';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Csms } from '../csms.ts';
import { PeopleUseCases } from '../people/people-use-cases.ts';
import { UseCases } from '../use-cases.ts';
import { AccessControl } from './access.ts';
import { useAudit } from './audit-hook.ts';
import { registerCommands } from './command-routes.ts';
import { open, typed } from './contract.ts';
import { setCookie } from './cookies.ts';
import { registerFiles } from './file-routes.ts';
import { guard } from './guard.ts';
import { metrics } from './metrics.ts';
import { OidcDoor, type OidcOptions } from './oidc.ts';
import { registerPeople } from './people-routes.ts';
import { useProblems } from './problems.ts';
import { registerSecurity } from './security-routes.ts';
import { registerSession } from './session-routes.ts';
import { registerStations } from './station-routes.ts';
import { registerTariffs } from './tariff-routes.ts';
import { registerTransactions } from './transaction-routes.ts';

export interface HttpOptions {
  readonly csms: Csms;
  /** The live page, with BUSBAR_NONCE where each answer gets a fresh one. */
  readonly page: string;
  /** Host headers that are answered besides loopback names: the public URL's. */
  readonly hosts: readonly string[];
  readonly trustProxy: boolean;
  /** Under which people reach page and API; else what the request says. */
  readonly publicUrl?: string;
  readonly oidc?: OidcOptions;
}

export interface HttpServer {
  readonly app: FastifyInstance;
  readonly access: AccessControl;
  readonly useCases: UseCases;
  readonly people: PeopleUseCases;
  /** Clients that follow the event stream now. */
  readonly followers: number;
  close(): Promise<void>;
}

export async function createHttpServer({ csms, page, hosts, trustProxy, publicUrl, oidc }: HttpOptions): Promise<HttpServer> {
  const { kernel } = csms;
  const app = fastify({
    bodyLimit: limits.httpBodyBytes,
    trustProxy,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false } },
    routerOptions: { maxParamLength: 300 },
  });
  const access = new AccessControl(kernel);
  const useCases = new UseCases(csms);
  const people = new PeopleUseCases(csms);
  const streams = new Set<FastifyReply>();
  const description = openApi(VERSION);
  useProblems(app, (error, url) => kernel.log.error('request failed', { url, error }));
  guard(app, kernel, access, hosts);
  useAudit(app, kernel);
  registerStations(typed(app), useCases, access);
  registerSecurity(typed(app), useCases, access);
  registerTransactions(typed(app), useCases, access);
  registerCommands(typed(app), useCases, access, streams);
  registerTariffs(typed(app), useCases, access);
  registerFiles(typed(app), useCases, access);
  registerPeople(typed(app), kernel, people);
  registerSession(typed(app), { kernel, access, people, oidc: oidc && new OidcDoor(kernel, oidc, publicUrl) });
  registerPage(app, access, page);
  app.get('/api/openapi.json', open('anyone'), async () => description);
  app.get('/health/live', open('anyone'), async () => ({ status: 'ok' }));
  app.get('/health/ready', open('anyone'), async (_request, reply) => {
    const ready = kernel.queue.healthy;
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'store-unavailable', queue: kernel.queue.depth });
  });
  app.get('/metrics', open('viewer'), async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(metrics(kernel, streams.size)),
  );
  await app.ready();
  return {
    app,
    access,
    useCases,
    people,
    get followers() {
      return streams.size;
    },
    close: async () => {
      for (const reply of streams) reply.raw.end();
      await app.close();
    },
  };
}

/** The live page. With a ticket it becomes a cookie and the ticket disappears from the address. */
function registerPage(app: FastifyInstance, access: AccessControl, page: string): void {
  app.get<{ Querystring: { ticket?: string } }>('/', open('anyone'), async (request, reply) => {
    const { ticket } = request.query;
    if (ticket !== undefined) {
      const cookie = access.redeem(ticket);
      if (cookie === undefined)
        throw new BusbarError('unauthorized', 'This ticket was used or is too old. Restart with npm start, or use an API key.');
      return reply.header('set-cookie', setCookie(request, cookie)).redirect('/', 303);
    }
    if (request.access === undefined) throw new BusbarError('unauthorized', 'Open the address with the ticket that `npm start` prints.');
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
