import type { Millis } from './instant.ts';
import type { Secret } from './log.ts';

/** One WebSocket, message by message. Frames that arrive before `handle` was called are kept for it. */
export interface Socket {
  /** The negotiated subprotocol; empty when none was agreed. */
  readonly subprotocol: string;
  readonly remoteAddress: string;
  readonly bufferedBytes: number;
  send(text: string): void;
  ping(): void;
  /** Says goodbye with a close code (RFC 6455, 7.4) and waits a little for the other side. */
  close(code: number, reason: string): void;
  terminate(): void;
  /** Back-pressure: stops reading; TCP pushes back, nothing is dropped. */
  pause(): void;
  resume(): void;
  handle(handlers: SocketHandlers): void;
}

export interface SocketHandlers {
  text(data: string): void;
  binary(): void;
  /** A ping or pong of the other side: proof that it lives. */
  alive(): void;
  /** A message was above the limit; the size as far as it is known. `closed` with 1009 follows (D3). */
  oversize?(bytes: number): void;
  closed(code: number, reason: string): void;
}

/** What is said of a message above the limit, in the close reason: the size, or that it was not announced. */
export const oversizeReason = (bytes: number, limit: number): string =>
  bytes > limit + 1 ? `a frame of ${bytes} bytes; the limit is ${limit}` : `a frame of more than ${limit} bytes`;

export interface DialRequest {
  /** The full URL with the station's id as last path segment, percent-encoded. */
  readonly url: string;
  readonly subprotocols: readonly string[];
  readonly basic?: { readonly user: string; readonly password: Secret };
  readonly deflate: boolean;
  readonly timeoutMs: Millis;
  /** For wss URLs. */
  readonly tls?: DialTls;
}

export interface DialTls {
  /** PEM; trust rests on these alone. Without them the platform's own are taken. */
  readonly roots?: readonly string[];
  /** The client certificate with its chain, leaf first, and its key. */
  readonly certificate?: string;
  readonly key?: Secret;
  /** The last word on the server's certificate: why it is refused. Asked before any credentials are sent. */
  readonly judge?: (server: ServerCertificate) => string | undefined;
}

export interface ServerCertificate {
  /** PEM, leaf first. */
  readonly chain: string;
  /** The host of the URL, without brackets and port. */
  readonly host: string;
}

/** What broke a TLS handshake: our view of the server's certificate, version or cipher suites, or the server's of our certificate. */
export type TlsFault = 'certificate' | 'version' | 'cipher' | 'clientCertificate';

export type DialFailure = 'badUrl' | 'dns' | 'refused' | 'timeout' | 'tls' | 'http' | 'subprotocol' | 'closed';

export class DialError extends Error {
  readonly failure: DialFailure;
  readonly httpStatus: number | undefined;
  readonly tlsFault: TlsFault | undefined;

  constructor(failure: DialFailure, message: string, httpStatus?: number, cause?: unknown, tlsFault?: TlsFault) {
    super(message, { cause });
    this.name = 'DialError';
    this.failure = failure;
    this.httpStatus = httpStatus;
    this.tlsFault = tlsFault;
  }
}

export interface Network {
  /** Rejects with a DialError. */
  dial(request: DialRequest): Promise<Socket>;
}

/** What a server knows of a connection before the upgrade. */
export interface Handshake {
  /** The raw path of the request, still percent-encoded, without query. */
  readonly path: string;
  readonly subprotocols: readonly string[];
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly secure: boolean;
  /** What was agreed, by its names in TLS. */
  readonly tls?: { readonly protocol: string; readonly cipher: string };
  /** The client certificate with the chain that was shown, leaf first, as PEM. TLS proved the key, nobody judged the chain yet (D16). */
  readonly clientCertificate?: string;
}

export type HandshakeVerdict =
  | { readonly kind: 'accept'; readonly subprotocol: string; readonly opened: (socket: Socket) => void }
  /** Part 4, 3.2: no common subprotocol is answered 101 without the header, then closed. */
  | { readonly kind: 'acceptAndClose'; readonly code: number; readonly reason: string }
  | { readonly kind: 'refuse'; readonly status: 400 | 401 | 404 | 429 | 503; readonly reason: string; readonly retryAfterS?: number };

export type Acceptor = (handshake: Handshake) => Promise<HandshakeVerdict>;
