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
  /** PEM trust roots, client certificate and key, for wss URLs. */
  readonly tls?: { readonly roots?: readonly string[]; readonly certificate?: string; readonly key?: Secret };
}

export type DialFailure = 'badUrl' | 'dns' | 'refused' | 'timeout' | 'tls' | 'http' | 'subprotocol' | 'closed';

export class DialError extends Error {
  readonly failure: DialFailure;
  readonly httpStatus: number | undefined;

  constructor(failure: DialFailure, message: string, httpStatus?: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'DialError';
    this.failure = failure;
    this.httpStatus = httpStatus;
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
  /** The client certificate that TLS verified or not, as PEM, when one was shown. */
  readonly clientCertificate?: { readonly pem: string; readonly verified: boolean };
}

export type HandshakeVerdict =
  | { readonly kind: 'accept'; readonly subprotocol: string; readonly opened: (socket: Socket) => void }
  /** Part 4, 3.2: no common subprotocol is answered 101 without the header, then closed. */
  | { readonly kind: 'acceptAndClose'; readonly code: number; readonly reason: string }
  | { readonly kind: 'refuse'; readonly status: 400 | 401 | 404 | 429 | 503; readonly reason: string; readonly retryAfterS?: number };

export type Acceptor = (handshake: Handshake) => Promise<HandshakeVerdict>;
