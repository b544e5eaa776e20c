import { mayAs, type Role } from '@busbar/api';
import { BusbarError, type Instant, limits, Secret } from '@busbar/runtime';
import type { Csms } from '../csms.ts';
import type { Kernel } from '../kernel.ts';
import { hashPersonPassword, hashToken, isPersonPassword, readablePassword } from '../passwords.ts';
import type { Intent } from '../store/intents.ts';
import type { KeyRecord, PersonPatch, PersonRecord } from '../store/people-intents.ts';
import { checkName, checkShownName } from './names.ts';
import { Throttle } from './throttle.ts';

/** Who makes or changes something: his name in the audit, and what he may give away. */
export interface Maker {
  readonly actor: string;
  readonly role: Role;
}

export interface PersonWish {
  readonly name: string;
  readonly shownName?: string;
  readonly role: Role;
  readonly sites?: readonly number[] | null;
  readonly password?: string;
}
export interface KeyWish {
  readonly name: string;
  readonly role: Role;
  readonly sites?: readonly number[] | null;
  readonly expiresAt?: Instant;
}

const FIRST_ADMIN = 'admin';
/** The key of the data folder has it. */
const FIRST_KEY = 'first';

/** Sign-ins, people and keys, below HTTP. Secrets go out once, to whom they are for; hashes stay. */
export class PeopleUseCases {
  readonly #csms: Csms;
  readonly #throttle: Throttle;

  constructor(csms: Csms) {
    this.#csms = csms;
    this.#throttle = new Throttle(csms.kernel.clock);
    csms.kernel.scope.every(limits.keyUsedMs, 'sign-ins that ended', () =>
      csms.kernel.scope.run('sign-ins that ended', async () => {
        await this.#kernel.queue.commit([{ k: 'signInsExpired', before: this.#kernel.clock.now() }]);
      }),
    );
  }

  get #kernel(): Kernel {
    return this.#csms.kernel;
  }

  /** Where nobody is there yet: an administrator. His password comes back when it was made here. */
  async firstStart(given: Secret | undefined): Promise<{ readonly user: string; readonly password?: string } | undefined> {
    const { people, random, ids, clock, queue } = this.#kernel;
    if (people.all().length > 0) return undefined;
    const password = given?.reveal() ?? readablePassword(random);
    if (given !== undefined) this.#checkPassword(password, '/adminPassword');
    const person = {
      id: ids.uuid7(),
      name: FIRST_ADMIN,
      shownName: 'Administrator',
      password: await this.#hash(password),
      oidcSubject: null,
      role: 'admin',
      sites: null,
      createdAt: clock.now(),
    } as const;
    await queue.commit([{ k: 'personPut', person }, this.#audit('start', 'createUser', FIRST_ADMIN)]);
    return { user: FIRST_ADMIN, ...(given === undefined ? { password } : {}) };
  }

  /** The token for the cookie. A wrong name and a wrong password take the same time and say the same. */
  async signIn(name: string, password: Secret, from: { readonly address: string; readonly browser: string }): Promise<string> {
    const { people } = this.#kernel;
    const takeBack = this.#throttle.begin(name.toLowerCase(), from.address);
    const person = people.named(name);
    const right = await this.#isRight(person, password, takeBack);
    if (!right || person === undefined || person.disabled || person.password === null) {
      // Somebody may have typed his password into the wrong field: what nobody is called is not written down.
      await this.#kernel.queue.commit([
        this.#audit('nobody', 'signIn', person === undefined ? 'an unknown name' : `person:${person.name}`, 'unauthorized'),
      ]);
      throw new BusbarError('unauthorized', 'This name and this password do not belong together.');
    }
    takeBack();
    return this.open(person.id, from.browser);
  }

  /** Signs somebody in who has proven himself, here or at the identity provider. */
  async open(id: string, browser: string): Promise<string> {
    const { people, random, clock, queue } = this.#kernel;
    const person = this.person(id);
    const [token, at] = [Buffer.from(random.bytes(32)).toString('base64url'), clock.now()];
    const signIn = {
      hash: hashToken(token),
      person: id,
      createdAt: at,
      expiresAt: at + limits.signInMs,
      browser: browser.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, 200),
    };
    const open = people.signInsOf(id);
    const tooMany = open.slice(0, Math.max(0, open.length - limits.signInsPerPerson + 1));
    await queue.commit([
      ...tooMany.map(({ hash }): Intent => ({ k: 'signInEnd', hash })),
      { k: 'signInPut', signIn },
      { k: 'personPatch', id, patch: { signedInAt: at } },
      this.#audit(`person:${person.name}`, 'signIn', person.name),
    ]);
    return token;
  }

  /** From now on its cookie opens nothing, also played again. */
  async signOut(hash: string, name: string): Promise<void> {
    await this.#kernel.queue.commit([{ k: 'signInEnd', hash }, this.#audit(`person:${name}`, 'signOut', name)]);
  }

  async putSettings(id: string, settings: unknown): Promise<void> {
    const text = JSON.stringify(settings);
    if (Buffer.byteLength(text) > limits.personSettingsBytes)
      throw new BusbarError('too-large', `Settings have at most ${limits.personSettingsBytes} bytes.`);
    const { name } = this.person(id);
    await this.#kernel.queue.commit([
      { k: 'personPatch', id, patch: { settings: text } },
      this.#audit(`person:${name}`, 'putSettings', name),
    ]);
  }

  /** Everywhere but where it is asked from. */
  async endOtherSignIns(id: string, keep: string): Promise<void> {
    const { name } = this.person(id);
    await this.#kernel.queue.commit([
      { k: 'signInsEnd', person: id, except: keep },
      this.#audit(`person:${name}`, 'endOtherSignIns', name),
    ]);
  }

  /** His own. His other browsers are signed out. */
  async changePassword(id: string, old: Secret, wanted: string, keep: string, address: string): Promise<void> {
    const person = this.person(id);
    if (person.password === null) throw new BusbarError('conflict', 'This person signs in with the identity provider and has no password.');
    this.#checkPassword(wanted, '/password');
    const takeBack = this.#throttle.begin(person.name.toLowerCase(), address);
    if (!(await this.#isRight(person, old, takeBack)))
      throw new BusbarError('forbidden', 'The old password is another.', { fields: { pointer: '/oldPassword' } });
    takeBack();
    await this.#kernel.queue.commit([
      { k: 'personPatch', id, patch: { password: await this.#hash(wanted) } },
      { k: 'signInsEnd', person: id, except: keep },
      this.#audit(`person:${person.name}`, 'changeOwnPassword', person.name),
    ]);
  }

  person(id: string): PersonRecord {
    const person = this.#kernel.people.person(id);
    if (person === undefined) throw new BusbarError('not-found', `No person ${id}.`);
    return person;
  }

  async create(wish: PersonWish, { actor }: Maker): Promise<{ readonly person: PersonRecord; readonly password?: string }> {
    const { people, ids, random, clock, queue } = this.#kernel;
    checkName(wish.name);
    if (wish.shownName !== undefined) checkShownName(wish.shownName);
    await this.#checkSites(wish.role, wish.sites ?? null);
    this.#checkRoom();
    if (wish.password !== undefined) this.#checkPassword(wish.password, '/password');
    const password = wish.password ?? readablePassword(random);
    const id = ids.uuid7();
    const person = {
      id,
      name: wish.name,
      shownName: wish.shownName ?? wish.name,
      password: await this.#hash(password),
      oidcSubject: null,
      role: wish.role,
      sites: wish.sites ?? null,
      createdAt: clock.now(),
    };
    const taken = (): never => {
      throw new BusbarError('conflict', `There is somebody called ${wish.name} already.`, { fields: { pointer: '/name' } });
    };
    if (people.named(wish.name) !== undefined) taken();
    const [outcome] = await queue.commit([
      { k: 'personPut', person },
      { ...this.#audit(actor, 'createUser', wish.name), ifFirst: true },
    ]);
    if (outcome?.result === 'duplicate') taken();
    return { person: this.person(id), ...(wish.password === undefined ? { password } : {}) };
  }

  async patch(
    id: string,
    patch: Pick<PersonPatch, 'shownName' | 'role' | 'sites' | 'disabled'>,
    reason: string,
    { actor }: Maker,
  ): Promise<PersonRecord> {
    const person = this.person(id);
    if (patch.shownName !== undefined) checkShownName(patch.shownName);
    const role = patch.role ?? person.role;
    await this.#checkSites(role, patch.sites === undefined ? person.sites : patch.sites);
    if (patch.disabled === true || role !== 'admin') this.#keepLastAdmin(id);
    const [outcome] = await this.#kernel.queue.commit([
      { k: 'personPatch', id, patch },
      ...(patch.disabled === true ? [{ k: 'signInsEnd', person: id } as const] : []),
      { ...this.#audit(actor, 'patchUser', person.name, told(patch), reason), ifFirst: true },
    ]);
    if (outcome?.result === 'conflict') this.#lastAdmin();
    return this.person(id);
  }

  async remove(id: string, { actor }: Maker): Promise<void> {
    const { name } = this.person(id);
    this.#keepLastAdmin(id);
    const [outcome] = await this.#kernel.queue.commit([
      { k: 'personDelete', id },
      { ...this.#audit(actor, 'deleteUser', name), ifFirst: true },
    ]);
    if (outcome?.result === 'conflict') this.#lastAdmin();
  }

  /** A password made here, shown once; whoever is signed in with the old one is out. */
  async resetPassword(id: string, { actor }: Maker): Promise<string> {
    const person = this.person(id);
    const password = readablePassword(this.#kernel.random);
    await this.#kernel.queue.commit([
      { k: 'personPatch', id, patch: { password: await this.#hash(password) } },
      { k: 'signInsEnd', person: id },
      this.#audit(actor, 'resetUserPassword', person.name),
    ]);
    return password;
  }

  async createKey(wish: KeyWish, maker: Maker): Promise<{ readonly key: KeyRecord; readonly secret: string }> {
    const { people, random, clock, queue } = this.#kernel;
    checkName(wish.name);
    await this.#checkSites(wish.role, wish.sites ?? null);
    if (!mayAs(maker.role, wish.role))
      throw new BusbarError('forbidden', `A key may not do more than who makes it: that is ${maker.role}.`, {
        fields: { pointer: '/role' },
      });
    if (wish.expiresAt !== undefined && wish.expiresAt <= clock.now())
      throw new BusbarError('invalid-request', 'expiresAt has passed.', { fields: { pointer: '/expiresAt' } });
    if (people.keys().filter(({ revoked }) => !revoked).length >= limits.apiKeys)
      throw new BusbarError('conflict', `There are ${limits.apiKeys} keys already.`);
    // Short, because people recognise a key by it.
    const id = Buffer.from(random.bytes(6)).toString('hex');
    const secret = `bb_${id}_${Buffer.from(random.bytes(32)).toString('base64url')}`;
    const key = {
      id,
      name: wish.name,
      hash: hashToken(secret),
      role: wish.role,
      sites: wish.sites ?? null,
      createdBy: maker.actor,
      createdAt: clock.now(),
      expiresAt: wish.expiresAt ?? null,
    };
    const taken = (): never => {
      throw new BusbarError('conflict', `There is a key called ${wish.name} already.`, { fields: { pointer: '/name' } });
    };
    const same = (name: string): boolean => name.toLowerCase() === wish.name.toLowerCase();
    if (same(FIRST_KEY) || people.keys().some(({ name, revoked }) => !revoked && same(name))) taken();
    const [outcome] = await queue.commit([
      { k: 'keyPut', key },
      { ...this.#audit(maker.actor, 'createKey', wish.name), ifFirst: true },
    ]);
    if (outcome?.result === 'duplicate') taken();
    return { key: { ...key, lastUsedAt: null, revoked: false }, secret };
  }

  async revokeKey(id: string, { actor }: Maker): Promise<void> {
    const key = this.#kernel.people.key(id);
    if (key === undefined || key.revoked) throw new BusbarError('not-found', `No key ${id}.`);
    await this.#kernel.queue.commit([
      { k: 'keyRevoked', id },
      { ...this.#audit(actor, 'revokeKey', key.name), ifFirst: true },
    ]);
  }

  /** Whoever the identity provider says he is: made at his first visit, brought up to date at each. */
  async fromProvider(told: {
    readonly subject: string;
    readonly name: string;
    readonly shownName: string;
    readonly role: Role;
    readonly sites: readonly number[] | null;
  }): Promise<PersonRecord> {
    const { people, ids, clock, queue } = this.#kernel;
    const { subject, name, shownName, role, sites } = told;
    const known = people.bySubject(subject);
    if (known !== undefined) {
      if (known.disabled) throw new BusbarError('forbidden', `${known.name} is disabled here.`);
      if (role !== 'admin') this.#keepLastAdmin(known.id);
      const patch = { shownName, role, sites: role === 'admin' ? null : sites };
      const [outcome] = await queue.commit([{ k: 'personPatch', id: known.id, patch }]);
      if (outcome?.result === 'conflict') this.#lastAdmin();
      return this.person(known.id);
    }
    this.#checkRoom();
    const id = ids.uuid7();
    // Never a local person of the same name: who he is says the subject alone.
    const free = [name, ...Array.from({ length: 98 }, (_, n) => `${name}-${n + 2}`)].find((one) => people.named(one) === undefined) ?? id;
    const person = { id, name: free, shownName, password: null, oidcSubject: subject, role, sites: role === 'admin' ? null : sites };
    const [outcome] = await queue.commit([
      { k: 'personPut', person: { ...person, createdAt: clock.now() } },
      { ...this.#audit('oidc', 'createUser', free), ifFirst: true },
    ]);
    if (outcome?.result !== 'new') throw new BusbarError('conflict', 'Somebody of this name came at the same moment. Try again.');
    return this.person(id);
  }

  /** What could not be looked at was no wrong try. */
  async #isRight(person: PersonRecord | undefined, password: Secret, takeBack: () => void): Promise<boolean> {
    try {
      return await isPersonPassword(person?.password ?? null, password, this.#csms.pepper, this.#csms.slowHash);
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  #checkRoom(): void {
    if (this.#kernel.people.all().length >= limits.people) throw new BusbarError('conflict', `There are ${limits.people} people already.`);
  }

  #keepLastAdmin(id: string): void {
    if (this.#kernel.people.isLastAdmin(id)) this.#lastAdmin();
  }

  #lastAdmin(): never {
    throw new BusbarError('conflict', 'This is the last administrator: make another one first.');
  }

  async #checkSites(role: Role, sites: readonly number[] | null): Promise<void> {
    if (sites === null) return;
    if (role === 'admin') refuseSites('An administrator is one for all sites.');
    const known = new Set((await this.#kernel.read.sites()).map(({ id }) => id));
    const unknown = sites.find((id) => !known.has(id));
    if (unknown !== undefined) refuseSites(`There is no site ${unknown}.`);
  }

  #checkPassword(password: string, pointer: string): void {
    const [length, shortest] = [Array.from(password).length, this.#kernel.config.testMode ? 1 : limits.personPasswordMin];
    if (length < shortest || length > limits.personPasswordMax)
      throw new BusbarError(
        'invalid-request',
        `A password has ${shortest} to ${limits.personPasswordMax} characters; this one has ${length}.`,
        { fields: { pointer } },
      );
  }

  #hash(password: string): Promise<string> {
    return hashPersonPassword(new Secret(password), this.#csms.pepper, this.#kernel.random, this.#csms.slowHash);
  }

  #audit(actor: string, action: string, target: string, result = 'done', reason = '') {
    return { k: 'audit', at: this.#kernel.clock.now(), actor, action, target, reason, result } as const;
  }
}

function refuseSites(detail: string): never {
  throw new BusbarError('invalid-request', detail, { fields: { pointer: '/sites' } });
}

/** What was changed, in words for the audit. */
const told = (patch: Pick<PersonPatch, 'shownName' | 'role' | 'sites' | 'disabled'>): string =>
  [
    ...(patch.shownName === undefined ? [] : ['shownName']),
    ...(patch.role === undefined ? [] : [`role ${patch.role}`]),
    ...(patch.sites === undefined ? [] : [`sites ${patch.sites === null ? 'all' : patch.sites.join(' ')}`]),
    ...(patch.disabled === undefined ? [] : [patch.disabled ? 'disabled' : 'enabled']),
  ].join(', ') || 'done';
