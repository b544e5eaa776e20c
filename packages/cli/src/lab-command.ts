import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Scope, Secret } from '@busbar/runtime';
import { jsonLog, systemClock } from '@busbar/runtime/node';
import { startControl } from '@busbar/station/control';
import { StationHost } from './station-host.ts';
import { controlledSet } from './virtual/controlled-set.ts';

/** A laboratory: a process without stations that makes them when its control API is asked to. */
export async function labCommand(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-lab-'));
  const host = new StationHost(folder, jsonLog('error'));
  const scope = new Scope(systemClock, jsonLog('error'), 'lab');
  const token = process.env['BUSBAR_CONTROL_TOKEN'] ?? randomBytes(24).toString('hex');
  const control = await startControl({ stations: controlledSet(host, scope), token: new Secret(token), log: jsonLog('error'), port: 0 });
  process.stdout.write(`${JSON.stringify({ ready: true, controlPort: control.port })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  scope.close();
  await control.close();
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
