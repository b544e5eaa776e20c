import { Type } from 'typebox';
import { AnyObject, closed, GivenTime, Nullable, orNull, Time } from './fields.ts';
import { listOf } from './list-query.ts';
import { ROLES, type Route } from './route.ts';

const RoleName = Type.Enum([...ROLES], { description: 'each may also do what those before it may' });
/** 1 to 1000 site ids. */
const SiteIds = Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 1000, uniqueItems: true });
const Sites = orNull('array', SiteIds);
const Name = Type.String({ minLength: 1, maxLength: 64, description: 'letters, digits and . _ @ + -; compares without case' });
const ShownName = Type.String({ minLength: 1, maxLength: 100 });
const Password = Type.String({ minLength: 1, maxLength: 1000 });

/** Who somebody is, as he himself sees it. */
export const WhoAmI = Type.Object({
  name: Type.String(),
  shownName: Type.String(),
  kind: Type.Union([Type.Literal('person'), Type.Literal('key'), Type.Literal('ticket')]),
  role: RoleName,
  sites: Nullable(Type.Array(Type.Integer(), { description: 'null: all' })),
  settings: Type.Record(Type.String(), Type.Unknown(), { description: 'what the console keeps for this person' }),
  password: Type.Boolean({ description: 'has a password here that can be changed' }),
  expiresAt: Nullable(Time),
  version: Type.String(),
  testMode: Type.Boolean(),
});

export const User = Type.Object({
  userId: Type.String(),
  name: Type.String(),
  shownName: Type.String(),
  role: RoleName,
  sites: Nullable(Type.Array(Type.Integer(), { description: 'null: all' })),
  disabled: Type.Boolean(),
  password: Type.Boolean({ description: 'signs in with a password' }),
  oidc: Type.Boolean({ description: 'comes from the identity provider, which says role and sites at every sign-in' }),
  createdAt: Time,
  signedInAt: Nullable(Time),
});
export const UserWithPassword = Type.Object({ ...User.properties, password: Type.Boolean(), madePassword: Type.Optional(Type.String()) });

export const SignIn = Type.Object({
  createdAt: Time,
  expiresAt: Time,
  browser: Type.String(),
  this: Type.Boolean({ description: 'the one that asks' }),
});

export const ApiKey = Type.Object({
  keyId: Type.String(),
  name: Type.String(),
  role: RoleName,
  sites: Nullable(Type.Array(Type.Integer(), { description: 'null: all' })),
  createdBy: Type.String(),
  createdAt: Time,
  expiresAt: Nullable(Time),
  lastUsedAt: Nullable(Type.String({ description: 'to the hour' })),
  revoked: Type.Boolean(),
});

export const AuditEntry = Type.Object({
  id: Type.Integer(),
  at: Time,
  actor: Type.String({ description: 'person:NAME, key:NAME, or what did it by itself' }),
  action: Type.String({ description: 'the operationId of the route' }),
  target: Type.String(),
  reason: Type.String(),
  result: Type.String({ description: 'done, or the code of the error' }),
});

const userParams = Type.Object({ userId: Type.String({ minLength: 1, maxLength: 40 }) });

/** Sign-in, people, keys, and who did what. */
export const peopleRoutes = {
  signIn: {
    method: 'POST',
    role: 'anyone',
    path: '/session',
    summary: 'Signs in with name and password; the answer sets the cookie. Five wrong passwords a minute, then 429',
    body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }), password: Password }, closed),
    response: { 200: WhoAmI },
  },
  signInWays: {
    method: 'GET',
    role: 'anyone',
    path: '/session/ways',
    summary: 'How people can sign in here',
    response: { 200: Type.Object({ password: Type.Boolean(), oidc: Type.Boolean() }) },
  },
  getSession: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/session',
    summary: 'Who am I: name, role, sites, settings',
    response: { 200: WhoAmI },
  },
  signOut: {
    method: 'DELETE',
    role: 'viewer',
    perSite: true,
    path: '/session',
    summary: 'Signs out: the cookie opens nothing any more',
  },
  putSettings: {
    method: 'PUT',
    role: 'viewer',
    perSite: true,
    path: '/session/settings',
    summary: 'Replaces what the console keeps for this person (saved views, language), at most 64 kB',
    body: AnyObject,
    response: { 200: AnyObject },
  },
  changeOwnPassword: {
    method: 'PUT',
    role: 'viewer',
    perSite: true,
    path: '/session/password',
    summary: 'Changes the own password; all other sign-ins of this person end',
    body: Type.Object({ oldPassword: Password, password: Password }, closed),
  },
  ownSignIns: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/session/sign-ins',
    summary: 'Where this person is signed in',
    response: { 200: Type.Array(SignIn) },
  },
  endOtherSignIns: {
    method: 'DELETE',
    role: 'viewer',
    perSite: true,
    path: '/session/sign-ins',
    summary: 'Ends all sign-ins of this person but the one that asks',
    response: { 204: Type.Null() },
  },
  oidcStart: {
    method: 'GET',
    role: 'anyone',
    path: '/session/oidc',
    summary: 'Leads a browser to the identity provider',
  },
  oidcCallback: {
    method: 'GET',
    role: 'anyone',
    path: '/session/oidc/callback',
    summary: 'Where the identity provider sends the browser back; sets the cookie',
    query: Type.Object({
      code: Type.Optional(Type.String({ maxLength: 4096 })),
      state: Type.Optional(Type.String({ maxLength: 200 })),
      iss: Type.Optional(Type.String({ maxLength: 2048 })),
      error: Type.Optional(Type.String({ maxLength: 200 })),
    }),
  },
  listUsers: { method: 'GET', role: 'admin', path: '/users', summary: 'Everybody who may sign in', response: { 200: Type.Array(User) } },
  createUser: {
    method: 'POST',
    role: 'admin',
    path: '/users',
    summary: 'A new person; without a password a strong one is made and shown once',
    body: Type.Object(
      {
        name: Name,
        shownName: Type.Optional(ShownName),
        role: RoleName,
        sites: Type.Optional(Sites),
        password: Type.Optional(Password),
      },
      closed,
    ),
    response: { 201: UserWithPassword },
  },
  getUser: { method: 'GET', role: 'admin', path: '/users/:userId', summary: 'One person', params: userParams, response: { 200: User } },
  patchUser: {
    method: 'PATCH',
    role: 'admin',
    path: '/users/:userId',
    summary: 'Changes shown name, role or sites, or shuts somebody out at once (disabled)',
    params: userParams,
    body: Type.Object(
      {
        shownName: Type.Optional(ShownName),
        role: Type.Optional(RoleName),
        sites: Type.Optional(Sites),
        disabled: Type.Optional(Type.Boolean()),
        reason: Type.Optional(Type.String({ maxLength: 500 })),
      },
      closed,
    ),
    response: { 200: User },
  },
  deleteUser: {
    method: 'DELETE',
    role: 'admin',
    path: '/users/:userId',
    summary: 'Removes a person; what he did stays in the audit. The last administrator stays',
    params: userParams,
  },
  resetUserPassword: {
    method: 'POST',
    role: 'admin',
    path: '/users/:userId/password',
    summary: 'Makes a new password, shown once; all sign-ins of this person end',
    params: userParams,
    response: { 200: Type.Object({ password: Type.String() }) },
  },
  userSignIns: {
    method: 'GET',
    role: 'admin',
    path: '/users/:userId/sign-ins',
    summary: 'Where somebody is signed in',
    params: userParams,
    response: { 200: Type.Array(SignIn) },
  },
  listKeys: {
    method: 'GET',
    role: 'admin',
    path: '/keys',
    summary: 'API keys without their secrets, revoked ones too; at most the newest 1000',
    response: { 200: Type.Array(ApiKey) },
  },
  createKey: {
    method: 'POST',
    role: 'admin',
    path: '/keys',
    summary: 'A new API key (bb_ID_SECRET), shown once; it may not do more than who makes it',
    body: Type.Object({ name: Name, role: RoleName, sites: Type.Optional(Sites), expiresAt: Type.Optional(GivenTime) }, closed),
    response: { 201: Type.Object({ ...ApiKey.properties, key: Type.String() }) },
  },
  revokeKey: {
    method: 'DELETE',
    role: 'admin',
    path: '/keys/:keyId',
    summary: 'From now on this key opens nothing',
    params: Type.Object({ keyId: Type.String({ minLength: 1, maxLength: 64 }) }),
  },
  audit: {
    method: 'GET',
    role: 'admin',
    path: '/audit',
    summary: 'Who did what, when and why; newest first',
    query: listOf({
      actor: Type.Optional(Type.String({ maxLength: 200 })),
      action: Type.Optional(Type.String({ maxLength: 100 })),
      target: Type.Optional(Type.String({ maxLength: 300 })),
      since: Type.Optional(GivenTime),
      until: Type.Optional(GivenTime),
      before: Type.Optional(Type.Integer({ minimum: 1, description: 'entries older than this id' })),
    }),
    response: { 200: Type.Array(AuditEntry) },
  },
} as const satisfies Record<string, Route>;
