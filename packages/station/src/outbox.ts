import { type Action, CallFailure, type Peer, type RequestOf, type ResponseOf, RpcError } from '@busbar/protocol';
import { limits, type Millis } from '@busbar/runtime';
import type { Context } from './context.ts';
import type { RegistrationState } from './trace.ts';

/** Who may speak when: `boot` always, `asked` from Pending on (B02.FR.02), the rest once Accepted (B01.FR.08). */
export type Lane = 'boot' | 'asked' | 'driver' | 'notice' | 'idle';
const LANES: readonly Lane[] = ['boot', 'asked', 'driver', 'notice'];

/** How a CALL ended. `refused` is a CALLERROR; `failed` means nobody knows, or that it was never sent. */
export type Outcome<R> =
  | { readonly kind: 'answer'; readonly response: R }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'failed'; readonly why: string };

interface Job {
  readonly lane: Lane;
  /** Runs the CALL on the link; resolves when it ended in any way. */
  readonly run: (peer: Peer) => Promise<void>;
  /** The link is gone before its turn came. */
  readonly drop: () => void;
}

/** The queue of transaction events, which has rules of its own (E13). */
export interface EventQueue {
  /** An event may go now. */
  ready(): boolean;
  sendNext(peer: Peer): Promise<void>;
}

/** The one mouth of the station: one CALL at a time (P01), in lanes, gated by the registration. */
export class Outbox {
  readonly #context: Context;
  readonly #jobs: Record<Lane, Job[]> = { boot: [], asked: [], driver: [], notice: [], idle: [] };
  #peer: Peer | undefined;
  #busy = false;
  #registration: RegistrationState = 'unknown';
  #eventsFrom: Millis = 0;
  #events: EventQueue | undefined;
  /** Runs after every CALL that was sent: the heartbeat starts counting again (G02.FR.05). */
  sent: () => void = () => undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  set events(queue: EventQueue) {
    this.#events = queue;
  }

  get online(): boolean {
    return this.#peer !== undefined;
  }

  /** The CSMS would take an answer from us now: connected and accepted. */
  get accepted(): boolean {
    return this.#peer !== undefined && this.#registration === 'accepted';
  }

  get depth(): number {
    return LANES.reduce((sum, lane) => sum + this.#jobs[lane].length, this.#jobs.idle.length);
  }

  opened(peer: Peer): void {
    this.#peer = peer;
    // P19: some CSMSs want the first word after a reconnect.
    const delay = this.#context.config.resumeDelayMs ?? 0;
    this.#eventsFrom = this.#context.clock.monotonic() + delay;
    if (delay > 0) this.#context.scope.after(delay, 'resume delay of the queue', () => this.pump());
    this.pump();
  }

  lost(): void {
    this.#peer = undefined;
    for (const lane of [...LANES, 'idle' as const]) for (const job of this.#jobs[lane].splice(0)) job.drop();
  }

  registered(state: RegistrationState): void {
    this.#registration = state;
    this.pump();
  }

  /** Sends when the lane's turn has come. `request` is made then, so it tells of the present (F06.FR.09); undefined withdraws it. */
  send<A extends Action>(lane: Lane, action: A, request: () => RequestOf<A> | undefined): Promise<Outcome<ResponseOf<A>>> {
    if (!this.#peer) return Promise.resolve({ kind: 'failed', why: 'offline' });
    if (this.#jobs[lane].length >= limits.stationNotices) return Promise.resolve({ kind: 'failed', why: 'too many requests wait' });
    return new Promise((resolve) => {
      this.#jobs[lane].push({
        lane,
        drop: () => resolve({ kind: 'failed', why: 'the link closed' }),
        run: async (peer) => {
          const payload = request();
          resolve(payload === undefined ? { kind: 'failed', why: 'withdrawn' } : await this.call(peer, action, payload));
        },
      });
      this.pump();
    });
  }

  /** One CALL on this link now. Never rejects: what can happen on a link is a value. */
  async call<A extends Action>(peer: Peer, action: A, request: RequestOf<A>): Promise<Outcome<ResponseOf<A>>> {
    try {
      const answer = peer.call(action, request);
      this.sent();
      return { kind: 'answer', response: await answer };
    } catch (error) {
      if (error instanceof RpcError) {
        this.#context.log.warn('request refused', { action, code: error.code, description: error.message });
        return { kind: 'refused', code: error.code };
      }
      if (!(error instanceof CallFailure)) throw error;
      this.#context.log.warn('request without an answer', { action, kind: error.kind, reason: error.message });
      return { kind: 'failed', why: error.kind };
    }
  }

  pump(): void {
    const peer = this.#peer;
    if (this.#busy || !peer || this.#context.scope.closed) return;
    const run = this.#next();
    if (!run) return;
    this.#busy = true;
    this.#context.scope.run('outbox', async () => {
      try {
        await run(peer);
      } finally {
        this.#busy = false;
      }
      this.pump();
    });
  }

  #next(): ((peer: Peer) => Promise<void>) | undefined {
    const boot = this.#jobs.boot.shift();
    if (boot) return boot.run;
    if (this.#registration !== 'accepted' && this.#registration !== 'pending') return undefined;
    const asked = this.#jobs.asked.shift();
    if (asked || this.#registration === 'pending') return asked?.run;
    const job = this.#jobs.driver.shift() ?? this.#jobs.notice.shift();
    if (job) return job.run;
    const events = this.#events;
    if (events?.ready() && this.#context.clock.monotonic() >= this.#eventsFrom) return (peer) => events.sendNext(peer);
    return this.#jobs.idle.shift()?.run;
  }
}
