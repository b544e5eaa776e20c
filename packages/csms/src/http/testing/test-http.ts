import type { Role } from '@busbar/api';
import { type Clock, makeIds, Secret, silentLog } from '@busbar/runtime';
import { systemClock, systemRandom } from '@busbar/runtime/node';
import { seededRandom } from '@busbar/runtime/virtual';
import type { CsmsConfig } from '../../config.ts';
import { type Csms, createCsms } from '../../csms.ts';
import { inlineSlowHash } from '../../passwords.ts';
import { DirectStore, memoryDatabase } from '../../store/direct-store.ts';
import { TEST_CONFIG } from '../../testing/test-csms.ts';
import { createHttpServer, type HttpOptions, type HttpServer, hashKey } from '../index.ts';

export const KEY = 'key-for-tests';
export const ADMIN_PASSWORD = 'correct-horse-battery';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
export type Headers = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
  readonly body: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
}

/** Real time that a test can put forward. */
class ShiftedClock implements Clock {
  shiftMs = 0;
  now = (): number => systemClock.now() + this.shiftMs;
  monotonic = (): number => systemClock.monotonic() + this.shiftMs;
  after: Clock['after'] = (delayMs, name, action) => systemClock.after(delayMs, name, action);
  turn: Clock['turn'] = (action) => systemClock.turn(action);
}

/** A CSMS in memory with its HTTP server, asked without a socket. Two sites; the station S1 stands on the first, S2 on the second. */
export class TestHttp {
  readonly clock: ShiftedClock;
  readonly csms: Csms;
  readonly server: HttpServer;
  /** Slow hashes that were made. */
  readonly hashes: { readonly made: number };

  private constructor(clock: ShiftedClock, csms: Csms, server: HttpServer, hashes: { readonly made: number }) {
    this.clock = clock;
    this.csms = csms;
    this.server = server;
    this.hashes = hashes;
  }

  static async start(config: Partial<CsmsConfig> = {}, options: Partial<HttpOptions> = {}): Promise<TestHttp> {
    const clock = new ShiftedClock();
    const hashes = { made: 0 };
    const csms = await createCsms({
      clock,
      random: systemRandom,
      ids: makeIds(seededRandom(1), clock),
      log: silentLog,
      store: new DirectStore(memoryDatabase(), clock, () => 0),
      config: { ...TEST_CONFIG, ...config },
      pepper: { id: 'p', key: new Uint8Array(32) },
      slowHash: (input, salt) => {
        hashes.made += 1;
        return inlineSlowHash(input, salt);
      },
    });
    await csms.kernel.queue.commit([
      { k: 'apiKey', name: 'first', hash: hashKey(KEY), at: 0 },
      { k: 'sitePut', site: { name: 'Harbour', zone: 'Europe/Oslo', currency: 'NOK', latitude: null, longitude: null } },
      { k: 'stationPut', station: { identity: 'S1', site: 1, securityProfile: 1, approval: 'approved', at: 0 } },
      { k: 'stationPut', station: { identity: 'S2', site: 2, securityProfile: 1, approval: 'approved', at: 0 } },
    ]);
    for (const id of ['S1', 'S2']) await csms.kernel.stations.refresh(id);
    await csms.kernel.prices.load();
    const server = await createHttpServer({
      csms,
      console: { page: '', assets: new Map() },
      hosts: ['busbar.example'],
      trustProxy: false,
      ...options,
    });
    await server.people.firstStart(new Secret(ADMIN_PASSWORD));
    return new TestHttp(clock, csms, server, hashes);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.csms.close();
  }

  async ask(method: Method, url: string, body?: unknown, headers: Headers = {}, remoteAddress = '127.0.0.1'): Promise<Answer> {
    const answer = await this.server.app.inject({
      method,
      url,
      remoteAddress,
      headers: { host: 'localhost', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const json = answer.headers['content-type']?.toString().includes('json') === true && answer.body !== '';
    return { status: answer.statusCode, body: json ? answer.json() : answer.body, text: answer.body, headers: answer.headers };
  }

  api(method: Method, path: string, body?: unknown, headers: Headers = { authorization: `Bearer ${KEY}` }): Promise<Answer> {
    return this.ask(method, `/api/v1${path}`, body, headers);
  }

  trySignIn(name: string, password: string, address = '127.0.0.1'): Promise<Answer> {
    return this.ask('POST', '/api/v1/session', { name, password }, SAME_ORIGIN, address);
  }

  /** The headers of a browser that is signed in. */
  async signedIn(name: string, password: string): Promise<Headers> {
    const answer = await this.trySignIn(name, password);
    if (answer.status !== 200) throw new Error(`signing in answered ${answer.status} ${answer.text}`);
    return { cookie: cookieIn(answer), ...SAME_ORIGIN };
  }

  /** A new person, and his browser. */
  async person(
    name: string,
    role: Role,
    sites?: readonly number[],
  ): Promise<{ readonly userId: string; readonly password: string; readonly as: Headers }> {
    const { status, body, text } = await this.api('POST', '/users', { name, role, ...(sites === undefined ? {} : { sites }) });
    if (status !== 201) throw new Error(`adding ${name} answered ${status} ${text}`);
    return { userId: body.userId, password: body.madePassword, as: await this.signedIn(name, body.madePassword) };
  }

  /** The headers of a browser that used the ticket. */
  async ticket(): Promise<Headers> {
    return { cookie: cookieIn(await this.ask('GET', `/?ticket=${this.server.access.ticket()}`)), ...SAME_ORIGIN };
  }
}

/** What a browser would send back. */
export const cookieIn = ({ headers }: Answer): string => [headers['set-cookie']].flat().join('').split(';')[0] ?? '';
