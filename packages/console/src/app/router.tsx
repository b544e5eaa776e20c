import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NothingHere } from './nothing-here.tsx';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NothingHere });

const overview = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/overview.tsx'), 'OverviewPage'),
});

/** What the address of a list may say; whatever else it says is left out. */
type Search<Name extends string> = { readonly [K in Name]?: string | undefined };

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const fleet = createRoute({
  getParentRoute: () => rootRoute,
  path: '/fleet',
  validateSearch: (search): Search<'q' | 'state' | 'site' | 'firmware' | 'sort'> => ({
    q: text(search['q']),
    state: text(search['state']),
    site: text(search['site']),
    firmware: text(search['firmware']),
    sort: text(search['sort']),
  }),
  component: lazyRouteComponent(() => import('../pages/fleet/fleet.tsx'), 'FleetPage'),
});

const addStation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/fleet/add',
  validateSearch: (search): Search<'id'> => ({ id: text(search['id']) }),
  component: lazyRouteComponent(() => import('../pages/add-station/add.tsx'), 'AddStationPage'),
});
const waiting = createRoute({
  getParentRoute: () => rootRoute,
  path: '/fleet/add/$stationId',
  component: lazyRouteComponent(() => import('../pages/add-station/waiting.tsx'), 'WaitingPage'),
});

const station = createRoute({
  getParentRoute: () => rootRoute,
  path: '/stations/$stationId',
  component: lazyRouteComponent(() => import('../pages/station/station.tsx'), 'StationPage'),
});
const stationNow = createRoute({
  getParentRoute: () => station,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/station/now.tsx'), 'NowSection'),
});
const stationSessions = createRoute({
  getParentRoute: () => station,
  path: '/sessions',
  component: lazyRouteComponent(() => import('../pages/sessions/sessions.tsx'), 'StationSessions'),
});

const map = createRoute({
  getParentRoute: () => rootRoute,
  path: '/map',
  component: lazyRouteComponent(() => import('../pages/map/map.tsx'), 'MapPage'),
});

const virtual = createRoute({
  getParentRoute: () => rootRoute,
  path: '/virtual',
  component: lazyRouteComponent(() => import('../pages/virtual/virtual.tsx'), 'VirtualPage'),
});

type MessageSearch = Search<'stationId' | 'direction' | 'action' | 'result' | 'since' | 'q'>;
const messageSearch = (search: Record<string, unknown>): MessageSearch => ({
  stationId: text(search['stationId']),
  direction: text(search['direction']),
  action: text(search['action']),
  result: text(search['result']),
  since: text(search['since']),
  q: text(search['q']),
});
const stationMessages = createRoute({
  getParentRoute: () => station,
  path: '/messages',
  validateSearch: messageSearch,
  component: lazyRouteComponent(() => import('../pages/messages/messages.tsx'), 'StationMessages'),
});
const messages = createRoute({
  getParentRoute: () => rootRoute,
  path: '/messages',
  validateSearch: messageSearch,
  component: lazyRouteComponent(() => import('../pages/messages/messages.tsx'), 'MessagesPage'),
});

/** Targets are ids separated by commas, or what a filter of the fleet means (`of`). */
const send = createRoute({
  getParentRoute: () => rootRoute,
  path: '/send',
  validateSearch: (search): Search<'stationId' | 'action' | 'version' | 'commandId' | 'of' | 'q' | 'state' | 'site' | 'firmware'> => ({
    stationId: text(search['stationId']),
    action: text(search['action']),
    version: text(search['version']),
    commandId: text(search['commandId']),
    of: text(search['of']),
    q: text(search['q']),
    state: text(search['state']),
    site: text(search['site']),
    firmware: text(search['firmware']),
  }),
  component: lazyRouteComponent(() => import('../pages/send/send.tsx'), 'SendPage'),
});

const stationConfiguration = createRoute({
  getParentRoute: () => station,
  path: '/configuration',
  validateSearch: (search): Search<'q' | 'variable' | 'template'> => ({
    q: text(search['q']),
    variable: text(search['variable']),
    template: text(search['template']),
  }),
  component: lazyRouteComponent(() => import('../pages/station/configuration.tsx'), 'ConfigurationSection'),
});
const stationAdmin = createRoute({
  getParentRoute: () => station,
  path: '/admin',
  component: lazyRouteComponent(() => import('../pages/station-admin/admin.tsx'), 'AdminSection'),
});

const configuration = createRoute({
  getParentRoute: () => rootRoute,
  path: '/configuration',
  validateSearch: (search): Search<'template' | 'site' | 'job'> => ({
    template: text(search['template']),
    site: text(search['site']),
    job: text(search['job']),
  }),
  component: lazyRouteComponent(() => import('../pages/configuration/templates.tsx'), 'TemplatesPage'),
});
const tokens = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tokens',
  validateSearch: (search): Search<'q' | 'group' | 'status'> => ({
    q: text(search['q']),
    group: text(search['group']),
    status: text(search['status']),
  }),
  component: lazyRouteComponent(() => import('../pages/tokens/tokens.tsx'), 'TokensPage'),
});
const certificates = createRoute({
  getParentRoute: () => rootRoute,
  path: '/certificates',
  validateSearch: (search): Search<'use' | 'state' | 'days' | 'roots'> => ({
    use: text(search['use']),
    state: text(search['state']),
    days: text(search['days']),
    roots: text(search['roots']),
  }),
  component: lazyRouteComponent(() => import('../pages/certificates/certificates.tsx'), 'CertificatesPage'),
});
const users = createRoute({
  getParentRoute: () => rootRoute,
  path: '/users',
  component: lazyRouteComponent(() => import('../pages/users/users.tsx'), 'UsersPage'),
});
const audit = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  validateSearch: (search): Search<'actor' | 'action' | 'target' | 'since' | 'until'> => ({
    actor: text(search['actor']),
    action: text(search['action']),
    target: text(search['target']),
    since: text(search['since']),
    until: text(search['until']),
  }),
  component: lazyRouteComponent(() => import('../pages/audit/audit.tsx'), 'AuditPage'),
});
const webhooks = createRoute({
  getParentRoute: () => rootRoute,
  path: '/webhooks',
  validateSearch: (search): Search<'webhook'> => ({ webhook: text(search['webhook']) }),
  component: lazyRouteComponent(() => import('../pages/webhooks/webhooks.tsx'), 'WebhooksPage'),
});
const settings = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('../pages/settings/settings.tsx'), 'SettingsPage'),
});

const apiDocs = createRoute({
  getParentRoute: () => rootRoute,
  path: '/api/docs',
  validateSearch: (search): Search<'operation' | 'q'> => ({ operation: text(search['operation']), q: text(search['q']) }),
  component: lazyRouteComponent(() => import('../pages/api-docs/api-docs.tsx'), 'ApiDocsPage'),
});

const sessions = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions',
  validateSearch: (search): Search<'stationId' | 'state' | 'bill'> => ({
    stationId: text(search['stationId']),
    state: text(search['state']),
    bill: text(search['bill']),
  }),
  component: lazyRouteComponent(() => import('../pages/sessions/sessions.tsx'), 'SessionsPage'),
});
const session = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions/$stationId/$transactionId',
  component: lazyRouteComponent(() => import('../pages/sessions/session.tsx'), 'SessionPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    overview,
    fleet,
    addStation,
    waiting,
    map,
    virtual,
    station.addChildren([stationNow, stationSessions, stationMessages, stationConfiguration, stationAdmin]),
    sessions,
    session,
    messages,
    send,
    configuration,
    tokens,
    certificates,
    users,
    audit,
    webhooks,
    settings,
    apiDocs,
  ]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
