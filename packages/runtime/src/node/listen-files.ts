import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { BusbarError, messageOf } from '../errors.ts';
import type { FileRequest, FileResponse, FileServer } from '../file-transfer.ts';
import { limits } from '../limits.ts';
import type { Log } from '../log.ts';
import { drained } from './drained.ts';

export interface FileListenerOptions {
  readonly server: FileServer;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  /** PEM; several pairs (RSA and EC) serve more clients. */
  readonly tls?: { readonly cert: string | readonly string[]; readonly key: string | readonly string[] };
}

export interface FileListener {
  readonly port: number;
  close(): Promise<void>;
}

/** A listener of its own for files: it knows no page and no API, so it may be reached from where those may not. */
export async function listenFiles({ server, host, port, log, tls }: FileListenerOptions): Promise<FileListener> {
  const { createServer } = await import('node:http');
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    exchange(server, request, response).catch((error: unknown) => {
      log.warn('a file transfer ended early', { method: request.method, reason: messageOf(error) });
      response.destroy();
    });
  };
  const options = {
    requestTimeout: 0,
    headersTimeout: limits.handshakeTimeoutMs,
    connectionsCheckingInterval: limits.handshakeTimeoutMs / 4,
    maxHeaderSize: limits.handshakeHeaderBytes,
  };
  const http: Server = tls
    ? (await import('node:https')).createServer({ ...options, ...secured(tls) }, serve)
    : createServer(options, serve);
  http.on('secureConnection', (socket: TLSSocket) => socket.disableRenegotiation());
  http.maxConnections = limits.fileTransfers;
  http.setTimeout(2 * limits.transferStallMs, (socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(new BusbarError('port-taken', `cannot listen for files: ${messageOf(error)}`, { cause: error })));
    http.listen({ host, port }, resolve);
  });
  const address = http.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

const secured = ({ cert, key }: NonNullable<FileListenerOptions['tls']>) => ({
  cert: list(cert),
  key: list(key),
  minVersion: 'TLSv1.2' as const,
  handshakeTimeout: limits.handshakeTimeoutMs,
});

const list = (pems: string | readonly string[]): string[] => (typeof pems === 'string' ? [pems] : [...pems]);

const METHODS: readonly FileRequest['method'][] = ['GET', 'HEAD', 'PUT', 'POST'];

async function exchange(server: FileServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = METHODS.find((known) => known === request.method);
  const answer: FileResponse =
    method === undefined
      ? { status: 405, headers: { allow: METHODS.join(', ') } }
      : await server({ method, path: request.url ?? '/', headers: textHeaders(request), body: request });
  // A connection per transfer: after a refusal in the middle of a body nothing else can follow on it.
  response.writeHead(answer.status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
    connection: 'close',
  });
  if (answer.body && method !== 'HEAD') {
    for await (const bytes of answer.body) {
      if (response.destroyed) break;
      if (!response.write(bytes)) await drained(response);
    }
  }
  response.end();
  if (!request.complete) goodbye(request);
}

/** Whoever still sends gets the time to hear our answer; a reset would take it from him. */
function goodbye(request: IncomingMessage): void {
  request.on('error', () => undefined);
  request.resume();
  const timer = setTimeout(() => request.destroy(), limits.closeWaitMs);
  request.once('close', () => clearTimeout(timer));
}

const textHeaders = ({ headers }: IncomingMessage): FileRequest['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
