import type { Action, RequestOf, ResponseOf } from '@busbar/protocol';
import { formatInstant, type Handshake, type HandshakeVerdict, type KeyKind, type Millis, type Socket } from '@busbar/runtime';
import type { StationLayout } from './act.ts';
import type { Life, TestAuthority } from './authority.ts';
import { StopCase } from './expectation.ts';
import { type Fields, fits, shown, unsaid, whichOf } from './field.ts';
import type { Answer, ErrorAnswer, Link, Received } from './link.ts';
import type { Door, SecureDoor, TlsSetting } from './outside.ts';
import type { IdToken, TokenRole } from './settings.ts';
import { isCall, type TestContext } from './test-context.ts';

/** What a case needs of the station before it starts. */
export interface StationWish {
  /** Settings of the device model, `Component.Variable` → value. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly layout?: Partial<StationLayout>;
  readonly securityProfile?: 1 | 2 | 3;
  /** Runs before the station is switched on: how the kit's CSMS receives it. */
  readonly prepare?: (station: SutStation) => void;
  /** Does not trust the root of the kit's CSMS. */
  readonly withoutRoots?: boolean;
}

/** What a station that connects by TLS has been given, and the kit's side of it. */
export interface Secure {
  readonly door: SecureDoor;
  readonly authority: TestAuthority;
  readonly tls: TlsSetting;
}

export interface TakeOptions {
  readonly where?: Fields;
  readonly within?: Millis;
  readonly requirements?: readonly string[];
}

/** An attempt of the station to connect, and what the kit did with it. */
export interface Knock {
  readonly handshake: Handshake;
  readonly entry: number;
  readonly at: Millis;
  readonly accepted: boolean;
}

type KnockPolicy = (handshake: Handshake) => Exclude<HandshakeVerdict, { kind: 'accept' }> | 'accept';

interface Letter {
  readonly call: Received;
  taken: boolean;
}

const ROLES: readonly TokenRole[] = ['valid', 'valid2', 'groupMate', 'otherGroup', 'blocked', 'expired', 'masterPass'];

/**
 * The station under test as a case sees it. Every CALL is answered at once by the policy of a friendly CSMS, which a case
 * changes where its steps say so, and kept until a step takes it.
 */
export class SutStation {
  readonly id: string;
  readonly password: string;
  readonly layout: StationLayout;
  readonly door: Door;
  /** Security profile 2 or 3. */
  secure: Secure | undefined;
  readonly tlsFailures: { readonly reason: string; readonly at: Millis; readonly entry: number }[] = [];
  readonly knocks: Knock[] = [];
  readonly letters: Letter[] = [];
  /** Takes a knock or refuses it; friendly unless a case says otherwise. */
  knocked: KnockPolicy = () => 'accept';
  readonly #test: TestContext;
  readonly #overrides = new Map<Action, (link: Link, call: Received) => void>();
  readonly #wakers = new Set<() => void>();
  readonly #held: { readonly link: Link; readonly call: Received }[] = [];
  #forgotten = 0;
  #knocksSeen = 0;
  #link: Link | undefined;

  constructor(test: TestContext, id: string, password: string, layout: StationLayout) {
    this.#test = test;
    this.id = id;
    this.password = password;
    this.layout = layout;
    this.door = test.outside.door(id, (handshake) => this.#judge(handshake));
  }

  /** Opens the kit's CSMS to this station by TLS. */
  async secureWith(authority: TestAuthority): Promise<Secure> {
    let tls: TlsSetting | undefined;
    const door = await this.#test.outside.secureDoor(
      this.id,
      (host) => {
        tls = serverTls(authority, host);
        return tls;
      },
      (handshake) => this.#judge(handshake),
      (reason) => {
        const entry = this.#test.trace.add({ kind: 'tlsFailed', by: 'sut', reason });
        this.tlsFailures.push({ reason, at: this.#test.trace.elapsed, entry });
        this.#wake();
      },
    );
    this.secure = { door, authority, tls: tls ?? serverTls(authority, door.host) };
    return this.secure;
  }

  /** Waits until so many TLS handshakes of the station broke. */
  async breaksOff(
    step: number,
    count: number,
    within: Millis = this.#test.settings.stepMs,
    ...requirements: readonly string[]
  ): Promise<void> {
    const broken = await this.#until(within, () => (this.tlsFailures.length >= count ? this.tlsFailures[count - 1] : undefined));
    const says = `the station breaks the TLS handshake off within ${within / 1000} s`;
    if (broken === undefined) this.#test.stop(step, says, `${this.knocks.length} connections`, requirements);
    this.#test.that(step, says, true, '', requirements, { entry: broken.entry });
  }

  /** After so many knocks and broken handshakes: true when the station comes in next, false when its handshake breaks. */
  async knockOrFailure(knocks: number, failures: number, within: Millis): Promise<boolean> {
    const outcome = await this.#until(within, () => {
      if (this.knocks.slice(knocks).some(({ accepted }) => accepted) && this.connected) return 'in';
      return this.tlsFailures.length > failures ? 'broken' : undefined;
    });
    return outcome === 'in';
  }

  get link(): Link {
    if (this.#link === undefined || this.#link.closed) throw new StopCase(`${this.id} is not connected`);
    return this.#link;
  }
  get connected(): boolean {
    return this.#link !== undefined && !this.#link.closed;
  }

  // What the kit's CSMS sends.

  /** A CALL to the station whose answer must have these fields. */
  async call<A extends Action>(
    step: number,
    action: A,
    request: RequestOf<A>,
    expect: Fields = {},
    ...requirements: readonly string[]
  ): Promise<Answer<A>> {
    const answer = await this.link.call(step, action, request);
    this.#test.check(step + 1, answer, expect, ...requirements);
    return answer;
  }
  callOrError<A extends Action>(step: number, action: A, request: RequestOf<A>): Promise<Answer<A> | ErrorAnswer> {
    return this.link.callOrError(step, action, request);
  }

  // What the station sends.

  /** The oldest CALL of this action that no step took yet; waits for it, and stops the case when it does not come. */
  async take<A extends Action>(step: number, action: A, expect: Fields = {}, options: TakeOptions = {}): Promise<Received<A>> {
    const { where = {}, within = this.#test.settings.stepMs, requirements = [] } = options;
    const call = await this.#next(action, where, within);
    const says = `the station sends ${action}${whichOf(where)} within ${within / 1000} s`;
    if (call === undefined) return this.#test.stop(step, says, this.heard(), requirements);
    this.#test.that(step, says, true, '', requirements, { entry: call.entry });
    this.#test.check(step, call, unsaid(expect, where), ...requirements);
    return call;
  }

  /** The same where the document makes the message optional: undefined when it does not come in that time. */
  async maybe<A extends Action>(action: A, where: Fields = {}, within: Millis = 0): Promise<Received<A> | undefined> {
    return this.#next(action, where, within);
  }

  /** The oldest untaken CALL that fits one of the wishes. */
  async either(within: Millis, wishes: readonly { readonly action: Action; readonly where: Fields }[]): Promise<Received | undefined> {
    return this.#until(within, () =>
      this.#pick((call) => wishes.some(({ action, where }) => call.action === action && fits(call.payload, where))),
    );
  }

  /** Proof of silence: nothing of this kind may come for so long (the requirement that says so). */
  async silence(step: number, seconds: number, action: Action, where: Fields, requirement: string): Promise<void> {
    const before = this.letters.length;
    const since = this.#test.trace.entries.length - 1;
    await this.#test.pass(seconds * 1000, `silence: ${requirement}`);
    const broken = this.letters.slice(before).find(({ call }) => call.action === action && fits(call.payload, where));
    this.#test.that(step, `no ${action} for ${seconds} s`, broken === undefined, broken?.call.payload, [requirement], {
      entry: broken?.call.entry ?? since,
      absent: { action, where },
    });
  }

  /** Everything of this action that came, taken or not. */
  all<A extends Action>(action: A, where: Fields = {}): readonly Received<A>[] {
    return this.letters.flatMap(({ call }) => (isCall(call, action) && fits(call.payload, where) ? [call] : []));
  }

  /** So many CALLs of this kind came in all; none, where nothing may come. */
  came(step: number, count: number, action: Action, where: Fields, says: string, ...requirements: readonly string[]): boolean {
    const { length } = this.all(action, where);
    const evidence = { entry: this.#test.trace.entries.length - 1, absent: { action, where } };
    return this.#test.that(step, says, length === count, `${length} times`, requirements, evidence);
  }

  /** What came so far is of no interest to the steps that follow. */
  forget(): void {
    for (const letter of this.letters) letter.taken = true;
    this.#forgotten = this.letters.length;
    this.#knocksSeen = this.knocks.length;
  }
  /** Everything of this action since `forget`. */
  since<A extends Action>(action: A): readonly Received<A>[] {
    return this.letters.slice(this.#forgotten).flatMap(({ call }) => (isCall(call, action) ? [call] : []));
  }

  // How the kit's CSMS answers.

  /** Replaces the friendly answer to an action. */
  answers<A extends Action>(action: A, answer: (call: Received<A>) => ResponseOf<A>): void {
    this.#overrides.set(action, (link, call) => {
      if (isCall(call, action)) link.answer(call, answer(call));
    });
  }
  /** Whatever token is shown is deemed so, by Authorize and in events. */
  deems(info: Partial<ResponseOf<'Authorize'>['idTokenInfo']> & Pick<ResponseOf<'Authorize'>['idTokenInfo'], 'status'>): void {
    this.answers('Authorize', () => ({ idTokenInfo: info }));
    this.answers('TransactionEvent', ({ payload }) => (payload.idToken ? { idTokenInfo: info } : {}));
  }
  /** Tokens are deemed by the parts they play, as at the beginning. */
  deemsByParts(): void {
    this.friendly('Authorize');
    this.friendly('TransactionEvent');
  }
  refuses(action: Action, code: string): void {
    this.#overrides.set(action, (link, call) => link.answerError(call, code, 'the case wants it so'));
  }
  /** Leaves an action unanswered. */
  ignores(action: Action): void {
    this.#overrides.set(action, (link, call) => {
      this.#held.push({ link, call });
    });
  }
  /** Answers what was left unanswered, and from now on again at once. */
  answersHeld(action: Action): void {
    this.#overrides.delete(action);
    for (const { link, call } of this.#held.splice(0)) if (call.action === action) this.#answerFriendly(link, call);
  }
  /** A case decides each time: take it, refuse it, or leave it unanswered. */
  answersWith<A extends Action>(action: A, decide: (call: Received<A>) => 'take' | 'ignore' | { readonly refuse: string }): void {
    this.#overrides.set(action, (link, call) => {
      if (!isCall(call, action)) return;
      const decision = decide(call);
      if (decision === 'take') this.#answerFriendly(link, call);
      else if (decision === 'ignore') link.abandon(call);
      else link.answerError(call, decision.refuse, 'the case wants it so');
    });
  }
  friendly(action: Action): void {
    this.#overrides.delete(action);
  }

  // The hands and the cable.

  /** Something a person does at the station (a verb of the control API). */
  async does(verb: string, body: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#test.perform({ do: 'act', stationId: this.id, verb, body });
  }

  /** Cuts the link and takes no new one until `online`. */
  offline(): void {
    this.knocked = () => ({ kind: 'refuse', status: 503, reason: 'the CSMS is away' });
    this.#link?.terminate();
  }
  online(): void {
    this.knocked = () => 'accept';
  }
  /** Resolves when the present link is gone. */
  closed(): Promise<void> {
    return this.link.ended;
  }
  disconnect(): void {
    this.#link?.close(1000, 'the CSMS hangs up');
  }

  /** Waits until the station has connected (again). */
  async connects(step: number, within: Millis = this.#test.settings.stepMs, ...requirements: readonly string[]): Promise<Knock> {
    const knock = await this.#arrival(step, 0, within, 'the station connects', requirements);
    this.#knocksSeen = this.knocks.length;
    return knock;
  }
  /** Waits for the connection after a reboot: one that began after `forget` or the last connection a step waited for. */
  async comesBack(step: number, within: Millis, ...requirements: readonly string[]): Promise<Knock> {
    const knock = await this.#arrival(step, this.#knocksSeen, within, 'the station comes back', requirements);
    this.#knocksSeen = this.knocks.length;
    return knock;
  }
  /** Waits for the next connection that is accepted. */
  connectsAgain(step: number, within: Millis, ...requirements: readonly string[]): Promise<Knock> {
    return this.#arrival(step, this.knocks.length, within, 'the station connects again', requirements);
  }
  async #arrival(step: number, since: number, within: Millis, what: string, requirements: readonly string[]): Promise<Knock> {
    const tried = this.knocks.length;
    const knock = await this.#until(within, () =>
      this.connected ? this.knocks.slice(since).findLast(({ accepted }) => accepted) : undefined,
    );
    const says = `${what} within ${within / 1000} s`;
    if (knock === undefined) return this.#test.stop(step, says, `${this.knocks.length - tried} attempts`, requirements);
    this.#test.that(step, says, true, '', requirements, { entry: knock.entry });
    return knock;
  }
  /** Waits for the next attempt, whatever becomes of it. */
  async knocksAgain(step: number, within: Millis, ...requirements: readonly string[]): Promise<Knock> {
    const seen = this.knocks.length;
    const knock = await this.#until(within, () => this.knocks[seen]);
    if (knock === undefined)
      return this.#test.stop(step, `the station tries to connect within ${within / 1000} s`, 'it does not', requirements);
    return knock;
  }
  /** Waits until the present link is gone. */
  async goes(step: number, within: Millis = this.#test.settings.stepMs): Promise<void> {
    const gone = await this.#until(within, () => (this.connected ? undefined : true));
    if (gone === undefined) this.#test.stop(step, `the station closes the link within ${within / 1000} s`, 'it stays');
  }

  close(): void {
    this.knocked = () => ({ kind: 'refuse', status: 503, reason: 'the case is over' });
    this.#link?.close(1000, 'the case is over');
    this.door.close();
    this.secure?.door.close();
  }

  /** What a CSMS says of a token: by the part it plays in this case. */
  infoOf(token: IdToken): ResponseOf<'Authorize'>['idTokenInfo'] {
    const role = ROLES.find((one) => this.#test.knows(one) && this.#test.token(one).idToken === token.idToken);
    const record = role === undefined ? undefined : this.#test.recordOf(role);
    if (token.type === 'NoAuthorization') return { status: 'Accepted' };
    if (record === undefined) return { status: 'Invalid' };
    return {
      status: STATUSES.find((status) => status === record.status) ?? 'Invalid',
      ...(record.groupIdToken ? { groupIdToken: record.groupIdToken } : {}),
    };
  }

  #judge(handshake: Handshake): HandshakeVerdict {
    const { trace, settings } = this.#test;
    const number = trace.nextLink();
    const { clientCertificate, ...visible } = handshake;
    const entry = trace.add({
      kind: 'knock',
      by: 'sut',
      link: number,
      station: this.id,
      handshake: { ...visible, certificate: clientCertificate },
    });
    const policy = this.knocked(handshake);
    const verdict: HandshakeVerdict =
      policy === 'accept' ? { kind: 'accept', subprotocol: settings.version, opened: (socket) => this.#adopt(socket, number) } : policy;
    this.knocks.push({ handshake, entry, at: trace.elapsed, accepted: verdict.kind === 'accept' });
    if (verdict.kind === 'refuse')
      trace.add({ kind: 'refused', by: 'tool', link: number, failure: 'http', status: verdict.status, reason: verdict.reason });
    this.#wake();
    return verdict;
  }

  #adopt(socket: Socket, number: number): void {
    this.#test.trace.add({ kind: 'opened', by: 'tool', link: number, subprotocol: socket.subprotocol });
    const link: Link = this.#test.adopt(socket, number, { received: (call) => this.#received(link, call), closed: () => this.#wake() });
    this.#link = link;
    this.#wake();
  }

  #received(link: Link, call: Received): void {
    this.letters.push({ call, taken: false });
    const override = this.#overrides.get(call.action);
    if (override) override(link, call);
    else this.#answerFriendly(link, call);
    this.#wake();
  }

  #answerFriendly(link: Link, call: Received): void {
    const currentTime = formatInstant(this.#test.now);
    if (isCall(call, 'BootNotification')) link.answer(call, { currentTime, interval: 300, status: 'Accepted' });
    else if (isCall(call, 'Heartbeat')) link.answer(call, { currentTime });
    else if (isCall(call, 'Authorize')) link.answer(call, { idTokenInfo: this.infoOf(call.payload.idToken) });
    else if (isCall(call, 'TransactionEvent'))
      link.answer(call, call.payload.idToken ? { idTokenInfo: this.infoOf(call.payload.idToken) } : {});
    else if (isCall(call, 'SignCertificate')) link.answer(call, { status: 'Accepted' });
    else if (isCall(call, 'DataTransfer')) link.answer(call, { status: 'UnknownVendorId' });
    else if (
      isCall(call, 'StatusNotification') ||
      isCall(call, 'NotifyEvent') ||
      isCall(call, 'MeterValues') ||
      isCall(call, 'NotifyReport') ||
      isCall(call, 'SecurityEventNotification') ||
      isCall(call, 'LogStatusNotification') ||
      isCall(call, 'FirmwareStatusNotification') ||
      isCall(call, 'NotifyCustomerInformation')
    )
      link.answer(call, {});
    else link.answerError(call, 'NotSupported', 'this CSMS does not serve it');
  }

  async #next<A extends Action>(action: A, where: Fields, within: Millis): Promise<Received<A> | undefined> {
    return this.#until(within, () => {
      const call = this.#pick((one) => one.action === action && fits(one.payload, where));
      return call !== undefined && isCall(call, action) ? call : undefined;
    });
  }

  #pick(wanted: (call: Received) => boolean): Received | undefined {
    const letter = this.letters.find(({ taken, call }) => !taken && wanted(call));
    if (letter === undefined) return undefined;
    letter.taken = true;
    return letter.call;
  }

  /** Looks now and whenever something happened; undefined when the time is over. */
  async #until<T>(within: Millis, look: () => T | undefined): Promise<T | undefined> {
    const found = look();
    if (found !== undefined || within <= 0) return found;
    const { promise, resolve } = Promise.withResolvers<T>();
    const waker = (): void => {
      const seen = look();
      if (seen === undefined) return;
      this.#wakers.delete(waker);
      resolve(seen);
    };
    this.#wakers.add(waker);
    const seen = await this.#test.within(within, 'a message of the station', promise);
    this.#wakers.delete(waker);
    return seen;
  }

  #wake(): void {
    for (const waker of Array.from(this.#wakers)) waker();
  }

  /** The newest messages that no step took: what a report shows when the right one did not come. */
  heard(): unknown {
    const untaken = this.letters.filter(({ taken }) => !taken).slice(-5);
    return untaken.length === 0 ? 'nothing' : untaken.map(({ call }) => `${call.action} ${shown(call.payload)}`);
  }
}

const STATUSES = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'Unknown', 'ConcurrentTx', 'NoCredit'] as const;

/** A server certificate as it should be: for this host, from this authority. */
export function serverTls(authority: TestAuthority, host: string, life: Life = 'now', kind: KeyKind = 'ecP256'): TlsSetting {
  const isAddress = /^[\d.]+$|:/.test(host);
  const leaf = authority.issue({
    subject: { commonName: host },
    names: isAddress ? { addresses: [host] } : { dns: [host] },
    life,
    kind,
  });
  return { chain: leaf.pem, key: leaf.key };
}
