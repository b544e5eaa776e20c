import type { IncomingMessage } from 'node:http';
import { DialError, type DialFailure, type DialRequest, limits, messageOf, type Network, type Socket } from '@busbar/runtime';
import { type ClientOptions, WebSocket } from 'ws';
import { useOneShotDeflate } from './one-shot-deflate.ts';
import { WsSocket } from './ws-socket.ts';

export interface NodeNetworkOptions {
  readonly maxFrameBytes?: number;
  readonly deflateThresholdBytes?: number;
}

/** The real network of a station: WebSockets over TCP or TLS. */
export function nodeNetwork(options: NodeNetworkOptions = {}): Network {
  useOneShotDeflate();
  return { dial: (request) => dial(request, options) };
}

function dial(request: DialRequest, options: NodeNetworkOptions): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  let ws: WebSocket;
  try {
    ws = new WebSocket(request.url, [...request.subprotocols], clientOptions(request, options));
  } catch (error) {
    reject(new DialError('badUrl', messageOf(error), undefined, error));
    return promise;
  }
  let remoteAddress = '';
  const timer = setTimeout(() => {
    reject(new DialError('timeout', `no answer within ${request.timeoutMs} ms`));
    ws.terminate();
  }, request.timeoutMs);
  const failed = (error: DialError): void => {
    clearTimeout(timer);
    reject(error);
  };
  ws.on('error', (error) => failed(dialError(error)));
  ws.once('close', () => failed(new DialError('closed', 'the connection was closed during the handshake')));
  ws.once('upgrade', (response) => {
    remoteAddress = response.socket.remoteAddress ?? '';
  });
  ws.once('unexpected-response', (_, response) => {
    refusal(response, (error) => {
      failed(error);
      ws.terminate();
    });
  });
  ws.once('open', () => {
    clearTimeout(timer);
    ws.removeAllListeners();
    resolve(new WsSocket(ws, remoteAddress, options.deflateThresholdBytes ?? limits.deflateThresholdBytes));
  });
  return promise;
}

function clientOptions({ basic, deflate, tls }: DialRequest, options: NodeNetworkOptions): ClientOptions {
  const authorization = basic && `Basic ${Buffer.from(`${basic.user}:${basic.password.reveal()}`, 'utf8').toString('base64')}`;
  const threshold = options.deflateThresholdBytes ?? limits.deflateThresholdBytes;
  return {
    headers: authorization === undefined ? {} : { Authorization: authorization },
    // 12 bits keep the saving at a fraction of the memory; 8 is broken in zlib (D5).
    perMessageDeflate: deflate && { clientMaxWindowBits: 12, threshold, zlibDeflateOptions: { memLevel: 5 } },
    maxPayload: options.maxFrameBytes ?? limits.frameBytes,
    closeTimeout: limits.closeWaitMs,
    followRedirects: false,
    ...(tls?.roots ? { ca: [...tls.roots] } : {}),
    ...(tls?.certificate ? { cert: tls.certificate } : {}),
    ...(tls?.key ? { key: tls.key.reveal() } : {}),
    minVersion: 'TLSv1.2',
  };
}

/** Reads the server's reason, a little of it, before the error is told. */
function refusal(response: IncomingMessage, told: (error: DialError) => void): void {
  const status = response.statusCode ?? 0;
  let body = '';
  const tell = (): void => told(new DialError('http', `${status} ${response.statusMessage ?? ''} ${body.trim()}`.trim(), status));
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    if (body.length < limits.refusalTextLength) body += chunk.slice(0, limits.refusalTextLength - body.length);
  });
  response.once('end', tell);
  response.once('error', tell);
}

const FAILURES: readonly (readonly [RegExp, DialFailure])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|ENODATA|EAI_FAIL)$/, 'dns'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES)$/, 'refused'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timeout'],
  [
    /^(EPROTO|ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH)/,
    'tls',
  ],
];

/** Which of the kinds a failure of ws, net or tls is. Exported for the doctor. */
export function dialError(error: Error & { code?: string; errors?: readonly { code?: string }[] }): DialError {
  const code = error.code ?? error.errors?.[0]?.code ?? '';
  const [, failure] = FAILURES.find(([pattern]) => pattern.test(code)) ?? [];
  const text = error.message === '' ? code : error.message;
  if (failure) return new DialError(failure, text, undefined, error);
  return new DialError(/subprotocol/i.test(error.message) ? 'subprotocol' : 'closed', text, undefined, error);
}
