import { type Route, type RouteName, routes } from '@busbar/api';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { AccessControl } from './access.ts';

export const typed = (app: FastifyInstance) => app.withTypeProvider<TypeBoxTypeProvider>();
export type Typed = ReturnType<typeof typed>;

/** The path and schema of a route, as Fastify wants them. What goes out is typed, not checked again: its serialisers would cost 10 MB. */
export function contract(name: RouteName): { url: string; options: RouteShorthandOptions } {
  const { path, params, query, body }: Route = routes[name];
  return {
    url: `/api/v1${path}`,
    options: {
      schema: {
        ...(params === undefined ? {} : { params }),
        ...(query === undefined ? {} : { querystring: query }),
        ...(body === undefined ? {} : { body }),
      },
    },
  };
}

export const actorOf = (access: AccessControl, request: FastifyRequest): string => access.of(request)?.actor ?? 'nobody';
