import { constants } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type SecureVersion, TLSSocket } from 'node:tls';
import { type Acceptor, BusbarError, type Handshake, type HandshakeVerdict, type Log, limits, silentLog } from '@busbar/runtime';
import { extension, PerMessageDeflate, WebSocketServer } from 'ws';
import { useOneShotDeflate } from './one-shot-deflate.ts';
import { pemOf } from './pem.ts';
import { Unfinished } from './unfinished.ts';
import { answer, badUpgrade, subprotocolsOf } from './upgrade.ts';
import { WsSocket } from './ws-socket.ts';

export interface ListenTls {
  /** PEM; several pairs (RSA and EC) serve more cipher suites on one port (D15). */
  readonly key: string | readonly string[];
  readonly cert: string | readonly string[];
  /** Asks stations for a certificate; who has none is still let through to the acceptor (D16). */
  readonly requestClientCertificate?: boolean;
  /** For a server that tests its clients: other versions and suites than a good server offers. */
  readonly offers?: { readonly minVersion?: SecureVersion; readonly maxVersion?: SecureVersion; readonly ciphers?: string };
}

/** A00.FR.318, A00.FR.421: the four suites of the documents, and the two with forward secrecy that RSA certificates have besides. TLS 1.3 has its own. */
export const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
].join(':');

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls?: ListenTls;
  readonly acceptor: Acceptor;
  /** A TLS handshake that failed or was not finished in time, or a connection that asked to negotiate anew: who it was is not known. */
  readonly tlsFailed?: (remoteAddress: string, reason: string) => void;
  /** A TLS connection whose other side left without a word, as one does that does not trust our certificate. */
  readonly tlsAbandoned?: (remoteAddress: string) => void;
  readonly log?: Log;
  readonly maxFrameBytes?: number;
  readonly maxHandshakes?: number;
  readonly handshakeTimeoutMs?: number;
  /** Connections at once that have not finished their handshake; above it the oldest makes room. */
  readonly maxUnfinished?: number;
  /** `takeover`: how many connections at once may keep their compression context (D5). */
  readonly deflate?: false | { readonly thresholdBytes?: number; readonly takeover?: number };
}

export interface Listener {
  readonly port: number;
  /** Open WebSockets. */
  readonly connections: number;
  /** New certificates for connections to come. */
  renew(tls: ListenTls): void;
  /** Stops listening, says goodbye (1001) to who is connected, resolves when all are gone. */
  close(): Promise<void>;
}

/** Listens for stations. Every upgrade is put before the acceptor; until its verdict nothing is allocated but the request. */
export async function wsListen(options: ListenOptions): Promise<Listener> {
  useOneShotDeflate();
  const server = httpServer(options);
  const unfinished = new Unfinished(options.maxUnfinished, (remoteAddress) => {
    if (options.tls) options.tlsFailed?.(remoteAddress, 'too many connections without a finished handshake; the oldest made room');
  });
  const upgrades = new Upgrades(options);
  server.on('connection', (socket) => unfinished.take(socket));
  server.on('request', ({ socket }) => unfinished.done(socket));
  server.on('upgrade', (request, socket, head) => {
    unfinished.done(request.socket);
    upgrades.take(request, socket, head);
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: Error & { code?: string }) => {
    const taken = error.code === 'EADDRINUSE';
    reject(taken ? new BusbarError('port-taken', `port ${options.port} on ${options.host} is taken`, { cause: error }) : error);
  });
  server.listen({ host: options.host, port: options.port, backlog: limits.listenBacklog }, resolve);
  await listening;
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    get connections() {
      return upgrades.open.size;
    },
    renew(tls) {
      if ('setSecureContext' in server && typeof server.setSecureContext === 'function') server.setSecureContext(tlsOptions(tls));
    },
    close: () => {
      unfinished.destroyAll();
      return closeAll(server, upgrades);
    },
  };
}

function httpServer(options: ListenOptions): Server {
  const timeout = options.handshakeTimeoutMs ?? limits.handshakeTimeoutMs;
  const settings = {
    maxHeaderSize: limits.handshakeHeaderBytes,
    headersTimeout: timeout,
    requestTimeout: timeout,
    // Who sends a header byte by byte, or nothing at all, is found by this check.
    connectionsCheckingInterval: Math.max(10, Math.floor(timeout / 4)),
    keepAliveTimeout: 1,
  };
  const server = options.tls
    ? createTlsServer({ ...settings, ...tlsOptions(options.tls), handshakeTimeout: timeout })
    : createServer(settings);
  if (options.tls) watchTls(server, options, timeout);
  if (options.tlsAbandoned) watchAbandoned(server, options.tlsAbandoned);
  server.on('request', (_, response) => {
    response.writeHead(426, { Upgrade: 'websocket', Connection: 'close', 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('This port speaks OCPP over WebSocket.\n');
  });
  return server;
}

type CodedError = Error & { readonly code?: string; readonly reason?: string };
/** Wrong protocol, suites, alerts, damaged certificates; a line that merely broke is none of them. */
const isProtocolFault = (code: string | undefined): boolean => /^ERR_(SSL|OSSL)/.test(code ?? '');
const HANDSHAKE_TIMEOUT = 'ERR_TLS_HANDSHAKE_TIMEOUT';

/** What goes wrong below the request is told with its reason; nobody negotiates a second time. */
function watchTls(server: Server, { tlsFailed }: ListenOptions, timeoutMs: number): void {
  // The handshake's own time-out destroys the socket without its address: it is read while it is there.
  server.on('tlsClientError', (error: CodedError, socket: TLSSocket) => {
    const { remoteAddress = '' } = socket;
    if (isProtocolFault(error.code)) tlsFailed?.(remoteAddress, error.reason ?? error.code ?? '');
    else if (error.code === HANDSHAKE_TIMEOUT) tlsFailed?.(remoteAddress, `the handshake was not finished within ${timeoutMs} ms`);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const { remoteAddress = '' } = socket;
    // A handshake costs the server more than the client, and the one that was judged must stay the one that counts.
    socket.disableRenegotiation();
    socket.on('error', ({ code }: CodedError) => {
      if (code === 'ERR_TLS_RENEGOTIATION_DISABLED') tlsFailed?.(remoteAddress, 'the client asked to negotiate anew, which is not allowed');
    });
  });
  server.on('clientError', (error: CodedError, socket: Duplex) => {
    const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (late && socket instanceof TLSSocket)
      tlsFailed?.(socket.remoteAddress ?? '', `no request within ${timeoutMs} ms after the handshake`);
    answerBroken(error, socket);
  });
}

/** What Node would say itself if nobody listened; what broke below HTTP gets no answer in HTTP. */
function answerBroken({ code = '' }: CodedError, socket: Duplex): void {
  if (!socket.writable || !/^(HPE_|ERR_HTTP_)/.test(code)) socket.destroy();
  else if (code === 'HPE_HEADER_OVERFLOW') answer(socket, 431, 'the headers are too long');
  else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') answer(socket, 408, 'the request did not come in time');
  else answer(socket, 400, 'this is no HTTP request');
}

/** Who says nothing after the handshake, or breaks it off without an alert. */
function watchAbandoned(server: Server, abandoned: (remoteAddress: string) => void): void {
  const spoke = new WeakSet<Duplex>();
  server.on('upgrade', (request) => spoke.add(request.socket));
  server.on('request', (request) => spoke.add(request.socket));
  server.on('secureConnection', (socket: TLSSocket) => {
    const { remoteAddress = '' } = socket;
    socket.once('close', () => {
      if (!spoke.has(socket)) abandoned(remoteAddress);
    });
  });
  server.on('tlsClientError', (error: Error & { code?: string }, socket: TLSSocket) => {
    if (!isProtocolFault(error.code) && error.code !== HANDSHAKE_TIMEOUT) abandoned(socket.remoteAddress ?? '');
  });
}

const tlsOptions = ({ key, cert, requestClientCertificate = false, offers = {} }: ListenTls) => ({
  key: typeof key === 'string' ? key : [...key],
  cert: typeof cert === 'string' ? cert : [...cert],
  requestCert: requestClientCertificate,
  // Judged by the acceptor, which knows the station and can say why (D16).
  rejectUnauthorized: false,
  minVersion: 'TLSv1.2' as const, // A00.FR.313, A00.FR.416
  ciphers: CIPHERS,
  honorCipherOrder: true,
  // A resumed session brings the client's certificate back without the chain it came with: nobody could judge it.
  ...(requestClientCertificate ? { secureOptions: constants.SSL_OP_NO_TICKET } : {}),
  ...offers,
});

async function closeAll(server: Server, upgrades: Upgrades): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  upgrades.stop();
  server.closeAllConnections();
  const timer = setTimeout(() => {
    for (const socket of upgrades.open) socket.terminate();
  }, limits.closeWaitMs);
  await promise;
  clearTimeout(timer);
}

class Upgrades {
  readonly open = new Set<WsSocket>();
  readonly #options: ListenOptions;
  readonly #log: Log;
  readonly #threshold: number;
  readonly #plain: WebSocketServer;
  readonly #withTakeover: WebSocketServer | undefined;
  readonly #waiting = new Set<Duplex>();
  #takeovers = 0;
  #stopped = false;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    const deflate = options.deflate ?? {};
    this.#threshold = (deflate === false ? undefined : deflate.thresholdBytes) ?? limits.deflateThresholdBytes;
    const shared = {
      noServer: true,
      clientTracking: false,
      maxPayload: options.maxFrameBytes ?? limits.frameBytes,
      closeTimeout: limits.closeWaitMs,
      handleProtocols: (offered: Set<string>) => offered.values().next().value ?? false,
    } as const;
    const threshold = this.#threshold;
    this.#plain = new WebSocketServer({
      ...shared,
      perMessageDeflate: deflate === false ? false : { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold },
    });
    if (deflate !== false && (deflate.takeover ?? 0) > 0) {
      this.#withTakeover = new WebSocketServer({
        ...shared,
        perMessageDeflate: { threshold, serverMaxWindowBits: 12, zlibDeflateOptions: { memLevel: 5 } },
      });
    }
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const bad = badUpgrade(request);
    if (bad) {
      answer(socket, 400, bad);
      return;
    }
    if (this.#stopped || this.#waiting.size >= (this.#options.maxHandshakes ?? limits.handshakes)) {
      answer(socket, 503, 'too many handshakes at once', { retryAfterS: limits.handshakeRetryS });
      return;
    }
    this.#waiting.add(socket);
    this.#options
      .acceptor(handshakeOf(request))
      .then((verdict) => this.#settle(verdict, request, socket, head))
      .catch((error: unknown) => {
        this.#log.error('the handshake could not be judged', { path: request.url, error });
        answer(socket, 503, 'internal error', { retryAfterS: limits.handshakeRetryS });
      })
      .finally(() => this.#waiting.delete(socket));
  }

  stop(): void {
    this.#stopped = true;
    for (const socket of this.#waiting) socket.destroy();
    for (const socket of this.open) socket.close(1001, 'the server stops');
  }

  #settle(verdict: HandshakeVerdict, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (socket.destroyed) return;
    switch (verdict.kind) {
      case 'refuse':
        answer(socket, verdict.status, verdict.reason, verdict.retryAfterS === undefined ? {} : { retryAfterS: verdict.retryAfterS });
        return;
      case 'acceptAndClose':
        delete request.headers['sec-websocket-protocol'];
        this.#upgrade(request, socket, head, (opened) => {
          opened.handle({ text() {}, binary() {}, alive() {}, closed() {} });
          opened.close(verdict.code, verdict.reason);
        });
        return;
      case 'accept':
        request.headers['sec-websocket-protocol'] = verdict.subprotocol;
        this.#upgrade(request, socket, head, verdict.opened);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (socket: WsSocket) => void): void {
    forgetUnacceptableDeflate(request);
    const takeover = this.#withTakeover !== undefined && this.#takeovers < this.#takeoverLimit();
    const server = takeover && this.#withTakeover ? this.#withTakeover : this.#plain;
    const remoteAddress = request.socket.remoteAddress ?? '';
    server.handleUpgrade(request, socket, head, (ws) => {
      const counted = takeover && ws.extensions !== '';
      if (counted) this.#takeovers += 1;
      const own = new WsSocket(ws, remoteAddress, this.#threshold);
      this.open.add(own);
      ws.once('close', () => {
        this.open.delete(own);
        if (counted) this.#takeovers -= 1;
      });
      opened(own);
    });
  }

  #takeoverLimit(): number {
    const { deflate } = this.#options;
    return deflate === undefined || deflate === false ? 0 : (deflate.takeover ?? 0);
  }
}

function handshakeOf(request: IncomingMessage): Handshake {
  const { socket } = request;
  const shown = socket instanceof TLSSocket ? shownChain(socket) : undefined;
  return {
    path: /^[^?#]*/.exec(request.url ?? '')?.[0] ?? '',
    subprotocols: subprotocolsOf(request.headers['sec-websocket-protocol']),
    authorization: request.headers.authorization,
    remoteAddress: socket.remoteAddress ?? '',
    secure: socket instanceof TLSSocket,
    ...(socket instanceof TLSSocket ? { tls: { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().standardName } } : {}),
    ...(shown === undefined ? {} : { clientCertificate: shown }),
  };
}

/** What the client showed, leaf first. */
function shownChain(socket: TLSSocket): string | undefined {
  const chain: string[] = [];
  for (let next = socket.getPeerX509Certificate(); next && chain.length < limits.chainCertificates; next = next.issuerCertificate)
    chain.push(pemOf(next.raw));
  return chain.length === 0 ? undefined : chain.join('');
}

/** An offer we cannot take is declined, not answered 400 as ws would; a window of 8 bits is broken in zlib (D5). */
function forgetUnacceptableDeflate(request: IncomingMessage): void {
  const header = request.headers['sec-websocket-extensions'];
  if (header === undefined) return;
  try {
    const offers = extension.parse(header)['permessage-deflate'];
    if (offers && !/server_max_window_bits="?8\b/.test(header)) new PerMessageDeflate({ isServer: true }).accept(offers);
    else delete request.headers['sec-websocket-extensions'];
  } catch {
    delete request.headers['sec-websocket-extensions']; // no valid offer means no compression
  }
}
