import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import {
  type Download,
  downloadStart,
  type FileTransfer,
  TransferError,
  type TransferFailure,
  type TransferPlace,
  transferAddress,
  type Upload,
} from '../file-transfer.ts';
import { limits } from '../limits.ts';
import { drained } from './drained.ts';

/** Files over real HTTP and HTTPS. The libraries are loaded with the first transfer: most stations never make one. */
export function httpFiles(): FileTransfer {
  return { download: (what) => download(what, limits.transferRedirects), upload, uploaded };
}

async function download(what: Download, redirects: number): Promise<void> {
  const request = await ask(what, 'GET', what.from > 0 ? { range: `bytes=${what.from}-` } : {});
  request.end();
  const answer = await answered(request, what);
  const { location } = answer.headers;
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400 && status !== 304 && location !== undefined) {
    answer.destroy();
    if (redirects === 0) throw new TransferError('http', 'the server sends us round in circles', { status });
    // A login in the URL was for the first address; whoever is named there gets none.
    return download({ ...what, url: new URL(location, what.url).href }, redirects - 1);
  }
  try {
    const start = downloadStart({ status, headers: textHeaders(answer) }, what.from);
    if (start === undefined) return;
    if ((start.total ?? 0) > what.limitBytes) throw new TransferError('tooLarge', `the file has ${start.total} bytes`);
    what.begin(start);
    await take(answer, what, start.at);
  } finally {
    answer.destroy();
  }
}

async function take(answer: IncomingMessage, { limitBytes, chunk, signal }: Download, at: number): Promise<void> {
  let taken = at;
  const parts: AsyncIterable<Uint8Array> = answer;
  try {
    for await (const bytes of parts) {
      taken += bytes.length;
      if (taken > limitBytes) throw new TransferError('tooLarge', `the file has more than ${limitBytes} bytes`);
      await chunk(bytes);
    }
  } catch (error) {
    throw failureOf(error, signal, 'broken');
  }
}

async function upload(what: Upload): Promise<void> {
  const request = await ask(what, what.method, { ...what.headers, 'content-length': what.length });
  let over = false; // a server may answer before it has everything, most often No
  const answering = answered(request, what).finally(() => {
    over = true;
  });
  answering.catch(() => undefined); // looked at below, when the body is out
  for (const bytes of what.body) {
    if (over || request.destroyed) break;
    if (!request.write(bytes)) await Promise.race([drained(request), answering.catch(() => undefined)]);
  }
  if (!request.destroyed && !over) request.end();
  const answer = await answering;
  answer.resume();
  answer.on('end', () => request.destroy());
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 299) throw new TransferError('http', `the server answered ${status}`, { status });
}

async function uploaded(place: TransferPlace): Promise<number | undefined> {
  const request = await ask(place, 'HEAD', {});
  request.end();
  const answer = await answered(request, place);
  answer.resume();
  const offset = answer.headers['upload-offset'];
  return answer.statusCode === 200 && typeof offset === 'string' && /^\d+$/.test(offset) ? Number(offset) : undefined;
}

async function ask(place: TransferPlace, method: string, headers: Readonly<Record<string, string | number>>): Promise<ClientRequest> {
  const { secure, authorization } = transferAddress(place.url);
  const url = new URL(place.url);
  url.username = '';
  url.password = '';
  const options: RequestOptions = {
    method,
    headers: { ...headers, connection: 'close', ...(authorization === undefined ? {} : { authorization }) },
    agent: false,
    timeout: place.stallMs,
    ...(place.signal === undefined ? {} : { signal: place.signal }),
  };
  if (!secure) return (await import('node:http')).request(url, options);
  const { getCACertificates } = await import('node:tls');
  const ca = [...getCACertificates('default'), ...(place.roots ?? [])];
  return (await import('node:https')).request(url, { ...options, ca });
}

function answered(request: ClientRequest, { stallMs, signal }: TransferPlace): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('timeout', () => request.destroy(new TransferError('timeout', `nothing moved for ${stallMs / 1000} s`)));
    request.on('response', resolve);
    request.on('error', (error) => reject(failureOf(error, signal, request.reusedSocket ? 'broken' : 'unreachable')));
  });
}

const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

function failureOf(error: unknown, signal: AbortSignal | undefined, otherwise: TransferFailure): TransferError {
  if (error instanceof TransferError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (signal?.aborted === true) return new TransferError('aborted', 'given up', { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (TLS.test(code)) return new TransferError('tls', message, { cause: error });
  if (code === 'ECONNRESET' || code === 'EPIPE') return new TransferError('broken', message, { cause: error });
  return new TransferError(otherwise, message, { cause: error });
}

const textHeaders = ({ headers }: IncomingMessage): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
