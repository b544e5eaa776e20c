// oxlint-disable eslint/no-underscore-dangle -- ws names its fields so
import { oversizeReason, type Socket, type SocketHandlers } from '@busbar/runtime';
import type { WebSocket } from 'ws';

/** A reason in a close frame holds 123 bytes of UTF-8 (RFC 6455, 5.5). */
const REASON_BYTES = 123;

/** What ws calls the faults it closes for; its close event only says 1006. */
const CODE_OF: Record<string, number> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
  Z_DATA_ERROR: 1007,
};

/** One WebSocket of ws as the port that the kernel knows. Reads nothing before `handle`, so nothing arrives too early. */
export class WsSocket implements Socket {
  readonly subprotocol: string;
  readonly remoteAddress: string;
  readonly #ws: WebSocket;
  readonly #threshold: number;
  #paused = false;
  #oversize: number | undefined;
  #fault: { readonly code: number; readonly message: string } | undefined;

  constructor(ws: WebSocket, remoteAddress: string, threshold: number) {
    this.#ws = ws;
    this.subprotocol = ws.protocol;
    this.remoteAddress = remoteAddress;
    this.#threshold = threshold;
    ws.pause();
    ws.on('error', (error: Error & { code?: string }) => {
      const damaged = error.code?.startsWith('WS_ERR') ? 1002 : 1006;
      const code = CODE_OF[error.code ?? ''] ?? damaged;
      if (code === 1009) this.#oversize = sizeOf(ws);
      const message = this.#oversize === undefined ? error.message : oversizeReason(this.#oversize, limitOf(ws));
      this.#fault ??= { code, message };
    });
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(text: string): void {
    // With takeover ws would compress even the shortest answer, which costs more than it saves.
    this.#ws.send(text, { binary: false, compress: Buffer.byteLength(text) >= this.#threshold });
  }

  ping(): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, fitting(reason));
    this.#ws.resume(); // the other side's goodbye must be read
  }

  terminate(): void {
    this.#ws.terminate();
  }

  pause(): void {
    this.#paused = true;
    this.#ws.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#ws.resume();
  }

  handle(handlers: SocketHandlers): void {
    const ws = this.#ws;
    ws.on('message', (data, isBinary) => {
      if (isBinary) handlers.binary();
      else handlers.text(textOf(data));
    });
    ws.on('ping', () => handlers.alive());
    ws.on('pong', () => handlers.alive());
    const closed = (code: number, reason: string): void => {
      if (this.#oversize !== undefined) handlers.oversize?.(this.#oversize);
      handlers.closed(code, reason);
    };
    if (ws.readyState === ws.CLOSED) {
      closed(this.#fault?.code ?? 1006, this.#fault?.message ?? 'connection lost');
      return;
    }
    ws.once('close', (code, reason) => {
      const { code: own, message } = this.#fault ?? { code: 1006, message: 'connection lost' };
      if (code === 1006) closed(own, message);
      else closed(code, reason.toString('utf8'));
    });
    if (!this.#paused) ws.resume();
  }
}

const limitOf = ({ _receiver: receiver }: WebSocket): number => receiver?._maxPayload ?? 0;
/** What its frames announced; of a compressed message only that it is above the limit. */
const sizeOf = (ws: WebSocket): number => Math.max(ws._receiver?._totalPayloadLength ?? 0, limitOf(ws) + 1);

const textOf = (data: Buffer | ArrayBuffer | Buffer[]): string =>
  Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.isBuffer(data)
      ? data.toString('utf8')
      : Buffer.from(data).toString('utf8');

/** Cuts at a character, not in the middle of one. */
function fitting(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > REASON_BYTES) text = Array.from(text).slice(0, -1).join('');
  return text;
}
