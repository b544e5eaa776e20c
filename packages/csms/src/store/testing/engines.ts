import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { afterAll, expect, test } from 'vitest';
import { DirectStore, memoryDatabase } from '../direct-store.ts';
import { PostgresStore } from '../postgres/postgres-store.ts';
import type { Store } from '../store.ts';
import { WorkerStore } from '../worker-store.ts';
import { POSTGRES_REQUIRED, testServer } from './postgres.ts';

/** Opens the same data again and again. */
export type Reopen = () => Promise<Store>;

const server = await testServer();
const leftovers: (() => unknown)[] = [];

/** Every implementation of the port that this machine can run, each as a way to make empty data. */
export const ENGINES: readonly (readonly [name: string, make: () => Reopen])[] = [
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
      const folder = mkdtempSync(join(tmpdir(), 'busbar-store-'));
      leftovers.push(() => rmSync(folder, { recursive: true, force: true }));
      return () => WorkerStore.open({ folder, log: silentLog });
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

/** Call it once in a file that uses `ENGINES`: cleans up, and says when PostgreSQL is missing. */
export function useEngines(): void {
  afterAll(async () => {
    await Promise.all(leftovers.splice(0).map((remove) => remove()));
    await server?.close();
  }, 60_000);
  test.skipIf(server !== undefined || !POSTGRES_REQUIRED)('BUSBAR_REQUIRE=postgres: there is one', () => {
    expect(server, 'no PostgreSQL answers at 127.0.0.1:5432 and none is installed; set BUSBAR_TEST_POSTGRES').toBeDefined();
  });
}
