import type { Ocpp } from '@busbar/protocol';
import { LocalAuthListCtrlr } from '@busbar/protocol/device-model';
import { parseInstant } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys } from '../../memory.ts';

/** An entry under `keys.listed`. */
export interface ListedToken {
  readonly idToken: Ocpp.IdTokenType;
  readonly idTokenInfo: Ocpp.IdTokenInfoType;
}

/** The local authorization list as it lies in the journal: who reads it needs nothing else of the block. */
export class LocalList {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  get enabled(): boolean {
    return this.#context.dm.bool(LocalAuthListCtrlr.Enabled);
  }

  /**
   * What the list says of a token. Where the station looks at cacheExpiryDateTime, an entry past it is no unknown token but
   * an expired one (C13.FR.05, C13.FR.06); else it does not matter (C13.FR.02, C13.FR.04).
   */
  find(token: Ocpp.IdTokenType): Ocpp.IdTokenInfoType | undefined {
    if (!this.enabled) return undefined;
    const info = this.entry(token);
    if (info?.cacheExpiryDateTime === undefined || !this.#context.dm.bool(LocalAuthListCtrlr.SupportsExpiryDateTime)) return info;
    return this.#context.clock.now() > parseInstant(info.cacheExpiryDateTime) ? { ...info, status: 'Expired' } : info;
  }

  /** Entries of somebody, enabled or not. */
  matching(
    matches: (token: Ocpp.IdTokenType, info: Ocpp.IdTokenInfoType) => boolean,
  ): readonly { readonly token: Ocpp.IdTokenType; readonly info: Ocpp.IdTokenInfoType }[] {
    return this.#context.memory
      .list<ListedToken>(keys.localList)
      .map(({ value: { idToken, idTokenInfo } }) => ({ token: idToken, info: idTokenInfo }))
      .filter(({ token, info }) => matches(token, info));
  }

  /** The entry as it was sent, enabled or not. */
  entry(token: Ocpp.IdTokenType): Ocpp.IdTokenInfoType | undefined {
    return this.#context.memory.read<ListedToken>(keys.listed(token.type, token.idToken))?.idTokenInfo;
  }
}
