import 'ws';

/** What the ws package exports and its types leave out; only what is used here. */
declare module 'ws' {
  export type DeflateDone = (error: Error | null, data?: Buffer) => void;

  export interface WebSocket {
    /** How long the message that is being read is, as its frames say; `_maxPayload` is the limit. */
    _receiver?: { _totalPayloadLength: number; _maxPayload: number };
  }

  export class PerMessageDeflate {
    constructor(options?: { isServer?: boolean });
    _isServer: boolean;
    _maxPayload: number;
    /** The streams, once something went through them. */
    _deflate: object | null;
    _inflate: object | null;
    /** What was negotiated; null before. */
    params: Partial<
      Record<`${'client' | 'server'}_max_window_bits`, number> & Record<`${'client' | 'server'}_no_context_takeover`, true>
    > | null;
    accept(offers: object[]): object;
    compress(data: Buffer | string, fin: boolean, done: DeflateDone): void;
    decompress(data: Buffer, fin: boolean, done: DeflateDone): void;
  }

  export namespace WebSocket {
    interface ClientOptions {
      /** How long the goodbye of the other side is waited for. */
      closeTimeout?: number;
    }
  }

  export const extension: { parse(header: string): Record<string, object[]> };
}
