import { mayAs, ROLES, type Role, type Route, type RouteName, routes } from '@busbar/api';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { session } from '../testing/events.ts';
import { contract, open } from './contract.ts';
import { guard } from './guard.ts';
import { type Headers, type Method, TestHttp } from './testing/test-http.ts';

let http: TestHttp;
const as: Record<string, Headers> = {};
const LIMITED = 'operator of site 2';

beforeAll(async () => {
  http = await TestHttp.start();
  as['nobody'] = {};
  for (const role of ROLES) as[role] = (await http.person(`the-${role}`, role)).as;
  as['ticket'] = await http.ticket();
  as[LIMITED] = (await http.person('limited', 'operator', [2])).as;
}, 60_000);
afterAll(() => http.close());

const roleOf = (who: string): Role => ROLES.find((role) => role === who) ?? (who === LIMITED ? 'operator' : 'viewer');

type Verdict = 'passes' | '401' | '403 role' | '403 sites' | '404';

function expected({ role, path, perSite }: Route, who: string): Verdict {
  if (role === 'anyone') return 'passes';
  if (who === 'nobody') return '401';
  if (!mayAs(roleOf(who), role)) return '403 role';
  if (who !== LIMITED || path.includes(':stationId')) return who === LIMITED ? '404' : 'passes';
  return perSite === true ? 'passes' : '403 sites';
}

/** What a ticket and a key do not have: nobody is behind them whose settings or password it could be. */
const OF_PERSONS: readonly RouteName[] = ['putSettings', 'changeOwnPassword', 'ownSignIns', 'endOtherSignIns'];

/** A path that is right and about nothing that is there; but for the one who may not see S1. */
function urlOf(name: RouteName, { path }: Route, who: string): string {
  const values: Record<string, string> = {
    stationId: who === LIMITED ? 'S1' : 'NOBODY',
    requestId: '1',
    n: '1',
    firmwareId: '999',
    siteId: '999',
    kind: 'csms',
    hash: 'a'.repeat(64),
    scope: 'station',
    target: 'NOBODY',
    action: 'Reset',
  };
  const filled = path.replaceAll(/:(\w+)/g, (_, parameter: string) => values[parameter] ?? 'x-1');
  // A stream would not end: what does not fit its schema shows as well that the guard let it through.
  return `/api/v1${filled}${name === 'events' ? `?stationId=${'x'.repeat(49)}` : ''}`;
}

describe.each(Object.entries<Route>(routes))('%s', (named, route) => {
  const name = Object.keys(routes).find((known): known is RouteName => known === named) ?? 'events';
  test.each(['nobody', ...ROLES, 'ticket', LIMITED])('as %s', async (who) => {
    const headers = name === 'signOut' && who !== 'nobody' ? await fresh(who) : (as[who] ?? {});
    // A body that fits nothing: 422 is the schema's word, and comes after the guard.
    const body = route.body === undefined ? undefined : { '': 1 };
    const answer = await http.ask(route.method, urlOf(name, route, who), body, headers);
    const problem: { code?: string; needs?: string } = typeof answer.body === 'object' ? answer.body : {};
    switch (expected(route, who)) {
      case '401':
        return expect([answer.status, problem.code]).toEqual([401, 'unauthorized']);
      case '403 role':
        return expect([answer.status, problem.code, problem.needs]).toEqual([403, 'forbidden', route.role]);
      case '403 sites':
        return expect([answer.status, problem.code, problem.needs]).toEqual([403, 'forbidden', 'all sites']);
      case '404':
        return expect([answer.status, problem.code]).toEqual([404, 'station-unknown']);
      case 'passes':
        expect(answer.status).not.toBe(500);
        expect(problem.needs).toBeUndefined();
        if (route.role !== 'anyone' && !(who === 'ticket' && OF_PERSONS.includes(name))) expect([401, 403]).not.toContain(answer.status);
        if (route.body !== undefined && 'properties' in route.body) expect(answer.status).toBe(422);
    }
  });

  /** Signing out ends what it came with. */
  async function fresh(who: string): Promise<Headers> {
    if (who === 'ticket') return http.ticket();
    return (await http.person(`leaves-${who.replaceAll(' ', '-')}`, roleOf(who), who === LIMITED ? [2] : undefined)).as;
  }
});

describe('a person of site 2', () => {
  const reads = Object.entries<Route>(routes).filter(
    ([name, { method, path, role }]) =>
      method === 'GET' && path.startsWith('/stations/:stationId') && role !== 'anyone' && mayAs('operator', role) && name !== 'events',
  );
  test.each(reads)('%s answers for its own station', async (_, { path }) => {
    const url = `/api/v1${path.replace(':stationId', 'S2').replaceAll(/:\w+/g, '1')}`;
    const answer = await http.ask('GET', url, undefined, as[LIMITED]);
    expect(answer.status === 200 || answer.body.code === 'not-found').toBe(true);
  });

  test('lists hold what is of his sites', async () => {
    const list = async (path: string) => (await http.ask('GET', `/api/v1${path}`, undefined, as[LIMITED])).body;
    expect((await list('/stations')).map(({ id }: { id: string }) => id)).toEqual(['S2']);
    expect((await list('/sites')).map(({ id }: { id: number }) => id)).toEqual([2]);
    expect((await list('/transactions?stationId=S1')).code).toBe('station-unknown');
    expect((await list('/messages?stationId=S1')).code).toBe('station-unknown');
    expect((await list('/cdrs?stationId=S1')).code).toBe('station-unknown');
    expect(await list('/transactions')).toEqual([]);
  });

  test('what happened at other stations is in none of them, and what is asked by its id is not there', async () => {
    const { kernel } = http.csms;
    const [at, ids] = [kernel.clock.now(), { S1: '', S2: '' }];
    for (const id of ['S1', 'S2'] as const) {
      const station = http.server.useCases.station(id).record.row;
      const job = { kind: 'upgradeProfile', state: 'done', step: 'x', detail: '{}', actor: 'x', reason: null } as const;
      await kernel.queue.commit([
        ...session(3).map((request) => ({ k: 'txEvent', station, receivedAt: at, request }) as const),
        { k: 'securityEvent', station, at, receivedAt: at, type: `Of${id}`, critical: true, source: 'station' },
        { k: 'jobPut', job: { ...job, id: `job-${id}`, station, createdAt: at, updatedAt: at } },
      ]);
      kernel.messages.record(id, 'in', '[2,"1","Heartbeat",{}]');
      kernel.stations.refused({ at, stationId: id, remoteAddress: '10.0.0.1', status: 401, reason: 'x' });
      ids[id] = (await http.api('POST', `/stations/${id}/calls/Reset`, { type: 'OnIdle' })).body.commandId;
    }
    kernel.stations.refused({ at, stationId: 'STRANGER', remoteAddress: '10.0.0.1', status: 401, reason: 'x' });
    const get = async (path: string) => (await http.ask('GET', `/api/v1${path}`, undefined, as[LIMITED])).body;
    for (const path of ['/transactions', '/security-events', '/messages', '/refused-handshakes', '/cdrs'])
      expect([path, (await get(path)).map(({ stationId }: { stationId: string }) => stationId)]).toEqual([path, ['S2']]);
    for (const path of ['/transactions', '/security-events', '/messages', '/cdrs'])
      expect((await http.api('GET', path)).body).toHaveLength(2);
    expect((await get('/jobs/job-S2')).stationId).toBe('S2');
    expect((await get('/jobs/job-S1')).detail).toBe('No job job-S1.');
    expect(await get(`/commands/${ids.S2}`)).toMatchObject({ commandId: ids.S2 });
    expect((await get(`/commands/${ids.S1}`)).detail).toBe(`No command ${ids.S1}.`);
    const cancel = (id: string) => http.ask('DELETE', `/api/v1/commands/${id}`, undefined, as[LIMITED]);
    expect((await cancel(ids.S1)).body).toEqual((await cancel('no-such-command')).body);
  });

  test('moves no station to a site he does not see', async () => {
    const move = (site: number) => http.ask('PATCH', '/api/v1/stations/S2', { site }, as[LIMITED]);
    expect((await move(1)).status).toBe(403);
    expect((await move(2)).status).toBe(200);
  });
});

describe('a person of some sites', () => {
  const ask = async (who: Headers, method: Method, path: string, body?: unknown) =>
    (await http.ask(method, `/api/v1${path}`, body, who)).body;

  test('registers stations where he sees them, and nowhere else', async () => {
    const { as: one } = await http.person('of-one', 'installer', [2]);
    const { as: two } = await http.person('of-two', 'installer', [1, 2]);
    expect(await ask(one, 'POST', '/stations', { id: 'OWN-1' })).toMatchObject({ id: 'OWN-1', site: 2 });
    expect(await ask(one, 'POST', '/stations', { id: 'OWN-2', site: 1 })).toMatchObject({ code: 'forbidden' });
    expect(await ask(two, 'POST', '/stations', { id: 'OWN-2' })).toMatchObject({ code: 'invalid-request', pointer: '/site' });
    expect(await ask(two, 'POST', '/stations', { id: 'OWN-2', site: 1 })).toMatchObject({ site: 1 });
  });

  test('does the same with many of his stations, and sees his own jobs', async () => {
    const { as: own } = await http.person('of-south', 'installer', [2]);
    const { as: other } = await http.person('also-south', 'viewer', [2]);
    const action = { kind: 'clearCache' };
    expect(await ask(own, 'POST', '/bulk', { stations: ['S2', 'S1'], action })).toMatchObject({ code: 'station-unknown' });
    expect(await ask(own, 'POST', '/bulk', { filter: { site: 1 }, action })).toMatchObject({ detail: 'No station fits.' });
    const { bulkId } = await http.api('POST', '/bulk', { filter: {}, action }).then(({ body }) => body);
    const { bulkId: mine, total } = await ask(own, 'POST', '/bulk', { filter: { q: 'S' }, action: { ...action } });
    expect(total).toBe(1);
    expect((await ask(own, 'GET', '/bulk')).map((job: { bulkId: string }) => job.bulkId)).toEqual([mine]);
    expect(await ask(own, 'GET', `/bulk/${mine}`)).toMatchObject({ stations: [{ stationId: 'S2' }] });
    expect(await ask(own, 'GET', `/bulk/${mine}/stations`)).toMatchObject([{ stationId: 'S2' }]);
    for (const path of [`/bulk/${bulkId}`, `/bulk/${bulkId}/stations`])
      expect(await ask(own, 'GET', path)).toMatchObject({ code: 'not-found' });
    expect(await ask(own, 'POST', `/bulk/${bulkId}/stop`, {})).toMatchObject({ code: 'not-found' });
    expect(await ask(other, 'GET', '/bulk')).toEqual([]);
    expect((await http.api('GET', '/bulk')).body).toHaveLength(2);
  });
});

test('a person of some sites sees how his stations differ from a template, and tariffs of his sites', async () => {
  const { as: own } = await http.person('of-templates', 'operator', [2]);
  const get = async (who: Headers, path: string) => (await http.ask('GET', `/api/v1${path}`, undefined, who)).body;
  const variables = [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' }, attributeValue: '300' }];
  const { templateId } = (await http.api('POST', '/templates', { name: 'All', variables })).body;
  expect(await get(own, '/templates')).toMatchObject([{ templateId }]);
  const drift = await get(own, `/templates/${templateId}/drift?q=S`);
  expect(drift.map(({ stationId }: { stationId: string }) => stationId)).toEqual(['S2']);
  const fix = (body: unknown) => http.ask('POST', `/api/v1/templates/${templateId}/fix`, body, own);
  expect((await fix({ stations: ['S1'] })).body).toMatchObject({ code: 'station-unknown' });
  expect((await fix({})).body).toMatchObject({ code: 'conflict' });
  await http.api('PUT', '/tariffs/night', { name: 'Night', currency: 'EUR', periods: [{ perKWh: '0.3' }] });
  for (const target of ['site/1', 'site/2', 'station/S1', 'station/S2', 'group/CREW'])
    await http.api('PUT', `/tariff-assignments/${target}`, { tariff: 'night' });
  const seen = (await get(own, '/tariff-assignments')).map(({ scope, target }: { scope: string; target: string }) => `${scope}/${target}`);
  expect(seen.toSorted()).toEqual(['group/crew', 'site/2', 'station/S2']);
  expect(await get(own, '/tariffs')).toHaveLength(1);
});

test('what a refusal says: the role that is needed, and who has it', async () => {
  const { body } = await http.ask('DELETE', '/api/v1/stations/S1', undefined, as['installer']);
  expect(body.detail).toBe('This needs the role operator; yours is installer. Ask somebody who is operator for this site.');
});

describe('a route without a contract cannot be registered', () => {
  const app = () => {
    const bare = fastify();
    guard(bare, http.csms.kernel, http.server.access, []);
    return bare;
  };
  test.each([
    ['below /api/v1', (bare: ReturnType<typeof app>) => bare.get('/api/v1/secrets', async () => 'all of them')],
    ['elsewhere', (bare: ReturnType<typeof app>) => bare.get('/secrets', async () => 'all of them')],
    ['with a rule of its own', (bare: ReturnType<typeof app>) => bare.get('/api/v1/secrets', open('anyone'), async () => 'all of them')],
    ['under the name of another', (bare: ReturnType<typeof app>) => bare.get('/api/v1/x', contract('listStations').options, async () => 1)],
    [
      'with another method',
      (bare: ReturnType<typeof app>) => bare.delete(contract('listStations').url, contract('listStations').options, async () => 1),
    ],
  ])('%s', (_, register) => {
    expect(() => register(app())).toThrow(/nobody could say who may use it/);
  });
  test('and one that has it can', () => {
    expect(() => app().get(contract('listStations').url, contract('listStations').options, async () => [])).not.toThrow();
  });
});
