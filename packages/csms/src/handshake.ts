import { isOcppVersion, type OcppVersion } from '@busbar/protocol';
import { type Clock, type Handshake, type HandshakeVerdict, limits, Secret, type Socket } from '@busbar/runtime';
import type { Kernel } from './kernel.ts';
import { hashPassword, type PasswordVerifier, type Pepper, type SlowHash } from './passwords.ts';
import type { Station } from './stations.ts';

export interface HandshakeDeps {
  readonly kernel: Kernel;
  readonly verifier: PasswordVerifier;
  readonly pepper: Pepper;
  readonly slowHash: SlowHash;
  /** The path below which stations connect: `/ocpp/`. */
  readonly prefix: string;
  readonly opened: (station: Station, version: OcppVersion, socket: Socket) => void;
}

type Refusal = { readonly status: 400 | 401 | 404 | 429 | 503; readonly reason: string; readonly retryAfterS?: number };
type Found = { readonly station: Station; readonly firstContact: boolean };

/** Who may connect (D2, D17, D20): identity, credentials, subprotocol; every refusal is listed with its reason. */
export class Handshakes {
  readonly #deps: HandshakeDeps;
  readonly #throttle: Throttle;

  constructor(deps: HandshakeDeps) {
    this.#deps = deps;
    this.#throttle = new Throttle(deps.kernel.clock);
  }

  async judge(handshake: Handshake): Promise<HandshakeVerdict> {
    const identity = this.#identity(handshake.path);
    if (typeof identity !== 'string') return this.#refuse(handshake, handshake.path.slice(0, 100), identity);
    const found = await this.#authenticate(identity, handshake);
    if ('status' in found) return this.#refuse(handshake, identity, found);
    const version = handshake.subprotocols.find((name): name is OcppVersion => isOcppVersion(name)); // the first of the client's list that we speak (D2)
    if (version === undefined) return this.#noSubprotocol(handshake, identity);
    const { station } = found;
    return { kind: 'accept', subprotocol: version, opened: (socket) => this.#deps.opened(station, version, socket) };
  }

  /** Percent-decoded once, compared byte for byte; anything else in the path is refused with what is wrong with it. */
  #identity(path: string): string | Refusal {
    const { prefix } = this.#deps;
    if (!path.startsWith(prefix)) return { status: 404, reason: `the path must be ${prefix}STATION-ID` };
    const rest = path.slice(prefix.length);
    if (rest === '') return { status: 404, reason: 'the station id is missing at the end of the path' };
    if (rest.endsWith('/')) return { status: 404, reason: 'the path ends with a slash; it must end with the station id' };
    if (rest.includes('/')) return { status: 404, reason: 'there is a path segment too many after the station id' };
    try {
      const identity = decodeURIComponent(rest);
      return identity.length <= 48 ? identity : { status: 404, reason: 'the station id is longer than 48 characters' };
    } catch {
      return { status: 400, reason: 'the station id is not percent-encoded correctly' };
    }
  }

  async #authenticate(identity: string, handshake: Handshake): Promise<Found | Refusal> {
    const { kernel, verifier } = this.#deps;
    if (!this.#throttle.mayTry(identity, handshake.remoteAddress))
      return { status: 429, reason: 'too many wrong passwords', retryAfterS: 60 };
    const credentials = basicCredentials(handshake.authorization);
    const station = kernel.stations.get(identity);
    if (station === undefined) return this.#unknown(identity, credentials);
    const { record } = station;
    if (record.securityProfile < kernel.config.minSecurityProfile)
      return { status: 401, reason: `security profile ${record.securityProfile} is not allowed here` };
    if (credentials === undefined) return { status: 401, reason: 'no Basic credentials were sent (A00.FR.204)' };
    if (credentials.user !== identity) return this.#failed(identity, handshake, `the user name differs from the station id (A00.FR.204)`);
    if (record.password === null) return { status: 401, reason: 'no password is set for this station' };
    if (await verifier.verify(identity, record.password, credentials.password)) return { station, firstContact: false };
    if (record.pendingPassword !== null && (await verifier.verify(identity, record.pendingPassword, credentials.password))) {
      // D17: the new password is used for the first time, so the station has it: from now on it is the only one.
      await kernel.queue.commit([
        { k: 'stationPatch', station: record.row, patch: { password: record.pendingPassword, pendingPassword: null } },
      ]);
      return { station, firstContact: false };
    }
    return this.#failed(identity, handshake, 'wrong password (A00.FR.205)');
  }

  #failed(identity: string, handshake: Handshake, reason: string): Refusal {
    this.#throttle.failed(identity, handshake.remoteAddress);
    return { status: 401, reason };
  }

  /** D20: refuse, or take it in unapproved with the password it brought. */
  async #unknown(identity: string, credentials: Credentials | undefined): Promise<Found | Refusal> {
    const { kernel, pepper, slowHash } = this.#deps;
    const policy = kernel.config.unknownStations;
    const allowed = policy === 'pending' || (policy === 'accept' && kernel.config.testMode);
    if (!allowed) return { status: 404, reason: 'no station with this id is registered' };
    if (credentials === undefined || credentials.user !== identity)
      return { status: 401, reason: 'an unknown station must bring its id and a password' };
    const waiting = kernel.stations.all().filter(({ record }) => record.approval === 'unapproved');
    if (waiting.length >= limits.pendingStations) {
      const idle = waiting.filter(({ session }) => session === undefined).sort((a, b) => a.record.createdAt - b.record.createdAt)[0];
      if (idle === undefined)
        return { status: 503, reason: `${limits.pendingStations} stations wait for approval already`, retryAfterS: 600 };
      await kernel.queue.commit([{ k: 'stationDelete', station: idle.record.row }]);
      await kernel.stations.refresh(idle.record.identity);
    }
    const password = await hashPassword(identity, credentials.password, 'chosen', pepper, kernel.random, slowHash);
    const approval = policy === 'accept' ? 'approved' : 'unapproved';
    await kernel.queue.commit([{ k: 'stationPut', station: { identity, password, securityProfile: 1, approval, at: kernel.clock.now() } }]);
    const station = await kernel.stations.refresh(identity);
    if (station === undefined) return { status: 503, reason: 'the station could not be stored' };
    return { station, firstContact: true };
  }

  #noSubprotocol(handshake: Handshake, identity: string): HandshakeVerdict {
    const reason = `no common subprotocol: the station offers ${handshake.subprotocols.join(', ') || 'none'}, this CSMS speaks ocpp2.1 and ocpp2.0.1`;
    if (this.#deps.kernel.config.subprotocolMismatch === 'refuse') return this.#refuse(handshake, identity, { status: 400, reason });
    this.#list(handshake, identity, 101, reason);
    return { kind: 'acceptAndClose', code: 1002, reason: 'no common subprotocol' };
  }

  #refuse(handshake: Handshake, stationId: string, { status, reason, retryAfterS }: Refusal): HandshakeVerdict {
    this.#list(handshake, stationId, status, reason);
    return { kind: 'refuse', status, reason, ...(retryAfterS === undefined ? {} : { retryAfterS }) };
  }

  #list({ remoteAddress }: Handshake, stationId: string, status: number, reason: string): void {
    const { kernel } = this.#deps;
    kernel.stations.refused({ at: kernel.clock.now(), stationId, remoteAddress, status, reason });
    kernel.live.publish({ type: 'handshake', stationId, status, reason });
    kernel.log.warn('handshake refused', { station: stationId, remoteAddress, status, reason });
  }
}

interface Credentials {
  readonly user: string;
  readonly password: Secret;
}

/** RFC 7617: everything after the first colon is the password. */
function basicCredentials(header: string | undefined): Credentials | undefined {
  const [, encoded] = /^basic +([\w+/=-]+) *$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
}

/** Wrong passwords per (station, address) and minute. Another address is not affected: nobody can lock a station out. */
class Throttle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; since: number }>();
  constructor(clock: Clock) {
    this.#clock = clock;
  }
  mayTry(identity: string, address: string): boolean {
    const entry = this.#failures.get(`${address} ${identity}`);
    return entry === undefined || entry.count < limits.passwordFailuresPerMinute || this.#clock.monotonic() - entry.since > 60_000;
  }
  failed(identity: string, address: string): void {
    const key = `${address} ${identity}`;
    const now = this.#clock.monotonic();
    const entry = this.#failures.get(key);
    if (entry === undefined || now - entry.since > 60_000) this.#failures.set(key, { count: 1, since: now });
    else entry.count += 1;
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > 10 * limits.refusedHandshakes) this.#failures.delete(oldest);
  }
}
