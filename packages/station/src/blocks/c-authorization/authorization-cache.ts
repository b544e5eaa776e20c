import type { Ocpp } from '@busbar/protocol';
import { AuthCacheCtrlr } from '@busbar/protocol/device-model';
import { type Instant, type JournalChange, limits, parseInstant, s } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';

interface Entry {
  /** What was read beside the token: no part of what it is compared by, but of what is known about its owner (N09.FR.05). */
  readonly additionalInfo?: Ocpp.IdTokenType['additionalInfo'];
  readonly info: Ocpp.IdTokenInfoType;
  readonly updatedAt: Instant;
  readonly usedAt: Instant;
}

export interface CachedToken {
  readonly token: Ocpp.IdTokenType;
  readonly info: Ocpp.IdTokenInfoType;
  readonly at: Instant;
}

/** Kinds of token that say nothing about a person, so that nothing can be remembered about them (C02.FR.03, C05.FR.02). */
const NEVER_CACHED: readonly string[] = ['NoAuthorization', 'Central'];

/** What the station remembers about tokens, whatever their status (C10.FR.01); it survives power cuts (C10.FR.02). */
export class AuthorizationCache {
  readonly #context: Context;
  readonly #entries: Map<string, Entry>;

  constructor(context: Context) {
    this.#context = context;
    this.#entries = new Map(context.memory.list<Entry>(keys.cache).map(({ key, value }) => [key, value]));
  }

  get enabled(): boolean {
    return this.#context.dm.bool(AuthCacheCtrlr.Enabled); // C10.FR.11
  }

  /** Bytes in use, for AuthCacheCtrlr.Storage. */
  get bytes(): number {
    let bytes = 0;
    for (const [key, entry] of this.#entries) bytes += key.length + JSON.stringify(entry).length;
    return bytes;
  }

  /** C01.FR.25: tokens are the same when idToken and type are. Expired entries do not exist (C10.FR.10, C10.FR.13). */
  find(token: Ocpp.IdTokenType): Ocpp.IdTokenInfoType | undefined {
    if (!this.enabled) return undefined;
    const key = keys.cached(token.type, token.idToken);
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (!this.#expired(entry)) return entry.info;
    this.#entries.delete(key);
    this.#context.scope.run('cache expiry', () => this.#context.memory.commit([remove(key)]));
    return undefined;
  }

  /** C10.FR.04, C10.FR.05, C12.FR.06: the newest word of the CSMS replaces what was known. */
  learn(token: Ocpp.IdTokenType, info: Ocpp.IdTokenInfoType): readonly JournalChange[] {
    if (!this.enabled || NEVER_CACHED.includes(token.type)) return [];
    const key = keys.cached(token.type, token.idToken);
    const now = this.#context.clock.now();
    const { additionalInfo } = token;
    const entry: Entry = {
      info: withoutMessage(info),
      updatedAt: now,
      usedAt: now,
      ...(additionalInfo === undefined ? {} : { additionalInfo }),
    };
    if (this.#expired(entry)) {
      // Errata 2.21: an expiry in the past means "do not remember".
      return this.#entries.delete(key) ? [remove(key)] : [];
    }
    const evicted = this.#entries.has(key) ? undefined : this.#evict();
    this.#entries.set(key, entry);
    return [...(evicted === undefined ? [] : [remove(evicted)]), put(key, entry)];
  }

  /** For the least-recently-used policy. */
  used(token: Ocpp.IdTokenType): readonly JournalChange[] {
    const key = keys.cached(token.type, token.idToken);
    const entry = this.#entries.get(key);
    if (!entry) return [];
    const touched = { ...entry, usedAt: this.#context.clock.now() };
    this.#entries.set(key, touched);
    return [put(key, touched)];
  }

  /** What is remembered of somebody (N09.FR.05), expired or not. */
  matching(matches: (token: Ocpp.IdTokenType, info: Ocpp.IdTokenInfoType) => boolean): readonly CachedToken[] {
    return [...this.#entries]
      .map(([key, { info, updatedAt, additionalInfo }]) => ({
        token: { ...tokenOf(key), ...(additionalInfo === undefined ? {} : { additionalInfo }) },
        info,
        at: updatedAt,
      }))
      .filter(({ token, info }) => matches(token, info));
  }

  /** N10.FR.03 */
  forget(cached: readonly CachedToken[]): readonly JournalChange[] {
    return cached.map(({ token }) => {
      const key = keys.cached(token.type, token.idToken);
      this.#entries.delete(key);
      return remove(key);
    });
  }

  clear(): readonly JournalChange[] {
    const changes = [...this.#entries.keys()].map(remove);
    this.#entries.clear();
    return changes;
  }

  #expired({ info, updatedAt }: Entry): boolean {
    const now = this.#context.clock.now();
    if (info.cacheExpiryDateTime !== undefined) return now > parseInstant(info.cacheExpiryDateTime); // C10.FR.13
    const lifeS = this.#context.dm.number(AuthCacheCtrlr.LifeTime);
    return lifeS > 0 && now - updatedAt > s(lifeS); // C10.FR.08, C10.FR.10
  }

  /** C10.FR.07: entries that are not Accepted go first, then by the policy. */
  #evict(): string | undefined {
    if (this.#entries.size < limits.authorizationCacheEntries) return undefined;
    const byUse = this.#context.dm.text(AuthCacheCtrlr.Policy) === 'LRU';
    const age = (entry: Entry): number => (entry.info.status === 'Accepted' ? 1e15 : 0) + (byUse ? entry.usedAt : entry.updatedAt);
    let oldest: { readonly key: string; readonly age: number } | undefined;
    for (const [key, entry] of this.#entries) if (!oldest || age(entry) < oldest.age) oldest = { key, age: age(entry) };
    if (oldest) this.#entries.delete(oldest.key);
    return oldest?.key;
  }
}

/** The key holds the token: its type has no slash, the rest may. */
function tokenOf(key: string): Ocpp.IdTokenType {
  const [type = '', ...rest] = key.slice(keys.cache.length).split('/');
  return { type, idToken: rest.join('/') };
}

/** A message for the driver is for now, not for next time (C10.FR.09). */
function withoutMessage(info: Ocpp.IdTokenInfoType): Ocpp.IdTokenInfoType {
  const { personalMessage: _now, ...rest } = info;
  return rest;
}
