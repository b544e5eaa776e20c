import { timingSafeEqual } from 'node:crypto';
import { type Clock, type Instant, limits } from '@busbar/runtime';
import type { Intent, Outcome } from '../store/intents.ts';
import type { KeyRecord, PersonRecord, SignInRecord } from '../store/people-intents.ts';
import { nameKey } from '../store/programs/people-lane.ts';
import type { Reader } from '../store/store.ts';

export interface SignedIn {
  readonly person: PersonRecord;
  readonly signIn: SignInRecord;
}

/**
 * Who may come in, in memory: every request asks, and whoever was shut out is out with the commit that says so. Kept true
 * by the outcomes of commits, like the stations.
 */
export class People {
  readonly #read: Reader;
  readonly #clock: Clock;
  readonly #persons = new Map<string, PersonRecord>();
  readonly #idByName = new Map<string, string>();
  readonly #keys = new Map<string, KeyRecord>();
  readonly #hashes = new Map<string, Buffer>();
  readonly #signIns = new Map<string, SignInRecord>();
  readonly #listeners = new Set<() => void>();

  constructor(read: Reader, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    for (const person of await this.#read.people()) this.#add(person);
    for (const key of await this.#read.apiKeys()) this.#addKey(key);
    for (const signIn of await this.#read.signIns()) this.#signIns.set(signIn.hash, signIn);
  }

  all(): readonly PersonRecord[] {
    return [...this.#persons.values()].toSorted((a, b) => (nameKey(a.name) < nameKey(b.name) ? -1 : 1));
  }
  person(id: string): PersonRecord | undefined {
    return this.#persons.get(id);
  }
  named(name: string): PersonRecord | undefined {
    return this.#persons.get(this.#idByName.get(nameKey(name)) ?? '');
  }
  bySubject(subject: string): PersonRecord | undefined {
    return this.all().find(({ oidcSubject }) => oidcSubject === subject);
  }
  /** Nobody else could make another administrator. */
  isLastAdmin(id: string): boolean {
    const admins = this.all().filter(({ role, disabled }) => role === 'admin' && !disabled);
    return admins.length === 1 && admins[0]?.id === id;
  }

  keys(): readonly KeyRecord[] {
    return [...this.#keys.values()];
  }
  key(id: string): KeyRecord | undefined {
    return this.#keys.get(id);
  }
  /** A key that opens: all hashes are compared, each in constant time, so how long it takes says nothing about any of them. */
  keyOf(hash: string): KeyRecord | undefined {
    const given = Buffer.from(hash, 'hex');
    let found: string | undefined;
    for (const [id, known] of this.#hashes) if (known.length === given.length && timingSafeEqual(known, given)) found = id;
    return found === undefined ? undefined : this.liveKey(found);
  }
  liveKey(id: string): KeyRecord | undefined {
    const key = this.#keys.get(id);
    return key === undefined || key.revoked || (key.expiresAt ?? Number.POSITIVE_INFINITY) <= this.#clock.now() ? undefined : key;
  }

  /** The sign-in behind a cookie, while it is valid and its person may come in. */
  signedIn(hash: string): SignedIn | undefined {
    const signIn = this.#signIns.get(hash);
    const person = signIn && this.#persons.get(signIn.person);
    return signIn === undefined || person === undefined || person.disabled || signIn.expiresAt <= this.#clock.now()
      ? undefined
      : { person, signIn };
  }
  /** Newest last. */
  signInsOf(person: string): readonly SignInRecord[] {
    return [...this.#signIns.values()].filter((signIn) => signIn.person === person && signIn.expiresAt > this.#clock.now());
  }

  /** A sign-in that is used lasts on; true when that is worth writing. */
  slide(hash: string, until: Instant): boolean {
    const signIn = this.#signIns.get(hash);
    if (signIn === undefined || until - signIn.expiresAt < limits.signInWriteMs) return false;
    this.#signIns.set(hash, { ...signIn, expiresAt: until });
    return true;
  }
  /** True when it is worth writing: at most once an hour. */
  used(id: string, at: Instant): boolean {
    const key = this.#keys.get(id);
    if (key === undefined || at - (key.lastUsedAt ?? Number.NEGATIVE_INFINITY) < limits.keyUsedMs) return false;
    this.#keys.set(id, { ...key, lastUsedAt: at });
    return true;
  }

  /** Told whenever somebody may have lost or changed what he may do. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  apply(intent: Intent, { result }: Outcome): void {
    if (result === 'conflict' || result === 'duplicate' || result === 'notFound') return;
    switch (intent.k) {
      case 'personPut':
        return this.#add({ ...intent.person, disabled: false, settings: '{}', signedInAt: null });
      case 'personPatch': {
        const person = this.#persons.get(intent.id);
        if (person !== undefined) this.#persons.set(intent.id, { ...person, ...intent.patch });
        return this.#tell();
      }
      case 'personDelete':
        return this.#forget(intent.id);
      case 'signInPut':
        this.#signIns.set(intent.signIn.hash, intent.signIn);
        return;
      case 'signInEnd':
        this.#signIns.delete(intent.hash);
        return this.#tell();
      case 'signInsEnd':
        for (const { hash, person } of this.#signIns.values())
          if (person === intent.person && hash !== intent.except) this.#signIns.delete(hash);
        return this.#tell();
      case 'signInsExpired':
        for (const { hash, expiresAt } of this.#signIns.values()) if (expiresAt <= intent.before) this.#signIns.delete(hash);
        return this.#tell();
      case 'apiKey':
        return this.#first(intent);
      case 'keyPut':
        return this.#addKey({ ...intent.key, lastUsedAt: null, revoked: false });
      case 'keyRevoked': {
        const key = this.#keys.get(intent.id);
        if (key !== undefined) this.#keys.set(intent.id, { ...key, revoked: true });
        this.#hashes.delete(intent.id);
        return this.#tell();
      }
      default:
        return;
    }
  }

  #add(person: PersonRecord): void {
    this.#persons.set(person.id, person);
    this.#idByName.set(nameKey(person.name), person.id);
  }

  #forget(id: string): void {
    const person = this.#persons.get(id);
    if (person !== undefined) this.#idByName.delete(nameKey(person.name));
    this.#persons.delete(id);
    for (const { hash, person: owner } of this.#signIns.values()) if (owner === id) this.#signIns.delete(hash);
    this.#tell();
  }

  #addKey(key: KeyRecord): void {
    this.#keys.set(key.id, key);
    if (key.revoked) this.#hashes.delete(key.id);
    else this.#hashes.set(key.id, Buffer.from(key.hash, 'hex'));
  }

  /** As the store does it: the same one again changes nothing, another one takes its place. */
  #first({ name, hash, at }: Extract<Intent, { k: 'apiKey' }>): void {
    const before = this.#keys.get(name);
    if (before?.hash === hash) return;
    const fresh = { id: name, name, role: 'admin', sites: null, createdBy: 'start', expiresAt: null, lastUsedAt: null } as const;
    this.#addKey({ ...fresh, hash, createdAt: at, revoked: false });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
