import type { Ocpp } from '@busbar/protocol';
import { AuthCacheCtrlr, AuthCtrlr } from '@busbar/protocol/device-model';
import type { Context } from '../../context.ts';
import type { Outbox } from '../../outbox.ts';
import type { LocalList } from '../d-local-list/local-list.ts';
import type { AuthorizationCache } from './authorization-cache.ts';

/** What became of a token. `source` says who decided; an unknown one let through offline is known to nobody (C15.FR.01). */
export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly info: Ocpp.IdTokenInfoType;
      readonly source: 'csms' | 'cache' | 'unknownOffline' | 'free';
    }
  | { readonly kind: 'refused'; readonly status: Ocpp.AuthorizationStatusEnumType; readonly info?: Ocpp.IdTokenInfoType };

export const sameToken = (a: Ocpp.IdTokenType | undefined, b: Ocpp.IdTokenType | undefined): boolean =>
  a !== undefined && b !== undefined && a.idToken.toLowerCase() === b.idToken.toLowerCase() && a.type === b.type; // C01.FR.25

/** Nobody needs to be asked about these (C02.FR.01, C05.FR.01). */
const NEEDS_NO_ANSWER: readonly string[] = ['NoAuthorization', 'Central'];

/** Finds out whether a token may charge: local list, cache, CSMS or the rules for being offline. */
export class Authorizer {
  readonly #context: Context;
  readonly #outbox: Outbox;
  readonly #cache: AuthorizationCache;
  readonly #list: LocalList;

  constructor(context: Context, outbox: Outbox, cache: AuthorizationCache, list: LocalList) {
    this.#context = context;
    this.#outbox = outbox;
    this.#cache = cache;
    this.#list = list;
  }

  /** What is known here and now, without asking anybody; the list comes first (C13.FR.01). */
  known(token: Ocpp.IdTokenType): Ocpp.IdTokenInfoType | undefined {
    return this.#list.find(token) ?? this.#cache.find(token);
  }

  /** To start charging. */
  async decide(token: Ocpp.IdTokenType): Promise<Verdict> {
    const { dm } = this.#context;
    if (!dm.bool(AuthCtrlr.Enabled) || NEEDS_NO_ANSWER.includes(token.type)) {
      return { kind: 'accepted', info: { status: 'Accepted' }, source: 'free' };
    }
    const known = this.known(token);
    if (!this.#outbox.accepted) return this.#offline(known);
    const certain = known?.status === 'Accepted';
    if (certain && dm.bool(AuthCtrlr.LocalPreAuthorize)) return this.#fromCache(token, known); // C12.FR.02
    if (dm.bool(AuthCtrlr.DisableRemoteAuthorization)) {
      return certain ? this.#fromCache(token, known) : { kind: 'refused', status: known?.status ?? 'Unknown' };
    }
    // C10.FR.03, C12.FR.05: known as not Accepted means ask, unless asking again is switched off.
    if (known && !certain && dm.bool(AuthCacheCtrlr.DisablePostAuthorize)) return { kind: 'refused', status: known.status };
    return (await this.ask(token)) ?? this.#offline(this.known(token));
  }

  /** AuthorizeRequest (C01.FR.02); undefined when there was no answer. */
  async ask(token: Ocpp.IdTokenType): Promise<Verdict | undefined> {
    const outcome = await this.#outbox.send('driver', 'Authorize', () => ({ idToken: token }));
    if (outcome.kind !== 'answer') return undefined;
    const { idTokenInfo } = outcome.response;
    await this.#context.memory.commit(this.#cache.learn(token, idTokenInfo)); // C10.FR.04
    return this.#judge(idTokenInfo, 'csms');
  }

  #offline(known: Ocpp.IdTokenInfoType | undefined): Verdict {
    const { dm } = this.#context;
    if (known) {
      // C13.FR.02, C13.FR.05: only what is Accepted.
      return dm.bool(AuthCtrlr.LocalAuthorizeOffline) ? this.#judge(known, 'cache') : { kind: 'refused', status: 'NotAtThisTime' };
    }
    // C13.FR.04, C13.FR.06, C15.FR.08: whoever it is may charge; the cache learns nothing (C15.FR.01).
    if (dm.bool(AuthCtrlr.OfflineTxForUnknownIdEnabled))
      return { kind: 'accepted', info: { status: 'Accepted' }, source: 'unknownOffline' };
    return { kind: 'refused', status: 'Unknown' };
  }

  async #fromCache(token: Ocpp.IdTokenType, info: Ocpp.IdTokenInfoType): Promise<Verdict> {
    const verdict = this.#judge(info, 'cache');
    if (verdict.kind === 'accepted') await this.#context.memory.commit(this.#cache.used(token));
    return verdict;
  }

  #judge(info: Ocpp.IdTokenInfoType, source: 'csms' | 'cache'): Verdict {
    if (info.status !== 'Accepted') return { kind: 'refused', status: info.status, info };
    // C12.FR.09: a master pass ends, it never starts.
    if (this.isMasterPass(info)) return { kind: 'refused', status: 'Invalid', info };
    return { kind: 'accepted', info, source };
  }

  /** C16: some group is set whose members may end what others began. */
  get knowsMasterPass(): boolean {
    return this.#context.dm.text(AuthCtrlr.MasterPassGroupId) !== '';
  }

  isMasterPass(info: Ocpp.IdTokenInfoType | undefined): boolean {
    const master = this.#context.dm.text(AuthCtrlr.MasterPassGroupId);
    return master !== '' && info?.groupIdToken?.idToken.toLowerCase() === master.toLowerCase();
  }
}
