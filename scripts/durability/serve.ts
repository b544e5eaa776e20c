// `busbar serve` for the suites: fixed ports over restarts, quiet, no automation of its own.
import { type SpawnedCsms, spawnServe } from '../../packages/cli/src/spawn.ts';

export interface Ports {
  ocpp: number;
  http: number;
}

export async function serve(data: string, ports: Ports, flags: readonly string[] = []): Promise<SpawnedCsms> {
  const csms = await spawnServe(data, [
    `--ocpp-port=${ports.ocpp}`,
    `--http-port=${ports.http}`,
    '--files-port=0',
    '--onboarding-inventory=no',
    '--gap-query=no',
    '--boot-query=no',
    '--log-level=silent',
    ...flags,
  ]);
  [ports.ocpp, ports.http] = [csms.ocppPort, csms.httpPort];
  return csms;
}

export async function killed(csms: SpawnedCsms): Promise<void> {
  const exit = new Promise((resolve) => csms.process.once('exit', resolve));
  csms.process.kill('SIGKILL');
  await exit;
}

export const readyStatus = async (csms: SpawnedCsms): Promise<number> =>
  (await fetch(`http://127.0.0.1:${csms.httpPort}/health/ready`)).status;
