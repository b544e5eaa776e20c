import { ApiKey, User } from '@busbar/api';
import { BusbarError, isRecord } from '@busbar/runtime';
import type { Static } from 'typebox';
import { ApiClient } from './api-client.ts';
import { type ApiSurroundings, type Listed, line, part, rowsOf, short } from './listing.ts';
import { printable, table } from './table.ts';

type Given = Listed & Readonly<Record<string, string | boolean | undefined>>;

const sitesText = (sites: readonly number[] | null): string => (sites === null ? 'all' : sites.join(' '));
const secretIn = (body: unknown, name: string): string => (isRecord(body) && typeof body[name] === 'string' ? body[name] : '');

/** `1,2` as ids; `all` as null. */
function sitesOf(text: string | boolean | undefined): { readonly sites?: readonly number[] | null } {
  if (typeof text !== 'string') return {};
  if (text === 'all') return { sites: null };
  const sites = text.split(',').map(Number);
  if (sites.some((id) => !Number.isInteger(id) || id < 1))
    throw new BusbarError('bad-usage', `--sites wants ids such as 1,2 or all, not ${text}.`);
  return { sites };
}

export async function listUsers(flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('GET', '/users');
  if (flags.json) return write(line(body));
  const rows = rowsOf(User, body).map(({ name, shownName, role, sites, disabled, password, oidc, signedInAt }) => [
    name,
    role,
    sitesText(sites),
    disabled ? 'disabled' : [password ? 'password' : '', oidc ? 'oidc' : ''].filter(Boolean).join(', '),
    short(signedInAt) || 'never',
    shownName,
  ]);
  write(rows.length === 0 ? 'Nobody yet.\n' : table(['name', 'role', 'sites', 'signs in by', 'signed in', 'shown as'], rows));
}

async function userNamed(client: ApiClient, name: string): Promise<Static<typeof User>> {
  const { body } = await client.request('GET', '/users');
  const found = rowsOf(User, body).find((user) => user.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new BusbarError('not-found', `Nobody is called ${name}. busbar users lists them.`);
  return found;
}

export async function addUser(name: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const { shownName, role = 'viewer' } = flags;
  const { body } = await new ApiClient(flags, environment).request('POST', '/users', {
    body: { name, role, ...sitesOf(flags['sites']), ...(shownName === undefined ? {} : { shownName }) },
  });
  if (flags.json) return write(line(body));
  write(`${printable(name)} may sign in as ${String(role)}. The password, shown only now:\n${secretIn(body, 'madePassword')}\n`);
}

export async function userPassword(name: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const client = new ApiClient(flags, environment);
  const { userId } = await userNamed(client, name);
  const { body } = await client.request('POST', `/users/${part(userId)}/password`);
  if (flags.json) return write(line(body));
  write(`${printable(name)} has a new password and is signed out everywhere. It is shown only now:\n${secretIn(body, 'password')}\n`);
}

async function patchUser(name: string, patch: object, flags: Given, { environment, write }: ApiSurroundings, said: string): Promise<void> {
  const client = new ApiClient(flags, environment);
  const { userId } = await userNamed(client, name);
  const { reason } = flags;
  const { body } = await client.request('PATCH', `/users/${part(userId)}`, {
    body: { ...patch, ...(reason === undefined ? {} : { reason }) },
  });
  write(flags.json ? line(body) : `${printable(name)} ${said}.\n`);
}

export const userRole = (name: string, role: string, flags: Given, around: ApiSurroundings): Promise<void> =>
  patchUser(name, { role, ...sitesOf(flags['sites']) }, flags, around, `is ${printable(role)} now`);

export const disableUser = (name: string, flags: Given, around: ApiSurroundings): Promise<void> =>
  flags['undo'] === true
    ? patchUser(name, { disabled: false }, flags, around, 'may sign in again')
    : patchUser(name, { disabled: true }, flags, around, 'is shut out and signed out everywhere');

export async function listKeys(flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('GET', '/keys');
  if (flags.json) return write(line(body));
  const rows = rowsOf(ApiKey, body).map(({ keyId, name, role, sites, expiresAt, lastUsedAt, revoked, createdBy }) => [
    keyId,
    name,
    revoked ? 'revoked' : role,
    sitesText(sites),
    short(expiresAt) || 'never',
    short(lastUsedAt) || 'never',
    createdBy,
  ]);
  write(table(['key', 'name', 'role', 'sites', 'expires', 'last used', 'made by'], rows));
}

export async function addKey(name: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const { role = 'viewer', expires } = flags;
  const { body } = await new ApiClient(flags, environment).request('POST', '/keys', {
    body: { name, role, ...sitesOf(flags['sites']), ...(expires === undefined ? {} : { expiresAt: expires }) },
  });
  if (flags.json) return write(line(body));
  write(`The key ${printable(name)} may do what the role ${String(role)} may. It is shown only now:\n${secretIn(body, 'key')}\n`);
}

export async function revokeKey(key: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const client = new ApiClient(flags, environment);
  const { body } = await client.request('GET', '/keys');
  const live = rowsOf(ApiKey, body).filter(({ revoked }) => !revoked);
  const found = live.find(({ keyId }) => keyId === key) ?? live.find(({ name }) => name.toLowerCase() === key.toLowerCase());
  if (found === undefined) throw new BusbarError('not-found', `No key ${key} opens anything. busbar keys lists them.`);
  await client.request('DELETE', `/keys/${part(found.keyId)}`);
  write(
    flags.json ? line({ revoked: found.keyId }) : `The key ${printable(found.name)} (${printable(found.keyId)}) opens nothing any more.\n`,
  );
}
