// Raw OCPP clients that send one TransactionEvent after the other and write down what was acknowledged. What was not answered
// when a link broke is sent again on the next one, as a station does.
import { nodeNetwork } from '@busbar/protocol/node';
import { formatInstant, Secret, type Socket } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import type { SpawnedCsms } from '../../packages/cli/src/spawn.ts';

/** Events of one transaction; the register grows by 100.5 Wh with each. */
export const EVENTS_EACH = 12;
const STEP_WH = 100.5;

export interface Acknowledged {
  readonly station: string;
  readonly txid: string;
  readonly seq: number;
}

type Answer = 'accepted' | 'refused' | 'broken';

/** One station: a link, one event under way, and a list. */
export class RawClient {
  readonly id: string;
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that are no CALLRESULT: there may be none, whatever happens. */
  readonly refused: string[] = [];
  closes = 0;
  connected = false;
  /** Answers to `beat`. */
  beats = 0;
  readonly #password: string;
  readonly #port: () => number;
  #socket: Socket | undefined;
  #waiting: { readonly id: string; readonly done: (answer: Answer) => void } | undefined;
  #stopped = false;
  #sent = 0;
  #transaction = 0;
  #seq = 0;

  constructor(id: string, password: string, port: () => number) {
    this.id = id;
    this.#password = password;
    this.#port = port;
  }

  /** Sends until `stop`; then finishes the transaction it is in. */
  async run(): Promise<void> {
    while (!this.#stopped || this.#seq > 0) {
      if (this.#socket === undefined && !(await this.#connect())) {
        await pause(50);
        continue;
      }
      await this.#next();
    }
    this.#socket?.close(1000, 'done');
  }

  /** Asks for something that needs no database: answered at once, unless the CSMS does not read. */
  beat(): void {
    this.#socket?.send('[2,"beat","Heartbeat",{}]');
  }

  stop(): void {
    this.#stopped = true;
  }

  async #connect(): Promise<boolean> {
    try {
      const socket = await nodeNetwork().dial({
        url: `ws://127.0.0.1:${this.#port()}/ocpp/${this.id}`,
        subprotocols: ['ocpp2.0.1'],
        basic: { user: this.id, password: new Secret(this.#password) },
        deflate: false,
        timeoutMs: 5_000,
      });
      this.#socket = socket;
      socket.handle({
        text: (text) => this.#hear(text),
        binary: () => undefined,
        alive: () => undefined,
        closed: () => this.#gone(socket),
      });
      const booted = await this.#call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Raw', model: 'Raw' } });
      this.connected = booted === 'accepted';
      return this.connected;
    } catch {
      return false; // the CSMS is dead or not yet there: again
    }
  }

  #gone(socket: Socket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.connected = false;
    this.closes += 1;
    this.#waiting?.done('broken');
  }

  async #next(): Promise<void> {
    const [txid, seq] = [`${this.id}-${this.#transaction}`, this.#seq];
    const timestamp = formatInstant(1_800_000_000_000 + (this.#transaction * EVENTS_EACH + seq) * 60_000);
    const last = seq === EVENTS_EACH - 1;
    const answer = await this.#call('TransactionEvent', {
      eventType: seq === 0 ? 'Started' : last ? 'Ended' : 'Updated',
      timestamp,
      triggerReason: 'MeterValuePeriodic',
      seqNo: seq,
      transactionInfo: { transactionId: txid },
      meterValue: [{ timestamp, sampledValue: [{ value: this.#transaction * 5_000 + seq * STEP_WH }] }],
    });
    if (answer !== 'accepted') return;
    this.acknowledged.push({ station: this.id, txid, seq });
    this.#seq = last ? 0 : seq + 1;
    if (last) this.#transaction += 1;
  }

  #call(action: string, payload: unknown): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#sent += 1;
    const id = `${this.#sent}-${systemClock.now()}`;
    this.#waiting = { id, done: resolve };
    if (this.#socket === undefined) resolve('broken');
    else this.#socket.send(JSON.stringify([2, id, action, payload]));
    return promise;
  }

  #hear(text: string): void {
    const [type, id, action]: [number, string, string] = JSON.parse(text);
    if (type === 2) this.#socket?.send(JSON.stringify([4, id, 'NotSupported', action, {}]));
    else if (id === 'beat') this.beats += 1;
    else if (id === this.#waiting?.id) {
      if (type === 4) this.refused.push(text);
      this.#waiting.done(type === 3 ? 'accepted' : 'refused');
    }
  }
}

export class Fleet {
  readonly clients: readonly RawClient[];
  readonly #running: readonly Promise<void>[];

  constructor(clients: readonly RawClient[]) {
    this.clients = clients;
    this.#running = clients.map((client) => client.run());
  }

  /** Registers so many stations and lets them go. `port` is asked at each connection. */
  static async start(csms: SpawnedCsms, count: number, port: () => number = () => csms.ocppPort): Promise<Fleet> {
    const clients: RawClient[] = [];
    for (let n = 0; n < count; n += 1) {
      const created = await csms.api('POST', '/stations', { id: `RAW-${n}` });
      clients.push(new RawClient(`RAW-${n}`, passwordOf(created), port));
    }
    return new Fleet(clients);
  }

  get acknowledged(): number {
    return this.clients.reduce((sum, client) => sum + client.acknowledged.length, 0);
  }
  get refused(): readonly string[] {
    return this.clients.flatMap(({ refused }) => refused);
  }
  get beats(): number {
    return this.clients.reduce((sum, client) => sum + client.beats, 0);
  }
  get closes(): number {
    return this.clients.reduce((sum, client) => sum + client.closes, 0);
  }

  async finish(): Promise<void> {
    for (const client of this.clients) client.stop();
    await within(60_000, 'the clients finish', Promise.all(this.#running));
  }
}

const passwordOf = (created: unknown): string => {
  if (typeof created === 'object' && created !== null && 'password' in created && typeof created.password === 'string')
    return created.password;
  throw new Error('the CSMS gave no password');
};

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const late = setTimeout(() => timer.reject(new Error(`${what}: not within ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, timer.promise]);
  } finally {
    clearTimeout(late);
  }
}

/** Waits until a fact is one, looking often. */
export async function until(what: string, fact: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await fact())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`);
    await pause(20);
  }
}
