import { type Role, type Route, type RouteName, routes } from '@busbar/api';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Access } from './access.ts';

/** Who may use a route. Every route has one; the guard reads nothing else. */
export interface Rule {
  /** Of a contract; routes outside /api/v1 have none. */
  readonly name?: RouteName;
  readonly role: Role | 'anyone';
  readonly perSite: boolean;
  /** Answers under any name. For who is sent by an address that we do not know, such as a probe or Prometheus; no page may be such a route. */
  readonly anyHost?: true;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    rule?: Rule;
  }
  interface FastifyRequest {
    /** Who asks; filled by the guard. */
    access: Access | undefined;
    /** The code of the problem it was answered with. */
    refused: string | undefined;
  }
}

export const typed = (app: FastifyInstance) => app.withTypeProvider<TypeBoxTypeProvider>();
export type Typed = ReturnType<typeof typed>;

/** The path, schema and rule of a route, as Fastify wants them. What goes out is typed, not checked again: its serialisers would cost 10 MB. */
export function contract(name: RouteName): { url: string; options: RouteShorthandOptions } {
  const { path, params, query, body, role, perSite }: Route = routes[name];
  return {
    url: `/api/v1${path}`,
    options: {
      config: { rule: { name, role, perSite: perSite === true } },
      schema: {
        ...(params === undefined ? {} : { params }),
        ...(query === undefined ? {} : { querystring: query }),
        ...(body === undefined ? {} : { body }),
      },
    },
  };
}

/** For a route outside /api/v1. */
export const open = (role: Rule['role'], more: Pick<Rule, 'anyHost'> = {}): RouteShorthandOptions => ({
  config: { rule: { role, perSite: false, ...more } },
});

export const actorOf = (request: FastifyRequest): string => request.access?.actor ?? 'nobody';
