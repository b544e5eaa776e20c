import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CLIENT, IdentityProvider } from './testing/identity-provider.ts';
import { type Answer, cookieIn, TestHttp } from './testing/test-http.ts';

const CALLBACK = 'http://localhost/api/v1/session/oidc/callback';
let provider: IdentityProvider;
let http: TestHttp;

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined); // it warns that its keys are those of development
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  provider = await IdentityProvider.start();
  provider.register(CALLBACK);
}, 30_000);
afterAll(() => provider.close());
afterEach(() => http.close());

const start = (sitesClaim?: string, clientSecret = CLIENT.secret): Promise<TestHttp> =>
  TestHttp.start(
    {},
    {
      oidc: {
        issuer: provider.issuer,
        clientId: CLIENT.id,
        clientSecret,
        roleClaim: 'busbar_role',
        ...(sitesClaim === undefined ? {} : { sitesClaim }),
      },
    },
  );

/** Through the provider's own pages, as a browser goes; ends with the address that it is sent back to. */
async function atTheProvider(from: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  const go = async (url: string, form?: Record<string, string>): Promise<string> => {
    const answer = await fetch(new URL(url, provider.issuer), {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    await answer.text();
    return answer.headers.get('location') ?? '';
  };
  let url = await go(from);
  for (let step = 0; step < 10 && !url.startsWith(CALLBACK); step += 1) {
    const asked = url.includes('/interaction/');
    url = asked ? await go(url, step === 0 ? { prompt: 'login', login, password: 'x' } : { prompt: 'consent' }) : await go(url);
  }
  return url;
}

async function begin(): Promise<{ readonly location: string; readonly cookie: string }> {
  const answer = await http.api('GET', '/session/oidc', undefined, {});
  expect(answer.status).toBe(303);
  expect(String(answer.headers['set-cookie'])).toMatch(/^busbar-oidc=[\w-]{43}; HttpOnly; SameSite=Lax; Path=\/; Max-Age=600$/);
  return { location: String(answer.headers['location']), cookie: cookieIn(answer) };
}

const back = (url: string, cookie: string): Promise<Answer> => http.ask('GET', url.replace('http://localhost', ''), undefined, { cookie });

async function signIn(login: string): Promise<Answer> {
  const { location, cookie } = await begin();
  return back(await atTheProvider(location, login), cookie);
}
const whoAmI = async (answer: Answer) => (await http.api('GET', '/session', undefined, { cookie: cookieIn(answer) })).body;

describe('signing in at the identity provider', { timeout: 30_000 }, () => {
  test('makes the person with the role of the claim, and brings him up to date at the next visit', async () => {
    http = await start();
    expect((await http.api('GET', '/session/ways', undefined, {})).body).toEqual({ password: true, oidc: true });
    provider.claims.set('ada', { busbar_role: ['unrelated', 'operator'], name: 'Ada \u202ELovelace', preferred_username: 'ada l.' });
    const first = await signIn('ada');
    expect(first.status).toBe(200);
    expect(String(first.headers['set-cookie'])).toContain('SameSite=Strict');
    expect(first.text).toContain('http-equiv="refresh" content="0;url=/"');
    expect(await whoAmI(first)).toMatchObject({ name: 'adal.', shownName: 'Ada Lovelace', role: 'operator', sites: null, password: false });
    provider.claims.set('ada', { busbar_role: 'viewer', name: 'Ada King' });
    expect(await whoAmI(await signIn('ada'))).toMatchObject({ name: 'adal.', shownName: 'Ada King', role: 'viewer' });
    const users = (await http.api('GET', '/users')).body;
    expect(users).toMatchObject([{ name: 'adal.', oidc: true, password: false }, { name: 'admin' }]);
    expect((await http.trySignIn('adal.', 'x')).status).toBe(401);
  });

  test('never takes over a local person of the same name', async () => {
    http = await start();
    provider.claims.set('thief', { busbar_role: 'viewer', preferred_username: 'Admin' });
    expect(await whoAmI(await signIn('thief'))).toMatchObject({ name: 'Admin-2', role: 'viewer' });
  });

  test('without a role he is refused, and so is who is disabled here', async () => {
    http = await start();
    provider.claims.set('bob', { busbar_role: 'root' });
    expect(await signIn('bob')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    provider.claims.set('bob', { busbar_role: 'viewer' });
    expect((await signIn('bob')).status).toBe(200);
    const [, { userId }] = (await http.api('GET', '/users')).body;
    await http.api('PATCH', `/users/${userId}`, { disabled: true });
    expect((await signIn('bob')).status).toBe(403);
  });

  test('a browser is shown why, on a page that runs nothing, with the way back', async () => {
    http = await start();
    provider.claims.set('<b>bob', { busbar_role: 'root' });
    const { location, cookie } = await begin();
    const url = await atTheProvider(location, '<b>bob');
    const answer = await http.ask('GET', url.replace('http://localhost', ''), undefined, { cookie, accept: 'text/html,*/*;q=0.8' });
    expect(answer.status).toBe(403);
    expect(String(answer.headers['content-type'])).toContain('text/html');
    expect(String(answer.headers['content-security-policy'])).toContain("default-src 'none'");
    expect(answer.text).toContain('The identity provider gives you no role here');
    expect(answer.text).toContain('<a href="/">');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('the sites are those of the claim, by id or name; none that we know is none at all', async () => {
    http = await start('busbar_sites');
    provider.claims.set('cleo', { busbar_role: 'installer', busbar_sites: ['Harbour', 'Elsewhere'] });
    expect(await whoAmI(await signIn('cleo'))).toMatchObject({ role: 'installer', sites: [2] });
    provider.claims.set('cleo', { busbar_role: 'installer', busbar_sites: '*' });
    expect(await whoAmI(await signIn('cleo'))).toMatchObject({ sites: null });
    for (const sites of [undefined, [], ['Elsewhere'], { 1: true }]) {
      provider.claims.set('cleo', { busbar_role: 'installer', busbar_sites: sites });
      expect((await signIn('cleo')).status).toBe(403);
    }
  });

  test('the way back is for one browser, once, with the state it left with, and in time', async () => {
    http = await start();
    provider.claims.set('dan', { busbar_role: 'viewer' });
    const { location, cookie } = await begin();
    const url = await atTheProvider(location, 'dan');
    expect((await back(url, '')).status).toBe(401);
    expect((await back(url, 'busbar-oidc=AAAA')).status).toBe(401);
    expect((await back(url, cookie)).status).toBe(200);
    expect((await back(url, cookie)).status).toBe(401);
    const other = await begin();
    const forged = new URL(await atTheProvider(other.location, 'dan'));
    forged.searchParams.set('state', 'another');
    expect((await back(forged.href, other.cookie)).status).toBe(401);
    const late = await begin();
    const lateUrl = await atTheProvider(late.location, 'dan');
    http.clock.shiftMs += 11 * 60_000;
    expect((await back(lateUrl, late.cookie)).status).toBe(401);
    expect(new URL(location).searchParams.get('code_challenge_method')).toBe('S256');
    expect(new URL(location).searchParams.get('nonce')).toMatch(/.{20}/);
  });

  test('with another secret, or a provider that is not there, nobody comes in', async () => {
    http = await start(undefined, 'not-the-secret');
    provider.claims.set('eve', { busbar_role: 'admin' });
    expect((await signIn('eve')).status).toBe(401);
    await http.close();
    http = await TestHttp.start({}, { oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', roleClaim: 'r' } });
    expect(await http.api('GET', '/session/oidc', undefined, {})).toMatchObject({ status: 502, body: { code: 'oidc-unavailable' } });
  });

  test('without one configured there is no such door', async () => {
    http = await TestHttp.start();
    expect((await http.api('GET', '/session/oidc', undefined, {})).status).toBe(404);
    expect((await http.api('GET', '/session/oidc/callback', undefined, {})).status).toBe(404);
  });
});
