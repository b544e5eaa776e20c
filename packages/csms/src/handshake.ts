import { isOcppVersion, type OcppVersion, type SecurityEvent } from '@busbar/protocol';
import { type Clock, type Handshake, type HandshakeVerdict, limits, Secret, type Socket } from '@busbar/runtime';
import { judgeClientCertificate, type Restriction } from './blocks/a-security/client-certificate.ts';
import { tlsEvent } from './blocks/a-security/security-log.ts';
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
  readonly opened: (station: Station, version: OcppVersion, socket: Socket, admission: Admission) => void;
}

/** How a station came in: the security profile of its link, and whether it may only renew its certificate. */
export interface Admission {
  readonly securityProfile: 1 | 2 | 3;
  readonly restriction: Restriction | undefined;
  /** The client certificate of profile 3: who signed it, and its serial number. */
  readonly certificate: { readonly issuer: string; readonly serial: string; readonly commonName: string | undefined } | undefined;
}

interface Refusal {
  readonly status: 400 | 401 | 404 | 429 | 503;
  readonly reason: string;
  readonly retryAfterS?: number;
  /** What it is in the security log; wrong credentials when left out. */
  readonly event?: SecurityEvent;
}
type Found = { readonly station: Station; readonly admission: Admission };

const basic = ({ secure }: Handshake): Admission => ({ securityProfile: secure ? 2 : 1, restriction: undefined, certificate: undefined });

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
    if ('status' in found) {
      const { stations, security } = this.#deps.kernel;
      const known = stations.get(identity);
      if (known && found.status === 401)
        await security.note(known, found.event ?? 'FailedToAuthenticateAtCsms', `${found.reason} (from ${handshake.remoteAddress})`);
      return this.#refuse(handshake, identity, found);
    }
    const version = handshake.subprotocols.find((name): name is OcppVersion => isOcppVersion(name)); // the first of the client's list that we speak (D2)
    if (version === undefined) return this.#noSubprotocol(handshake, identity);
    const { station, admission } = found;
    return { kind: 'accept', subprotocol: version, opened: (socket) => this.#deps.opened(station, version, socket, admission) };
  }

  /** A00.FR.315, A00.FR.322: too old a version, no suite in common; listed without an id. */
  tlsFailed(remoteAddress: string, reason: string): void {
    this.#list(remoteAddress, '', 0, `TLS: ${reason}`);
    const { scope, security } = this.#deps.kernel;
    scope.run('security event', () => security.note(undefined, tlsEvent(reason), `${reason} (from ${remoteAddress})`));
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
      return { status: 429, reason: 'too many wrong passwords', retryAfterS: limits.passwordSlowMs / 1000 };
    const credentials = basicCredentials(handshake.authorization);
    const station = kernel.stations.get(identity);
    if (station === undefined) return this.#unknown(identity, handshake, credentials);
    const { record } = station;
    if (record.approval === 'retired') return { status: 404, reason: 'the station was retired' };
    // Who shows a certificate and no password is on profile 3 (A00.FR.401); a password over TLS is profile 2, else 1.
    const profile = handshake.clientCertificate !== undefined && credentials === undefined ? 3 : handshake.secure ? 2 : 1;
    const lowest = Math.max(record.securityProfile, kernel.config.minSecurityProfile);
    if (profile < lowest) {
      const why =
        record.securityProfile >= kernel.config.minSecurityProfile ? 'this station has reached (A05.FR.07)' : 'is the lowest allowed here';
      const missing = profile === 2 && lowest === 3 ? ' and no client certificate was shown' : '';
      return { status: 401, reason: `security profile ${profile} is lower than ${lowest}, which ${why}${missing}` }; // A00.FR.002
    }
    if (profile === 3) return this.#byCertificate(station, handshake);
    if (credentials === undefined) return { status: 401, reason: 'no Basic credentials were sent (A00.FR.204)' };
    if (credentials.user !== identity) return this.#failed(identity, handshake, `the user name differs from the station id (A00.FR.204)`);
    if (record.password === null) return { status: 401, reason: 'no password is set for this station' };
    if (await verifier.verify(identity, record.password, credentials.password)) {
      // D17: the station came back with the old password, so it has not got the new one whose answer is missing.
      if (record.pendingPassword !== null && !kernel.commands.isChangingPassword(station)) await this.#password(station, record.password);
      return { station, admission: basic(handshake) };
    }
    if (record.pendingPassword !== null && (await verifier.verify(identity, record.pendingPassword, credentials.password))) {
      // D17: the new password is used for the first time, so the station has it: from now on it is the only one.
      await this.#password(station, record.pendingPassword);
      return { station, admission: basic(handshake) };
    }
    if (record.registration === null) station.offeredPassword = await this.#offered(identity, credentials.password, handshake);
    return this.#failed(identity, handshake, 'wrong password (A00.FR.205)');
  }

  async #offered(identity: string, password: Secret, { remoteAddress }: Handshake) {
    const { kernel, pepper, slowHash } = this.#deps;
    return { hash: await hashPassword(identity, password, 'chosen', pepper, kernel.random, slowHash), remoteAddress };
  }

  async #password({ record }: Station, password: string): Promise<void> {
    await this.#deps.kernel.queue.commit([{ k: 'stationPatch', station: record.row, patch: { password, pendingPassword: null } }]);
  }

  /** D16: judged before the 101, refused with what is wrong with it (A00.FR.403–408). */
  async #byCertificate(station: Station, handshake: Handshake): Promise<Found | Refusal> {
    const verdict = await judgeClientCertificate(this.#deps.kernel, station, handshake.clientCertificate ?? '');
    if (verdict.kind === 'refused') return { status: 401, reason: verdict.reason, event: 'InvalidChargingStationCertificate' };
    if (verdict.restriction !== undefined)
      await this.#deps.kernel.security.note(
        station,
        'InvalidChargingStationCertificate',
        `let in although: ${verdict.restriction} (from ${handshake.remoteAddress})`,
      );
    const { serialNumber, subject } = verdict.facts;
    const certificate = { issuer: verdict.issuer, serial: serialNumber, commonName: subject.commonName };
    return { station, admission: { securityProfile: 3, restriction: verdict.restriction, certificate } };
  }

  #failed(identity: string, handshake: Handshake, reason: string): Refusal {
    const slowed = this.#throttle.failed(identity, handshake.remoteAddress);
    return { status: 401, reason: slowed ? `${reason}; from now on one is looked at every ${limits.passwordSlowMs / 1000} s` : reason };
  }

  /** D20: refuse, or take it in unapproved with the password it brought. */
  async #unknown(identity: string, handshake: Handshake, credentials: Credentials | undefined): Promise<Found | Refusal> {
    const { kernel, pepper, slowHash } = this.#deps;
    const policy = kernel.config.unknownStations;
    const allowed = policy === 'pending' || (policy === 'accept' && kernel.config.testMode);
    if (!allowed) return { status: 404, reason: 'no station with this id is registered' };
    if (credentials === undefined || credentials.user !== identity)
      return { status: 401, reason: 'an unknown station must bring its id and a password' };
    if (!handshake.secure && kernel.config.minSecurityProfile > 1)
      return {
        status: 401,
        reason: `security profile 1 is lower than ${kernel.config.minSecurityProfile}, which is the lowest allowed here`,
      };
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
    return { station, admission: basic(handshake) };
  }

  #noSubprotocol(handshake: Handshake, identity: string): HandshakeVerdict {
    const reason = `no common subprotocol: the station offers ${handshake.subprotocols.join(', ') || 'none'}, this CSMS speaks ocpp2.1 and ocpp2.0.1`;
    if (this.#deps.kernel.config.subprotocolMismatch === 'refuse') return this.#refuse(handshake, identity, { status: 400, reason });
    this.#list(handshake.remoteAddress, identity, 101, reason);
    return { kind: 'acceptAndClose', code: 1002, reason: 'no common subprotocol' };
  }

  #refuse(handshake: Handshake, stationId: string, { status, reason, retryAfterS }: Refusal): HandshakeVerdict {
    this.#list(handshake.remoteAddress, stationId, status, reason);
    return { kind: 'refuse', status, reason, ...(retryAfterS === undefined ? {} : { retryAfterS }) };
  }

  #list(remoteAddress: string, stationId: string, status: number, reason: string): void {
    const { kernel } = this.#deps;
    kernel.counted.refusedHandshakes.add(`${status}`);
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

/**
 * Wrong passwords per (station, address). After so many within a minute one is looked at every few seconds: too slow for who
 * guesses, and the station itself still comes in. Another address is not affected: nobody can lock a station out.
 */
class Throttle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; since: number; lookedAt: number }>();
  constructor(clock: Clock) {
    this.#clock = clock;
  }
  mayTry(identity: string, address: string): boolean {
    const entry = this.#failures.get(`${address} ${identity}`);
    const now = this.#clock.monotonic();
    if (entry === undefined || entry.count < limits.passwordFailuresPerMinute || now - entry.since > 60_000) return true;
    if (now - entry.lookedAt < limits.passwordSlowMs) return false;
    entry.lookedAt = now;
    return true;
  }
  /** True when this one was one too many and slowness begins. */
  failed(identity: string, address: string): boolean {
    const key = `${address} ${identity}`;
    const now = this.#clock.monotonic();
    const entry = this.#failures.get(key);
    if (entry === undefined || now - entry.since > 60_000) this.#failures.set(key, { count: 1, since: now, lookedAt: now });
    else {
      entry.count += 1;
      entry.lookedAt = now;
      if (entry.count > limits.passwordFailuresPerMinute) entry.since = now; // goes on guessing: the minute begins anew
    }
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > 10 * limits.refusedHandshakes) this.#failures.delete(oldest);
    return this.#failures.get(key)?.count === limits.passwordFailuresPerMinute;
  }
}
