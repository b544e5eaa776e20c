import type { Ocpp } from '@busbar/protocol';
import { formatInstant, type Instant, type Log, limits, type Scope, s } from '@busbar/runtime';
import type { AuthorizeExtension } from './config.ts';
import type { StationRecord, TokenInput } from './store/intents.ts';
import type { Reader } from './store/store.ts';

/**
 * What the CSMS says of a token it knows: its status, expiry (D14) and everything a driver's card carries. `evses` are the
 * EVSEs this station is known to have; a token that is good for none of them is refused for the place (C01.FR.22).
 */
export function idTokenInfo(token: TokenInput, now: Instant, evses: readonly number[] = []): Ocpp.IdTokenInfoType {
  const { groupIdToken, cacheExpiryDateTime, chargingPriority, language1, language2, evseId, personalMessage } = token;
  const status = statusOf(token, now, evses);
  return {
    status,
    ...(cacheExpiryDateTime === undefined ? {} : { cacheExpiryDateTime: formatInstant(cacheExpiryDateTime) }),
    ...(chargingPriority === undefined ? {} : { chargingPriority }),
    ...(groupIdToken === undefined ? {} : { groupIdToken }), // C01.FR.06, C09.FR.02, C09.FR.09, C09.FR.12
    ...(language1 === undefined ? {} : { language1 }),
    ...(language2 === undefined || language1 === undefined || language1 === language2 ? {} : { language2 }), // C01.FR.10, C01.FR.11
    ...(evseId === undefined || status !== 'Accepted' ? {} : { evseId }), // C01.FR.19, C01.FR.20
    ...(personalMessage === undefined ? {} : { personalMessage }),
  };
}

function statusOf({ status, validUntil, evseId }: TokenInput, now: Instant, evses: readonly number[]): Ocpp.AuthorizationStatusEnumType {
  if (status !== 'Accepted') return status;
  if (validUntil !== undefined && validUntil <= now) return 'Expired';
  const elsewhere = evseId !== undefined && evses.length > 0 && !evseId.some((id) => evses.includes(id));
  return elsewhere ? 'NotAtThisLocation' : 'Accepted'; // C01.FR.22
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
  readonly #wrongCodes = new Map<string, number>();

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

  async decide(station: StationRecord, idToken: Ocpp.IdTokenType, evseId?: number): Promise<Authorized> {
    const stationId = station.identity;
    const now = this.#scope.clock.now();
    const token = await this.#token(idToken);
    const evses = token?.evseId === undefined ? [] : (await this.#read.connectors(station.row)).map(({ evse }) => evse);
    const local = token === undefined ? unknownToken(idToken) : idTokenInfo(token, now, evses);
    if (idToken.type === 'KeyCode') await this.#slowDown(stationId, local.status === 'Accepted');
    if (this.#extension === undefined) return { info: local, unavailable: false };
    const asked = await this.#ask(this.#extension, stationId, idToken, evseId);
    if (asked !== 'unavailable') return { info: asked ?? local, unavailable: false };
    if (token !== undefined) return { info: local, unavailable: true };
    // A refusal is remembered by stations (C10.FR.01): make them ask again soon.
    return { info: { status: 'Unknown', cacheExpiryDateTime: formatInstant(now + limits.tokenNegativeMs) }, unavailable: true };
  }

  /** C04.FR.06: each wrong key code of a station makes its next answer slower, up to 16 s; a right one forgets them. */
  async #slowDown(stationId: string, right: boolean): Promise<void> {
    if (right) {
      this.#wrongCodes.delete(stationId);
      return;
    }
    const wrong = (this.#wrongCodes.get(stationId) ?? 0) + 1;
    this.#wrongCodes.set(stationId, wrong);
    const waitMs = Math.min(s(2 ** Math.min(wrong - 1, 4)), s(16));
    if (wrong > 1) await new Promise<void>((resolve) => this.#scope.after(waitMs, 'wrong key codes (C04.FR.06)', resolve));
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
const unknownToken = ({ type }: Ocpp.IdTokenType): Ocpp.IdTokenInfoType => {
  if (type === 'NoAuthorization') return { status: 'Accepted' }; // C02.FR.02
  return { status: type === 'KeyCode' ? 'Invalid' : 'Unknown' }; // C04.FR.01
};
