import type { Clock } from '../clock.ts';
import {
  type Download,
  downloadStart,
  type FileRequest,
  type FileResponse,
  type FileServer,
  type FileTransfer,
  TransferError,
  type TransferPlace,
  transferAddress,
  type Upload,
} from '../file-transfer.ts';
import type { Millis } from '../instant.ts';

/** HTTP in memory: servers of files by origin, slow lines and cut ones, all on the virtual clock. */
export class VirtualFiles implements FileTransfer {
  readonly #clock: Clock;
  readonly #servers = new Map<string, FileServer>();
  /** One way, per chunk. */
  latencyMs: () => Millis = () => 1;
  chunkBytes = 16 << 10;
  /** While true nobody answers. */
  down = false;
  /** The next transfer breaks after so many bytes, once. */
  breakAfter: number | undefined;
  /** What was asked, for tests. */
  readonly requests: { readonly method: string; readonly url: string; readonly headers: FileRequest['headers'] }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `origin` as in `http://files.example:81`. Returns the way to stop. */
  listen(origin: string, server: FileServer): () => void {
    this.#servers.set(origin, server);
    return () => this.#servers.delete(origin);
  }

  async download(what: Download): Promise<void> {
    const answer = await this.#ask(what, 'GET', what.from > 0 ? { range: `bytes=${what.from}-` } : {}, nothing());
    const start = downloadStart({ status: answer.status, headers: answer.headers ?? {} }, what.from);
    if (start === undefined) return;
    if ((start.total ?? 0) > what.limitBytes) throw new TransferError('tooLarge', `the file has ${start.total} bytes`);
    what.begin(start);
    let taken = start.at;
    for await (const bytes of this.#line(answer.body ?? nothing(), what)) {
      taken += bytes.length;
      if (taken > what.limitBytes) throw new TransferError('tooLarge', `the file has more than ${what.limitBytes} bytes`);
      await what.chunk(bytes);
    }
    if (start.total !== undefined && taken < start.total) throw new TransferError('broken', 'the answer ended too early');
  }

  async upload(what: Upload): Promise<void> {
    const headers = { ...what.headers, 'content-length': `${what.length}` };
    const { status } = await this.#ask(what, what.method, headers, this.#line(parts(what.body), what));
    if (status < 200 || status > 299) throw new TransferError('http', `the server answered ${status}`, { status });
  }

  async uploaded(place: TransferPlace): Promise<number | undefined> {
    const { status, headers } = await this.#ask(place, 'HEAD', {}, nothing());
    const offset = headers?.['upload-offset'];
    return status === 200 && offset !== undefined ? Number(offset) : undefined;
  }

  async #ask(
    { url, stallMs, signal }: TransferPlace,
    method: FileRequest['method'],
    headers: FileRequest['headers'],
    body: AsyncIterable<Uint8Array>,
  ): Promise<FileResponse> {
    const { origin, path, authorization } = transferAddress(url);
    await this.#wait(this.latencyMs(), signal);
    const server = this.#servers.get(origin);
    if (this.down) {
      await this.#wait(stallMs, signal);
      throw new TransferError('timeout', `no answer from ${origin}`);
    }
    if (!server) throw new TransferError('unreachable', `nobody listens at ${origin}`);
    const sent = authorization === undefined ? headers : { ...headers, authorization };
    this.requests.push({ method, url, headers: sent });
    const answering = server({ method, path, headers: sent, body });
    answering.catch(() => undefined); // a transfer that was given up ends without anybody waiting
    const answer = await Promise.race([answering, gone(signal)]);
    await this.#wait(this.latencyMs(), signal);
    return answer;
  }

  async *#line(bytes: AsyncIterable<Uint8Array>, { signal, stallMs }: TransferPlace): AsyncIterable<Uint8Array> {
    for await (const whole of bytes) {
      for (let at = 0; at < whole.length; at += this.chunkBytes) {
        const part = whole.subarray(at, at + this.chunkBytes);
        await this.#wait(this.latencyMs(), signal);
        if (this.down) {
          await this.#wait(stallMs, signal);
          throw new TransferError('timeout', 'nothing moves any more');
        }
        if (this.breakAfter !== undefined) {
          const left = this.breakAfter - part.length;
          if (left < 0) {
            yield part.subarray(0, this.breakAfter);
            this.breakAfter = undefined;
            throw new TransferError('broken', 'the connection was lost');
          }
          this.breakAfter = left;
        }
        yield part;
      }
    }
  }

  async #wait(ms: Millis, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.after(ms, 'file transfer', resolve);
    await Promise.race([promise, gone(signal)]);
    if (signal?.aborted === true) throw new TransferError('aborted', 'given up');
  }
}

/** Never resolves; rejects when the transfer is given up. */
function gone(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const abort = (): void => reject(new TransferError('aborted', 'given up'));
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return promise;
}

async function* nothing(): AsyncIterable<Uint8Array> {}

async function* parts(body: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* body;
}
