import type { Route, routes } from '@busbar/api';
import type { Static, TSchema } from 'typebox';

type Routes = typeof routes;
type Method = Route['method'];
type At<M extends Method> = Extract<Routes[keyof Routes], { method: M }>['path'];
type RouteOf<M extends Method, P> = Extract<Routes[keyof Routes], { method: M; path: P }>;
type Of<R, Part extends string> = R extends { readonly [K in Part]: infer S extends TSchema } ? Static<S> : undefined;
type Answered<R> = R extends { readonly response: infer A }
  ? { [K in keyof A]: A[K] extends TSchema ? Static<A[K]> : never }[keyof A]
  : unknown;

/** What a call may carry; names and types are those of the route's contract. */
export interface Call<R> {
  readonly params?: Of<R, 'params'>;
  readonly query?: Of<R, 'query'>;
  /** Lines go as they are. */
  readonly body?: R extends { readonly lines: true } ? string : Of<R, 'body'>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** RFC 9457: what happened, a stable code, the field and the OCPP clause. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly clause: string | undefined;
  readonly pointer: string | undefined;

  constructor(status: number, body: unknown) {
    const { code, detail, clause, pointer } = isRecord(body) ? body : {};
    super(typeof detail === 'string' ? detail : `HTTP ${status}`);
    this.status = status;
    this.code = typeof code === 'string' ? code : 'unreachable';
    this.clause = typeof clause === 'string' ? clause : undefined;
    this.pointer = typeof pointer === 'string' ? pointer : undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Told when a request is refused because nobody is signed in: the page asks again. */
let signedOut: () => void = () => undefined;
export const onSignedOut = (tell: () => void): void => {
  signedOut = tell;
};

const SIGN_IN = '/api/v1/session';

export interface Page<T> {
  readonly body: T;
  /** The query of the next page, from the Link header; undefined on the last one. */
  readonly next: string | undefined;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

export function urlOf(path: string, params: unknown, query: unknown): string {
  const given = isRecord(params) ? params : {};
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(textOf(given[name])));
  const pairs = Object.entries(isRecord(query) ? query : {}).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, textOf(value)]));
  return `/api/v1${filled}${search.size === 0 ? '' : `?${search}`}`;
}

/** A text is a body of lines: no route takes a bare JSON string. */
const LINES = 'application/x-ndjson';

async function send(
  method: Method,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
) {
  const answer = await fetch(url, {
    method,
    credentials: 'same-origin',
    // A text is a file as it is, under the type that its caller names; lines when he names none.
    headers: { ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? LINES : 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await answer.text();
  const isJson = text !== '' && answer.headers.get('content-type')?.includes('json') === true;
  const json = JSON.parse(isJson ? text : JSON.stringify(text));
  // A wrong password is said by the door itself.
  if (answer.status === 401 && url !== SIGN_IN) signedOut();
  return { answer, json };
}

/** Statuses that are no failure of the request: a command's own states. */
const COMMAND_STATUSES: ReadonlySet<number> = new Set([409, 504]);
const isCommand = (json: unknown): boolean => isRecord(json) && 'commandId' in json;

interface Loose {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The server answers as its contract says, for both are made from it: the body is taken as the callers below type it. */
async function request(method: Method, path: string, call: Loose) {
  const { answer, json } = await send(method, urlOf(path, call.params, call.query), call.body, call.headers ?? {}, call.signal);
  if (!answer.ok && !(COMMAND_STATUSES.has(answer.status) && isCommand(json))) throw new Problem(answer.status, json);
  const [, next] = /<[^>]*\?([^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '') ?? [];
  return { body: json, next };
}

type Caller<M extends Method> = <P extends At<M>>(path: P, call?: Call<RouteOf<M, P>>) => Promise<Answered<RouteOf<M, P>>>;
type Pager = <P extends At<'GET'>>(path: P, call?: Call<RouteOf<'GET', P>>) => Promise<Page<Answered<RouteOf<'GET', P>>>>;

const caller =
  (method: Method) =>
  async (path: string, call: Loose = {}) =>
    (await request(method, path, call)).body;

interface Api {
  readonly get: Caller<'GET'>;
  readonly post: Caller<'POST'>;
  readonly put: Caller<'PUT'>;
  readonly patch: Caller<'PATCH'>;
  readonly delete: Caller<'DELETE'>;
  /** A list with the query of its next page. */
  readonly page: Pager;
}

/** The REST interface, typed by its contracts: `api.get('/stations/:stationId', { params: { stationId } })`. */
export const api: Api = {
  get: caller('GET'),
  post: caller('POST'),
  put: caller('PUT'),
  patch: caller('PATCH'),
  delete: caller('DELETE'),
  page: (path: string, call: Loose = {}) => request('GET', path, call),
};
