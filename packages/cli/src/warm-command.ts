import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerMessageSink, WorkerStore } from '@busbar/csms/store';
import { loadRules } from '@busbar/protocol';
import { silentLog } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';

/** `busbar warm` (internal): loads every module once, workers too, so that Node's compile cache holds them. */
export async function warmCommand(): Promise<void> {
  await Promise.all([loadRules('ocpp2.0.1'), loadRules('ocpp2.1')]);
  for (const file of globSync('**/*.ts', { cwd: import.meta.dirname })) {
    if (!file.endsWith('.test.ts') && file !== 'main.ts') await import(`./${file}`);
  }
  await import('@busbar/station/control');
  await loadCrypto();
  const folder = mkdtempSync(join(tmpdir(), 'busbar-warm-'));
  const store = await WorkerStore.open({ folder, log: silentLog });
  const sink = new WorkerMessageSink({ folder, log: silentLog });
  await sink.query({ limit: 1 });
  await sink.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
