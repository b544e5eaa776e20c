import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@busbar/runtime';
import type { FastifyRequest } from 'fastify';
import type { Station } from '../stations.ts';

export interface Access {
  readonly actor: string;
  /** A ticket's cookie may look, not touch. */
  readonly readOnly: boolean;
}

export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

const TICKET_MS = 10 * 60_000;
const COOKIE_MS = 12 * 3600_000;
const COOKIE = 'busbar';

/** Who asks: an API key in the Authorization header, or the read-only cookie that a one-time ticket was exchanged for. */
export class AccessControl {
  readonly #clock: Clock;
  readonly #keys = new Map<string, string>();
  readonly #tickets = new Map<string, number>();
  readonly #cookies = new Map<string, number>();

  constructor(clock: Clock, keys: readonly { readonly name: string; readonly hash: string }[]) {
    this.#clock = clock;
    for (const { name, hash } of keys) this.#keys.set(hash, name);
  }

  addKey(name: string, hash: string): void {
    this.#keys.set(hash, name);
  }

  /** For the URL that a terminal prints: once, ten minutes, read-only. */
  ticket(): string {
    const ticket = randomBytes(6)
      .toString('hex')
      .replace(/(.{4})(?=.)/g, '$1-');
    this.#tickets.set(ticket, this.#clock.monotonic() + TICKET_MS);
    return ticket;
  }

  /** The cookie for a ticket, or undefined when it was used, is too old, or never existed. */
  redeem(ticket: string): string | undefined {
    const until = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (until === undefined || until < this.#clock.monotonic()) return undefined;
    const value = randomBytes(24).toString('base64url');
    this.#cookies.set(hashKey(value), this.#clock.monotonic() + COOKIE_MS);
    return `${COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_MS / 1000}`;
  }

  of(request: FastifyRequest): Access | undefined {
    const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (key !== undefined) {
      const name = this.#find(hashKey(key));
      return name === undefined ? undefined : { actor: name, readOnly: false };
    }
    const [, cookie] = new RegExp(`(?:^|; *)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '') ?? [];
    const until = cookie === undefined ? undefined : this.#cookies.get(hashKey(cookie));
    return until !== undefined && until > this.#clock.monotonic() ? { actor: 'ticket', readOnly: true } : undefined;
  }

  /** Whether the asker may see stations of this site. */
  seesSite(_request: FastifyRequest, _site: number): boolean {
    return true;
  }

  seesStation(request: FastifyRequest, station: Station | undefined): boolean {
    return station === undefined ? this.seesAll(request) : this.seesSite(request, station.record.site);
  }

  /** Not limited to some sites. */
  seesAll(_request: FastifyRequest): boolean {
    return true;
  }

  /** The hash is looked up by comparing all of them in constant time: how long it takes says nothing about any key. */
  #find(hash: string): string | undefined {
    let found: string | undefined;
    for (const [known, name] of this.#keys) if (timingSafeEqual(Buffer.from(known, 'hex'), Buffer.from(hash, 'hex'))) found = name;
    return found;
  }
}
