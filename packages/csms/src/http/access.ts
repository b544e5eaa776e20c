import { randomBytes } from 'node:crypto';
import type { Role } from '@busbar/api';
import { limits } from '@busbar/runtime';
import type { FastifyRequest } from 'fastify';
import type { Kernel } from '../kernel.ts';
import { hashToken } from '../passwords.ts';
import { cookieOf } from './cookies.ts';

/** Who asks, and what he may. */
export interface Access {
  /** As the audit names him: `person:ada`, `key:first`, `ticket`. */
  readonly actor: string;
  readonly kind: 'person' | 'key' | 'ticket';
  readonly role: Role;
  /** Undefined: all sites. */
  readonly sites: ReadonlySet<number> | undefined;
  /** Id of the person or the key; empty for a ticket. */
  readonly id: string;
  /** Hash of the cookie or id of the key: by it he is asked again. */
  readonly credential: string;
}

export const hashKey = hashToken;

const TICKET_MS = 10 * 60_000;
const COOKIE_MS = 12 * 3600_000;
const ticketAccess = (credential: string): Access => ({
  actor: 'ticket',
  kind: 'ticket',
  role: 'viewer',
  sites: undefined,
  id: '',
  credential,
});
const setOf = (sites: readonly number[] | null): ReadonlySet<number> | undefined => (sites === null ? undefined : new Set(sites));

/** Who asks: a key in the Authorization header, a person's cookie, or the cookie of a viewer that a one-time ticket was exchanged for. */
export class AccessControl {
  readonly #kernel: Kernel;
  readonly #tickets = new Map<string, number>();
  readonly #cookies = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** For the URL that a terminal prints: once, ten minutes, a viewer. */
  ticket(): string {
    const ticket = randomBytes(6)
      .toString('hex')
      .replace(/(.{4})(?=.)/g, '$1-');
    this.#tickets.set(ticket, this.#kernel.clock.monotonic() + TICKET_MS);
    return ticket;
  }

  /** The cookie's value for a ticket, or undefined when it was used, is too old, or never existed. */
  redeem(ticket: string): string | undefined {
    const until = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (until === undefined || until < this.#kernel.clock.monotonic()) return undefined;
    const value = randomBytes(32).toString('base64url');
    this.#cookies.set(hashToken(value), this.#kernel.clock.monotonic() + COOKIE_MS);
    return value;
  }

  /** A ticket's cookie opens nothing any more. */
  endTicket(hash: string): void {
    this.#cookies.delete(hash);
    for (const listener of this.#listeners) listener();
  }

  of(request: FastifyRequest): Access | undefined {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [, key] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      return key === undefined ? undefined : this.#byKey(hashToken(key));
    }
    const cookie = cookieOf(request);
    if (cookie === undefined) return undefined;
    const hash = hashToken(cookie);
    const access = this.#bySignIn(hash) ?? this.#byTicket(hash);
    if (access?.kind === 'person') this.#slide(hash);
    return access;
  }

  /** Whoever a token was just made for. */
  ofToken(token: string): Access | undefined {
    return this.#bySignIn(hashToken(token));
  }

  /** The same one now: undefined when he was signed out, disabled, revoked, or his time is over. */
  again({ kind, credential }: Access): Access | undefined {
    switch (kind) {
      case 'person':
        return this.#bySignIn(credential);
      case 'key':
        return this.#byKeyId(credential);
      case 'ticket':
        return this.#byTicket(credential);
    }
  }

  /** Told whenever somebody may have lost or changed what he may do. */
  onChange(listener: () => void): () => void {
    const forget = this.#kernel.people.onChange(listener);
    this.#listeners.add(listener);
    return () => {
      forget();
      this.#listeners.delete(listener);
    };
  }

  #byKey(hash: string): Access | undefined {
    const key = this.#kernel.people.keyOf(hash);
    if (key === undefined) return undefined;
    const { queue, people, clock, scope } = this.#kernel;
    const at = clock.now();
    if (people.used(key.id, at))
      scope.run('use of a key', async () => {
        await queue.commit([{ k: 'keyUsed', id: key.id, at }]);
      });
    return this.#byKeyId(key.id);
  }

  #byKeyId(id: string): Access | undefined {
    const key = this.#kernel.people.liveKey(id);
    return key && { actor: `key:${key.name}`, kind: 'key', role: key.role, sites: setOf(key.sites), id, credential: id };
  }

  #bySignIn(hash: string): Access | undefined {
    const found = this.#kernel.people.signedIn(hash);
    if (found === undefined) return undefined;
    const { id, name, role, sites } = found.person;
    return { actor: `person:${name}`, kind: 'person', role, sites: setOf(sites), id, credential: hash };
  }

  #byTicket(hash: string): Access | undefined {
    const until = this.#cookies.get(hash);
    return until !== undefined && until > this.#kernel.clock.monotonic() ? ticketAccess(hash) : undefined;
  }

  #slide(hash: string): void {
    const { people, queue, clock, scope } = this.#kernel;
    const { signIn } = people.signedIn(hash) ?? {};
    if (signIn === undefined) return;
    const expiresAt = Math.min(signIn.createdAt + limits.signInMostMs, clock.now() + limits.signInMs);
    if (people.slide(hash, expiresAt))
      scope.run('a sign-in goes on', async () => {
        await queue.commit([{ k: 'signInSeen', hash, expiresAt }]);
      });
  }
}
