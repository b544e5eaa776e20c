import { Type } from 'typebox';
import { bulkRoutes } from './csms-bulk.ts';
import { commandRoutes } from './csms-commands.ts';
import { fileRoutes } from './csms-files.ts';
import { fleetRoutes } from './csms-fleet.ts';
import { messageRoutes } from './csms-messages.ts';
import { peopleRoutes } from './csms-people.ts';
import { schemaRoutes } from './csms-schemas.ts';
import { securityRoutes } from './csms-security.ts';
import { stationRoutes } from './csms-stations.ts';
import { tariffRoutes } from './csms-tariffs.ts';
import { templateRoutes } from './csms-templates.ts';
import { importRoutes } from './csms-token-import.ts';
import { tokenRoutes } from './csms-tokens.ts';
import { transactionRoutes } from './csms-transactions.ts';
import { virtualRoutes } from './csms-virtual.ts';
import { webhookRoutes } from './csms-webhooks.ts';
import { Id } from './fields.ts';
import type { Route } from './route.ts';

/** Everything below /api/v1. */
export const routes = {
  ...stationRoutes,
  ...securityRoutes,
  ...commandRoutes,
  ...transactionRoutes,
  ...tokenRoutes,
  ...fileRoutes,
  ...fleetRoutes,
  ...tariffRoutes,
  ...peopleRoutes,
  ...schemaRoutes,
  ...messageRoutes,
  ...bulkRoutes,
  ...webhookRoutes,
  ...virtualRoutes,
  ...templateRoutes,
  ...importRoutes,
  events: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/events',
    summary:
      'What happens, live (server-sent events; resumes by Last-Event-ID). topics: kinds of events; fleet and incidents, the two lists of those names as they change; messages, whose frames are new, once a second',
    query: Type.Object({
      stationId: Type.Optional(Id),
      topics: Type.Optional(Type.String({ maxLength: 300, description: 'separated by commas; every kind of event when left out' })),
    }),
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
