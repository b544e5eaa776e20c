import {
  type Action,
  type InboundCall,
  type InvalidCall,
  isAction,
  keepAlive,
  maskFrame,
  type OcppVersion,
  Peer,
  type ResponseOf,
  RpcError,
  type VersionRules,
} from '@busbar/protocol';
import { type Instant, Scope, type Socket } from '@busbar/runtime';
import { handlers } from './blocks/index.ts';
import type { After, Context, Decision, Handler } from './handler.ts';
import type { Admission } from './handshake.ts';
import type { Kernel } from './kernel.ts';
import { textHash } from './ledger/canonical.ts';
import type { Station } from './stations.ts';
import type { Intent, Outcome } from './store/intents.ts';
import { type GroupResult, StoreFailure } from './store/store.ts';

const SERVED: ReadonlySet<Action> = new Set(Object.keys(handlers).filter(isAction));
const TRIGGER_MS = 60_000;
const HEARTBEAT = /^\s*\[\s*2\s*,\s*"([^"]*)"\s*,\s*"Heartbeat"/;

/** One station's link: identity, version, epoch. It validates, lets handlers decide, and answers once the decision is durable. */
export class Session {
  readonly station: Station;
  readonly epoch: number;
  /** How it came in. */
  readonly admission: Admission;
  readonly peer: Peer;
  readonly openedAt: Instant;
  readonly #kernel: Kernel;
  readonly #rules: VersionRules;
  readonly #scope: Scope;
  readonly #alive: ReturnType<typeof keepAlive>;
  readonly #after: (session: Session, after: After) => void;
  #lastSeen: Instant;
  #heartbeat: string | undefined;

  constructor(
    kernel: Kernel,
    station: Station,
    socket: Socket,
    rules: VersionRules,
    epoch: number,
    admission: Admission,
    after: (session: Session, after: After) => void,
  ) {
    this.#kernel = kernel;
    this.#rules = rules;
    this.station = station;
    this.epoch = epoch;
    this.admission = admission;
    this.#after = after;
    this.openedAt = kernel.clock.now();
    this.#lastSeen = this.openedAt;
    const { identity } = station.record;
    this.#scope = new Scope(kernel.clock, kernel.log.child({ station: identity }), `session ${identity}`);
    this.#scope.onClose(kernel.queue.onPressure((pressure) => (pressure === 'ok' ? socket.resume() : socket.pause())));
    if (kernel.queue.pressure === 'stopReading') socket.pause();
    this.#alive = keepAlive(socket, this.#scope, kernel.config.pingIntervalMs, () => {
      this.#scope.log.warn('no sign of life, closing', { epoch });
      socket.terminate();
    });
    this.peer = new Peer({
      socket,
      rules,
      side: 'csms',
      scope: this.#scope,
      ids: kernel.ids,
      log: this.#scope.log,
      callTimeoutMs: kernel.config.callTimeoutMs,
      serves: SERVED,
      gate: (action, payload) => this.#gate(action, payload),
      lenient: (action, payload) => this.#forgive(action, payload),
      call: (call) => this.#serve(call),
      invalidCall: (call) => this.#invalid(call),
      frame: (direction, text) => {
        if (direction === 'in') this.#heard(); // what we say ourselves proves nothing
        if (this.#isHeartbeat(direction, text)) return;
        kernel.messages.record(identity, direction, maskFrame(text)); // C04.FR.04, A01.FR.11: neither key codes nor passwords stand in any log
      },
      alive: () => this.#heard(),
      callError: (direction, code) => {
        const { callErrorsSent, callErrorsReceived } = kernel.counted;
        (direction === 'out' ? callErrorsSent : callErrorsReceived).add(code);
      },
      largeFrame: () => {
        this.station.largeFrames += 1;
      },
      oversize: (bytes) => this.#oversize(bytes),
      closed: (code, reason) => this.#closed(code, reason),
    });
  }

  /** A heartbeat and its answer, which the message log leaves out unless it is told otherwise. */
  #isHeartbeat(direction: 'in' | 'out', text: string): boolean {
    if (this.#kernel.messages.heartbeats || text.length > 200) return false;
    if (direction === 'in') {
      const [, id] = HEARTBEAT.exec(text) ?? [];
      if (id !== undefined) this.#heartbeat = `[3,"${id}",`;
      return id !== undefined;
    }
    if (this.#heartbeat === undefined || !text.startsWith(this.#heartbeat)) return false;
    this.#heartbeat = undefined;
    return true;
  }

  /** Not asked of the peer: a frame that waited in the socket is served while the peer is being made. */
  get version(): OcppVersion {
    return this.#rules.version;
  }

  /** Another socket of this station, or the end of the CSMS, closes this one. */
  close(code: number, reason: string): void {
    this.peer.close(code, reason);
  }

  #heard(): void {
    this.#alive.heard();
    this.#lastSeen = this.#kernel.clock.now();
    this.station.lastSeen = this.#lastSeen;
  }

  /**
   * D10: a station whose last boot was answered Pending or Rejected may send BootNotification, the reports we asked for and
   * what a TriggerMessage called for; everything else is refused (B01.FR.10, B02.FR.09). Without any boot on record
   * (a restored CSMS) nothing is refused: a refused TransactionEvent would be lost money.
   */
  #gate(action: Action, payload: unknown): RpcError | undefined {
    const { registration, approval } = this.station.record;
    if (action === 'BootNotification') return undefined;
    if (registration !== 'Pending' && registration !== 'Rejected' && approval === 'approved') return undefined;
    if (action === 'NotifyReport' && this.station.askedReports.has(requestIdOf(payload))) return undefined;
    const until = this.station.triggered.get(action);
    if (until !== undefined && this.station.triggered.delete(action) && until >= this.#kernel.clock.monotonic()) return undefined;
    return new RpcError(
      'SecurityError',
      `send BootNotification and wait until it is Accepted (the last answer was ${registration ?? 'Pending'})`,
    );
  }

  /** A TriggerMessage was answered Accepted: one such message may come. */
  expectTriggered(action: string): void {
    this.station.triggered.set(action, this.#kernel.clock.monotonic() + TRIGGER_MS);
  }

  /** D3: a named leniency of this station lets an invalid message through; each use is counted and logged. The raw frame stays in the log. */
  #forgive(action: Action, received: unknown): { readonly payload: unknown } | undefined {
    const { leniencies } = this.station.settings;
    if (leniencies === undefined || leniencies.length === 0) return undefined;
    const repaired = this.#rules.repairRequest(action, received, new Set(leniencies));
    for (const { leniency, pointer, times } of repaired?.used ?? []) {
      this.station.forgave(leniency, times);
      this.#scope.log.warn('forgiven', { action, leniency, pointer, times });
    }
    return repaired;
  }

  #context(): Context {
    const { clock, config } = this.#kernel;
    const { record, settings } = this.station;
    const { securityProfile, restriction, certificate } = this.admission;
    const now = clock.now();
    const securityFlood = this.station.securityFlood(now);
    return {
      station: {
        record,
        settings,
        version: this.version,
        epoch: this.epoch,
        securityProfile,
        restriction,
        certificateName: certificate?.commonName,
        securityFlood,
      },
      now,
      config,
    };
  }

  #serve<A extends Action>(call: InboundCall<A>): void {
    const handle: Handler<A> | undefined = handlers[call.action];
    if (handle === undefined) return call.fail(new RpcError('NotSupported', `${call.action} is not supported`));
    try {
      const decided = handle(call.request, this.#context(), this.#kernel);
      if (!(decided instanceof Promise)) return this.#commit(call, decided);
      decided.then(
        (decision) => this.#commit(call, decision),
        (error: unknown) => this.#bug(call, error),
      );
    } catch (error) {
      this.#bug(call, error);
    }
  }

  #commit<A extends Action>(call: InboundCall<A>, decision: Decision<A>): void {
    if (decision.intents.length === 0) return this.#answer(call, decision, []);
    this.#kernel.queue.push(decision.intents, (result) => this.#stored(call, decision, result), call.text.length);
  }

  /** The answer leaves only after the commit is durable. */
  #stored<A extends Action>(call: InboundCall<A>, decision: Decision<A>, result: GroupResult): void {
    if (!(result instanceof StoreFailure)) return this.#answer(call, decision, result);
    // A bug made these intents unwritable. The frame itself must not be lost with them (D3).
    this.#keepRaw(call.action, call.request, call.text, result.message, () =>
      call.fail(new RpcError('InternalError', 'the message was kept, but could not be processed')),
    );
  }

  #answer<A extends Action>(call: InboundCall<A>, decision: Decision<A>, outcomes: readonly Outcome[]): void {
    const response = decision.complete === undefined ? decision.response : decision.complete(decision.response, outcomes);
    if (decision.finish === undefined) return this.#send(call, decision, response);
    decision.finish(response, outcomes, this.#kernel).then(
      (finished) => this.#send(call, decision, finished),
      (error: unknown) => {
        this.#scope.log.error('an answer leaves unfinished', { action: call.action, messageId: call.id, error });
        this.#send(call, decision, response);
      },
    );
  }

  #send<A extends Action>(call: InboundCall<A>, decision: Decision<A>, response: ResponseOf<A>): void {
    const delayMs = this.#kernel.config.testMode ? (this.station.settings.test?.answerDelayMs ?? 0) : 0;
    const send = (): void => {
      this.#kernel.queue.answered += 1;
      call.respond(response, () => {
        for (const after of decision.after ?? []) this.#after(this, after);
      });
    };
    if (delayMs > 0) this.#scope.after(delayMs, 'answer delay (test mode)', send);
    else send();
  }

  #bug<A extends Action>(call: InboundCall<A>, error: unknown): void {
    this.#scope.log.error('a handler failed', { action: call.action, messageId: call.id, error });
    this.#keepRaw(call.action, call.request, call.text, 'a handler failed', () =>
      call.fail(new RpcError('InternalError', 'a bug on our side; the message was kept')),
    );
  }

  #invalid(call: InvalidCall): void {
    this.#scope.log.warn('invalid message', {
      action: call.action,
      messageId: call.id,
      code: call.error.code,
      description: call.error.message,
    });
    this.#keepRaw(call.action, call.payload, call.text, `${call.error.code}: ${call.error.message}`, () => call.answer());
  }

  /** A TransactionEvent that cannot be processed is durable before its CALLERROR leaves: the station will throw it away (D3). */
  #keepRaw(action: Action, payload: unknown, text: string, error: string, then: () => void): void {
    if (action !== 'TransactionEvent') return then();
    const intent: Intent = {
      k: 'invalidEvent',
      station: this.station.record.row,
      receivedAt: this.#kernel.clock.now(),
      hash: textHash(JSON.stringify(payload)),
      text,
      error,
      ...identityOf(payload),
    };
    this.#kernel.queue.push([intent], then);
  }

  /** The size stands in the connection's close reason; a station that goes on is marked (D3). */
  #oversize(bytes: number): void {
    this.#scope.log.warn('frame above the limit', { bytes });
    const { clock, queue } = this.#kernel;
    if (!this.station.oversize(clock.monotonic())) return;
    queue.push([{ k: 'anomaly', station: this.station.record.row, anomaly: 'oversizeFrame', at: clock.now() }], () => undefined);
  }

  #closed(code: number, reason: string): void {
    this.#alive.stop();
    this.#scope.close();
    if (this.station.session === this) this.station.session = undefined;
    const { row } = this.station.record;
    this.#kernel.queue.push(
      [
        {
          k: 'connectionClosed',
          station: row,
          epoch: this.epoch,
          at: this.#kernel.clock.now(),
          code,
          reason: reason.slice(0, 200),
          lastSeen: this.#lastSeen,
        },
      ],
      () => undefined,
    );
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const requestIdOf = (payload: unknown): number =>
  isObject(payload) && typeof payload['requestId'] === 'number' ? payload['requestId'] : Number.NaN;

/** What can be read of a damaged TransactionEvent: enough to show it with its transaction. */
function identityOf(payload: unknown): { txid?: string; seq?: number } {
  if (!isObject(payload)) return {};
  const { seqNo, transactionInfo } = payload;
  const txid = isObject(transactionInfo) ? transactionInfo['transactionId'] : undefined;
  return {
    ...(typeof txid === 'string' && txid.length > 0 ? { txid } : {}),
    ...(typeof seqNo === 'number' && Number.isSafeInteger(seqNo) && seqNo >= 0 ? { seq: seqNo } : {}),
  };
}
