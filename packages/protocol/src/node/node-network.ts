import type { IncomingMessage } from 'node:http';
import type { PeerCertificate } from 'node:tls';
import {
  DialError,
  type DialFailure,
  type DialRequest,
  type DialTls,
  limits,
  messageOf,
  type Network,
  type Socket,
  type TlsFault,
} from '@busbar/runtime';
import { type ClientOptions, WebSocket } from 'ws';
import { useOneShotDeflate } from './one-shot-deflate.ts';
import { pemOf } from './pem.ts';
import { CIPHERS } from './ws-listen.ts';
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

function clientOptions({ url, basic, deflate, tls }: DialRequest, options: NodeNetworkOptions): ClientOptions {
  const authorization = basic && `Basic ${Buffer.from(`${basic.user}:${basic.password.reveal()}`, 'utf8').toString('base64')}`;
  const threshold = options.deflateThresholdBytes ?? limits.deflateThresholdBytes;
  return {
    headers: authorization === undefined ? {} : { Authorization: authorization },
    // 12 bits keep the saving at a fraction of the memory; 8 is broken in zlib (D5).
    perMessageDeflate: deflate && { clientMaxWindowBits: 12, threshold, zlibDeflateOptions: { memLevel: 5 } },
    maxPayload: options.maxFrameBytes ?? limits.frameBytes,
    closeTimeout: limits.closeWaitMs,
    followRedirects: false,
    // What an answer changes has happened before the next frame is looked at, even when both came in one packet.
    allowSynchronousEvents: false,
    ...(tls?.roots ? { ca: [...tls.roots] } : {}),
    ...(tls?.certificate ? { cert: tls.certificate } : {}),
    ...(tls?.key ? { key: tls.key.reveal() } : {}),
    ...(tls?.judge ? serverCheck(tls.judge, url) : {}),
    minVersion: 'TLSv1.2', // A00.FR.313
    ciphers: CIPHERS,
  };
}

/** Asked by TLS before a byte of the request, and with it the password, is sent. (The types of ws have this option wrong, so they are not told.) */
function serverCheck(judge: NonNullable<DialTls['judge']>, url: string): object {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return {
    checkServerIdentity(_: string, certificate: PeerCertificate): Error | undefined {
      const reason = judge({ chain: chainOf(certificate).map(pemOf).join(''), host });
      return reason === undefined ? undefined : Object.assign(new Error(reason), { code: 'CERT_REFUSED' });
    },
  };
}

function chainOf(leaf: PeerCertificate & { readonly issuerCertificate?: PeerCertificate }): readonly Buffer[] {
  const chain: Buffer[] = [];
  for (let next: typeof leaf | undefined = leaf; next && chain.length < limits.chainCertificates; next = next.issuerCertificate) {
    if (chain.some((known) => known.equals(next?.raw ?? known))) break; // a root is its own issuer
    chain.push(next.raw);
  }
  return chain;
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

const TLS_FAULTS: readonly (readonly [RegExp, TlsFault])[] = [
  [/asn1 encoding routines|x509 certificate routines/i, 'certificate'], // truncated or damaged: it cannot even be read
  [/unsupported protocol|alert protocol version|version too low|no protocols available/i, 'version'],
  [/alert (bad certificate|certificate (expired|revoked|unknown|required)|unknown ca)|certificate required/i, 'clientCertificate'],
  [/handshake failure|no shared cipher|no ciphers available|insufficient security|wrong cipher|unknown cipher/i, 'cipher'],
];

/** By the words of OpenSSL; what it says of the server's certificate comes as codes of its own. */
function tlsFaultOf(code: string, text: string): TlsFault | undefined {
  const words = `${text} ${code.replaceAll('_', ' ')}`;
  const [, fault] = TLS_FAULTS.find(([pattern]) => pattern.test(words)) ?? [];
  if (fault) return fault;
  return /^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME|ERR_TLS_CERT|ERR_(OSSL|SSL)_(ASN1|X509)|CRL_)/.test(
    code,
  )
    ? 'certificate'
    : undefined;
}

/** Which of the kinds a failure of ws, net or tls is. Exported for the doctor. */
export function dialError(error: Error & { code?: string; errors?: readonly { code?: string }[] }): DialError {
  const code = error.code ?? error.errors?.[0]?.code ?? '';
  const [, failure] = FAILURES.find(([pattern]) => pattern.test(code)) ?? [];
  const text = error.message === '' ? code : error.message;
  if (failure) return new DialError(failure, text, undefined, error, failure === 'tls' ? tlsFaultOf(code, text) : undefined);
  return new DialError(/subprotocol/i.test(error.message) ? 'subprotocol' : 'closed', text, undefined, error);
}
