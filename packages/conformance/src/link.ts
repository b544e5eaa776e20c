import {
  type Action,
  isAction,
  parseFrame,
  printCall,
  printError,
  printResult,
  type RequestOf,
  type ResponseOf,
  type VersionRules,
} from '@busbar/protocol';
import { type Clock, type Ids, type Millis, messageOf, type Socket, type Timer } from '@busbar/runtime';
import { type Expectations, StopCase } from './expectation.ts';
import { shown } from './field.ts';
import type { Trace } from './trace.ts';

/** An answer to a CALL of the kit, with the entry of the trace where it stands. */
export interface Answer<A extends Action = Action> {
  readonly action: A;
  readonly payload: ResponseOf<A>;
  readonly entry: number;
}
/** The same when a CALLERROR came. */
export interface ErrorAnswer {
  readonly code: string;
  readonly description: string;
  readonly entry: number;
}

/** A CALL of the system under test. */
export interface Received<A extends Action = Action> {
  readonly action: A;
  readonly payload: RequestOf<A>;
  readonly id: string;
  readonly entry: number;
  readonly link: number;
  /** Milliseconds since the case began. */
  readonly at: Millis;
}

export interface LinkOptions {
  readonly socket: Socket;
  readonly number: number;
  readonly rules: VersionRules;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly trace: Trace;
  readonly expectations: Expectations;
  readonly callTimeoutMs: Millis;
  /** A CALL of the system under test that fits its schema; whoever takes it answers it. */
  readonly received: (call: Received) => void;
  readonly closed: (code: number, reason: string) => void;
}

interface Waiting {
  readonly action: Action;
  readonly resolve: (frame: { readonly payload: unknown; readonly entry: number } | ErrorAnswer) => void;
  readonly timer: Timer;
}

/** What the rules for every case found out on this link (Part 4; reported once per case). */
export interface LinkFaults {
  readonly schema: { readonly text: string; readonly entry: number }[];
  readonly frames: { readonly text: string; readonly entry: number }[];
  readonly order: { readonly text: string; readonly entry: number }[];
}

/**
 * The kit's own end of an OCPP-J link, on purpose not the one our products use: it judges every frame that comes, and it
 * can say what a well-behaved peer never would.
 */
export class Link {
  readonly number: number;
  readonly faults: LinkFaults = { schema: [], frames: [], order: [] };
  readonly #options: LinkOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #theirs = new Map<string, Action>();
  readonly #seenIds = new Set<string>();
  /** Answers of theirs and CALLs of theirs, in frames: a link that never spoke proves nothing. */
  framesReceived = 0;
  readonly #end = Promise.withResolvers<void>();
  #closed = false;
  #lastCalls: Promise<unknown> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.number = options.number;
    this.#options = options;
    options.socket.handle({
      text: (text) => this.#receive(text),
      binary: () => {
        this.faults.frames.push({ text: 'a binary frame', entry: options.trace.entries.length - 1 });
      },
      alive: () => {},
      closed: (code, reason) => this.#lost('sut', code, reason),
    });
  }

  get closed(): boolean {
    return this.#closed;
  }
  /** Resolves when the link is closed, by whom ever. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }
  get rules(): VersionRules {
    return this.#options.rules;
  }
  /** CALLs of the system under test that were not answered yet. */
  get unanswered(): number {
    return this.#theirs.size;
  }

  /** A CALL; one at a time, as Part 4 asks of us. Stops the case when no valid answer comes. */
  async call<A extends Action>(step: number, action: A, request: RequestOf<A>): Promise<Answer<A>> {
    const answer = await this.callOrError(step, action, request);
    if ('code' in answer)
      this.#options.expectations.stop({
        step,
        says: `${action} is answered with a CALLRESULT`,
        requirements: ['Part 4'],
        got: `CALLERROR ${answer.code}: ${answer.description}`,
        evidence: { entry: answer.entry },
      });
    this.#options.expectations.that({
      step,
      says: `${action} is answered with a CALLRESULT`,
      requirements: ['Part 4'],
      ok: true,
      evidence: { entry: answer.entry },
    });
    return answer;
  }

  async callOrError<A extends Action>(step: number, action: A, request: RequestOf<A>): Promise<Answer<A> | ErrorAnswer> {
    const { rules, expectations, ids } = this.#options;
    const previous = this.#lastCalls;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastCalls = promise;
    await previous;
    try {
      const answer = await this.#exchange(step, ids.uuid4(), action, rules.outgoingRequest(action, request));
      if ('code' in answer) return answer;
      const { payload, entry } = answer;
      if (rules.isResponse(action, payload)) return { action, payload, entry };
      return expectations.stop({
        step,
        says: `the answer to ${action} fits its schema`,
        requirements: ['Part 4'],
        got: `${rules.responseFault(action, payload)?.message ?? ''} ${shown(payload)}`,
        evidence: { entry },
      });
    } finally {
      resolve();
    }
  }

  /** Writes a text as it is: broken frames, wrong payloads. */
  sendText(text: string): number {
    if (this.#closed) throw new StopCase('the link is closed');
    this.#options.socket.send(text);
    return this.#options.trace.add({ kind: 'frame', by: 'tool', link: this.number, text });
  }

  /** A CALL whose payload nobody checks; resolves with whatever comes back. */
  callRaw(step: number, action: Action, payload: unknown): Promise<{ readonly payload: unknown; readonly entry: number } | ErrorAnswer> {
    return this.#exchange(step, this.#options.ids.uuid4(), action, payload);
  }

  answer<A extends Action>(call: Received<A>, response: ResponseOf<A>): void {
    if (this.#closed) return;
    this.#theirs.delete(call.id);
    this.sendText(printResult(call.id, this.#options.rules.outgoingResponse(call.action, response)));
  }

  answerError(call: Received, code: string, description: string): void {
    if (this.#closed) return;
    this.#theirs.delete(call.id);
    this.sendText(printError(call.id, code, description, {}));
  }

  /** The kit will never answer this CALL on purpose: after its time-out the other side may send the next. */
  abandon(call: Received): void {
    this.#theirs.delete(call.id);
  }

  close(code = 1000, reason = ''): void {
    if (this.#closed) return;
    this.#options.socket.close(code, reason);
    this.#lost('tool', code, reason);
  }

  /** The cable is cut: no goodbye. */
  terminate(): void {
    if (this.#closed) return;
    this.#options.socket.terminate();
    this.#lost('tool', 1006, 'cut');
  }

  async #exchange(
    step: number,
    id: string,
    action: Action,
    payload: unknown,
  ): Promise<{ readonly payload: unknown; readonly entry: number } | ErrorAnswer> {
    const { clock, expectations, callTimeoutMs } = this.#options;
    const { promise, resolve } = Promise.withResolvers<{ payload: unknown; entry: number } | ErrorAnswer | undefined>();
    const timer = clock.after(callTimeoutMs, `answer to ${action}`, () => resolve(undefined));
    this.#waiting.set(id, { action, resolve, timer });
    const sent = this.sendText(printCall(id, action, payload));
    const answer = await promise;
    this.#waiting.delete(id);
    timer.cancel();
    if (answer === undefined)
      return expectations.stop({
        step,
        says: `${action} is answered within ${callTimeoutMs / 1000} s`,
        requirements: ['Part 4'],
        got: this.#closed ? 'the link was closed instead' : 'nothing',
        evidence: { entry: sent },
      });
    return answer;
  }

  #receive(text: string): void {
    const { trace, rules } = this.#options;
    const entry = trace.add({ kind: 'frame', by: 'sut', link: this.number, text });
    this.framesReceived += 1;
    const frame = parseFrame(text, rules.version);
    switch (frame.type) {
      case 'call':
        return this.#inbound(frame.id, frame.action, frame.payload, entry);
      case 'result':
        return this.#settle(frame.id, { payload: frame.payload, entry }, entry);
      case 'error':
        return this.#settle(frame.id, { code: frame.code, description: frame.description, entry }, entry);
      case 'resultError':
      case 'send':
        return;
      case 'broken':
        this.faults.frames.push({ text: `${frame.reason}: ${shown(text)}`, entry });
    }
  }

  #settle(id: string, answer: { payload: unknown; entry: number } | ErrorAnswer, entry: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      this.faults.order.push({ text: `an answer to ${id}, which nobody asked`, entry });
      return;
    }
    // Taken off at once: a second answer in the same breath is one that nobody asked.
    this.#waiting.delete(id);
    waiting.resolve(answer);
  }

  #inbound(id: string, action: string, payload: unknown, entry: number): void {
    const { rules, trace } = this.#options;
    if (this.#seenIds.has(id)) this.faults.order.push({ text: `the message id ${id} was used before on this link`, entry });
    this.#seenIds.add(id);
    if (this.#theirs.size > 0)
      this.faults.order.push({ text: `${action} was sent before ${[...this.#theirs.values()].join(', ')} was answered`, entry });
    if (!isAction(action)) {
      this.faults.schema.push({ text: `${action} is no OCPP action`, entry });
      this.sendText(printError(id, 'NotImplemented', 'no such action', {}));
      return;
    }
    if (!rules.isRequest(action, payload)) {
      const fault = rules.requestFault(action, payload);
      this.faults.schema.push({ text: `${action}: ${fault?.message ?? 'does not fit its schema'}`, entry });
      this.sendText(printError(id, fault?.code ?? 'FormatViolation', fault?.message ?? '', {}));
      return;
    }
    this.#theirs.set(id, action);
    try {
      this.#options.received({ action, payload, id, entry, link: this.number, at: trace.elapsed });
    } catch (error) {
      if (!(error instanceof StopCase)) this.faults.frames.push({ text: `the kit could not take ${action}: ${messageOf(error)}`, entry });
    }
  }

  #lost(by: 'tool' | 'sut', code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.trace.add({ kind: 'closed', by, link: this.number, code, reason });
    for (const { resolve, timer } of this.#waiting.values()) {
      timer.cancel();
      resolve({ code: 'closed', description: `the link was closed (${code} ${reason})`, entry: this.#options.trace.entries.length - 1 });
    }
    this.#options.closed(code, reason);
    this.#end.resolve();
  }
}
