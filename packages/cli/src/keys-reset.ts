import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashPersonPassword, readablePassword } from '@busbar/csms';
import { hashKey } from '@busbar/csms/http';
import { claimFolder, type Intent, type PersonRecord, type Store, StoreFailure, WorkerStore } from '@busbar/csms/store';
import { BusbarError, makeIds, Secret } from '@busbar/runtime';
import { jsonLog, systemClock, systemRandom } from '@busbar/runtime/node';
import { apiKeyPath, newApiKey, pepperOf } from './keys.ts';
import { boundedSlowHash } from './slow-hash.ts';

export interface ResetFlags {
  readonly data: string;
  readonly database?: string;
  readonly json: boolean;
}

const FIRST = 'first';

/**
 * `busbar keys reset`: for whoever owns the machine and lost the way in. The folder's lock says that no CSMS runs on it;
 * a running one would need a door for this, and that door would be the weakest one.
 */
export async function resetKeys({ data, database, json }: ResetFlags, write: (text: string) => void): Promise<void> {
  if (!existsSync(join(data, 'pepper')) && !existsSync(join(data, 'busbar.db')))
    throw new BusbarError('bad-usage', `${data} is no data folder of a CSMS. Name it with --data.`);
  const release = claim(data);
  try {
    const store = await openStore(data, database);
    try {
      const { user, password } = await reset(store, data);
      if (json) return write(`${JSON.stringify({ user, password, keyFile: apiKeyPath(data) })}\n`);
      write(
        [
          `user ${user}, password ${password}   shown only now; signed out everywhere`,
          `The new first key is in ${apiKeyPath(data)} (mode 0600). A CSMS that is started with BUSBAR_API_KEY takes that one instead.`,
          '',
        ].join('\n'),
      );
    } finally {
      await store.close();
    }
  } finally {
    release();
  }
}

function claim(data: string): () => void {
  try {
    return claimFolder(data);
  } catch (error) {
    if (!(error instanceof BusbarError) || error.code !== 'folder-locked') throw error;
    throw new BusbarError('folder-locked', `The CSMS runs on ${data}. Stop it first; then nothing can come between.`, { cause: error });
  }
}

async function openStore(data: string, database: string | undefined): Promise<Store> {
  const log = jsonLog('error');
  if (database === undefined) return WorkerStore.open({ folder: data, log });
  const { PostgresStore } = await import('@busbar/csms/postgres');
  return PostgresStore.open({ url: database, clock: systemClock, log });
}

async function reset(store: Store, data: string): Promise<{ readonly user: string; readonly password: string }> {
  const password = readablePassword(systemRandom);
  const hash = await hashPersonPassword(new Secret(password), pepperOf(data), systemRandom, boundedSlowHash());
  const at = systemClock.now();
  const admin = whom(await store.read.people());
  const user = admin?.name ?? 'admin';
  const id = admin?.id ?? makeIds(systemRandom, systemClock).uuid7();
  const person: Intent =
    admin === undefined
      ? {
          k: 'personPut',
          person: {
            id,
            name: user,
            shownName: 'Administrator',
            password: hash,
            oidcSubject: null,
            role: 'admin',
            sites: null,
            createdAt: at,
          },
        }
      : { k: 'personPatch', id, patch: { password: hash, role: 'admin', sites: null, disabled: false } };
  // The file first: a start takes the key from there, whatever became of the commit.
  const key = newApiKey(data);
  const [result] = await store.commit([
    [
      person,
      { k: 'signInsEnd', person: id },
      { k: 'apiKey', name: FIRST, hash: hashKey(key), at },
      { k: 'audit', at, actor: 'machine', action: 'keysReset', target: user, reason: '', result: 'done' },
    ],
  ]);
  if (result === undefined || result instanceof StoreFailure) throw result ?? new BusbarError('store-unavailable');
  return { user, password };
}

const isFirst = ({ name }: PersonRecord): boolean => name.toLowerCase() === 'admin';

/** The administrator who has a password here, by preference the first one; else whoever has that name. */
function whom(people: readonly PersonRecord[]): PersonRecord | undefined {
  const admins = people.filter(({ role, password }) => role === 'admin' && password !== null);
  return admins.find(isFirst) ?? admins.find(({ disabled }) => !disabled) ?? admins[0] ?? people.find(isFirst);
}
