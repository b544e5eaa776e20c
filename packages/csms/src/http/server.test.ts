import { openApi, type Route, routes } from '@busbar/api';
import { makeIds, Secret, silentLog, VERSION } from '@busbar/runtime';
import { systemClock, systemRandom } from '@busbar/runtime/node';
import { seededRandom } from '@busbar/runtime/virtual';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCsms } from '../csms.ts';
import { hashPassword, inlineSlowHash } from '../passwords.ts';
import { DirectStore, memoryDatabase } from '../store/direct-store.ts';
import { event, session } from '../testing/events.ts';
import { TEST_CONFIG } from '../testing/test-csms.ts';
import { createHttpServer, type HttpServer, hashKey } from './index.ts';

const KEY = 'key-for-tests';
const CONSOLE = {
  page: '<meta name="nonce" content="BUSBAR_NONCE">',
  assets: new Map([['index-abc.js', Buffer.from('1;'.repeat(1000))]]),
};
const PEPPER = { id: 'p', key: new Uint8Array(32) };
let server: HttpServer;
let stop: () => Promise<void>;

beforeAll(async () => {
  const store = new DirectStore(memoryDatabase(), systemClock, () => 0);
  const csms = await createCsms({
    clock: systemClock,
    random: systemRandom,
    ids: makeIds(seededRandom(1), systemClock),
    log: silentLog,
    store,
    config: TEST_CONFIG,
    pepper: PEPPER,
    slowHash: inlineSlowHash,
  });
  await csms.kernel.queue.commit([{ k: 'apiKey', name: 'first', hash: hashKey(KEY), at: 0 }]);
  server = await createHttpServer({ csms, console: CONSOLE, hosts: [], trustProxy: false });
  stop = async () => {
    await server.close();
    await csms.close();
  };
});
afterAll(() => stop());

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
async function ask(method: Method, url: string, body?: unknown, headers: Record<string, string> = { authorization: `Bearer ${KEY}` }) {
  const answer = await server.app.inject({
    method,
    url,
    headers: { host: 'localhost', ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  return {
    status: answer.statusCode,
    body: answer.body === '' ? undefined : answer.headers['content-type']?.toString().includes('json') ? answer.json() : answer.body,
    headers: answer.headers,
  };
}
const api = (method: Method, path: string, body?: unknown) => ask(method, `/api/v1${path}`, body);

test('OpenAPI 3.1 names every route that is served, without a key', async () => {
  const { status, body } = await ask('GET', '/api/openapi.json', undefined, {});
  expect(status).toBe(200);
  expect(body).toEqual(JSON.parse(JSON.stringify(openApi(VERSION))));
  const unserved = Object.values(routes).filter(({ method, path }) => !server.app.hasRoute({ method, url: `/api/v1${path}` }));
  expect(unserved).toEqual([]);
});

describe('who may ask', () => {
  test.each(Object.values<Route>(routes).filter(({ role }) => role !== 'anyone'))('$method $path needs a key', async ({ method, path }) => {
    const url = `/api/v1${path.replace(/:\w+/g, '1')}`;
    expect((await ask(method, url, undefined, {})).status).toBe(401);
    expect((await ask(method, url, undefined, { authorization: 'Bearer wrong' })).body).toMatchObject({
      code: 'unauthorized',
      status: 401,
    });
  });

  test('a Host nobody told us of is refused: a page elsewhere cannot rebind its name to us', async () => {
    expect((await ask('GET', '/api/v1/stations', undefined, { host: 'evil.example', authorization: `Bearer ${KEY}` })).status).toBe(403);
  });

  test('a ticket works once, gives a cookie that looks and does not touch', async () => {
    const ticket = server.access.ticket();
    const first = await ask('GET', `/?ticket=${ticket}`, undefined, {});
    expect(first.status).toBe(303);
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await ask('GET', `/?ticket=${ticket}`, undefined, {})).status).toBe(401);
    expect((await ask('GET', '/api/v1/stations', undefined, { cookie })).status).toBe(200);
    expect((await ask('POST', '/api/v1/stations', { id: 'X' }, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(403);
    const page = await ask('GET', '/', undefined, { cookie });
    const nonce = /content="([^"]+)"/.exec(String(page.body))?.[1];
    expect(String(page.headers['content-security-policy'])).toContain(`'nonce-${nonce}'`);
    expect(nonce).not.toBe('BUSBAR_NONCE');
  });

  test('the console is for everybody to load, and tells nothing; addresses of its pages are the page', async () => {
    const html = { accept: 'text/html' };
    for (const url of ['/', '/fleet?state=Faulted', '/stations/HH-1/messages', '/api/docs', '/api/docs?operation=listStations']) {
      const page = await ask('GET', url, undefined, html);
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers['content-security-policy']).not.toMatch(/unsafe/);
    }
    expect((await ask('GET', '/fleet', undefined, {})).status).toBe(404);
    expect((await ask('GET', '/api/docs', undefined, {})).status).toBe(404);
    expect((await ask('GET', '/api/docsx', undefined, html)).status).toBe(404);
    expect((await ask('GET', '/api/nothing', undefined, html)).body).toMatchObject({ code: 'not-found' });
    expect((await ask('GET', '/api/v1/nothing', undefined, html)).body).toMatchObject({ code: 'not-found' });
    expect((await ask('GET', '/metrics/x', undefined, html)).status).toBe(404);
  });

  test('files of the console are those that were there at the start, compressed, for ever', async () => {
    const file = await ask('GET', '/assets/index-abc.js', undefined, { 'accept-encoding': 'gzip' });
    expect(file.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect((await ask('GET', '/assets/index-abc.js', undefined, {})).headers).not.toHaveProperty('content-encoding');
    for (const name of ['other.js', '..%2f..%2fpackage.json', '__proto__'])
      expect((await ask('GET', `/assets/${name}`, undefined, { accept: 'text/html' })).status).toBe(404);
  });

  test('metrics need a key, and tell what was stored, answered and how fast', async () => {
    expect((await ask('GET', '/metrics', undefined, {})).status).toBe(401);
    const text = String((await ask('GET', '/metrics')).body);
    expect(text).toMatch(/^busbar_stored_total [1-9]/m);
    expect(text).toMatch(/^busbar_commit_seconds_bucket\{le="\+Inf"\} [1-9]/m);
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) busbar_\w+ .+|busbar_\w+(\{\w+="[^"]+"(,\w+="[^"]+")*\})? [\d.e+-]+)$/);
  });

  test('health needs no key', async () => {
    expect((await ask('GET', '/health/live', undefined, {})).body).toEqual({ status: 'ok' });
    expect((await ask('GET', '/health/ready', undefined, {})).status).toBe(200);
  });
});

describe('stations', () => {
  test('are registered with a strong password that is shown once, found, changed, and removed', async () => {
    const created = await api('POST', '/stations', { id: 'HH-1', serialNumber: 'S1' });
    expect(created).toMatchObject({ status: 201, body: { id: 'HH-1', connected: false, approval: 'approved', connectors: [] } });
    expect(created.body.password).toMatch(/^\w{24}$/);
    expect((await api('GET', '/stations/HH-1')).body).not.toHaveProperty('password');
    expect((await api('POST', '/stations', { id: 'HH-1' })).body).toMatchObject({ code: 'station-exists', status: 409 });
    expect((await api('PATCH', '/stations/HH-1', { automations: { gapQuery: false } })).status).toBe(200);
    expect((await api('PUT', '/stations/HH-1/password', {})).body.password).not.toBe(created.body.password);
    expect((await api('DELETE', '/stations/HH-1')).status).toBe(204);
    expect((await api('GET', '/stations/HH-1')).body).toMatchObject({ code: 'station-unknown', status: 404 });
  });

  test.each([
    ['a short password', { id: 'X', password: 'short' }, 'A00.FR.205'],
    ['a slash in the id', { id: 'a/b' }, 'no slashes'],
    ['an unknown field', { id: 'X', colour: 'red' }, 'additional properties'],
    ['no id', {}, 'id'],
  ])('%s is refused with the reason', async (_what, body, reason) => {
    const answer = await api('POST', '/stations', body);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain(reason);
  });

  test('a body that is no JSON, or too large, is refused and harms nobody', async () => {
    expect(
      (await ask('POST', '/api/v1/stations', undefined, { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' })).status,
    ).toBe(400);
    const huge = await api('POST', '/stations', { id: 'x'.repeat(2 << 20) });
    expect(huge.body).toMatchObject({ code: 'too-large', status: 413 });
  });

  test('D3 leniencies are set by name, shown with the station, and unknown names are refused', async () => {
    await api('POST', '/stations', { id: 'HH-4' });
    expect((await api('GET', '/stations/HH-4/leniencies')).body).toEqual({ on: [], used: {} });
    const set = await api('PUT', '/stations/HH-4/leniencies', { on: ['overlongString', 'unknownProperty'] });
    expect(set.body).toEqual({ on: ['unknownProperty', 'overlongString'], used: {} });
    expect((await api('GET', '/stations/HH-4')).body.leniencies).toEqual(set.body);
    expect((await api('PUT', '/stations/HH-4/leniencies', { on: ['everything'] })).status).toBe(422);
    expect((await api('GET', '/audit')).body).toContainEqual(expect.objectContaining({ action: 'setLeniencies', target: 'HH-4' }));
  });

  test('lists of a station are empty, not errors, before it ever spoke', async () => {
    await api('POST', '/stations', { id: 'HH-2' });
    for (const list of ['connectors', 'connections', 'variables', 'notices', 'meter-values', 'commands', 'invalid-events'])
      expect((await api('GET', `/stations/HH-2/${list}`)).body).toEqual([]);
    expect((await api('GET', '/stations/HH-2/reports/5')).body).toEqual({ parts: 0, complete: false, rows: [] });
    expect((await api('POST', '/stations/HH-2/calls/ClearCache', {})).body).toMatchObject({ state: 'notSent', reason: 'not-connected' });
    expect((await api('POST', '/stations/HH-2/calls/Reset', { type: 'Softly' })).body).toMatchObject({
      code: 'invalid-request',
      pointer: '/type',
    });
    expect((await api('POST', '/stations/HH-2/calls/ClearCache?mode=raw', {})).body).toMatchObject({ code: 'test-mode-only' });
    expect((await api('PUT', '/stations/HH-2/test-mode', { automation: 'off' })).body).toMatchObject({
      code: 'test-mode-only',
      status: 403,
    });
  });
});

test("the event stream of one station tells its commands: action, state, nobody else's", async () => {
  await api('POST', '/stations', { id: 'HH-5' });
  await api('POST', '/stations', { id: 'HH-6' });
  const first = await api('POST', '/stations/HH-5/calls/ClearCache', {});
  await api('POST', '/stations/HH-6/calls/Reset', { type: 'OnIdle' });
  const answer = await server.app.inject({
    method: 'GET',
    url: '/api/v1/events?stationId=HH-5',
    headers: { host: 'localhost', authorization: `Bearer ${KEY}`, 'last-event-id': '0' },
    payloadAsStream: true,
  });
  const stream = answer.stream();
  const seen: unknown[] = [];
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes(': welcome')) break;
  }
  for (const [, data = ''] of text.matchAll(/^event: command\ndata: (.*)$/gm)) seen.push(JSON.parse(data));
  const command = { type: 'command', stationId: 'HH-5', commandId: first.body.commandId, action: 'ClearCache' };
  expect(seen).toMatchObject([
    { ...command, state: 'queued' },
    { ...command, state: 'notSent' },
  ]);
});

describe('transactions', () => {
  test('energy as a number with at most three decimals, the bill with its reason, events as they came, close with a reason', async () => {
    await api('POST', '/stations', { id: 'HH-3' });
    const { kernel } = server.useCases;
    const row = kernel.stations.get('HH-3')?.record.row ?? 0;
    for (const request of session(2)) await kernel.queue.commit([{ k: 'txEvent', station: row, receivedAt: 0, request }]);
    await kernel.queue.commit([{ k: 'txEvent', station: row, receivedAt: 0, request: event('Started', 0, { txid: 'stuck', wh: 1 }) }]);
    expect((await api('GET', '/transactions/HH-3/tx-1')).body).toMatchObject({
      energyWh: 201,
      state: 'ended',
      bill: 'final',
      completeness: 'complete',
      missingSeqNos: [],
      closedBy: 'station',
      events: 3,
      stoppedReason: 'Local',
      gapQueries: [],
    });
    expect((await api('GET', '/transactions?stationId=HH-3&state=active')).body).toMatchObject([
      { transactionId: 'stuck', bill: 'provisional' },
    ]);
    expect(
      (await api('GET', '/transactions/HH-3/tx-1/events')).body.map(({ event: own }: { event: { seqNo: number } }) => own.seqNo),
    ).toEqual([0, 1, 2]);
    expect((await api('POST', '/transactions/HH-3/stuck/close', {})).status).toBe(422);
    expect((await api('POST', '/transactions/HH-3/stuck/close', { reason: 'stolen' })).body).toMatchObject({
      state: 'ended',
      bill: 'final',
      closedBy: 'operator',
    });
    expect((await api('GET', '/transactions/HH-3/nothing')).body).toMatchObject({ code: 'transaction-unknown' });
    expect((await api('DELETE', '/stations/HH-3')).body).toMatchObject({ code: 'station-has-transactions', status: 409 });
  });
});

describe('tokens', () => {
  test('C09.FR.13 a group is Central unless said otherwise; times are RFC 3339; NoAuthorization has an empty id', async () => {
    const put = await api('PUT', '/tokens/ISO14443/ABC', {
      status: 'Accepted',
      groupIdToken: { idToken: 'FLEET' },
      validUntil: '2030-01-01T00:00:00Z',
    });
    expect(put.body).toMatchObject({
      status: 'Accepted',
      groupIdToken: { idToken: 'FLEET', type: 'Central' },
      validUntil: '2030-01-01T00:00:00.000Z',
    });
    expect((await api('GET', '/tokens/ISO14443/abc')).status).toBe(200);
    expect((await api('PUT', '/tokens/ISO14443/ABC', { status: 'Perhaps' })).body).toMatchObject({ status: 422 });
    expect((await api('PUT', '/tokens/ISO14443/ABC', { status: 'Accepted', validUntil: 'tomorrow' })).body).toMatchObject({
      code: 'invalid-request',
      pointer: '/validUntil',
    });
    expect((await api('PUT', '/tokens/NoAuthorization/', { status: 'Blocked' })).status).toBe(200);
    expect((await api('GET', '/tokens/NoAuthorization/')).body).toMatchObject({ status: 'Blocked' });
    expect((await api('DELETE', '/tokens/ISO14443/ABC')).status).toBe(204);
    expect((await api('DELETE', '/tokens/ISO14443/ABC')).body).toMatchObject({ code: 'token-unknown' });
  });
});

test('A01.FR.06 A01.FR.07 passwords are made at random, stored hashed, generated ones fast and chosen ones slowly, and verified in constant time', async () => {
  const secret = new Secret('correct horse battery');
  const [fast, slow] = [
    await hashPassword('A', secret, 'generated', PEPPER, systemRandom, inlineSlowHash),
    await hashPassword('A', secret, 'chosen', PEPPER, systemRandom, inlineSlowHash),
  ];
  expect(fast).toMatch(/^hs256\$p\$/);
  expect(slow).toMatch(/^scrypt\$p\$/);
  expect(`${fast}${slow}`).not.toContain('horse');
  const made = await Promise.all(['PW-1', 'PW-2'].map(async (id) => (await server.useCases.createStation({ id }, 'test')).password));
  expect(made).toEqual([expect.stringMatching(/^[A-Za-z0-9]{24}$/), expect.stringMatching(/^[A-Za-z0-9]{24}$/)]);
  expect(new Set(made).size).toBe(2);
});
