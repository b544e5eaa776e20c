import { type Route, routes } from '@busbar/api';
import { makeIds, silentLog } from '@busbar/runtime';
import { systemClock, systemRandom } from '@busbar/runtime/node';
import { seededRandom } from '@busbar/runtime/virtual';
import { Value } from 'typebox/value';
import type { CsmsConfig } from '../../config.ts';
import { type Csms, type CsmsOptions, createCsms } from '../../csms.ts';
import { inlineSlowHash } from '../../passwords.ts';
import { DirectStore, memoryDatabase } from '../../store/direct-store.ts';
import type { Store } from '../../store/store.ts';
import { TEST_CONFIG } from '../../testing/test-csms.ts';
import { createHttpServer, type HttpServer, hashKey } from '../index.ts';

const KEY = 'key-for-tests';
const PEPPER = { id: 'p', key: new Uint8Array(32) };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface Answered {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks at whatever came
  readonly body: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The path of the next page, behind /api/v1. */
  readonly next: string | undefined;
}

/** What a route answers is what its contract says: clients type themselves by it. */
function fitting(method: Method, path: string, status: number, body: unknown): void {
  const own = path.split('?')[0] ?? '';
  const route = Object.values<Route>(routes).find(
    (one) => one.method === method && new RegExp(`^${one.path.replaceAll(/:\w+/g, '[^/]*')}$`).test(own),
  );
  const schema = route?.response?.[status];
  if (schema === undefined || Value.Check(schema, body)) return;
  const [fault] = Value.Errors(schema, body);
  throw new Error(
    `${method} ${path} answered what its contract does not say: ${JSON.stringify(fault)} in ${JSON.stringify(body).slice(0, 500)}`,
  );
}

/** A CSMS with its REST interface, in process: on SQLite in memory unless a store is given. */
export class HttpCsms {
  readonly csms: Csms;
  readonly http: HttpServer;

  private constructor(csms: Csms, http: HttpServer) {
    this.csms = csms;
    this.http = http;
  }

  static async start(
    options: { readonly store?: Store; readonly config?: Partial<CsmsConfig> } & Partial<Pick<CsmsOptions, 'webhooks' | 'messages'>> = {},
  ): Promise<HttpCsms> {
    const { store = new DirectStore(memoryDatabase(), systemClock, () => 0), config = {}, ...more } = options;
    const csms = await createCsms({
      clock: systemClock,
      random: systemRandom,
      ids: makeIds(seededRandom(Date.now()), systemClock),
      log: silentLog,
      store,
      config: { ...TEST_CONFIG, ...config },
      pepper: PEPPER,
      slowHash: inlineSlowHash,
      ...more,
    });
    await csms.kernel.queue.commit([{ k: 'apiKey', name: 'first', hash: hashKey(KEY), at: 0 }]);
    return new HttpCsms(csms, await createHttpServer({ csms, console: { page: '', assets: new Map() }, hosts: [], trustProxy: false }));
  }

  async api(method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    const answer = await this.http.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        host: 'localhost',
        authorization: `Bearer ${KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json = String(answer.headers['content-type']).includes('json') && !String(answer.headers['content-type']).includes('ndjson');
    if (json && answer.body !== '') fitting(method, path, answer.statusCode, answer.json());
    return {
      status: answer.statusCode,
      body: json && answer.body !== '' ? answer.json() : answer.body,
      text: answer.body,
      headers: answer.headers,
      next: /<\/api\/v1([^>]+)>; rel="next"/.exec(String(answer.headers['link'] ?? ''))?.[1],
    };
  }

  /** All pages of a list. */
  async all(path: string): Promise<readonly Answered['body'][]> {
    const out: unknown[] = [];
    for (let at: string | undefined = path; at !== undefined; ) {
      const { body, next, status }: Answered = await this.api('GET', at);
      if (status !== 200) throw new Error(`${at} answered ${status}: ${JSON.stringify(body)}`);
      out.push(...body);
      at = next;
    }
    return out;
  }

  row(stationId: string): number {
    return this.csms.kernel.stations.get(stationId)?.record.row ?? 0;
  }

  async close(): Promise<void> {
    await this.http.close();
    await this.csms.close();
  }
}
