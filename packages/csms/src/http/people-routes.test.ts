import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADMIN_PASSWORD, type Headers, KEY, TestHttp } from './testing/test-http.ts';

let http: TestHttp;
beforeEach(async () => {
  http = await TestHttp.start();
});
afterEach(() => http.close());

const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });
const users = async () => (await http.api('GET', '/users')).body;

describe('people', () => {
  test('are made with a password that is shown once, listed without it, changed and removed', async () => {
    const made = await http.api('POST', '/users', { name: 'Ada', shownName: 'Ada L.', role: 'installer', sites: [2] });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Ada', role: 'installer', sites: [2], disabled: false, password: true, oidc: false },
    });
    expect(made.body.madePassword).toMatch(/^([0-9a-z]{4}-){4}[0-9a-z]{4}$/);
    expect(JSON.stringify(await users())).not.toContain(made.body.madePassword);
    const { userId } = made.body;
    const patched = await http.api('PATCH', `/users/${userId}`, { role: 'operator', sites: null, reason: 'promoted' });
    expect(patched.body).toMatchObject({ role: 'operator', sites: null });
    expect((await http.api('DELETE', `/users/${userId}`)).status).toBe(204);
    expect((await http.api('GET', `/users/${userId}`)).status).toBe(404);
    expect((await http.trySignIn('ada', made.body.madePassword)).status).toBe(401);
  });

  test.each([
    ['taken but for its case', { name: 'ADMIN' }, 409],
    ['empty', { name: '' }, 422],
    ['with a line end', { name: 'ada\nadmin' }, 422],
    ['with a mark that turns the direction', { name: 'nimda\u202E' }, 422],
    ['a look-alike', { name: '\u0430dmin' }, 422],
    ['a prototype', { name: '__proto__' }, 422],
    ['a separator of the audit', { name: 'person:admin' }, 422],
    ['too long', { name: 'a'.repeat(65) }, 422],
    ['shown with a control character', { name: 'a', shownName: 'a\u0007' }, 422],
    ['shown with a turning mark', { name: 'a', shownName: 'a\u202Eb' }, 422],
    ['of no role', { name: 'a', role: 'root' }, 422],
    ['of no site', { name: 'a', sites: [] }, 422],
    ['of a site that is not there', { name: 'a', sites: [99] }, 422],
    ['an administrator of one site', { name: 'a', role: 'admin', sites: [1] }, 422],
    ['with a short password', { name: 'a', password: 'short' }, 422],
    ['with a field of the store', { name: 'a', oidcSubject: 'x' }, 422],
  ])('a name %s is refused', async (_, wish, status) => {
    expect((await http.api('POST', '/users', { role: 'viewer', ...wish })).status).toBe(status);
  });

  test('a name that is a property of objects is a name like any other', async () => {
    expect((await http.api('POST', '/users', { name: 'constructor', role: 'viewer' })).status).toBe(201);
    expect((await http.trySignIn('toString', 'x')).status).toBe(401);
  });

  test('of two who take the same name at once one gets it', async () => {
    const both = await Promise.all(['eve', 'EVE'].map((name) => http.api('POST', '/users', { name, role: 'viewer' })));
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  test('the last administrator cannot be removed, disabled or demoted; two cannot take it from each other at once', async () => {
    const [{ userId }] = await users();
    for (const patch of [{ disabled: true }, { role: 'operator' }, { sites: [1], role: 'viewer' }])
      expect((await http.api('PATCH', `/users/${userId}`, patch)).status).toBe(409);
    expect((await http.api('DELETE', `/users/${userId}`)).status).toBe(409);
    const other = await http.person('second', 'admin');
    const both = await Promise.all([
      http.api('PATCH', `/users/${userId}`, { disabled: true }),
      http.api('DELETE', `/users/${other.userId}`),
    ]);
    expect(both.filter(({ status }) => status === 409)).toHaveLength(1);
    expect((await users()).filter(({ role, disabled }: { role: string; disabled: boolean }) => role === 'admin' && !disabled)).toHaveLength(
      1,
    );
  });

  test('who is disabled is out at once, and his event streams end; enabled again he signs in anew', async () => {
    const { userId, password, as } = await http.person('ada', 'operator');
    const stream = await follow(as);
    await http.api('PATCH', `/users/${userId}`, { disabled: true });
    await stream.ended;
    expect((await http.api('GET', '/session', undefined, as)).status).toBe(401);
    expect((await http.trySignIn('ada', password)).status).toBe(401);
    await http.api('PATCH', `/users/${userId}`, { disabled: false });
    expect((await http.api('GET', '/session', undefined, as)).status).toBe(401);
    expect((await http.trySignIn('ada', password)).status).toBe(200);
  });

  test('a lower role and fewer sites count from the next request on', async () => {
    const { userId, as } = await http.person('ada', 'operator');
    expect((await http.api('GET', '/stations/S1', undefined, as)).status).toBe(200);
    await http.api('PATCH', `/users/${userId}`, { role: 'viewer', sites: [2] });
    expect((await http.api('GET', '/stations/S1', undefined, as)).status).toBe(404);
    expect((await http.api('GET', '/tokens', undefined, as)).status).toBe(403);
  });

  test('a password that an administrator makes ends all sign-ins', async () => {
    const { userId, password, as } = await http.person('ada', 'viewer');
    const reset = await http.api('POST', `/users/${userId}/password`);
    expect((await http.api('GET', '/session', undefined, as)).status).toBe(401);
    expect((await http.trySignIn('ada', password)).status).toBe(401);
    expect((await http.trySignIn('ada', reset.body.password)).status).toBe(200);
    expect((await http.api('GET', `/users/${userId}/sign-ins`)).body).toHaveLength(1);
  });
});

describe('an event stream', () => {
  test('holds what is of the sites of who follows it, also after these change', async () => {
    const { userId, as } = await http.person('ada', 'viewer', [2]);
    const stream = await follow(as);
    const { live } = http.csms.kernel;
    const notice = (stationId: string) => live.publish({ type: 'notice', stationId, action: 'X' });
    for (const stationId of ['S1', 'S2', 'UNKNOWN']) notice(stationId);
    live.publish({ type: 'handshake', stationId: 'STRANGER', status: 404, reason: 'unknown' });
    await stream.until('S2');
    await http.api('PATCH', `/users/${userId}`, { sites: [1] });
    for (const stationId of ['S2', 'S1']) notice(stationId);
    await stream.until('S1');
    await http.api('DELETE', '/stations/S2'); // gone, and still of the other site
    await http.api('DELETE', '/stations/S1');
    await stream.until('S1', 2);
    expect(stream.stations()).toEqual(['S2', 'S1', 'S1']);
    await http.api('DELETE', `/users/${userId}`);
    await stream.ended;
  });

  test('ends when its person signs out and when its key is revoked', async () => {
    const as = await http.signedIn('admin', ADMIN_PASSWORD);
    const first = await follow(as);
    await http.api('DELETE', '/session', undefined, as);
    await first.ended;
    const { key, keyId } = (await http.api('POST', '/keys', { name: 'tail', role: 'viewer' })).body;
    const second = await follow(bearer(key));
    await http.api('DELETE', `/keys/${keyId}`);
    await second.ended;
  });
});

describe('keys', () => {
  test('are shown once, stored as a hash, used by role and site, and opened no more when revoked', async () => {
    const made = await http.api('POST', '/keys', { name: 'grafana', role: 'operator', sites: [2] });
    expect(made.status).toBe(201);
    const { key, keyId } = made.body;
    expect(key).toMatch(new RegExp(`^bb_${keyId}_[\\w-]{43}$`));
    expect(JSON.stringify([await http.csms.kernel.read.apiKeys(), (await http.api('GET', '/keys')).body])).not.toContain(key);
    expect((await http.api('GET', '/stations/S2', undefined, bearer(key))).status).toBe(200);
    expect((await http.api('GET', '/stations/S1', undefined, bearer(key))).status).toBe(404);
    expect((await http.api('GET', '/users', undefined, bearer(key))).status).toBe(403);
    const cut = `bb_${keyId}_${'A'.repeat(43)}`;
    expect((await http.api('GET', '/stations', undefined, bearer(cut))).status).toBe(401);
    expect((await http.api('DELETE', `/keys/${keyId}`)).status).toBe(204);
    expect((await http.api('GET', '/stations/S2', undefined, bearer(key))).status).toBe(401);
    expect((await http.api('DELETE', `/keys/${keyId}`)).status).toBe(404);
    expect((await http.api('POST', '/keys', { name: 'Grafana', role: 'viewer' })).status).toBe(201);
  });

  test('end when they should', async () => {
    const expiresAt = new Date(http.clock.now() + 60_000).toISOString();
    const { key } = (await http.api('POST', '/keys', { name: 'short', role: 'viewer', expiresAt })).body;
    expect((await http.api('GET', '/stations', undefined, bearer(key))).status).toBe(200);
    http.clock.shiftMs += 60_000;
    expect((await http.api('GET', '/stations', undefined, bearer(key))).status).toBe(401);
    expect((await http.api('POST', '/keys', { name: 'late', role: 'viewer', expiresAt })).status).toBe(422);
  });

  test('their use is written once an hour', async () => {
    const { key } = (await http.api('POST', '/keys', { name: 'busy', role: 'viewer' })).body;
    const lastUsed = async () => (await http.csms.kernel.read.apiKeys()).find(({ name }) => name === 'busy')?.lastUsedAt;
    const use = async () => {
      await http.api('GET', '/session', undefined, bearer(key));
      await http.csms.kernel.queue.commit([]);
      return lastUsed();
    };
    const first = await use();
    expect(first).toBeTypeOf('number');
    http.clock.shiftMs += 59 * 60_000;
    expect(await use()).toBe(first);
    http.clock.shiftMs += 2 * 60_000;
    expect(await use()).toBeGreaterThan(first ?? 0);
  });

  test.each([
    ['taken', 'first'],
    ['with a space', 'a b'],
    ['with a line end', 'a\n'],
  ])('a name %s is refused', async (_, name) => {
    expect([409, 422]).toContain((await http.api('POST', '/keys', { name, role: 'viewer' })).status);
  });

  test('the first key, revoked, stays so until it is another one', async () => {
    const { csms } = http;
    const as = await http.signedIn('admin', ADMIN_PASSWORD);
    expect((await http.api('DELETE', '/keys/first', undefined, as)).status).toBe(204);
    expect((await http.api('GET', '/session')).status).toBe(401);
    const [before] = await csms.kernel.read.apiKeys();
    await csms.kernel.queue.commit([{ k: 'apiKey', name: 'first', hash: before?.hash ?? '', at: 1 }]);
    expect((await http.api('GET', '/session')).status).toBe(401);
    const { hashKey } = await import('./access.ts');
    await csms.kernel.queue.commit([{ k: 'apiKey', name: 'first', hash: hashKey('another'), at: 1 }]);
    expect((await http.api('GET', '/session', undefined, bearer('another'))).status).toBe(200);
    expect((await http.api('GET', '/session')).status).toBe(401);
  });
});

describe('the audit', () => {
  test('says who did what to whom, why, and what became of it; one entry for each request, and no secret in any', async () => {
    const { as, password } = await http.person('ada', 'operator');
    await http.api('POST', '/stations', { id: 'S3', password: 'a-secret-password-1' }, as);
    await http.api('DELETE', '/stations/S3', undefined, as);
    await http.api('POST', '/users', { name: 'eve', role: 'admin', password: 'a-secret-password-2' }, as);
    await http.api('POST', '/stations/S1/calls/Reset', { type: 'OnIdle' }, as);
    await http.api('POST', '/stations/S1/invalid-events/7/discard', { reason: 'a test frame' }, as);
    await http.api('DELETE', '/tokens/ISO14443/AABBCCDD', undefined, as);
    await http.api('GET', '/stations', undefined, as);
    await http.trySignIn('ada', 'wrong-password-77');
    await http.trySignIn('my-password-by-mistake', 'x');
    const entries: readonly Record<string, string>[] = (await http.api('GET', '/audit')).body;
    const told = entries.map(({ actor, action, target, reason, result }) => [actor, action, target, reason, result]).toReversed();
    expect(told).toEqual([
      ['start', 'createUser', 'admin', '', 'done'],
      ['key:first', 'createUser', 'ada', '', 'done'],
      ['person:ada', 'signIn', 'ada', '', 'done'],
      ['person:ada', 'createStation', 'S3', '', 'done'],
      ['person:ada', 'deleteStation', 'S3', '', 'done'],
      ['person:ada', 'createUser', '', '', 'forbidden'], // refused before its body is read
      ['person:ada', 'call', 'S1 Reset', '', 'HTTP 409'],
      ['person:ada', 'discardInvalidEvent', 'S1 7', 'a test frame', 'not-found'],
      ['person:ada', 'deleteToken', 'ISO14443 ...CCDD', '', 'token-unknown'],
      ['nobody', 'signIn', 'person:ada', '', 'unauthorized'],
      ['nobody', 'signIn', 'an unknown name', '', 'unauthorized'],
    ]);
    const text = JSON.stringify(entries);
    for (const secret of [password, KEY, ADMIN_PASSWORD, 'a-secret', 'wrong-password', 'by-mistake']) expect(text).not.toContain(secret);
  });

  test('is searched by who, what, whom and when, and read page by page', async () => {
    for (let n = 0; n < 5; n += 1) await http.api('POST', '/stations', { id: `N${n}` });
    await http.person('ada', 'viewer');
    const get = async (query: string) => http.api('GET', `/audit?${query}`);
    expect((await get('actor=key:first')).body).toHaveLength(6);
    expect((await get('action=createStation&target=N3')).body).toMatchObject([{ target: 'N3', actor: 'key:first' }]);
    expect((await get('since=2999-01-01T00:00:00Z')).body).toEqual([]);
    expect((await get('until=1999-01-01T00:00:00Z')).body).toEqual([]);
    expect((await get('since=soon')).status).toBe(422);
    const seen: string[] = [];
    for (let url: string | undefined = '/api/v1/audit?action=createStation&limit=2'; url !== undefined; ) {
      const page = await http.ask('GET', url, undefined, bearer(KEY));
      seen.push(...page.body.map(({ target }: { target: string }) => target));
      url = /^<([^>]+)>; rel="next"$/.exec(String(page.headers['link'] ?? ''))?.[1];
    }
    expect(seen).toEqual(['N4', 'N3', 'N2', 'N1', 'N0']);
    const csv = await get('action=createStation&format=csv');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit.csv"');
    expect(csv.text.split('\r\n')[0]).toBe('id,at,actor,action,target,reason,result');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(6);
  });
});

interface Stream {
  readonly ended: Promise<void>;
  until(stationId: string, times?: number): Promise<void>;
  stations(): readonly string[];
}

/** Follows the events over a real socket until the server ends it. */
async function follow(as: Headers): Promise<Stream> {
  const { app } = http.server;
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path: '/api/v1/events', headers: as }, resolve).on('error', reject).end();
  });
  let text = '';
  let heard = Promise.withResolvers<void>();
  const hear = (): void => {
    heard.resolve();
    heard = Promise.withResolvers<void>();
  };
  answer.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    hear();
  });
  const ended = new Promise<void>((resolve) => answer.on('end', resolve));
  const stations = (): readonly string[] =>
    [...text.matchAll(/^data: (.+)$/gm)].flatMap(([, data = '{}']) => JSON.parse(data).stationId ?? []);
  const has = async (found: () => boolean): Promise<void> => {
    while (!found()) await heard.promise;
  };
  await has(() => text.includes('welcome'));
  return { ended, stations, until: (stationId, times = 1) => has(() => stations().filter((id) => id === stationId).length >= times) };
}
