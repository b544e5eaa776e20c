import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { afterAll, expect, test } from 'vitest';
import { DirectStore, memoryDatabase } from '../direct-store.ts';
import type { Intent, Outcome } from '../intents.ts';
import { PostgresStore } from '../postgres/postgres-store.ts';
import { type Store, StoreFailure } from '../store.ts';
import { WorkerStore } from '../worker-store.ts';
import { POSTGRES_REQUIRED, testServer } from './postgres.ts';

const leftovers: (() => unknown)[] = [];

/** A new folder that goes when the tests are over. */
export const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'busbar-store-'));
  leftovers.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** Opens the same data again and again. */
export type Reopen = () => Promise<Store>;

const server = await testServer();

/** Every implementation of the port that this machine can run, each as a way to make new data and open it. */
export const STORES: readonly (readonly [name: string, make: () => Reopen])[] = [
  [
    'SQLite in process',
    () => {
      const db = memoryDatabase();
      return async () => new DirectStore(db, systemClock, () => 0);
    },
  ],
  [
    'SQLite in its worker',
    () => {
      const path = folder();
      return () => WorkerStore.open({ folder: path, log: silentLog });
    },
  ],
  ...(server === undefined
    ? []
    : [
        [
          `PostgreSQL ${server.version}`,
          () => {
            const database = server.database();
            leftovers.push(async () => (await database).drop());
            return async () => PostgresStore.open({ url: (await database).url, clock: systemClock, log: silentLog });
          },
        ] as const,
      ]),
];

/** Call it once in a file that uses `STORES` or `folder`: cleans up, and says when PostgreSQL is missing. */
export function useStores(): void {
  afterAll(async () => {
    await Promise.all(leftovers.splice(0).map((remove) => remove()));
  }, 60_000);
  test.skipIf(server !== undefined || !POSTGRES_REQUIRED)('BUSBAR_REQUIRE=postgres: there is one', () => {
    expect(server, 'no PostgreSQL answers at 127.0.0.1:5432 and none is installed; set BUSBAR_TEST_POSTGRES').toBeDefined();
  });
}

/** One group, whole or an error. */
export async function commit(store: Store, ...intents: Intent[]): Promise<readonly Outcome[]> {
  const [result] = await store.commit([intents]);
  if (result === undefined || result instanceof StoreFailure) throw result ?? new Error('no result');
  return result;
}

export const station = async (store: Store, identity = 'CS1'): Promise<number> => {
  const [outcome] = await commit(store, { k: 'stationPut', station: { identity, securityProfile: 1, approval: 'approved', at: 0 } });
  return outcome?.assigned ?? 0;
};
