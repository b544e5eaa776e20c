import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusbarError } from '@busbar/runtime';

interface Spawned {
  readonly process: ChildProcess;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
}

export interface SpawnedCsms extends Spawned {
  readonly ocppPort: number;
  readonly httpPort: number;
  readonly ocppTlsPort: number | undefined;
  readonly apiKey: string;
  api(method: string, path: string, body?: unknown): Promise<unknown>;
}

export interface SpawnedLab extends Spawned {
  readonly controlPort: number;
  readonly token: string;
}

/** Starts `busbar serve` as a process of its own on free ports and waits until it listens. */
export async function spawnServe(data: string, flags: readonly string[] = []): Promise<SpawnedCsms> {
  const { child, line } = await spawnBusbar(['serve', '--json', '--data', data, '--ocpp-port', '0', '--http-port', '0', ...flags], {});
  const { ocppPort, httpPort, ocppTlsPort }: { ocppPort: number; httpPort: number; ocppTlsPort?: number } = JSON.parse(line);
  const apiKey = readFileSync(join(data, 'api-key'), 'utf8').trim();
  const api = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${httpPort}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const content = await answer.text();
    if (!answer.ok) throw new BusbarError('internal', `${method} ${path} answered ${answer.status}: ${content}`);
    return content === '' ? undefined : JSON.parse(content);
  };
  return { process: child, stop: () => stop(child), ocppPort, httpPort, ocppTlsPort, apiKey, api };
}

/** Starts a process that makes stations when its control API is asked to. */
export async function spawnLab(): Promise<SpawnedLab> {
  const token = randomBytes(24).toString('hex');
  const { child, line } = await spawnBusbar(['lab'], { BUSBAR_CONTROL_TOKEN: token });
  const { controlPort }: { controlPort: number } = JSON.parse(line);
  return { process: child, stop: () => stop(child), controlPort, token };
}

/** Starts the process of the CSMS's own simulated stations; they keep their state in the folder. */
export async function spawnVirtualStations(folder: string): Promise<SpawnedLab> {
  const token = randomBytes(24).toString('hex');
  const { child, line } = await spawnBusbar(['virtual-stations', folder], { BUSBAR_CONTROL_TOKEN: token });
  const { controlPort }: { controlPort: number } = JSON.parse(line);
  return { process: child, stop: () => stop(child), controlPort, token };
}

async function spawnBusbar(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; line: string }> {
  const main = join(import.meta.dirname, import.meta.url.endsWith('.ts') ? 'main.ts' : 'main.js');
  const flags = process.execArgv.filter((flag) => !/^--(max-semi-space|v8-pool)-size=/.test(flag));
  // As scripts/run.cjs starts them: the CSMS has room for load, a station has not.
  const room = args[0] === 'serve' ? ['--max-semi-space-size=16', '--v8-pool-size=0'] : ['--max-semi-space-size=1'];
  const child = spawn(process.execPath, [...flags, ...room, main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const line = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve(out.split('\n')[0] ?? '');
    });
    child.once('exit', (code) => reject(new BusbarError('internal', `busbar ${args[0]} ended with ${code} before it listened: ${out}`)));
  });
  return { child, line };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
