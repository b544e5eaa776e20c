import { Scope, Secret } from '@busbar/runtime';
import { jsonLog, systemClock } from '@busbar/runtime/node';
import { startControl } from '@busbar/station/control';
import { onStop } from '../serve.ts';
import { StationHost } from '../station-host.ts';
import { controlledSet } from './controlled-set.ts';

/** `busbar virtual-stations` (internal): the process of the CSMS's own simulated stations; it makes them when it is told to. */
export async function virtualStationsCommand(folder: string): Promise<void> {
  const log = jsonLog('error');
  const host = new StationHost(folder, log);
  const scope = new Scope(systemClock, log, 'drivers of virtual stations');
  const token = new Secret(process.env['BUSBAR_CONTROL_TOKEN'] ?? '');
  const control = await startControl({ stations: controlledSet(host, scope), token, log, port: 0 });
  process.stdout.write(`${JSON.stringify({ ready: true, controlPort: control.port })}\n`);
  onStop(async () => {
    scope.close();
    await control.close();
    await host.close();
  });
  // The CSMS's process may die without a word; nobody would stop us then.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 1000).unref();
}
