// `npm run memory`: private memory of an idle `busbar serve` with three stations, each station a process of its own.
// Budgets: 80 MiB and 40 MiB. `-- --seconds N` waits so long before it looks (60), `-- --json` for machines. Linux only.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnServe } from '../packages/cli/src/spawn.ts';

const flags = process.argv.slice(2);
const seconds = Number(flags[flags.indexOf('--seconds') + 1]) || 60;
const BUDGET = { serve: 80, station: 40 } as const;
const folder = mkdtempSync(join(tmpdir(), 'busbar-memory-'));
const privateMiB = (pid: number | undefined): number => {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('Private_')).reduce((sum, line) => sum + Number(/\d+/.exec(line)?.[0] ?? 0), 0) / 1024;
};

const csms = await spawnServe(join(folder, 'csms'));
const stations: ChildProcess[] = [];
for (const id of ['IDLE-1', 'IDLE-2', 'IDLE-3']) {
  const { password } = (await csms.api('POST', '/stations', { id })) as { password: string };
  const main = join(import.meta.dirname, '../packages/cli/src/main.ts');
  const args = [
    '--max-semi-space-size=1',
    main,
    'station',
    '--id',
    id,
    '--url',
    `ws://127.0.0.1:${csms.ocppPort}/ocpp`,
    '--data',
    join(folder, id),
    '--topology',
    'acThreePhase',
  ];
  stations.push(
    spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'], env: { ...process.env, BUSBAR_PASSWORD: password } }),
  );
}
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const all = (await csms.api('GET', '/stations')) as { connected: boolean; registration: string }[];
const connected = all.filter(({ connected: up, registration }) => up && registration === 'Accepted').length;
const result = {
  seconds,
  connected,
  serveMiB: Math.round(privateMiB(csms.process.pid) * 10) / 10,
  stationMiB: stations.map(({ pid }) => Math.round(privateMiB(pid) * 10) / 10),
};
for (const child of [...stations, csms.process]) child.kill('SIGTERM');
await Promise.all(
  [...stations, csms.process].map(
    (child) => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(undefined))),
  ),
);
rmSync(folder, { recursive: true, force: true });
const good = connected === 3 && result.serveMiB <= BUDGET.serve && result.stationMiB.every((mib) => mib <= BUDGET.station);
if (flags.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  process.stdout.write(`Private memory after ${seconds} s, ${connected} of 3 stations accepted\n`);
  process.stdout.write(
    `  serve     ${result.serveMiB} MiB of ${BUDGET.serve}\n  stations  ${result.stationMiB.join(', ')} MiB of ${BUDGET.station}\n`,
  );
}
process.exitCode = good ? 0 : 1;
