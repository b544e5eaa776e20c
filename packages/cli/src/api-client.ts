import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusbarError, isErrorCode, isRecord, messageOf } from '@busbar/runtime';

export interface ApiFlags {
  readonly url?: string;
  readonly data?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The path of the next page of a list, behind /api/v1. */
  readonly next?: string;
}

export interface List {
  readonly rows: readonly unknown[];
  /** There are more than were wanted. */
  readonly more: boolean;
}

/** What a server gives at most on one page. */
const PAGE = 1000;

/** The REST interface as the shell commands need it. Whatever goes wrong has a code of the catalogue. */
export class ApiClient {
  readonly #base: string;
  readonly #key: string | undefined;

  constructor({ url, data }: ApiFlags, environment: Environment) {
    this.#base = (url ?? environment['BUSBAR_URL'] ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
    this.#key = environment['BUSBAR_API_KEY'] ?? keyIn(data ?? environment['BUSBAR_DATA'] ?? './data');
  }

  /** Answers that are no errors, and those whose status the caller names. */
  async request(method: string, path: string, options: { body?: unknown; type?: string; also?: readonly number[] } = {}): Promise<Answer> {
    const response = await this.#fetch(path, {
      method,
      ...sent(options.body, options.type),
    });
    const text = await response.text();
    const body = read(text);
    if (response.ok || options.also?.includes(response.status) === true) {
      const next = /<\/api\/v1([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      return { status: response.status, body, ...(next === undefined ? {} : { next }) };
    }
    throw problemOf(response.status, body, text);
  }

  /** A list, page by page as its Link leads, until there are as many as are wanted; all of them when nobody says. */
  async list(path: string, query = new URLSearchParams(), most = Number.POSITIVE_INFINITY): Promise<List> {
    const rows: unknown[] = [];
    if (most < PAGE) query.set('limit', String(most));
    let at: string | undefined = query.size === 0 ? path : `${path}?${query.toString()}`;
    while (at !== undefined && rows.length < most) {
      const { body, next }: Answer = await this.request('GET', at);
      if (!Array.isArray(body)) throw new BusbarError('no-api', 'The answer is not what this version of Busbar expects.');
      rows.push(...body);
      at = next;
    }
    return { rows: rows.slice(0, most), more: at !== undefined || rows.length > most };
  }

  /** The server-sent events from the id on; ends with the connection. */
  async *events(path: string, lastId: string | undefined): AsyncGenerator<{ id: string; event: string; data: unknown }> {
    const response = await this.#fetch(path, { headers: lastId === undefined ? {} : { 'last-event-id': lastId } });
    if (!response.ok || response.body === null) {
      const text = await response.text();
      throw problemOf(response.status, read(text), text);
    }
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('event') !== '') yield { id: field('id'), event: field('event'), data: read(field('data')) };
      }
    }
  }

  /** The body as it comes, piece by piece. */
  async *download(path: string): AsyncGenerator<Uint8Array> {
    const response = await this.#fetch(path, {});
    if (!response.ok || response.body === null) {
      const text = await response.text();
      throw problemOf(response.status, read(text), text);
    }
    yield* response.body;
  }

  async #fetch(path: string, options: RequestInit): Promise<Response> {
    if (this.#key === undefined)
      throw new BusbarError(
        'unauthorized',
        'No API key: set BUSBAR_API_KEY, or name the folder of the CSMS with --data (its file api-key).',
      );
    const headers = new Headers(options.headers);
    headers.set('authorization', `Bearer ${this.#key}`);
    try {
      return await fetch(`${this.#base}/api/v1${path}`, { ...options, headers });
    } catch (error) {
      throw new BusbarError(
        'no-api',
        `${this.#base} does not answer (${causeOf(error)}). Is busbar serve running there? --url names another address.`,
        {
          cause: error,
        },
      );
    }
  }
}

/** A text goes as it is, under the type that is named. */
function sent(body: unknown, type = 'application/json'): Pick<RequestInit, 'body' | 'headers'> {
  if (body === undefined) return {};
  return { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type } };
}

function keyIn(folder: string): string | undefined {
  const path = join(folder, 'api-key');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // empty, or no JSON: the status says what it was
  }
}

/** RFC 9457 back into an error of the catalogue. */
function problemOf(status: number, body: unknown, text: string): BusbarError {
  const { code, detail } = isRecord(body) ? body : {};
  if (typeof code === 'string' && isErrorCode(code)) return new BusbarError(code, typeof detail === 'string' ? detail : undefined);
  return new BusbarError('no-api', `That is no Busbar: it answered ${status} ${text.slice(0, 100)}`.trim());
}

const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause !== undefined ? messageOf(error.cause) || codeOf(error.cause) : messageOf(error);
const codeOf = (cause: unknown): string => (isRecord(cause) ? String(cause['code']) : 'refused');
