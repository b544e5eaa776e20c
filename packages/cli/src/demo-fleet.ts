import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOcppVersion } from '@busbar/protocol';
import { type Log, Scope } from '@busbar/runtime';
import { jsonLog, systemClock, systemRandom } from '@busbar/runtime/node';
import { drivers } from '@busbar/sim';
import { demoTopologies } from '@busbar/station/hardware';
import { writeSecret } from './keys.ts';
import type { RunningCsms } from './serve.ts';
import { onStop } from './serve.ts';
import { StationHost } from './station-host.ts';

/** The three stations of the demo: one of each kind, both versions. */
const DEMO = [
  { id: 'DEMO-AC1', version: 'ocpp2.0.1', topology: demoTopologies.acSinglePhase },
  { id: 'DEMO-AC2', version: 'ocpp2.0.1', topology: demoTopologies.acThreePhase },
  { id: 'DEMO-DC3', version: 'ocpp2.1', topology: demoTopologies.dc150 },
] as const;
export const DEMO_STATIONS = DEMO.length;
/** Every fifth visit or so somebody comes whose card is blocked: refusals belong to real life. */
const TOKENS = ['DEMO7C02A1', 'DEMO11B8C4', 'DEMO93F0E7', 'DEMO5D21B9', 'DEMOBLOCKED'];

type Passwords = Record<string, string>;

/** Registers the demo's stations and tokens like real ones; their passwords lie in a file only the owner reads. */
export async function registerDemo({ http }: RunningCsms, folder: string): Promise<Passwords> {
  const { useCases } = http;
  const path = join(folder, 'demo-stations.json');
  const passwords: Passwords = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  for (const { id, topology } of DEMO) {
    const known = useCases.kernel.stations.get(id) !== undefined;
    if (known && passwords[id] !== undefined) continue;
    const password = known
      ? await useCases.setPassword(id, undefined, 'demo')
      : (await useCases.createStation({ id, serialNumber: topology.serialNumber, virtual: true }, 'demo')).password;
    if (password !== undefined) passwords[id] = password;
  }
  writeSecret(path, JSON.stringify(passwords));
  for (const idToken of TOKENS) {
    const blocked = idToken.endsWith('BLOCKED');
    await useCases.putToken(
      { type: 'ISO14443', idToken, status: blocked ? 'Blocked' : 'Accepted', ...(blocked ? {} : { language1: 'en' }) },
      'demo',
    );
  }
  return passwords;
}

/** The stations run in a process of their own and speak over TCP like any other. Returns the way to stop them. */
export function spawnDemo(url: string, passwords: Passwords, folder: string, log: Log): () => Promise<void> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, import.meta.url.endsWith('.ts') ? 'main.ts' : 'main.js'), 'demo-stations'],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
  child.stdin.end(JSON.stringify({ url, passwords, folder: join(folder, 'stations') }));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let stopping = false;
  child.once('exit', (code) => {
    if (!stopping) log.error('the demo stations ended by themselves', { code });
  });
  return async () => {
    stopping = true;
    child.kill('SIGTERM');
    await exited;
  };
}

/** `busbar demo-stations` (internal): what `up` spawns. */
export async function demoStationsCommand(): Promise<void> {
  const { url, passwords, folder }: { url: string; passwords: Passwords; folder: string } = JSON.parse(readFileSync(0, 'utf8'));
  const log = jsonLog('error');
  const host = new StationHost(folder, log);
  const scope = new Scope(systemClock, log, 'demo drivers');
  let firstAfterS = 2;
  for (const { id, version, topology } of DEMO) {
    const password = passwords[id];
    if (password === undefined || !isOcppVersion(version)) continue;
    // Meter values every 5 seconds: a demo should move.
    const variables = {
      'SampledDataCtrlr.TxUpdatedInterval': '5',
      ...(topology === demoTopologies.dc150
        ? { 'SampledDataCtrlr.TxUpdatedMeasurands': 'Energy.Active.Import.Register,Power.Active.Import,SoC' }
        : {}),
    };
    const { station, hardware } = host.add({ id, url, password, versions: [version], deflate: true, topology, variables });
    station.start();
    for (const evse of hardware.layout.evses) {
      drivers({ hardware, random: systemRandom, scope, evse: evse.id, tokens: TOKENS, chargeS: [12, 45], pauseS: [4, 15], firstAfterS });
      firstAfterS += 4;
    }
  }
  onStop(async () => {
    scope.close();
    await host.close();
  });
  // The CSMS's process may die without a word; nobody would stop us then.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 1000).unref();
}
