import type { Role } from '@busbar/api';
import { formatInstant, type Instant } from '@busbar/runtime';
import type { FastifyRequest } from 'fastify';
import type { Kernel } from '../kernel.ts';
import type { Maker, PeopleUseCases, PersonWish } from '../people/people-use-cases.ts';
import type { AuditRecord, KeyRecord, PersonPatch, PersonRecord } from '../store/people-intents.ts';
import { contract, type Typed } from './contract.ts';
import { answerList, type Columns, given, instantOf } from './list.ts';
import { signInView } from './session-routes.ts';

type OfUser = { Params: { userId: string } };
type UserPatch = Pick<PersonPatch, 'shownName' | 'role' | 'sites' | 'disabled'> & { readonly reason?: string };

const makerOf = ({ access }: FastifyRequest): Maker => ({ actor: access?.actor ?? 'nobody', role: access?.role ?? 'viewer' });
const time = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/** People, for administrators. */
export function registerPeople(app: Typed, kernel: Kernel, people: PeopleUseCases): void {
  app.get(contract('listUsers').url, contract('listUsers').options, async () => kernel.people.all().map(userView));
  app.post<{ Body: PersonWish }>(contract('createUser').url, contract('createUser').options, async (request, reply) => {
    const { person, password } = await people.create(request.body, makerOf(request));
    return reply
      .header('cache-control', 'no-store')
      .code(201)
      .send({ ...userView(person), ...(password === undefined ? {} : { madePassword: password }) });
  });
  app.get<OfUser>(contract('getUser').url, contract('getUser').options, async ({ params }) => userView(people.person(params.userId)));
  app.patch<OfUser & { Body: UserPatch }>(contract('patchUser').url, contract('patchUser').options, async (request) => {
    const { reason = '', ...patch } = request.body;
    return userView(await people.patch(request.params.userId, patch, reason, makerOf(request)));
  });
  app.delete<OfUser>(contract('deleteUser').url, contract('deleteUser').options, async (request, reply) => {
    await people.remove(request.params.userId, makerOf(request));
    return reply.code(204).send();
  });
  app.post<OfUser>(contract('resetUserPassword').url, contract('resetUserPassword').options, async (request, reply) =>
    reply.header('cache-control', 'no-store').send({ password: await people.resetPassword(request.params.userId, makerOf(request)) }),
  );
  app.get<OfUser>(contract('userSignIns').url, contract('userSignIns').options, async ({ params, access }) =>
    kernel.people.signInsOf(people.person(params.userId).id).map((signIn) => signInView(signIn, access?.credential)),
  );
  registerKeys(app, kernel, people);
  registerAudit(app, kernel);
}

const KEYS_LISTED = 1_000;

interface KeyBody {
  readonly name: string;
  readonly role: Role;
  readonly sites?: readonly number[] | null;
  readonly expiresAt?: string;
}

function registerKeys(app: Typed, kernel: Kernel, people: PeopleUseCases): void {
  app.get(contract('listKeys').url, contract('listKeys').options, async () => kernel.people.keys().slice(-KEYS_LISTED).map(keyView));
  app.post<{ Body: KeyBody }>(contract('createKey').url, contract('createKey').options, async (request, reply) => {
    const { expiresAt, ...wish } = request.body;
    const { key, secret } = await people.createKey(
      { ...wish, ...given('expiresAt', instantOf('/expiresAt', expiresAt)) },
      makerOf(request),
    );
    return reply
      .header('cache-control', 'no-store')
      .code(201)
      .send({ ...keyView(key), key: secret });
  });
  app.delete<{ Params: { keyId: string } }>(contract('revokeKey').url, contract('revokeKey').options, async (request, reply) => {
    await people.revokeKey(request.params.keyId, makerOf(request));
    return reply.code(204).send();
  });
}

interface AuditQuery {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly since?: string;
  readonly until?: string;
  readonly before?: number;
}

function registerAudit(app: Typed, { read }: Kernel): void {
  app.get<{ Querystring: AuditQuery }>(contract('audit').url, contract('audit').options, async (request, reply) => {
    const { since, until, before, actor, action, target } = request.query;
    const filter = {
      ...given('actor', actor),
      ...given('action', action),
      ...given('target', target),
      ...given('since', instantOf('/since', since)),
      ...given('until', instantOf('/until', until)),
    };
    return answerList<AuditView>(request, reply, {
      name: 'audit',
      cursor: ['number'],
      columns: AUDIT_COLUMNS,
      page: async (after, limit) => {
        const from = after === undefined ? before : Number(after[0]);
        const entries = await read.audit({ ...filter, ...given('before', from), limit });
        return entries.map((entry) => ({ view: auditView(entry), cursor: [entry.id] }));
      },
    });
  });
}

const auditView = (entry: AuditRecord) => ({ ...entry, at: formatInstant(entry.at) });
type AuditView = ReturnType<typeof auditView>;
const AUDIT_COLUMNS: Columns<AuditView> = [
  ['id', (entry) => entry.id],
  ['at', (entry) => entry.at],
  ['actor', (entry) => entry.actor],
  ['action', (entry) => entry.action],
  ['target', (entry) => entry.target],
  ['reason', (entry) => entry.reason],
  ['result', (entry) => entry.result],
];

const userView = ({ id, password, oidcSubject, settings: _settings, createdAt, signedInAt, sites, ...person }: PersonRecord) => ({
  userId: id,
  ...person,
  sites: sites === null ? null : [...sites],
  password: password !== null,
  oidc: oidcSubject !== null,
  createdAt: formatInstant(createdAt),
  signedInAt: time(signedInAt),
});

const keyView = ({ id, hash: _hash, createdAt, expiresAt, lastUsedAt, sites, ...key }: KeyRecord) => ({
  keyId: id,
  ...key,
  sites: sites === null ? null : [...sites],
  createdAt: formatInstant(createdAt),
  expiresAt: time(expiresAt),
  lastUsedAt: time(lastUsedAt),
});
