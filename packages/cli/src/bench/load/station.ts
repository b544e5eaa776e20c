import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { BusbarError, isRecord } from '@busbar/runtime';
import { clientFrame, PONG, serverFrame } from './frames.ts';
import type { HotMessage } from './hot-event.ts';

export interface LoadStationOptions {
  readonly id: string;
  readonly password: string;
  readonly port: number;
  readonly deflate?: boolean;
  /** One of this machine's own addresses: a port lasts for one connection per pair of addresses. */
  readonly localAddress?: string;
}

const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const EMPTY = Buffer.alloc(0);
/** A CALL that is not answered within this time has failed. */
const PATIENCE_MS = 60_000;

/**
 * A station as load: it connects with its password, boots, lets itself be asked for its inventory, and then sends prepared
 * frames. Everything but the prepared frames takes the long way.
 */
export class LoadStation {
  readonly id: string;
  /** Hears that the prepared message was answered; false when it was refused. */
  answered: ((accepted: boolean) => void) | undefined;
  /** Hears that the link is gone. */
  lost: ((reason: string) => void) | undefined;
  readonly #options: LoadStationOptions;
  #socket: Socket | undefined;
  #rest: Buffer = EMPTY;
  #hot = false;
  readonly #waiting = new Map<string, { resolve: (payload: unknown) => void; reject: (error: Error) => void }>();
  #accepted: (() => void) | undefined;

  constructor(options: LoadStationOptions) {
    this.#options = options;
    this.id = options.id;
  }

  /** Resolves once the handshake is done. */
  connect(): Promise<void> {
    const { port, localAddress, deflate, password, id } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', ...(localAddress === undefined ? {} : { localAddress }) });
      this.#socket = socket;
      socket.setNoDelay(true);
      socket.write(
        [
          `GET /ocpp/${id} HTTP/1.1`,
          'Host: 127.0.0.1',
          'Upgrade: websocket',
          'Connection: Upgrade',
          `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Protocol: ocpp2.0.1',
          `Authorization: Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`,
          ...(deflate === true
            ? ['Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover']
            : []),
          '\r\n',
        ].join('\r\n'),
      );
      const lost = (reason: string): void => {
        const error = new BusbarError('internal', `${id}: ${reason}`);
        reject(error);
        for (const { reject: fail } of this.#waiting.values()) fail(error);
        this.#waiting.clear();
        this.lost?.(reason);
      };
      socket.on('error', (error) => lost(error.message));
      socket.on('close', () => lost('the server closed the link'));
      let head = EMPTY;
      const handshake = (bytes: Buffer): void => {
        head = Buffer.concat([head, bytes]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const text = head.toString('latin1');
        if (!text.startsWith('HTTP/1.1 101')) return lost(text.split('\r\n\r\n')[1]?.trim() ?? text);
        socket.off('data', handshake);
        socket.on('data', (data) => this.#data(data));
        resolve();
        if (head.length > end + 4) this.#data(head.subarray(end + 4));
      };
      socket.on('data', handshake);
    });
  }

  /** Boots and boots again until it is Accepted. */
  async boot(): Promise<void> {
    const accepted = new Promise<void>((resolve) => {
      this.#accepted = resolve;
    });
    await this.#bootNotification();
    await accepted;
  }

  async #bootNotification(): Promise<void> {
    const chargingStation = { model: 'Load', vendorName: 'Busbar', serialNumber: this.id, firmwareVersion: '1.0.0' };
    const answer = await this.call('BootNotification', { reason: 'PowerUp', chargingStation });
    if (isRecord(answer) && answer['status'] === 'Accepted') this.#accepted?.();
  }

  call(action: string, payload: unknown): Promise<unknown> {
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new BusbarError('no-answer', `${this.id}: no answer to ${action}`)), PATIENCE_MS);
      this.#waiting.set(id, {
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#write([2, id, action, payload]);
    });
  }

  /** Sends a prepared message; one at a time. */
  send(message: HotMessage, n: number): void {
    this.#hot = true;
    this.#socket?.write(message.frame(n));
  }

  close(): void {
    this.lost = undefined;
    this.#socket?.destroy();
  }

  #write(message: readonly unknown[]): void {
    const text = Buffer.from(JSON.stringify(message));
    const deflate = this.#options.deflate === true && text.length > 100;
    const data = deflate ? deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -TAIL.length) : text;
    this.#socket?.write(clientFrame(data, deflate));
  }

  #data(bytes: Buffer): void {
    // The usual case: one small frame, and it is the answer to the prepared event.
    if (this.#hot && this.#rest.length === 0 && bytes[0] === 0x81 && bytes.length === 2 + (bytes[1] ?? 0) && bytes[3] === 0x33) {
      this.#hot = false;
      this.answered?.(true);
      return;
    }
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let frame = serverFrame(this.#rest); frame !== undefined; frame = serverFrame(this.#rest)) {
      this.#rest = this.#rest.subarray(frame.end);
      if (frame.opcode === 9) this.#socket?.write(PONG);
      if (frame.opcode !== 1) continue;
      const data = frame.compressed
        ? inflateRawSync(Buffer.concat([frame.payload, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH })
        : frame.payload;
      this.#message(JSON.parse(data.toString('utf8')));
    }
  }

  #message([type, id, third, fourth]: readonly [number, string, unknown, unknown]): void {
    if (type === 2) return this.#serve(id, String(third), isRecord(fourth) ? fourth : {});
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) {
      this.#waiting.delete(id);
      if (type === 3) waiting.resolve(third);
      else waiting.reject(new BusbarError('call-refused', `${this.id}: ${String(third)} ${String(fourth)}`));
    } else if (this.#hot) {
      this.#hot = false;
      this.answered?.(type === 3);
    }
  }

  /** What a CSMS asks a station that is new to it. */
  #serve(id: string, action: string, payload: Readonly<Record<string, unknown>>): void {
    if (action === 'GetBaseReport') {
      this.#write([3, id, { status: 'Accepted' }]);
      this.#inBackground(this.call('NotifyReport', inventory(payload['requestId'])));
    } else if (action === 'TriggerMessage' && payload['requestedMessage'] === 'BootNotification') {
      this.#write([3, id, { status: 'Accepted' }]);
      this.#inBackground(this.#bootNotification());
    } else if (action === 'GetTransactionStatus') {
      this.#write([3, id, { ongoingIndicator: true, messagesInQueue: false }]);
    } else {
      this.#write([4, id, 'NotSupported', `${action} is nothing for a load`, {}]);
    }
  }

  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.lost?.(String(error)));
  }
}

const inventory = (requestId: unknown): unknown => ({
  requestId,
  generatedAt: '2026-05-04T00:00:00Z',
  seqNo: 0,
  tbc: false,
  reportData: [
    {
      component: { name: 'ChargingStation' },
      variable: { name: 'Model' },
      variableAttribute: [{ type: 'Actual', value: 'Load', mutability: 'ReadOnly' }],
      variableCharacteristics: { dataType: 'string', supportsMonitoring: false },
    },
  ],
});
