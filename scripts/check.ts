// What CI runs, in the order of what fails fastest; every step runs even when an earlier one failed.
import { spawnSync } from 'node:child_process';

const STEPS: readonly (readonly [string, ...string[]])[] = [
  ['biome', 'check', '--error-on-warnings', '.'],
  ['oxlint', '--deny-warnings'],
  ['tsc', '-p', 'tsconfig.json'],
  ['vitest', 'run', '--project', 'unit', '--project', 'duet'],
  ['node', 'scripts/matrix.ts', '--check'],
  ['node', 'scripts/docs.ts', '--check'],
];
const failed: string[] = [];
for (const [command, ...options] of STEPS) {
  const from = performance.now();
  const { status } = spawnSync(command, options, { stdio: 'inherit', shell: process.platform === 'win32' });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${command} ${options.join(' ')} (${seconds} s)\n`);
  if (status !== 0) failed.push(command);
}
process.exitCode = failed.length === 0 ? 0 : 1;
