import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { DirectStore, memoryDatabase } from '../direct-store.ts';
import type { Intent, Outcome } from '../intents.ts';
import { type Store, StoreFailure } from '../store.ts';
import { WorkerStore } from '../worker-store.ts';

const folders: string[] = [];
/** A new folder that `removeFolders` takes away. */
export const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'busbar-store-'));
  folders.push(path);
  return path;
};
export function removeFolders(): void {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
}

/** Opens the same data again and again. */
export type Reopen = () => Promise<Store>;

/** Every implementation of the port, each as a way to make new data and open it. */
export const STORES: readonly (readonly [string, () => Reopen])[] = [
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
];

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
