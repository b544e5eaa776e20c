// `npm run check`: what must hold before every commit, in the order of what fails fastest; every step runs even when an
// earlier one failed. `-- --no-tests` leaves the tests out (CI runs all of them by `npm test`).
import { spawnSync } from 'node:child_process';

const STEPS: readonly (readonly [string, ...string[]])[] = [
  ['biome', 'check', '--error-on-warnings', '.'],
  ['oxlint', '--deny-warnings'],
  ['tsc', '-p', 'tsconfig.json'],
  ['tsc', '-p', 'packages/console/tsconfig.json'],
  ...(process.argv.includes('--no-tests') ? [] : [['vitest', 'run', '--project', 'unit', '--project', 'duet'] as const]),
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
process.stdout.write(`${STEPS.length - failed.length} passed, ${failed.length} failed, 0 skipped\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
