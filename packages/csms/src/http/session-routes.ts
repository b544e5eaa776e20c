import { BusbarError, ERRORS, formatInstant, Secret, VERSION } from '@busbar/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Kernel } from '../kernel.ts';
import type { PeopleUseCases } from '../people/people-use-cases.ts';
import type { PersonRecord, SignInRecord } from '../store/people-intents.ts';
import type { Access, AccessControl } from './access.ts';
import { contract, type Typed } from './contract.ts';
import { clearCookie, clearOidcCookie, oidcCookieOf, setCookie, setOidcCookie } from './cookies.ts';
import type { OidcDoor } from './oidc.ts';
import { sendOn, sendRefusal } from './plain-page.ts';

interface SessionDoors {
  readonly kernel: Kernel;
  readonly access: AccessControl;
  readonly people: PeopleUseCases;
  readonly oidc: OidcDoor | undefined;
}

/** Signing in and out, and what somebody may see and change of himself. */
export function registerSession(app: Typed, doors: SessionDoors): void {
  const { kernel, access, people } = doors;
  app.post<{ Body: { name: string; password: string } }>(contract('signIn').url, contract('signIn').options, async (request, reply) => {
    notFromElsewhere(request);
    const { name, password } = request.body;
    const token = await people.signIn(name, new Secret(password), { address: request.ip, browser: browserOf(request) });
    await came(doors, request, reply, token);
    return reply.send(whoAmI(kernel, request.access));
  });
  app.get(contract('getSession').url, contract('getSession').options, async ({ access: who }, reply) =>
    reply.header('cache-control', 'no-store').send(whoAmI(kernel, who)),
  );
  app.delete(contract('signOut').url, contract('signOut').options, async (request, reply) => {
    const who = request.access;
    if (who?.kind === 'ticket') access.endTicket(who.credential);
    else await people.signOut(self(who).access.credential, self(who).person.name);
    return reply.header('set-cookie', clearCookie(request)).code(204).send();
  });
  app.put<{ Body: Record<string, unknown> }>(contract('putSettings').url, contract('putSettings').options, async (request) => {
    await people.putSettings(self(request.access).person.id, request.body);
    return request.body;
  });
  app.put<{ Body: { oldPassword: string; password: string } }>(
    contract('changeOwnPassword').url,
    contract('changeOwnPassword').options,
    async (request, reply) => {
      const { person, access: who } = self(request.access);
      const { oldPassword, password } = request.body;
      await people.changePassword(person.id, new Secret(oldPassword), password, who.credential, request.ip);
      return reply.code(204).send();
    },
  );
  app.get(contract('ownSignIns').url, contract('ownSignIns').options, async (request) => {
    const { person, access: who } = self(request.access);
    return kernel.people.signInsOf(person.id).map((signIn) => signInView(signIn, who.credential));
  });
  app.delete(contract('endOtherSignIns').url, contract('endOtherSignIns').options, async (request, reply) => {
    const { person, access: who } = self(request.access);
    await people.endOtherSignIns(person.id, who.credential);
    return reply.code(204).send();
  });
  registerOidc(app, doors);

  function self(who: Access | undefined): { readonly person: PersonRecord; readonly access: Access } {
    if (who?.kind !== 'person') throw new BusbarError('forbidden', 'This is for people who signed in; a key and a ticket have none of it.');
    return { person: people.person(who.id), access: who };
  }
}

function registerOidc(app: Typed, doors: SessionDoors): void {
  const { kernel, people, oidc } = doors;
  const door = (): OidcDoor => {
    if (oidc === undefined) throw new BusbarError('not-found', 'No identity provider is configured (--oidc-issuer).');
    return oidc;
  };
  app.get(contract('signInWays').url, contract('signInWays').options, async () => ({ password: true, oidc: oidc !== undefined }));
  app.get(contract('oidcStart').url, { ...contract('oidcStart').options, errorHandler }, async (request, reply) => {
    const { url, browserToken } = await door().start(baseOf(request));
    return reply.header('set-cookie', setOidcCookie(request, browserToken)).header('cache-control', 'no-store').redirect(url, 303);
  });
  app.get(contract('oidcCallback').url, { ...contract('oidcCallback').options, errorHandler }, async (request, reply) => {
    const told = await door().back(request.url, oidcCookieOf(request));
    const person = await people.fromProvider(told);
    kernel.log.info('signed in by the identity provider', { person: person.name, role: person.role });
    const token = await people.open(person.id, browserOf(request));
    await came(doors, request, reply, token);
    return sendOn(reply.header('set-cookie', clearOidcCookie(request)));
  });
}

/** A person who came by a link reads a page; a program gets the problem. */
function errorHandler(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const isPerson = /\btext\/html\b/.test(request.headers.accept ?? '');
  if (!isPerson || !(error instanceof BusbarError)) throw error;
  sendRefusal(reply, ERRORS[error.code].http, error.message);
}

/** Whoever was signed in with this browser before is out; the new cookie goes along. */
async function came({ access, people }: SessionDoors, request: FastifyRequest, reply: FastifyReply, token: string): Promise<void> {
  const before = request.access;
  if (before?.kind === 'ticket') access.endTicket(before.credential);
  if (before?.kind === 'person') await people.signOut(before.credential, people.person(before.id).name);
  request.access = access.ofToken(token);
  reply.header('set-cookie', setCookie(request, token)).header('cache-control', 'no-store'); // a reply is a promise: it is not handed back
}

/** A form of another page must not sign somebody in as somebody else. */
function notFromElsewhere({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new BusbarError('forbidden', 'Sign in from a page of this server.');
}

const browserOf = ({ headers }: FastifyRequest): string => headers['user-agent'] ?? '';
const baseOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}`;

function whoAmI({ people, config }: Kernel, who: Access | undefined) {
  if (who === undefined) throw new BusbarError('unauthorized');
  const person = who.kind === 'person' ? people.person(who.id) : undefined;
  const name = who.actor.replace(/^\w+:/, '');
  const ends = who.kind === 'person' ? people.signedIn(who.credential)?.signIn.expiresAt : people.key(who.id)?.expiresAt;
  const settings: unknown = JSON.parse(person?.settings ?? '{}');
  return {
    name,
    shownName: person?.shownName ?? name,
    kind: who.kind,
    role: who.role,
    sites: who.sites === undefined ? null : [...who.sites],
    settings,
    password: typeof person?.password === 'string',
    expiresAt: ends === undefined || ends === null ? null : formatInstant(ends),
    version: VERSION,
    testMode: config.testMode,
  };
}

export const signInView = ({ hash, createdAt, expiresAt, browser }: SignInRecord, own?: string) => ({
  createdAt: formatInstant(createdAt),
  expiresAt: formatInstant(expiresAt),
  browser,
  this: hash === own,
});
