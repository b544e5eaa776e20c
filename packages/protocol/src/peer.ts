import { type Ids, type Log, limits, type Millis, messageOf, type Scope, type Socket, type Timer } from '@busbar/runtime';
import {
  type Action,
  existsIn,
  isAction,
  isSendAction,
  mayComeFrom,
  type RequestOf,
  type ResponseOf,
  type SendAction,
  type Side,
} from './actions.ts';
import { type BrokenFrame, type Frame, parseFrame, printCall, printError, printResult, printResultError, printSend } from './frame.ts';
import { CallFailure, RpcError } from './rpc-error.ts';
import type { VersionRules } from './rules.ts';
import { supports } from './versions.ts';

/** A CALL of the other side that waits for our answer. Exactly one of `respond` and `fail` is called, once. */
export interface InboundCall<A extends Action = Action> {
  readonly id: string;
  readonly action: A;
  readonly request: RequestOf<A>;
  /** The frame as it came. */
  readonly text: string;
  /** `sent` runs when the answer was written to the socket. */
  respond(response: ResponseOf<A>, sent?: () => void): void;
  fail(error: RpcError): void;
}

/** A CALL that fails its schema. It is answered by calling `answer`, now or once something else is durable (D3). */
export interface InvalidCall {
  readonly id: string;
  readonly action: Action;
  readonly payload: unknown;
  readonly text: string;
  readonly error: RpcError;
  answer(): void;
}

export interface PeerCounters {
  broken: number;
  invalid: number;
  lateAnswers: number;
  unsolicitedAnswers: number;
  invalidAnswers: number;
  repeatedIds: number;
  largeFrames: number;
}

export type Direction = 'in' | 'out';

/** Who waits longest matters less than who waits: a person before a driver before an automation (D9). */
export const PRIORITIES = ['person', 'driver', 'automation'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface CallOptions {
  readonly priority?: Priority;
  readonly timeoutMs?: Millis;
  /** Runs when the CALL's turn has come, before its frame is written; false withdraws it. */
  readonly prepare?: (messageId: string) => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Sends the payload as it is, past narrowing and validation; the answer is not validated either (test mode). */
  readonly raw?: boolean;
}

export interface PeerOptions {
  readonly socket: Socket;
  readonly rules: VersionRules;
  /** Which side we are. */
  readonly side: Side;
  readonly scope: Scope;
  readonly ids: Ids;
  readonly log: Log;
  readonly callTimeoutMs?: Millis;
  /** The actions somebody here answers; every other known one is NotSupported. */
  readonly serves: ReadonlySet<Action>;
  /** Asked before anything else; an error refuses the CALL (SecurityError while not accepted, B02.FR.09). */
  readonly gate?: (action: Action, payload: unknown) => RpcError | undefined;
  /** Asked about a CALL that fails its schema; a payload that passes is served in its place (D3). */
  readonly lenient?: (action: Action, payload: unknown) => { readonly payload: unknown } | undefined;
  readonly call: (call: InboundCall) => void;
  readonly invalidCall?: (call: InvalidCall) => void;
  readonly send?: (action: SendAction, payload: unknown) => void;
  readonly frame?: (direction: Direction, text: string) => void;
  readonly closed?: (code: number, reason: string) => void;
  readonly alive?: () => void;
  /** A CALLERROR (or CALLRESULTERROR) went out or came in. */
  readonly callError?: (direction: Direction, code: string) => void;
  /** A frame that is legal and so large that somebody should know. */
  readonly largeFrame?: (length: number) => void;
  /** A frame above the limit: the link closes with 1009 (D3). */
  readonly oversize?: (bytes: number) => void;
}

interface Waiting {
  readonly id: string;
  readonly action: Action;
  readonly payload: unknown;
  readonly options: CallOptions;
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One end of an OCPP-J link: one outstanding CALL of ours, any number of theirs up to a bound, time-outs and damage as D1–D3 say. */
export class Peer {
  readonly counters: PeerCounters = {
    broken: 0,
    invalid: 0,
    lateAnswers: 0,
    unsolicitedAnswers: 0,
    invalidAnswers: 0,
    repeatedIds: 0,
    largeFrames: 0,
  };
  readonly #options: PeerOptions;
  readonly #queues: Record<Priority, Waiting[]> = { person: [], driver: [], automation: [] };
  /** CALLs of the other side that are being handled; the number says how often each was asked (D1). */
  readonly #handling = new Map<string, number>();
  /** Ids of ours that timed out: an answer to them is late, not unsolicited. Bounded. */
  readonly #timedOut = new Set<string>();
  #open: { readonly waiting: Waiting; readonly written: boolean; readonly timer?: Timer } | undefined;
  #closed = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    options.socket.handle({
      text: (data) => this.#receive(data),
      binary: () => this.#binary(),
      alive: () => options.alive?.(),
      oversize: (bytes) => options.oversize?.(bytes),
      closed: (code, reason) => this.#lost(code, reason),
    });
  }

  get closed(): boolean {
    return this.#closed;
  }
  get socket(): Socket {
    return this.#options.socket;
  }
  get rules(): VersionRules {
    return this.#options.rules;
  }
  /** CALLs of ours that wait for their turn. */
  get queued(): number {
    return this.#queues.person.length + this.#queues.driver.length + this.#queues.automation.length;
  }
  /** A CALL of ours is on its way or being prepared. */
  get busy(): boolean {
    return this.#open !== undefined;
  }

  /** Sends a CALL when its turn comes. Rejects with RpcError (their CALLERROR) or CallFailure. */
  call<A extends Action>(action: A, request: RequestOf<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    const { rules } = this.#options;
    return this.callUnknown(action, request, options).then((response) => {
      if (rules.isResponse(action, response)) return response;
      throw new CallFailure('invalidResponse', `the answer to ${action} does not fit its schema`);
    });
  }

  /** The same for a payload that came from outside (REST); what it resolves with has been validated unless `raw`. */
  callUnknown(action: Action, payload: unknown, options: CallOptions = {}): Promise<unknown> {
    const { ids, rules } = this.#options;
    if (this.#closed) return Promise.reject(new CallFailure('notSent', 'the link is closed'));
    if (this.queued >= limits.queuedCalls) return Promise.reject(new CallFailure('queueFull', `${limits.queuedCalls} CALLs wait already`));
    let outgoing: unknown;
    try {
      outgoing = options.raw ? payload : rules.outgoingRequest(action, payload);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { id: ids.uuid4(), action, payload: outgoing, options, resolve, reject };
      this.#queues[options.priority ?? 'person'].push(waiting);
      options.signal?.addEventListener('abort', () => this.#withdraw(waiting));
      this.#next();
    });
  }

  /** SEND (2.1): no answer, no turn to wait for. */
  sendMessage(action: SendAction, payload: unknown): void {
    if (supports(this.#options.rules.version, 'SendMessages')) this.#write(printSend(this.#options.ids.uuid4(), action, payload));
  }

  close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
    this.#lost(code, reason);
  }

  #withdraw(waiting: Waiting): void {
    for (const queue of Object.values(this.#queues)) {
      const at = queue.indexOf(waiting);
      if (at >= 0) {
        queue.splice(at, 1);
        waiting.reject(new CallFailure('cancelled', 'cancelled before it was sent'));
      }
    }
  }

  #next(): void {
    if (this.#open || this.#closed) return;
    const waiting = this.#queues.person.shift() ?? this.#queues.driver.shift() ?? this.#queues.automation.shift();
    if (!waiting) return;
    this.#open = { waiting, written: false };
    const { prepare } = waiting.options;
    if (!prepare) return this.#writeCall(waiting);
    prepare(waiting.id).then(
      (go) => (go ? this.#writeCall(waiting) : this.#finish(waiting, () => waiting.reject(new CallFailure('cancelled', 'withdrawn')))),
      (error: unknown) => this.#finish(waiting, () => waiting.reject(error)),
    );
  }

  #writeCall(waiting: Waiting): void {
    if (this.#closed || this.#open?.waiting !== waiting) return;
    const timeoutMs = waiting.options.timeoutMs ?? this.#options.callTimeoutMs ?? limits.callTimeoutMs;
    const timer = this.#options.scope.after(timeoutMs, `answer to ${waiting.action}`, () => {
      this.#remember(waiting.id);
      this.#finish(waiting, () =>
        waiting.reject(new CallFailure('timeout', `no answer to ${waiting.action} within ${timeoutMs / 1000} s`)),
      );
    });
    this.#open = { waiting, written: true, timer };
    this.#write(printCall(waiting.id, waiting.action, waiting.payload));
  }

  #remember(timedOutId: string): void {
    this.#timedOut.add(timedOutId);
    const [oldest] = this.#timedOut;
    if (oldest !== undefined && this.#timedOut.size > limits.queuedCalls) this.#timedOut.delete(oldest);
  }

  #finish(waiting: Waiting, settle: () => void): void {
    if (this.#open?.waiting !== waiting) return;
    this.#open.timer?.cancel();
    this.#open = undefined;
    settle();
    this.#next();
  }

  #write(text: string): void {
    if (this.#closed) return;
    this.#options.socket.send(text);
    this.#options.frame?.('out', text);
  }

  #receive(text: string): void {
    if (this.#closed) return;
    this.#options.frame?.('in', text);
    const frame = parseFrame(text, this.#options.rules.version);
    if (text.length > largeFrom(frame)) this.#large(text.length);
    switch (frame.type) {
      case 'call':
        return this.#inbound(frame.id, frame.action, frame.payload, text);
      case 'result':
        return this.#result(frame.id, frame.payload);
      case 'error':
      case 'resultError':
        return this.#error(frame);
      case 'send':
        return this.#inboundSend(frame.action, frame.payload);
      case 'broken':
        return this.#broken(frame);
    }
  }

  #large(length: number): void {
    this.counters.largeFrames += 1;
    this.#options.largeFrame?.(length);
  }

  #binary(): void {
    this.counters.broken += 1;
    this.close(1003, 'binary frames are not OCPP-J');
  }

  #broken(frame: BrokenFrame): void {
    this.counters.broken += 1;
    this.#options.log.warn('broken frame', { reason: frame.reason });
    if (frame.answer) this.#write(this.#printError(frame.answer.id, frame.answer.code, frame.reason, {}));
    if (frame.answersId !== undefined && this.#open?.waiting.id === frame.answersId) {
      const { waiting } = this.#open;
      this.#finish(waiting, () =>
        waiting.reject(new CallFailure('invalidResponse', `the answer to ${waiting.action} is broken: ${frame.reason}`)),
      );
    }
  }

  #inbound(id: string, name: string, payload: unknown, text: string): void {
    const fault = this.#refusal(name, payload);
    if (fault) return this.#write(this.#printError(id, fault.code, fault.message, fault.details));
    if (!isAction(name)) return;
    const asked = this.#handling.get(id);
    if (asked !== undefined) {
      // D1: it gets the answer of the one that is being handled. A CALLERROR here would make a station drop its event.
      this.counters.repeatedIds += 1;
      this.#handling.set(id, asked + 1);
      return;
    }
    this.#handling.set(id, 1);
    if (this.#handling.size >= limits.openInboundCalls) this.#options.socket.pause();
    this.#accept(id, name, payload, text);
  }

  #refusal(name: string, payload: unknown): RpcError | undefined {
    const { rules, serves, side, gate } = this.#options;
    if (!isAction(name)) {
      const signed = name.endsWith('-Signed') && isAction(name.slice(0, -'-Signed'.length));
      return signed
        ? new RpcError('NotSupported', `${name} is not supported`)
        : new RpcError('NotImplemented', `${short(name)} is no OCPP action`);
    }
    if (!mayComeFrom(name, side === 'csms' ? 'station' : 'csms'))
      return new RpcError('NotSupported', `${name} is not for this side to answer`);
    if (!serves.has(name) || !existsIn(name, rules.version)) return new RpcError('NotSupported', `${name} is not supported`);
    return gate?.(name, payload);
  }

  #accept(id: string, action: Action, received: unknown, text: string): void {
    const { rules, lenient } = this.#options;
    if (rules.isRequest(action, received)) return this.#handOver(id, action, received, text);
    const fault = rules.requestFault(action, received);
    const repaired = lenient?.(action, received);
    if (repaired !== undefined && rules.isRequest(action, repaired.payload)) return this.#handOver(id, action, repaired.payload, text);
    const payload = repaired === undefined ? received : repaired.payload;
    const error =
      (repaired === undefined ? fault : rules.requestFault(action, payload)) ??
      new RpcError('FormatViolation', 'the payload does not fit its schema');
    this.counters.invalid += 1;
    const answer = (): void => this.#answer(id, this.#printError(id, error.code, error.message, error.details));
    if (this.#options.invalidCall) this.#options.invalidCall({ id, action, payload, text, error, answer });
    else answer();
  }

  #handOver<A extends Action>(id: string, action: A, request: RequestOf<A>, text: string): void {
    this.#options.call({
      id,
      action,
      request,
      text,
      respond: (response: unknown, sent) => this.#respond(id, action, response, sent),
      fail: (error) => this.#answer(id, this.#printError(id, error.code, error.message, error.details)),
    });
  }

  #printError(id: string, code: string, description: string, details: Readonly<Record<string, unknown>>): string {
    this.#options.callError?.('out', code);
    return printError(id, code, description, details);
  }

  #respond(id: string, action: Action, response: unknown, sent: (() => void) | undefined): void {
    let outgoing: unknown;
    try {
      outgoing = this.#options.rules.outgoingResponse(action, response);
    } catch (error) {
      this.#options.log.error('our own answer is not valid', { action, messageId: id, error: messageOf(error) });
      return this.#answer(id, this.#printError(id, 'InternalError', 'the answer could not be made', {}));
    }
    this.#answer(id, printResult(id, outgoing));
    if (!this.#closed) sent?.();
  }

  #answer(id: string, text: string): void {
    const times = this.#handling.get(id);
    if (times === undefined) return;
    const wasFull = this.#handling.size >= limits.openInboundCalls;
    this.#handling.delete(id);
    for (let i = 0; i < times; i += 1) this.#write(text);
    if (wasFull && !this.#closed) this.#options.socket.resume();
  }

  #inboundSend(action: string, payload: unknown): void {
    // SEND is never answered, whatever is wrong with it (D3).
    const valid = isSendAction(action) && this.#options.rules.sendFault(action, payload) === undefined;
    if (valid) this.#options.send?.(action, payload);
    else this.counters.invalid += 1;
  }

  #matching(id: string): Waiting | undefined {
    if (this.#open?.written && this.#open.waiting.id === id) return this.#open.waiting;
    if (this.#timedOut.delete(id)) this.counters.lateAnswers += 1;
    else this.counters.unsolicitedAnswers += 1;
    return undefined;
  }

  #result(id: string, payload: unknown): void {
    const { rules } = this.#options;
    const waiting = this.#matching(id);
    if (!waiting) return;
    const fault = waiting.options.raw ? undefined : rules.responseFault(waiting.action, payload);
    if (!fault) return this.#finish(waiting, () => waiting.resolve(payload));
    this.counters.invalidAnswers += 1;
    if (supports(rules.version, 'CallResultError')) {
      this.#options.callError?.('out', fault.code);
      this.#write(printResultError(id, fault.code, fault.message, {}));
    }
    this.#finish(waiting, () =>
      waiting.reject(new CallFailure('invalidResponse', `the answer to ${waiting.action}: ${fault.message}`, fault)),
    );
  }

  #error(frame: Extract<Frame, { type: 'error' | 'resultError' }>): void {
    this.#options.callError?.('in', frame.code);
    if (frame.type === 'resultError') {
      // The other side could not read an answer of ours; the CALL is over for it.
      this.#options.log.warn('our answer was refused', { messageId: frame.id, code: frame.code, description: frame.description });
      return;
    }
    const waiting = this.#matching(frame.id);
    const details = typeof frame.details === 'object' && frame.details !== null ? { ...frame.details } : {};
    if (waiting) this.#finish(waiting, () => waiting.reject(new RpcError(frame.code, frame.description, details)));
  }

  #lost(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    const open = this.#open;
    this.#open = undefined;
    open?.timer?.cancel();
    open?.waiting.reject(
      open.written
        ? new CallFailure('connectionLost', `the link closed before ${open.waiting.action} was answered (${code})`)
        : new CallFailure('notSent', 'the link closed before the CALL was sent'),
    );
    for (const queue of Object.values(this.#queues)) {
      for (const waiting of queue.splice(0)) waiting.reject(new CallFailure('notSent', 'the link closed before the CALL was sent'));
    }
    this.#options.closed?.(code, reason);
  }
}

const largeFrom = (frame: Frame | BrokenFrame): number =>
  frame.type === 'call' && frame.action === 'NotifyReport' ? limits.largeReportFrameBytes : limits.largeFrameBytes;

const short = (name: string): string => (name.length > 50 ? `${name.slice(0, 50)}…` : name);
