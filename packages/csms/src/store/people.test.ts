import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from './migrations.ts';
import type { PersonInput, SignInRecord } from './people-intents.ts';
import { migrate, openDatabase } from './sqlite/database.ts';
import { commit, STORES, useStores } from './testing/engines.ts';

useStores();

const person = (name: string, more: Partial<PersonInput> = {}): PersonInput => ({
  id: `id-${name}`,
  name,
  shownName: name,
  password: null,
  oidcSubject: null,
  role: 'admin',
  sites: null,
  createdAt: 1,
  ...more,
});
const signIn = (hash: string, of: string, expiresAt = 100): SignInRecord => ({
  hash,
  person: `id-${of}`,
  createdAt: 1,
  expiresAt,
  browser: 'B',
});

describe.each(STORES)('%s', { timeout: 60_000 }, (_, make) => {
  test('people: names without case, subjects once, the last administrator stays', async () => {
    const open = make();
    let store = await open();
    const put = async (one: PersonInput) => (await commit(store, { k: 'personPut', person: one }))[0]?.result;
    expect(await put(person('Ada', { sites: [3, 1], role: 'viewer', oidcSubject: 'iss sub' }))).toBe('new');
    expect(await put(person('aDA', { id: 'other' }))).toBe('duplicate');
    expect(await put(person('eve', { oidcSubject: 'iss sub' }))).toBe('duplicate');
    expect(await put(person('root'))).toBe('new');
    const patch = async (id: string, patched: object) => (await commit(store, { k: 'personPatch', id, patch: patched }))[0]?.result;
    expect(await patch('id-root', { role: 'viewer' })).toBe('conflict');
    expect(await patch('id-root', { disabled: true })).toBe('conflict');
    expect((await commit(store, { k: 'personDelete', id: 'id-root' }))[0]?.result).toBe('conflict');
    expect(await patch('id-Ada', { role: 'admin', sites: null, settings: '{"a":"\\u0000"}', password: 'scrypt$', signedInAt: 5 })).toBe(
      'done',
    );
    expect(await patch('id-root', { disabled: true })).toBe('done');
    expect(await patch('id-Ada', { disabled: true })).toBe('conflict');
    expect(await patch('nobody', { disabled: true })).toBe('notFound');
    await store.close();
    store = await open();
    expect(await store.read.people()).toEqual([
      { ...person('Ada', { oidcSubject: 'iss sub', password: 'scrypt$' }), disabled: false, settings: '{"a":"\\u0000"}', signedInAt: 5 },
      { ...person('root'), disabled: true, settings: '{}', signedInAt: null },
    ]);
    await store.close();
  });

  test('sign-ins end one by one, all but one, with their time, and with their person', async () => {
    const store = await make()();
    await commit(
      store,
      { k: 'personPut', person: person('a') },
      { k: 'personPut', person: person('b') },
      ...['1', '2', '3', '4'].map((hash) => ({ k: 'signInPut', signIn: signIn(hash, 'a', Number(hash) * 10) }) as const),
      { k: 'signInPut', signIn: signIn('9', 'b') },
    );
    const hashes = async () => (await store.read.signIns()).map(({ hash }) => hash).toSorted();
    await commit(store, { k: 'signInEnd', hash: '1' }, { k: 'signInSeen', hash: '2', expiresAt: 90 });
    await commit(store, { k: 'signInsExpired', before: 30 });
    expect(await hashes()).toEqual(['2', '4', '9']);
    await commit(store, { k: 'signInsEnd', person: 'id-a', except: '4' });
    expect(await hashes()).toEqual(['4', '9']);
    await commit(store, { k: 'personDelete', id: 'id-a' });
    expect(await hashes()).toEqual(['9']);
    await store.close();
  });

  test('keys: names are free again when revoked; the first one revoked stays so until it is another', async () => {
    const store = await make()();
    const key = (id: string, name: string) => ({
      k: 'keyPut' as const,
      key: { id, name, hash: id, role: 'viewer' as const, sites: [2], createdBy: 'x', createdAt: 2, expiresAt: 9 },
    });
    expect((await commit(store, key('k1', 'Graf')))[0]?.result).toBe('new');
    expect((await commit(store, key('k2', 'gRAF')))[0]?.result).toBe('duplicate');
    await commit(store, { k: 'keyUsed', id: 'k1', at: 7 }, { k: 'keyRevoked', id: 'k1' });
    expect((await commit(store, { k: 'keyRevoked', id: 'k1' }))[0]?.result).toBe('notFound');
    expect((await commit(store, key('k2', 'gRAF')))[0]?.result).toBe('new');
    const first = async (hash: string) => {
      await commit(store, { k: 'apiKey', name: 'first', hash, at: 3 });
      return (await store.read.apiKeys()).find(({ id }) => id === 'first');
    };
    expect(await first('h1')).toMatchObject({ role: 'admin', sites: null, revoked: false, lastUsedAt: null });
    await commit(store, { k: 'keyRevoked', id: 'first' });
    expect(await first('h1')).toMatchObject({ revoked: true });
    expect(await first('h2')).toMatchObject({ revoked: false, hash: 'h2' });
    expect((await store.read.apiKeys()).find(({ id }) => id === 'k1')).toMatchObject({
      revoked: true,
      lastUsedAt: 7,
      sites: [2],
      expiresAt: 9,
    });
    await store.close();
  });

  test('the audit is found by every part, newest first, page by page', async () => {
    const store = await make()();
    for (let n = 0; n < 6; n += 1)
      await commit(store, { k: 'audit', at: n * 10, actor: `a${n % 2}`, action: `do${n % 3}`, target: 't', reason: '', result: 'done' });
    const at = async (filter: object) => (await store.read.audit({ limit: 10, ...filter })).map((entry) => entry.at);
    expect(await at({})).toEqual([50, 40, 30, 20, 10, 0]);
    expect(await at({ actor: 'a1' })).toEqual([50, 30, 10]);
    expect(await at({ actor: 'a1', action: 'do0', target: 't' })).toEqual([30]);
    expect(await at({ since: 20, until: 50 })).toEqual([40, 30, 20]);
    const [, second] = await store.read.audit({ limit: 2 });
    expect(await at({ before: second?.id })).toEqual([30, 20, 10, 0]);
    await store.close();
  });
});

test('a key of before the migration becomes one of an administrator', () => {
  const db = openDatabase(':memory:');
  migrate(db, 0, MIGRATIONS[MIGRATIONS.indexOf('0006-people') - 1]);
  db.prepare('INSERT INTO api_key VALUES(?,?,?)').run('first', 'abc', 5);
  migrate(db, 1);
  expect(
    db
      .prepare('SELECT * FROM api_key')
      .all()
      .map((row) => ({ ...row })),
  ).toEqual([
    {
      id: 'first',
      name: 'first',
      name_key: 'first',
      hash: 'abc',
      role: 'admin',
      sites: null,
      created_by: 'start',
      created_at: 5,
      expires_at: null,
      last_used_at: null,
      revoked: 0,
    },
  ]);
  db.close();
});
