import type { Action, RequestOf, ResponseOf } from '@busbar/protocol';
import { DialError, formatInstant, type Millis, messageOf, Secret, type Socket } from '@busbar/runtime';
import { StopCase } from './expectation.ts';
import { type Fields, fits, unsaid, whichOf } from './field.ts';
import type { Answer, ErrorAnswer, Link, Received } from './link.ts';
import type { CsmsAddress } from './outside.ts';
import type { IdToken } from './settings.ts';
import { isCall, type TestContext } from './test-context.ts';

export interface Identity {
  readonly id: string;
  readonly password: string;
  readonly serialNumber: string;
}

export interface ConnectOptions {
  readonly user?: string;
  readonly password?: string;
  readonly id?: string;
  readonly securityProfile?: 1 | 2 | 3;
  readonly certificate?: string;
  readonly key?: string;
  readonly subprotocols?: readonly string[];
}

/** How an attempt to connect ended. */
export type Dialled =
  | { readonly open: true; readonly subprotocol: string; readonly entry: number }
  | {
      readonly open: false;
      readonly failure: string;
      readonly status: number | undefined;
      readonly reason: string;
      readonly entry: number;
    };

export interface AwaitOptions<A extends Action> {
  /** What the kit's station answers; nothing is answered without it. */
  readonly answer?: ResponseOf<A> | ((call: Received<A>) => ResponseOf<A>);
  readonly expect?: Fields;
  readonly requirements?: readonly string[];
  readonly within?: Millis;
  /** Which of several; the others stay for somebody else. */
  readonly where?: Fields;
}

interface Waiter {
  readonly action: Action;
  readonly where: Fields;
  readonly take: (call: Received) => void;
}

/** The station that the kit plays towards a CSMS under test. */
export class ToolStation {
  readonly identity: Identity;
  readonly #test: TestContext;
  readonly #address: CsmsAddress;
  readonly #waiters: Waiter[] = [];
  #link: Link | undefined;

  constructor(test: TestContext, address: CsmsAddress, identity: Identity) {
    this.#test = test;
    this.#address = address;
    this.identity = identity;
  }

  get id(): string {
    return this.identity.id;
  }
  get link(): Link {
    if (this.#link === undefined) throw new StopCase('the kit has not connected');
    return this.#link;
  }

  /** One attempt. The answer of the CSMS is what a case judges. */
  async dial(options: ConnectOptions = {}): Promise<Dialled> {
    const { trace, outside, settings } = this.#test;
    const profile = options.securityProfile ?? settings.securityProfile;
    const base = profile === 1 ? this.#address.ws : this.#address.wss;
    if (base === undefined) return this.#test.inconclusive(`no address of the CSMS for security profile ${profile}`);
    const number = trace.nextLink();
    const url = `${base}/${encodeURIComponent(options.id ?? this.id)}`;
    const subprotocols = options.subprotocols ?? [settings.version];
    trace.add({ kind: 'dial', by: 'tool', link: number, url, how: `profile ${profile}, ${subprotocols.join(', ')}` });
    try {
      const socket = await outside.dial({
        url,
        subprotocols,
        deflate: true,
        timeoutMs: settings.callMs,
        ...(profile === 3
          ? {}
          : { basic: { user: options.user ?? this.id, password: new Secret(options.password ?? this.identity.password) } }),
        ...(profile === 1
          ? {}
          : {
              tls: {
                ...(this.#address.roots ? { roots: this.#address.roots } : {}),
                ...(options.certificate === undefined ? {} : { certificate: options.certificate }),
                ...(options.key === undefined ? {} : { key: new Secret(options.key) }),
              },
            }),
      });
      const entry = trace.add({ kind: 'opened', by: 'sut', link: number, subprotocol: socket.subprotocol });
      this.#adopt(socket, number);
      return { open: true, subprotocol: socket.subprotocol, entry };
    } catch (error) {
      const failure = error instanceof DialError ? error.failure : 'closed';
      const status = error instanceof DialError ? error.httpStatus : undefined;
      const reason = messageOf(error);
      const entry = trace.add({ kind: 'refused', by: 'sut', link: number, failure, reason, ...(status === undefined ? {} : { status }) });
      return { open: false, failure, status, reason, entry };
    }
  }

  /** Connects, or stops the case. */
  async connect(step: number, options: ConnectOptions = {}, ...requirements: readonly string[]): Promise<void> {
    const dialled = await this.dial(options);
    const version = this.#test.settings.version;
    if (!dialled.open)
      this.#test.stop(step, 'the CSMS upgrades the connection to a WebSocket', dialled.reason, requirements, { entry: dialled.entry });
    this.#test.that(step, 'the CSMS upgrades the connection to a WebSocket', true, '', requirements, { entry: dialled.entry });
    if (dialled.subprotocol !== version)
      this.#test.stop(step, `the CSMS agrees to ${version}`, dialled.subprotocol, ['Part 4'], {
        entry: dialled.entry,
        path: 'subprotocol',
      });
  }

  /** Must be refused before the upgrade. */
  async refused(step: number, options: ConnectOptions, says: string, ...requirements: readonly string[]): Promise<Dialled> {
    const dialled = await this.dial(options);
    this.#test.that(step, says, !dialled.open, 'the connection was opened', requirements, { entry: dialled.entry });
    if (dialled.open) this.disconnect();
    return dialled;
  }

  /** Resolves when the CSMS, or anybody, ends the present connection. */
  async closed(): Promise<true> {
    await this.link.ended;
    return true;
  }

  disconnect(): void {
    this.#link?.close(1000, 'the station goes');
  }

  send<A extends Action>(step: number, action: A, request: RequestOf<A>): Promise<Answer<A>> {
    return this.link.call(step, action, request);
  }
  sendOrError<A extends Action>(step: number, action: A, request: RequestOf<A>): Promise<Answer<A> | ErrorAnswer> {
    return this.link.callOrError(step, action, request);
  }

  /**
   * Waits for a CALL of the CSMS. Call it before whatever makes the CSMS send; what nobody waits for is answered as a
   * station would that has nothing to say.
   */
  awaits<A extends Action>(step: number, action: A, options: AwaitOptions<A> = {}): Promise<Received<A>> {
    const call = this.#awaits(step, action, options);
    // A case may look at it only later, or end before it does.
    call.catch(() => {});
    return call;
  }

  async #awaits<A extends Action>(step: number, action: A, options: AwaitOptions<A>): Promise<Received<A>> {
    const { settings } = this.#test;
    const within = options.within ?? settings.stepMs;
    const { promise, resolve } = Promise.withResolvers<Received<A>>();
    const waiter: Waiter = {
      action,
      where: options.where ?? {},
      take: (call) => {
        if (isCall(call, action)) resolve(call);
      },
    };
    this.#waiters.push(waiter);
    const call = await this.#test.within(within, `${action} of the CSMS`, promise);
    const requirements = options.requirements ?? [];
    const says = `the CSMS sends ${action}${whichOf(options.where)} within ${within / 1000} s`;
    if (call === undefined) {
      this.#forget(waiter);
      return this.#test.stop(step, says, 'nothing of that kind came', requirements);
    }
    this.#test.that(step, says, true, '', requirements, { entry: call.entry });
    if (options.expect) this.#test.check(step, call, unsaid(options.expect, options.where), ...requirements);
    if (options.answer !== undefined) this.link.answer(call, typeof options.answer === 'function' ? options.answer(call) : options.answer);
    return call;
  }

  #forget(waiter: Waiter): void {
    const at = this.#waiters.indexOf(waiter);
    if (at >= 0) this.#waiters.splice(at, 1);
  }

  #adopt(socket: Socket, number: number): void {
    const link: Link = this.#test.adopt(socket, number, { received: (call) => this.#received(link, call), closed: () => {} });
    this.#link = link;
  }

  #received(link: Link, call: Received): void {
    const waiter = this.#waiters.find(({ action, where }) => action === call.action && fits(call.payload, where));
    if (waiter) {
      this.#forget(waiter);
      waiter.take(call);
      return;
    }
    this.#answerUnasked(link, call);
  }

  /** What a CSMS asks by itself gets the answer of a station that has little to say. */
  #answerUnasked(link: Link, call: Received): void {
    const at = formatInstant(this.#test.now);
    if (isCall(call, 'GetVariables'))
      link.answer(call, {
        getVariableResult: call.payload.getVariableData.map(({ component, variable }) => ({
          component,
          variable,
          attributeStatus: 'UnknownVariable' as const,
        })),
      });
    else if (isCall(call, 'GetTransactionStatus')) link.answer(call, { messagesInQueue: false });
    else if (isCall(call, 'TriggerMessage')) link.answer(call, { status: 'NotImplemented' });
    else if (isCall(call, 'GetBaseReport') || isCall(call, 'GetReport')) link.answer(call, { status: 'EmptyResultSet' });
    else if (isCall(call, 'DataTransfer')) link.answer(call, { status: 'UnknownVendorId' });
    else link.answerError(call, 'NotSupported', `nobody expected ${call.action} at ${at}`);
  }
}

/** One transaction of the kit's station: counts seqNo, remembers what it is about. */
export class ToolTransaction {
  readonly id: string;
  readonly evseId: number;
  readonly connectorId: number;
  token: IdToken | undefined;
  seqNo = 0;
  started = false;
  ended = false;
  plugged = false;
  readonly #test: TestContext;
  readonly #station: ToolStation;

  constructor(test: TestContext, station: ToolStation, evseId: number, connectorId: number) {
    this.#test = test;
    this.#station = station;
    this.id = test.outside.ids.uuid4();
    this.evseId = evseId;
    this.connectorId = connectorId;
  }

  /** Sends an event. eventType is Started for the first one and Updated otherwise, unless given. */
  async event(step: number, event: ToolEvent): Promise<Answer<'TransactionEvent'>> {
    const {
      seqNo = this.seqNo,
      eventType = this.started ? 'Updated' : 'Started',
      chargingState,
      stoppedReason,
      remoteStartId,
      ...rest
    } = event;
    if (event.seqNo === undefined) this.seqNo += 1;
    this.started = true;
    this.ended ||= eventType === 'Ended';
    const answer = await this.#station.send(step, 'TransactionEvent', {
      eventType,
      timestamp: formatInstant(this.#test.now),
      seqNo,
      transactionInfo: {
        transactionId: this.id,
        ...(chargingState ? { chargingState } : {}),
        ...(stoppedReason ? { stoppedReason } : {}),
        ...(remoteStartId === undefined ? {} : { remoteStartId }),
        ...(event.infoCustomData ? { customData: event.infoCustomData } : {}),
      },
      ...withoutCustom(rest),
    });
    // E01.FR.11/12: whoever shows a token is told how it stands.
    if (event.idToken) this.#test.check(step + 1, answer, { 'idTokenInfo.status': event.status ?? 'Accepted' }, 'E01.FR.11');
    return answer;
  }
}

type EventRequest = RequestOf<'TransactionEvent'>;
export type ToolEvent = Partial<Omit<EventRequest, 'transactionInfo' | 'timestamp'>> & {
  readonly triggerReason: EventRequest['triggerReason'];
  readonly chargingState?: EventRequest['transactionInfo']['chargingState'];
  readonly stoppedReason?: EventRequest['transactionInfo']['stoppedReason'];
  readonly remoteStartId?: number;
  readonly infoCustomData?: EventRequest['transactionInfo']['customData'];
  /** What the CSMS has to say about the token; Accepted when left out. */
  readonly status?: Fields[string];
};

const withoutCustom = ({ infoCustomData: _info, status: _status, ...rest }: Omit<ToolEvent, 'seqNo' | 'eventType'>) => rest;
