import { formatInstant } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { WebSocket } from 'ws';
import type { StationAct } from '../../act.ts';
import { callText, partsOf, resultText } from '../../frames.ts';

/** What is wrong with a station that looks at nothing when it connects. */
export type StationFlaw = 'trusts every server' | 'speaks TLS 1.1' | 'knows one cipher suite';

const AGAIN_MS = 200;

/** A station just good enough for the steps around a handshake: it boots, tells its connectors, and comes back. */
export class CarelessStation {
  readonly #flaw: StationFlaw;
  readonly #wish: Extract<StationAct, { do: 'createStation' }>;
  #socket: WebSocket | undefined;
  #again: NodeJS.Timeout | undefined;
  #gone = false;
  #calls = 0;

  constructor(flaw: StationFlaw, wish: Extract<StationAct, { do: 'createStation' }>) {
    this.#flaw = flaw;
    this.#wish = wish;
    this.#connect();
  }

  close(): void {
    this.#gone = true;
    clearTimeout(this.#again);
    this.#socket?.terminate();
  }

  #connect(): void {
    const { url, stationId, password, roots } = this.#wish;
    const socket = new WebSocket(`${url}/${encodeURIComponent(stationId)}`, ['ocpp2.0.1'], {
      auth: `${stationId}:${password}`,
      ca: [...roots],
      ...(this.#flaw === 'trusts every server' ? { rejectUnauthorized: false } : {}),
      ...(this.#flaw === 'speaks TLS 1.1' ? { minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
      ...(this.#flaw === 'knows one cipher suite' ? { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } : {}),
    });
    this.#socket = socket;
    socket.on('open', () =>
      this.#call('BootNotification', { reason: 'PowerUp', chargingStation: { model: 'Careless', vendorName: 'Kit' } }),
    );
    socket.on('message', (data: Buffer) => this.#heard(data.toString()));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!this.#gone) this.#again = setTimeout(() => this.#connect(), AGAIN_MS);
    });
  }

  #heard(text: string): void {
    const parts = partsOf(text);
    if (parts?.type === 'result' && parts.id === '1') this.#tells();
    if (parts?.type !== 'call') return;
    this.#socket?.send(resultText(parts.id, { status: 'Accepted' }));
    if (parts.action === 'Reset') this.#socket?.close();
  }

  #tells(): void {
    const timestamp = formatInstant(systemClock.now());
    this.#call('StatusNotification', { timestamp, connectorStatus: 'Available', evseId: 1, connectorId: 1 });
  }

  #call(action: string, payload: unknown): void {
    if (action === 'BootNotification') this.#calls = 0;
    this.#calls += 1;
    this.#socket?.send(callText(String(this.#calls), action, payload));
  }
}
