import { ROLES, type Role } from '@busbar/api';
import type { Outcome } from '../intents.ts';
import type {
  AuditFilter,
  KeyInput,
  KeyRecord,
  PeopleIntent,
  PeopleReader,
  PersonInput,
  PersonPatch,
  PersonRecord,
} from '../people-intents.ts';
import type { Query } from '../sql.ts';
import { one, type Program, type Row, run, type SqlValue, tell } from '../sql.ts';
import { jsonOrNull, num, numOrNull, text, textOrNull } from './columns.ts';
import type { Prepared } from './prepared.ts';
import { Where } from './where.ts';

const KINDS: ReadonlySet<string> = new Set<PeopleIntent['k']>([
  'personPut',
  'personPatch',
  'personDelete',
  'signInPut',
  'signInSeen',
  'signInEnd',
  'signInsEnd',
  'signInsExpired',
  'apiKey',
  'keyPut',
  'keyRevoked',
  'keyUsed',
]);
export const isPeopleIntent = (intent: Prepared): intent is PeopleIntent => KINDS.has(intent.k);

/** Names of people and keys compare without case. */
export const nameKey = (name: string): string => name.toLowerCase();

const DONE: Outcome = { result: 'done' };
const changed = (changes: number): Outcome => (changes > 0 ? DONE : { result: 'notFound' });
const sitesText = (sites: readonly number[] | null): string | null => (sites === null ? null : JSON.stringify(sites));

/** What is written about people, their sign-ins and keys. */
export function* applyPeople(intent: PeopleIntent): Program<Outcome> {
  switch (intent.k) {
    case 'personPut':
      return yield* personPut(intent.person);
    case 'personPatch':
      return yield* personPatch(intent.id, intent.patch);
    case 'personDelete': {
      if (yield* isLastAdmin(intent.id)) return { result: 'conflict' };
      yield* tell('DELETE FROM sign_in WHERE person=?', intent.id);
      return changed(yield* run('DELETE FROM person WHERE id=?', intent.id));
    }
    case 'signInPut': {
      const { hash, person, createdAt, expiresAt, browser } = intent.signIn;
      yield* tell('INSERT INTO sign_in VALUES(?,?,?,?,?)', hash, person, createdAt, expiresAt, browser);
      return { result: 'new' };
    }
    case 'signInSeen':
      return changed(yield* run('UPDATE sign_in SET expires_at=? WHERE hash=?', intent.expiresAt, intent.hash));
    case 'signInEnd':
      return changed(yield* run('DELETE FROM sign_in WHERE hash=?', intent.hash));
    case 'signInsEnd':
      yield* tell('DELETE FROM sign_in WHERE person=? AND hash<>?', intent.person, intent.except ?? '');
      return DONE;
    case 'signInsExpired':
      yield* tell('DELETE FROM sign_in WHERE expires_at<=?', intent.before);
      return DONE;
    case 'apiKey':
      yield* tell(
        `INSERT INTO api_key(id, name, name_key, hash, role, created_by, created_at) VALUES(?,?,?,?,'admin','start',?) ON CONFLICT(id) DO UPDATE SET
          revoked=CASE WHEN api_key.hash=excluded.hash THEN api_key.revoked ELSE 0 END, created_at=CASE WHEN api_key.hash=excluded.hash THEN api_key.created_at ELSE excluded.created_at END,
          hash=excluded.hash`,
        intent.name,
        intent.name,
        nameKey(intent.name),
        intent.hash,
        intent.at,
      );
      return DONE;
    case 'keyPut':
      return yield* keyPut(intent.key);
    case 'keyRevoked':
      return changed(yield* run('UPDATE api_key SET revoked=1 WHERE id=? AND revoked=0', intent.id));
    case 'keyUsed':
      yield* tell('UPDATE api_key SET last_used_at=? WHERE id=?', intent.at, intent.id);
      return DONE;
  }
}

function* personPut(person: PersonInput): Program<Outcome> {
  const changes = yield* run(
    'INSERT INTO person(id, name, name_key, shown_name, password, oidc_subject, role, sites, created_at) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING',
    person.id,
    person.name,
    nameKey(person.name),
    person.shownName,
    person.password,
    person.oidcSubject,
    person.role,
    sitesText(person.sites),
    person.createdAt,
  );
  return { result: changes > 0 ? 'new' : 'duplicate' };
}

function* personPatch(id: string, patch: PersonPatch): Program<Outcome> {
  const weaker = patch.disabled === true || (patch.role !== undefined && patch.role !== 'admin');
  if (weaker && (yield* isLastAdmin(id))) return { result: 'conflict' };
  const columns: [string, SqlValue | undefined][] = [
    ['shown_name', patch.shownName],
    ['password', patch.password],
    ['role', patch.role],
    ['sites', patch.sites === undefined ? undefined : sitesText(patch.sites)],
    ['disabled', patch.disabled === undefined ? undefined : patch.disabled ? 1 : 0],
    ['settings', patch.settings],
    ['signed_in_at', patch.signedInAt],
  ];
  const set = columns.filter((column): column is [string, SqlValue] => column[1] !== undefined);
  if (set.length === 0) return DONE;
  const names = set.map(([name]) => `${name}=?`).join(', ');
  return changed(yield* run(`UPDATE person SET ${names} WHERE id=?`, ...set.map(([, value]) => value), id));
}

/** Asked where it is written, so that two who take each other's power at once do not both succeed. */
function* isLastAdmin(id: string): Program<boolean> {
  const own = yield* one(`SELECT 1 FROM person WHERE id=? AND role='admin' AND disabled=0`, id);
  if (own === undefined) return false;
  return (yield* one(`SELECT 1 FROM person WHERE id<>? AND role='admin' AND disabled=0 LIMIT 1`, id)) === undefined;
}

function* keyPut(key: KeyInput): Program<Outcome> {
  const changes = yield* run(
    'INSERT INTO api_key(id, name, name_key, hash, role, sites, created_by, created_at, expires_at) VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING',
    key.id,
    key.name,
    nameKey(key.name),
    key.hash,
    key.role,
    sitesText(key.sites),
    key.createdBy,
    key.createdAt,
    key.expiresAt,
  );
  return { result: changes > 0 ? 'new' : 'duplicate' };
}

export const peopleReader = (all: Query): PeopleReader => ({
  people: async () => (await all('SELECT * FROM person ORDER BY name_key')).map(toPerson),
  signIns: async () =>
    (await all('SELECT * FROM sign_in ORDER BY created_at')).map((row) => ({
      hash: text(row, 'hash'),
      person: text(row, 'person'),
      createdAt: num(row, 'created_at'),
      expiresAt: num(row, 'expires_at'),
      browser: text(row, 'browser'),
    })),
  apiKeys: async () => (await all('SELECT * FROM api_key ORDER BY created_at, id')).map(toKey),
  audit: async (filter) => audit(all, filter),
});

/** What is not known grants the least. */
const roleOf = (row: Row): Role => ROLES.find((role) => role === row['role']) ?? 'viewer';

const toPerson = (row: Row): PersonRecord => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  shownName: text(row, 'shown_name'),
  password: textOrNull(row, 'password'),
  oidcSubject: textOrNull(row, 'oidc_subject'),
  role: roleOf(row),
  sites: jsonOrNull<number[]>(row, 'sites'),
  disabled: num(row, 'disabled') === 1,
  settings: text(row, 'settings'),
  createdAt: num(row, 'created_at'),
  signedInAt: numOrNull(row, 'signed_in_at'),
});

const toKey = (row: Row): KeyRecord => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  hash: text(row, 'hash'),
  role: roleOf(row),
  sites: jsonOrNull<number[]>(row, 'sites'),
  createdBy: text(row, 'created_by'),
  createdAt: num(row, 'created_at'),
  expiresAt: numOrNull(row, 'expires_at'),
  lastUsedAt: numOrNull(row, 'last_used_at'),
  revoked: num(row, 'revoked') === 1,
});

async function audit(all: Query, { actor, action, target, since, until, before, limit }: AuditFilter): ReturnType<PeopleReader['audit']> {
  const where = new Where();
  where.maybe('actor=?', actor);
  where.maybe('action=?', action);
  where.maybe('target=?', target);
  where.maybe('at>=?', since);
  where.maybe('at<?', until);
  where.maybe('id<?', before);
  const found = await all(`SELECT * FROM audit ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit);
  return found.map((row) => ({
    id: num(row, 'id'),
    at: num(row, 'at'),
    actor: text(row, 'actor'),
    action: text(row, 'action'),
    target: text(row, 'target'),
    reason: text(row, 'reason'),
    result: text(row, 'result'),
  }));
}
