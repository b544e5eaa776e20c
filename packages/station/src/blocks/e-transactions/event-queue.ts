import type { Ocpp, Peer } from '@busbar/protocol';
import { OCPPCommCtrlr } from '@busbar/protocol/device-model';
import { type JournalChange, limits, type Millis, s } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { EventQueue, Outbox } from '../../outbox.ts';

/** The fact as the journal keeps it; the frame is made at sending. */
interface StoredEvent {
  readonly request: Ocpp.TransactionEventRequest;
  readonly attempts: number;
}

interface QueuedEvent extends StoredEvent {
  readonly n: number;
  readonly attempts: number;
  /** It happened offline, or the link or the process was lost while it waited (E04.FR.03, E11.FR.07). */
  readonly offline: boolean;
  readonly notBefore: Millis;
}

/** What the answer to an event changes, to be committed with the event's removal. */
export type Answered = (
  request: Ocpp.TransactionEventRequest,
  response: Ocpp.TransactionEventResponse,
) => { readonly changes: readonly JournalChange[]; readonly after: () => void };

/**
 * Transaction events on their way to the CSMS: stored before they are sent, removed with what their answer changed, sent in
 * order, retried as E13 says. A process that dies at any point delivers each of them.
 */
export class TransactionEventQueue implements EventQueue {
  readonly #context: Context;
  readonly #outbox: Outbox;
  readonly #answered: Answered;
  #events: QueuedEvent[];
  #next: number;
  #durable: number;
  /** Runs when an event left the queue for good. */
  settled: () => void = () => undefined;
  /** Updated events had to go. */
  full: () => void = () => undefined;

  constructor(context: Context, outbox: Outbox, answered: Answered) {
    this.#context = context;
    this.#outbox = outbox;
    this.#answered = answered;
    // E11.FR.07: what waited when the process died was offline.
    this.#events = context.memory.list<StoredEvent>(keys.queue).map(({ key, value }) => ({
      ...value,
      n: Number(key.slice(keys.queue.length)),
      offline: true,
      notBefore: 0,
    }));
    this.#next = (this.#events.at(-1)?.n ?? 0) + 1;
    this.#durable = this.#next - 1;
  }

  get length(): number {
    return this.#events.length;
  }

  /** E14.FR.04: an event counts until its answer is there, also while it is in flight (P77). */
  has(transactionId?: string): boolean {
    return transactionId === undefined
      ? this.#events.length > 0
      : this.#events.some((event) => event.request.transactionInfo.transactionId === transactionId);
  }

  /** The number of the newest event; hand it to `durableTo` when the commit that holds it is done. */
  get newest(): number {
    return this.#next - 1;
  }

  /** Events up to this number are on the disk with their transaction: only they may leave. */
  durableTo(n: number): void {
    this.#durable = Math.max(this.#durable, n);
  }

  /** What to commit together with the transaction's new state. */
  add(request: Ocpp.TransactionEventRequest): readonly JournalChange[] {
    const changes: JournalChange[] = this.#events.length >= limits.stationQueue ? this.#thin() : [];
    const event: QueuedEvent = { n: this.#next, request, attempts: 0, offline: !this.#outbox.online, notBefore: 0 };
    this.#next += 1;
    this.#events.push(event);
    return [...changes, stored(event)];
  }

  /** E11.FR.07 */
  lost(): void {
    this.#events = this.#events.map((event) => ({ ...event, offline: true }));
  }

  ready(): boolean {
    const [head] = this.#events;
    // Somebody else's answer may ask for the next frame before this event is durable: a power cut would leave a transaction
    // at the CSMS that the station never heard of.
    if (!head || head.n > this.#durable) return false;
    const wait = head.notBefore - this.#context.clock.monotonic();
    return wait <= 0;
  }

  async sendNext(peer: Peer): Promise<void> {
    const [head] = this.#events;
    if (!head) return;
    const request: Ocpp.TransactionEventRequest = { ...head.request, ...(head.offline ? { offline: true } : {}) };
    const outcome = await this.#outbox.call(peer, 'TransactionEvent', request);
    if (this.#context.scope.closed) return;
    if (outcome.kind === 'answer') return this.#delivered(head, outcome.response);
    // A link that broke says nothing about the event: it costs no attempt.
    if (outcome.kind === 'failed' && (outcome.why === 'connectionLost' || outcome.why === 'notSent')) return;
    await this.#failed(head);
  }

  async #delivered(event: QueuedEvent, response: Ocpp.TransactionEventResponse): Promise<void> {
    const asSent = event.offline ? { ...event.request, offline: true } : event.request;
    const { changes, after } = this.#answered(asSent, response);
    this.#remove(event.n);
    await this.#context.memory.commit([remove(keys.queued(event.n)), ...changes]);
    if (this.#context.scope.closed) return;
    after();
    this.settled();
  }

  /** E13.FR.02–04: again after a wait that grows with each transmission; given up after the last one. */
  async #failed(event: QueuedEvent): Promise<void> {
    const { dm, clock, scope, memory, note } = this.#context;
    const attempts = event.attempts + 1;
    if (attempts >= Math.max(1, dm.number(OCPPCommCtrlr.MessageAttemptsTransactionEvent))) {
      this.#remove(event.n);
      note(`TransactionEvent ${event.request.seqNo} given up after ${attempts} attempts (E13.FR.04)`);
      await memory.commit([remove(keys.queued(event.n)), ...this.#dropped(event)]);
      if (!scope.closed) this.settled();
      return;
    }
    const waitMs = s(dm.number(OCPPCommCtrlr.MessageAttemptIntervalTransactionEvent)) * attempts;
    const again: QueuedEvent = { ...event, attempts, notBefore: clock.monotonic() + waitMs };
    this.#events = this.#events.map((known) => (known.n === event.n ? { ...again, offline: known.offline } : known));
    scope.after(waitMs, 'retry of a TransactionEvent (E13.FR.03)', () => this.#outbox.pump());
    await memory.commit([stored(again)]);
  }

  #remove(n: number): void {
    this.#events = this.#events.filter((event) => event.n !== n);
  }

  /** E04.FR.08, E11.FR.05, E12.FR.05: every second Updated goes, the 1st, the 3rd …; Started and Ended never do. */
  #thin(): JournalChange[] {
    const inFlight = this.#outbox.online ? this.#events[0]?.n : undefined;
    const updates = this.#events.filter((event) => event.request.eventType === 'Updated' && event.n !== inFlight && !carriesToken(event));
    // Counted per transaction: two that take turns must not lose all samples of one and none of the other.
    const counted = new Map<string, number>();
    const doomed = updates.filter(({ request }) => {
      const { transactionId } = request.transactionInfo;
      const nth = counted.get(transactionId) ?? 0;
      counted.set(transactionId, nth + 1);
      return nth % 2 === 0;
    });
    const gone = new Set(doomed.map((event) => event.n));
    this.#events = this.#events.filter((event) => !gone.has(event.n));
    this.full();
    this.#context.note(`${doomed.length} Updated events dropped, the queue is full (E04.FR.08)`);
    return doomed.flatMap((event) => [remove(keys.queued(event.n)), ...this.#dropped(event)]);
  }

  /** The station's own record of events it dropped on purpose, newest only. */
  #dropped(event: QueuedEvent): JournalChange[] {
    const { transactionId } = event.request.transactionInfo;
    const known = this.#context.memory.list(keys.drops);
    const excess = known.slice(0, Math.max(0, known.length - limits.stationQueue)).map(({ key }) => remove(key));
    return [...excess, put(keys.drop(transactionId, event.request.seqNo), event.request.eventType)];
  }
}

/** The only event that says who charges must not be thinned away. */
const carriesToken = (event: QueuedEvent): boolean => event.request.idToken !== undefined;

const stored = (event: QueuedEvent): JournalChange =>
  put(keys.queued(event.n), { request: event.request, attempts: event.attempts } satisfies StoredEvent);
