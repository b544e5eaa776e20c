import { mayAs, type Route, routes } from '@busbar/api';
import { BusbarError, isRecord } from '@busbar/runtime';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Kernel } from '../kernel.ts';
import { unknownStation } from '../stations.ts';
import type { Access, AccessControl } from './access.ts';
import type { Rule } from './contract.ts';

/**
 * Before any route: a Host we know (a page elsewhere cannot rebind its name to us; probes and scrapers come by addresses), and somebody who may, as the route's
 * contract says. A route that says nothing cannot be registered: the start fails.
 */
export function guard(app: FastifyInstance, kernel: Kernel, access: AccessControl, hosts: readonly string[]): void {
  const known = new Set(['127.0.0.1', 'localhost', '[::1]', ...hosts]);
  app.decorateRequest('access', undefined);
  app.decorateRequest('refused', undefined);
  app.addHook('onRoute', needRule);
  app.addHook('onRequest', async (request) => {
    const rule = ruleOf(request);
    if (rule?.anyHost !== true && !known.has(request.hostname.replace(/:\d+$/, '')))
      throw new BusbarError(
        'forbidden',
        `This server does not answer for the host ${request.hostname}. Set --public-http-url to the name people use.`,
      );
    const who = access.of(request);
    request.access = who;
    if (rule?.role === 'anyone') return;
    if (who === undefined)
      throw new BusbarError(
        'unauthorized',
        'Sign in, or send Authorization: Bearer KEY. The first key lies in the data folder, file api-key.',
      );
    if (who.kind !== 'key') fromOurPage(request);
    if (rule !== undefined) mayUse(kernel, request, who, { ...rule, role: rule.role });
  });
}

/** Undefined where there is no route: that is answered 404, to those who are known. */
const ruleOf = (request: FastifyRequest): Rule | undefined => (request.is404 ? undefined : request.routeOptions.config.rule);

function needRule({ url, method, config }: RouteOptions & { readonly path?: string }): void {
  const rule = config?.rule;
  const refuse = (why: string): never => {
    throw new BusbarError('internal', `${String(method)} ${url} ${why}: nobody could say who may use it.`);
  };
  if (rule === undefined) return refuse('has no contract');
  if (!url.startsWith('/api/v1')) return;
  if (rule.name === undefined) return refuse('has no contract');
  const route: Route = routes[rule.name];
  const methods = [method].flat();
  const own = route.method === 'GET' ? ['GET', 'HEAD'] : [route.method];
  if (url !== `/api/v1${route.path}` || methods.some((one) => !own.includes(one))) refuse(`is not what the contract ${rule.name} says`);
}

const READS = new Set(['GET', 'HEAD']);

/** A cookie goes along with whatever a browser sends: what changes something must come from a page of ours. */
function fromOurPage(request: FastifyRequest): void {
  if (READS.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin') return;
  if (site === undefined && originOf(request) === request.host) return;
  throw new BusbarError(
    'forbidden',
    'With a cookie, a request that changes something comes from a page of this server only. Use an API key.',
  );
}

function originOf({ headers: { origin } }: FastifyRequest): string | undefined {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** The role first, then the site: a station of another site is as unknown as one that does not exist. */
function mayUse(
  kernel: Kernel,
  request: FastifyRequest,
  who: Access,
  rule: Rule & { readonly role: Exclude<Rule['role'], 'anyone'> },
): void {
  if (!mayAs(who.role, rule.role))
    throw new BusbarError(
      'forbidden',
      `This needs the role ${rule.role}; yours is ${who.role}. Ask somebody who is ${rule.role} for this site.`,
      { fields: { needs: rule.role } },
    );
  if (who.sites === undefined) return;
  const stationId = isRecord(request.params) ? request.params['stationId'] : undefined;
  if (typeof stationId === 'string') {
    const site = kernel.stations.get(stationId)?.record.site;
    if (site === undefined || !who.sites.has(site)) throw unknownStation(stationId);
    return;
  }
  if (!rule.perSite)
    throw new BusbarError(
      'forbidden',
      `This is about all sites; you may see ${who.sites.size === 1 ? 'one' : who.sites.size} of them. Ask somebody who may see all.`,
      {
        fields: { needs: 'all sites' },
      },
    );
}
