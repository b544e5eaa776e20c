import { type Action, type VersionRules } from '@busbar/protocol';
import type { Instant, Millis, Scope, Socket, Timer } from '@busbar/runtime';
import type { Act, TokenRecord } from './act.ts';
import { type Life, TestAuthority } from './authority.ts';
import { type Evidence, type Expectations, Inconclusive } from './expectation.ts';
import { at, type Field, type Fields, holds, saysOf, shown, wrongOf } from './field.ts';
import { Link, type LinkOptions, type Received } from './link.ts';
import type { Outside, TlsAnswer, TlsProbe } from './outside.ts';
import type { IdToken, Settings, TokenRole } from './settings.ts';
import type { Trace } from './trace.ts';

/** Anything with a payload that stands in the trace: an answer or a CALL. */
export interface Seen {
  readonly payload: unknown;
  readonly entry: number;
}

export interface ContextOptions {
  readonly caseId: string;
  readonly outside: Outside;
  readonly settings: Settings;
  readonly rules: VersionRules;
  readonly trace: Trace;
  readonly expectations: Expectations;
  readonly scope: Scope;
}

/** What the cases of both roles have in common: looking, asking the driver, tokens, silence. */
export class TestContext {
  readonly caseId: string;
  readonly outside: Outside;
  readonly settings: Settings;
  readonly rules: VersionRules;
  readonly trace: Trace;
  readonly expectations: Expectations;
  readonly scope: Scope;
  readonly links: Link[] = [];
  silenceMs = 0;
  readonly #tokens = new Map<TokenRole, IdToken>();

  constructor({ caseId, outside, settings, rules, trace, expectations, scope }: ContextOptions) {
    this.caseId = caseId;
    this.outside = outside;
    this.settings = settings;
    this.rules = rules;
    this.trace = trace;
    this.expectations = expectations;
    this.scope = scope;
  }

  get now(): Instant {
    return this.outside.clock.now();
  }

  /** Each field is an expectation of its own; a failure does not stop the case. */
  check(step: number, seen: Seen, fields: Fields, ...requirements: readonly string[]): boolean {
    let good = true;
    for (const [path, field] of Object.entries(fields)) {
      const value = at(seen.payload, path);
      good =
        this.that(step, `${path} is ${saysOf(field)}`, holds(field, value), value, requirements, evidenceOf(seen, path, field)) && good;
    }
    return good;
  }

  /** One expectation that no field rule can say. `got` is what came. */
  that(step: number, says: string, ok: boolean, got: unknown, requirements: readonly string[] = [], evidence?: Evidence): boolean {
    return this.expectations.that({ step, says, requirements, ok, ...(ok ? {} : { got: shown(got) }), ...(evidence ? { evidence } : {}) });
  }

  stop(step: number, says: string, got: unknown, requirements: readonly string[] = [], evidence?: Evidence): never {
    return this.expectations.stop({ step, says, requirements, got: shown(got), ...(evidence ? { evidence } : {}) });
  }

  /** Both readings are legal; which one was seen goes into the report. */
  reading(says: string): void {
    this.expectations.reading(says);
  }

  /** Asks the driver; a driver that fails makes the case inconclusive, never failed. */
  async perform(act: Act): Promise<unknown> {
    const n = this.trace.nextAsk();
    this.trace.add({ kind: 'ask', by: 'tool', n, what: act.do, question: act });
    const answer = await this.outside.perform(act);
    this.trace.add({ kind: 'reply', by: 'sut', n, answer });
    return answer;
  }

  /** A TLS handshake beside the links. */
  async tls(probe: TlsProbe): Promise<{ readonly payload: TlsAnswer; readonly entry: number }> {
    const n = this.trace.nextAsk();
    const { key: _key, ...question } = probe;
    this.trace.add({ kind: 'ask', by: 'tool', n, what: 'tls', question });
    const payload = await this.outside.tls(probe);
    const entry = this.trace.add({ kind: 'reply', by: 'sut', n, answer: payload });
    return { payload, entry };
  }

  /** The kit's own end of a socket that has just opened, under the number it has in the trace. */
  adopt(socket: Socket, number: number, ends: Pick<LinkOptions, 'received' | 'closed'>): Link {
    const { rules, outside, trace, expectations, settings } = this;
    const link = new Link({
      socket,
      number,
      rules,
      clock: outside.clock,
      ids: outside.ids,
      trace,
      expectations,
      callTimeoutMs: settings.callMs,
      ...ends,
    });
    this.links.push(link);
    return link;
  }

  /** Time passes, and whatever came is looked at afterwards. Only proofs of silence and the kit's own rhythm may use it. */
  async pass(ms: Millis, why: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.scope.after(ms, why, resolve);
    this.silenceMs += ms;
    await promise;
  }

  /** Resolves with undefined when the time is over. */
  within<T>(ms: Millis, what: string, promise: Promise<T>): Promise<T | undefined> {
    const { promise: over, resolve } = Promise.withResolvers<undefined>();
    const timer: Timer = this.scope.after(ms, what, () => resolve(undefined));
    return Promise.race([promise, over]).finally(() => timer.cancel());
  }

  /** Whether this part was given to a token in this case. */
  knows(role: TokenRole): boolean {
    return this.#tokens.has(role) || this.settings.tokens?.[role] !== undefined;
  }

  /** A token in the part it plays, made known to the system under test when a CSMS is tested. */
  token(role: TokenRole): IdToken {
    const known = this.#tokens.get(role) ?? this.settings.tokens?.[role];
    if (known) return known;
    const token = {
      idToken: `${role.slice(0, 4)}${this.outside.ids.uuid4().replaceAll('-', '').slice(0, 12)}`.toUpperCase(),
      type: 'ISO14443',
    };
    this.#tokens.set(role, token);
    return token;
  }

  /** A certificate authority of this case's own. */
  async authority(name = `${this.caseId} root`, life: Life = 'now'): Promise<TestAuthority> {
    const { ids, clock } = this.outside;
    const serial = (): string => ids.uuid4().replaceAll('-', '').replace(/^./, '1');
    const { organization } = this.settings;
    return new TestAuthority({ crypto: await this.outside.crypto(), now: clock.now(), serial, organization, name, life });
  }

  get groupId(): string {
    return this.settings.groupId ?? `GROUP-${this.caseId}`;
  }
  get masterGroupId(): string {
    return `MASTER-${this.caseId}`.slice(0, 36);
  }

  /** How a token in this part stands at a CSMS. */
  recordOf(role: TokenRole): TokenRecord | undefined {
    const group = { idToken: this.groupId, type: 'Central' };
    switch (role) {
      case 'valid':
      case 'groupMate':
        return { status: 'Accepted', groupIdToken: group };
      case 'valid2':
        return { status: 'Accepted' };
      case 'otherGroup':
        return { status: 'Accepted', groupIdToken: { idToken: `OTHER-${this.caseId}`, type: 'Central' } };
      case 'blocked':
        return { status: 'Blocked' };
      case 'expired':
        return { status: 'Expired' };
      case 'masterPass':
        return { status: 'Accepted', groupIdToken: { idToken: this.masterGroupId, type: 'Central' }, masterPass: true };
      case 'invalid':
        return undefined;
    }
  }

  inconclusive(why: string): never {
    throw new Inconclusive(why);
  }
}

function evidenceOf({ entry }: Seen, path: string, field: Field): Evidence {
  const wrong = wrongOf(field);
  return wrong === undefined ? { entry, path } : { entry, path, wrong };
}

/** A CALL narrowed to one action. */
export const isCall = <A extends Action>(call: Received, action: A): call is Received<A> => call.action === action;
