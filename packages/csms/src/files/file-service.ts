import { BusbarError, type FileRequest, type FileResponse, type FileServer, type Instant, limits } from '@busbar/runtime';
import type { Kernel } from '../kernel.ts';
import { hashToken } from '../passwords.ts';
import type { Station } from '../stations.ts';
import type { FileToken } from '../store/file-intents.ts';
import type { StationRow } from '../store/intents.ts';
import type { FileStore } from './file-store.ts';
import { boundaryOf, onlyPart } from './multipart.ts';
import { rangeOf, uploadRangeOf } from './ranges.ts';
import { Refusal } from './refusal.ts';

/**
 * Files that stations fetch and bring (D21, D22), at addresses that only the one they were made for can know. It knows
 * nothing of sockets: `serve` is put behind a listener of its own.
 */
export class FileService {
  readonly #kernel: () => Kernel;
  readonly #store: FileStore;
  /** Who writes a file now: a newer attempt of the same station takes the place of one that hangs. */
  readonly #writers = new Map<string, symbol>();
  /** Until when the line is taken by what was let through. */
  #busyUntil = 0;
  /** Where the listener of this process answers; stations on this machine need nothing else. */
  localUrl: string | undefined;

  constructor(kernel: () => Kernel, store: FileStore) {
    this.#kernel = kernel;
    this.#store = store;
  }

  get store(): FileStore {
    return this.#store;
  }

  readonly serve: FileServer = async (request) => {
    const [, token] = /^\/files\/([\w-]{20,100})$/.exec(request.path.split('?')[0] ?? '') ?? [];
    const { read, clock } = this.#kernel();
    const found = token === undefined ? undefined : await read.fileToken(hashToken(token));
    if (found === undefined || found.expiresAt < clock.now()) return { status: 404 };
    const uploading = request.method === 'PUT' || request.method === 'POST';
    if (found.kind === 'firmware') return uploading ? notAllowed('GET, HEAD') : this.#fetch(found, request);
    if (uploading) return this.#take(found, request);
    return request.method === 'HEAD' ? this.#has(found) : notAllowed('HEAD, PUT, POST');
  };

  /** An address for one station and one file, valid until the time given. What expired is forgotten on the way. */
  async address(station: Station, file: Omit<FileToken, 'hash' | 'station' | 'expiresAt'>, until: Instant): Promise<string> {
    const base = this.#base(station);
    const { random, queue } = this.#kernel();
    const token = Buffer.from(random.bytes(32)).toString('base64url');
    await this.#forgetExpired();
    await queue.commit([{ k: 'fileToken', token: { ...file, hash: hashToken(token), station: station.record.row, expiresAt: until } }]);
    return `${base}/files/${token}`;
  }

  /** A station is removed: the names of its files, so that they can go once it is. */
  async filesOf(row: StationRow): Promise<readonly string[]> {
    const { read } = this.#kernel();
    const logs = (await read.logs(row, limits.toldRequests)).flatMap(({ file }) => file ?? []);
    const begun = (await read.fileTokensOf(row)).flatMap(({ kind, file }) => (kind === 'log' ? partOf(file) : []));
    return [...new Set([...logs, ...begun])];
  }

  /** Uploads that were begun and never finished leave nothing behind. */
  async #forgetExpired(): Promise<void> {
    const { read, queue, clock } = this.#kernel();
    const expired = await read.expiredFileTokens(clock.now());
    if (expired.length === 0) return;
    for (const { kind, file } of expired) if (kind === 'log') await this.#store.remove(partOf(file));
    await queue.commit([{ k: 'fileTokensExpired', at: clock.now() }]);
  }

  /** All transfers share one line, chunk by chunk in the order they come: none is refused, all become slower. */
  async *#shared(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const { clock, scope } = this.#kernel();
    for await (const part of bytes) {
      const now = clock.monotonic();
      this.#busyUntil = Math.max(this.#busyUntil, now) + (part.length / limits.fileBytesPerSecond) * 1_000;
      const waitMs = this.#busyUntil - now - limits.fileBurstMs;
      if (waitMs > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        scope.after(waitMs, 'share of the line (D21)', resolve);
        await promise;
      }
      yield part;
    }
  }

  /** What is not said in public is said on this machine only. */
  #base(station: Station): string {
    const { config } = this.#kernel();
    if (config.publicFilesUrl !== undefined) return config.publicFilesUrl.replace(/\/+$/, '');
    const remote = station.session?.peer.socket.remoteAddress ?? '';
    if (this.localUrl !== undefined && /^(::ffff:)?127\.|^::1$/.test(remote)) return this.localUrl;
    throw new BusbarError(
      'conflict',
      `Station ${station.record.identity} is not on this machine and nobody said under which address it reaches files here: set --public-files-url.`,
    );
  }

  async #fetch({ file }: FileToken, { method, headers }: FileRequest): Promise<FileResponse> {
    const size = await this.#store.size(file);
    if (size === undefined) return { status: 404 };
    const etag = `"${file}"`;
    const same = headers['if-range'] === undefined || headers['if-range'] === etag;
    const range = same ? rangeOf(headers['range'], size) : undefined;
    const common = { 'accept-ranges': 'bytes', etag, 'content-type': 'application/octet-stream' };
    if (range === 'unsatisfiable') return { status: 416, headers: { ...common, 'content-range': `bytes */${size}` } };
    const { from, to } = range ?? { from: 0, to: size - 1 };
    return {
      status: range === undefined ? 200 : 206,
      headers: {
        ...common,
        'content-length': `${to - from + 1}`,
        ...(range === undefined ? {} : { 'content-range': `bytes ${from}-${to}/${size}` }),
      },
      ...(method === 'HEAD' || size === 0 ? {} : { body: this.#shared(this.#store.read(file, from, to)) }),
    };
  }

  /** For a station that wants to go on where it was interrupted. */
  async #has({ file }: FileToken): Promise<FileResponse> {
    const size = (await this.#store.size(partOf(file))) ?? (await this.#store.size(file)) ?? 0;
    return { status: 200, headers: { 'upload-offset': `${size}`, 'upload-complete': (await this.#complete(file)) ? '?1' : '?0' } };
  }

  async #complete(file: string): Promise<boolean> {
    return (await this.#store.size(file)) !== undefined && (await this.#store.size(partOf(file))) === undefined;
  }

  async #take(token: FileToken, request: FileRequest): Promise<FileResponse> {
    try {
      const boundary = boundaryOf(request.headers['content-type']);
      if (boundary === undefined) return await this.#storeBody(token, request);
      const { 'content-length': length = '0', 'content-range': range, ...headers } = request.headers;
      if (range !== undefined) throw new Refusal(400, 'a form comes whole');
      if (Number(length) > token.maxBytes + FORM_BYTES) throw tooLarge(token.maxBytes);
      return await this.#storeBody(token, { ...request, headers, body: onlyPart(request.body, boundary) });
    } catch (error) {
      if (error instanceof Refusal) return this.#refused(token, error);
      throw error;
    }
  }

  async #storeBody(token: FileToken, { headers, body }: FileRequest): Promise<FileResponse> {
    const { file, maxBytes } = token;
    const range = uploadRangeOf(headers['content-range']);
    if (range === 'malformed') return { status: 400 };
    const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    const from = range?.from ?? 0;
    const total = range?.total ?? (length === undefined ? undefined : from + length);
    if ((total ?? 0) > maxBytes || from + (length ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const part = partOf(file);
    const has = (await this.#store.size(part)) ?? 0;
    if (from > has) return { status: 409, headers: { 'upload-offset': `${has}` } };
    const me = Symbol(file);
    this.#writers.set(file, me);
    try {
      const size = await this.#store.write(part, from, this.#bounded(this.#shared(body), token, from, me));
      if (length !== undefined && size < from + length) throw new Refusal(400, 'the body ended early');
      if (total !== undefined && size < total) return { status: 202, headers: { 'upload-offset': `${size}` } };
      await this.#store.rename(part, file);
      await this.#received(token, size);
      return { status: 201, headers: { 'upload-offset': `${size}` } };
    } finally {
      if (this.#writers.get(file) === me) this.#writers.delete(file);
    }
  }

  async *#bounded(body: AsyncIterable<Uint8Array>, { file, maxBytes }: FileToken, from: number, me: symbol): AsyncIterable<Uint8Array> {
    let at = from;
    for await (const bytes of body) {
      if (this.#writers.get(file) !== me) throw new Refusal(409, 'a newer attempt took its place');
      at += bytes.length;
      if (at > maxBytes) throw tooLarge(maxBytes);
      yield bytes;
    }
  }

  /** What is too large leaves nothing behind but the reason, where people look for the log. */
  async #refused({ station, requestId, file }: FileToken, { status, message }: Refusal): Promise<FileResponse> {
    const { queue, clock, log, stations, security } = this.#kernel();
    if (status === 413) {
      await this.#store.remove(partOf(file));
      log.warn('a file of a station is refused', { requestId, reason: message });
      await queue.commit([{ k: 'log', station, requestId, at: clock.now(), change: { reason: message } }]);
      await security.note(stations.byRow(station), 'UploadRefused', `log ${requestId}: ${message}`);
    }
    return { status, headers: { 'content-type': 'text/plain' }, body: textBody(message) };
  }

  async #received({ station, requestId, file }: FileToken, bytes: number): Promise<void> {
    const { queue, clock, read } = this.#kernel();
    const at = clock.now();
    await queue.commit([{ k: 'log', station, requestId, at, change: { file, bytes, receivedAt: at, reason: null } }]);
    const kept = (await read.logs(station, limits.toldRequests)).filter((log) => log.file !== null);
    for (const old of kept.slice(limits.logsPerStation)) {
      const reason = `removed: the newest ${limits.logsPerStation} logs of a station are kept`;
      await queue.commit([{ k: 'log', station, requestId: old.requestId, at, change: { file: null, reason } }]);
      if (old.file !== null) await this.#store.remove(old.file);
    }
  }
}

/** What a form of one part may add to its content: both boundaries, the headers, line breaks. */
const FORM_BYTES = limits.formHeaderBytes + 200;
const partOf = (file: string): string => `${file}.part`;
const notAllowed = (allow: string): FileResponse => ({ status: 405, headers: { allow } });
const tooLarge = (maxBytes: number): Refusal =>
  new Refusal(413, `larger than ${maxBytes} bytes, the limit of this CSMS (--log-file-bytes)`);

async function* textBody(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(`${text}\n`);
}
