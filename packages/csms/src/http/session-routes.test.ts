import { limits } from '@busbar/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADMIN_PASSWORD, cookieIn, type Headers, KEY, TestHttp } from './testing/test-http.ts';

const HOUR = 3_600_000;
let http: TestHttp;
beforeEach(async () => {
  http = await TestHttp.start();
});
afterEach(() => http.close());

const admin = (): Promise<Headers> => http.signedIn('admin', ADMIN_PASSWORD);
const whoAmI = async (as: Headers) => http.api('GET', '/session', undefined, as);

describe('signing in', () => {
  test('sets a cookie that scripts cannot read; the answer says who it is, and no secret is stored', async () => {
    const answer = await http.trySignIn('Admin', ADMIN_PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      name: 'admin',
      shownName: 'Administrator',
      kind: 'person',
      role: 'admin',
      sites: null,
      settings: {},
    });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^busbar=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=604800$/);
    const stored = JSON.stringify([await http.csms.kernel.read.signIns(), await http.csms.kernel.read.people()]);
    expect(stored).not.toContain(cookieIn(answer).slice('busbar='.length));
    expect(stored).not.toContain(ADMIN_PASSWORD);
    expect((await whoAmI({ cookie: cookieIn(answer) })).body).toMatchObject({ name: 'admin', testMode: false });
  });

  test('over https the cookie is Secure and bound to this host, and one without the prefix is not taken', async () => {
    const behind = await TestHttp.start({}, { trustProxy: true });
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'localhost', 'sec-fetch-site': 'same-origin' };
    const answer = await behind.ask('POST', '/api/v1/session', { name: 'admin', password: ADMIN_PASSWORD }, https);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-busbar=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=604800; Secure$/,
    );
    const cookie = cookieIn(answer);
    expect((await behind.api('GET', '/session', undefined, { ...https, cookie })).status).toBe(200);
    expect((await behind.api('GET', '/session', undefined, { ...https, cookie: cookie.replace('__Host-', '') })).status).toBe(401);
    await behind.close();
  });

  test.each([
    ['a wrong password', 'admin', 'wrong-password'],
    ['a name nobody has', 'nobody', 'wrong-password'],
    ['no password at all', 'admin', ' '],
    ['a name like a property', 'constructor', 'x'],
    ['a name like a prototype', '__proto__', 'x'],
    ['SQL', "admin' OR '1'='1", 'x'],
    ['a NUL', 'admin\0', ADMIN_PASSWORD],
    ['a look-alike', '\u0430dmin', ADMIN_PASSWORD],
    ['a space behind', 'admin ', ADMIN_PASSWORD],
  ])('%s is refused with the same words', async (_, name, password) => {
    const { status, body, headers } = await http.trySignIn(name, password);
    expect([status, body.detail, headers['set-cookie']]).toEqual([401, 'This name and this password do not belong together.', undefined]);
  });

  test('one slow hash is made whoever it is: how long it takes says nothing about who exists', async () => {
    const ada = await http.person('ada', 'viewer');
    await http.api('PATCH', `/users/${ada.userId}`, { disabled: true });
    const only = {
      id: 'o',
      name: 'only-oidc',
      shownName: 'o',
      password: null,
      oidcSubject: 'i s',
      role: 'viewer',
      sites: null,
      createdAt: 0,
    } as const;
    await http.csms.kernel.queue.commit([{ k: 'personPut', person: only }]);
    for (const [name, password] of [
      ['nobody', 'x'],
      ['admin', 'x'],
      ['ada', ada.password],
      ['only-oidc', ''.padEnd(43, 'A')],
    ] as const) {
      const before = http.hashes.made;
      expect((await http.trySignIn(name, password)).status).toBe(401);
      expect(http.hashes.made - before).toBe(1);
    }
  });

  test('a form of another page cannot sign anybody in', async () => {
    const from = (site: string) =>
      http.ask('POST', '/api/v1/session', { name: 'admin', password: ADMIN_PASSWORD }, { 'sec-fetch-site': site });
    expect((await from('cross-site')).status).toBe(403);
    expect((await from('same-site')).status).toBe(403);
    const form = await http.server.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { host: 'localhost', 'content-type': 'text/plain' },
      payload: JSON.stringify({ name: 'admin', password: ADMIN_PASSWORD }),
    });
    expect(form.statusCode).toBe(422);
  });

  test('lasts twelve hours after its last use, seven days at most', async () => {
    const as = await admin();
    for (let used = 0; used < 15; used += 1) {
      http.clock.shiftMs += 11 * HOUR;
      expect((await whoAmI(as)).status).toBe(200);
    }
    http.clock.shiftMs += 4 * HOUR; // seven days and an hour
    expect((await whoAmI(as)).status).toBe(401);
    const idle = await admin();
    http.clock.shiftMs += 12 * HOUR + 1;
    expect((await whoAmI(idle)).status).toBe(401);
  });

  test('a person has so many at most: the oldest ends', async () => {
    const { as, password } = await http.person('ada', 'viewer');
    for (let n = 1; n < limits.signInsPerPerson; n += 1) await http.signedIn('ada', password);
    expect((await whoAmI(as)).status).toBe(200);
    await http.signedIn('ada', password);
    expect((await whoAmI(as)).status).toBe(401);
  });
});

describe('signing out', () => {
  test('the cookie opens nothing any more, also played again', async () => {
    const as = await admin();
    expect((await http.api('DELETE', '/session', undefined, as)).status).toBe(204);
    expect((await whoAmI(as)).status).toBe(401);
    expect((await http.api('GET', '/stations', undefined, as)).status).toBe(401);
    const ticket = await http.ticket();
    expect((await http.api('DELETE', '/session', undefined, ticket)).status).toBe(204);
    expect((await whoAmI(ticket)).status).toBe(401);
  });

  test('whoever signs in anew with the same browser ends what was before', async () => {
    const before = await admin();
    const answer = await http.ask('POST', '/api/v1/session', { name: 'admin', password: ADMIN_PASSWORD }, before);
    expect(answer.status).toBe(200);
    expect((await whoAmI(before)).status).toBe(401);
    expect((await whoAmI({ cookie: cookieIn(answer) })).status).toBe(200);
  });
});

describe('CSRF', () => {
  const change = (headers: Headers) => http.api('PUT', '/session/settings', { a: 1 }, headers);

  test.each([
    ['the browser says same-origin', { 'sec-fetch-site': 'same-origin' }, 200],
    ['it says same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['it says cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['it says none: typed by hand', { 'sec-fetch-site': 'none' }, 403],
    ['cross-site, and an Origin that lies', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' }, 403],
    ['an old browser, our Origin', { origin: 'http://localhost' }, 200],
    ['an old browser, another Origin', { origin: 'http://localhost.evil.example' }, 403],
    ['an old browser, another port', { origin: 'http://localhost:81' }, 403],
    ['an Origin that is none', { origin: 'null' }, 403],
    ['neither', {}, 403],
  ] as const)('%s', async (_, headers, status) => {
    const { cookie = '' } = await admin();
    expect((await change({ cookie, ...headers })).status).toBe(status);
    expect((await http.api('GET', '/session', undefined, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(200);
  });

  test('a key needs none of it', async () => {
    expect(
      (await http.api('POST', '/stations', { id: 'S3' }, { authorization: `Bearer ${KEY}`, 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(201);
  });

  test('a wrong key beside a right cookie is a wrong key', async () => {
    expect((await whoAmI({ ...(await admin()), authorization: 'Bearer wrong' })).status).toBe(401);
  });
});

describe('wrong passwords', () => {
  const statuses = async (tries: readonly (readonly [name: string, address: string])[]) => {
    const out: number[] = [];
    for (const [name, address] of tries) out.push((await http.trySignIn(name, 'wrong-password', address)).status);
    return out;
  };

  test('five a minute for one account, from wherever; then 429 with Retry-After, also with the right one', async () => {
    const tries = Array.from({ length: 6 }, (_, n) => ['admin', `10.0.0.${n}`] as const);
    expect(await statuses(tries)).toEqual([401, 401, 401, 401, 401, 429]);
    const right = await http.trySignIn('ADMIN', ADMIN_PASSWORD, '10.0.0.9');
    expect(right.status).toBe(429);
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(50);
    http.clock.shiftMs += 60_000;
    expect((await http.trySignIn('admin', ADMIN_PASSWORD)).status).toBe(200);
  });

  test('the same for an account that nobody has', async () => {
    const tries = Array.from({ length: 6 }, (_, n) => ['nobody', `10.0.0.${n}`] as const);
    expect(await statuses(tries)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test('twenty a minute for one address, of IPv6 for one network', async () => {
    const tries = Array.from({ length: 21 }, (_, n) => [`name-${n}`, `2001:db8:1:2::${n.toString(16)}`] as const);
    const answers = await statuses(tries);
    expect(answers.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(answers[20]).toBe(429);
    expect(await statuses([['name-1', '2001:db8:1:3::1']])).toEqual([401]);
  });

  test('many at once are no way around it, and right ones do not count', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, (_, n) => http.trySignIn('admin', `wrong-${n}-password`)));
    expect(all.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(7);
    http.clock.shiftMs += 60_000;
    for (let n = 0; n < 8; n += 1) expect((await http.trySignIn('admin', ADMIN_PASSWORD)).status).toBe(200);
  });
});

describe('oneself', () => {
  test('settings are kept, and have a bound', async () => {
    const as = await admin();
    const settings = { language: 'de', views: [{ name: 'Mine\u0000', filter: { site: 1 } }] };
    expect((await http.api('PUT', '/session/settings', settings, as)).body).toEqual(settings);
    expect((await whoAmI(as)).body.settings).toEqual(settings);
    expect((await http.api('PUT', '/session/settings', { a: 'x'.repeat(limits.personSettingsBytes) }, as)).status).toBe(413);
    expect((await http.api('PUT', '/session/settings', [1], as)).status).toBe(422);
  });

  test('the password is changed with the old one; other browsers are out, this one stays', async () => {
    const [here, there] = [await admin(), await admin()];
    const change = (oldPassword: string, password: string) => http.api('PUT', '/session/password', { oldPassword, password }, here);
    expect((await change('wrong-password', 'another-good-one')).status).toBe(403);
    expect((await change(ADMIN_PASSWORD, 'short')).status).toBe(422);
    expect((await change(ADMIN_PASSWORD, 'another-good-one')).status).toBe(204);
    expect((await whoAmI(here)).status).toBe(200);
    expect((await whoAmI(there)).status).toBe(401);
    expect((await http.trySignIn('admin', ADMIN_PASSWORD)).status).toBe(401);
    expect((await http.trySignIn('admin', 'another-good-one')).status).toBe(200);
    expect((await http.api('GET', '/session/sign-ins', undefined, here)).body).toHaveLength(2);
  });

  test('all other sign-ins can be ended; the one that asks stays', async () => {
    const [here, there] = [await admin(), await admin()];
    expect((await http.api('DELETE', '/session/sign-ins', undefined, here)).status).toBe(204);
    expect((await whoAmI(there)).status).toBe(401);
    expect((await http.api('GET', '/session/sign-ins', undefined, here)).body).toMatchObject([{ this: true }]);
    const [entry] = (await http.api('GET', '/audit?action=endOtherSignIns', undefined, here)).body;
    expect(entry).toMatchObject({ actor: 'person:admin', result: 'done' });
  });

  test('a guessed old password is slowed like any other', async () => {
    const as = await admin();
    for (let n = 0; n < 5; n += 1)
      await http.api('PUT', '/session/password', { oldPassword: 'wrong-password', password: 'another-good-one' }, as);
    expect((await http.api('PUT', '/session/password', { oldPassword: ADMIN_PASSWORD, password: 'another-good-one' }, as)).status).toBe(
      429,
    );
  });

  test('a key and a ticket have neither settings nor a password', async () => {
    expect((await http.api('PUT', '/session/settings', {})).status).toBe(403);
    expect((await http.api('GET', '/session')).body).toMatchObject({
      name: 'first',
      kind: 'key',
      role: 'admin',
      settings: {},
      password: false,
    });
    expect((await whoAmI(await http.ticket())).body).toMatchObject({ name: 'ticket', kind: 'ticket', role: 'viewer' });
  });
});
