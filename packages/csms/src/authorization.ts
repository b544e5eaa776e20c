import type { Ocpp } from '@busbar/protocol';
import { formatInstant, type Instant, type Log, limits, type Scope } from '@busbar/runtime';
import type { AuthorizeExtension } from './config.ts';
import type { TokenInput } from './store/intents.ts';
import type { Reader } from './store/store.ts';

/** What the CSMS says of a token it knows: its status, expiry (D14) and everything a driver's card carries. */
export function idTokenInfo(token: TokenInput, now: Instant): Ocpp.IdTokenInfoType {
  const expired = token.validUntil !== undefined && token.validUntil <= now;
  const { groupIdToken, cacheExpiryDateTime, chargingPriority, language1, language2, evseId, personalMessage } = token;
  return {
    status: expired && token.status === 'Accepted' ? 'Expired' : token.status,
    ...(cacheExpiryDateTime === undefined ? {} : { cacheExpiryDateTime: formatInstant(cacheExpiryDateTime) }),
    ...(chargingPriority === undefined ? {} : { chargingPriority }),
    ...(groupIdToken === undefined ? {} : { groupIdToken }), // C09.FR.02
    ...(language1 === undefined ? {} : { language1 }),
    ...(language2 === undefined ? {} : { language2 }),
    ...(evseId === undefined ? {} : { evseId }), // C01.FR.21
    ...(personalMessage === undefined ? {} : { personalMessage }),
  };
}

interface Cached {
  readonly token: TokenInput | undefined;
  readonly until: number;
}

export interface Authorized {
  readonly info: Ocpp.IdTokenInfoType;
  /** The extension could not be asked: worth an operator's look (D24). */
  readonly unavailable: boolean;
}

/** Who may charge (D24): tokens from memory, then the extension; never an exception, never a wait beyond the budget. */
export class Authorizer {
  readonly #read: Reader;
  readonly #scope: Scope;
  readonly #log: Log;
  readonly #extension: AuthorizeExtension | undefined;
  readonly #timeoutMs: number;
  readonly #cache = new Map<string, Cached>();
  readonly #asking = new Set<string>();

  constructor(read: Reader, scope: Scope, extension: AuthorizeExtension | undefined, timeoutMs: number) {
    this.#read = read;
    this.#scope = scope;
    this.#log = scope.log;
    this.#extension = extension;
    this.#timeoutMs = timeoutMs;
  }

  /** A token was written or deleted. */
  forget(type: string, idToken: string): void {
    this.#cache.delete(keyOf(type, idToken));
  }

  async decide(stationId: string, idToken: Ocpp.IdTokenType, evseId?: number): Promise<Authorized> {
    const now = this.#scope.clock.now();
    const token = await this.#token(idToken);
    const local = token === undefined ? unknownToken(idToken) : idTokenInfo(token, now);
    if (this.#extension === undefined) return { info: local, unavailable: false };
    const asked = await this.#ask(this.#extension, stationId, idToken, evseId);
    if (asked !== 'unavailable') return { info: asked ?? local, unavailable: false };
    if (token !== undefined) return { info: local, unavailable: true };
    // A refusal is remembered by stations (C10.FR.01): make them ask again soon.
    return { info: { status: 'Unknown', cacheExpiryDateTime: formatInstant(now + limits.tokenNegativeMs) }, unavailable: true };
  }

  async #token({ type, idToken }: Ocpp.IdTokenType): Promise<TokenInput | undefined> {
    const key = keyOf(type, idToken);
    const known = this.#cache.get(key);
    const now = this.#scope.clock.monotonic();
    if (known !== undefined && known.until > now) return known.token;
    const token = await this.#read.token(type, idToken);
    this.#cache.delete(key);
    this.#cache.set(key, { token, until: token === undefined ? now + limits.tokenNegativeMs : Number.POSITIVE_INFINITY });
    const [oldest] = this.#cache.keys();
    if (oldest !== undefined && this.#cache.size > limits.tokenCache) this.#cache.delete(oldest);
    return token;
  }

  /** At most one question per station and 64 in all; the clock decides when it took too long. */
  async #ask(
    extension: AuthorizeExtension,
    stationId: string,
    idToken: Ocpp.IdTokenType,
    evseId?: number,
  ): Promise<Ocpp.IdTokenInfoType | undefined | 'unavailable'> {
    if (this.#asking.has(stationId) || this.#asking.size >= limits.authorizeAtOnce) return 'unavailable';
    this.#asking.add(stationId);
    const late = Promise.withResolvers<'unavailable'>();
    const timer = this.#scope.after(this.#timeoutMs, 'authorize extension (D24)', () => late.resolve('unavailable'));
    try {
      const question = { stationId, idToken, at: this.#scope.clock.now(), ...(evseId === undefined ? {} : { evseId }) };
      return await Promise.race([extension.authorize(question), late.promise]);
    } catch (error) {
      this.#log.warn('the authorize extension failed', { station: stationId, error });
      return 'unavailable';
    } finally {
      timer.cancel();
      this.#asking.delete(stationId);
    }
  }
}

const keyOf = (type: string, idToken: string): string => `${type} ${idToken.toLowerCase()}`;

/** C02: who presses a start button shows nothing that could be known; the operator may store `NoAuthorization` to refuse it. */
const unknownToken = ({ type }: Ocpp.IdTokenType): Ocpp.IdTokenInfoType => ({
  status: type === 'NoAuthorization' ? 'Accepted' : 'Unknown',
});
