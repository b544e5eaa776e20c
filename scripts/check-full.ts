// `npm run check:full`: everything, in its long form: checks and tests, kills of both ends, durability on SQLite and on PostgreSQL.
// Each step goes on when an earlier one failed. The results that are committed lie in bench/results/ (the steps' own `-- --json`).
import { spawnSync } from 'node:child_process';

const STEPS: readonly (readonly [script: string, ...options: string[]])[] = [
  ['check', '--no-tests'],
  ['test'],
  ['crash'],
  ['durability'],
  ['durability', '--postgres'],
];
const failed: string[] = [];
const began = performance.now();
for (const [script, ...options] of STEPS) {
  const from = performance.now();
  const { status } = spawnSync('npm', ['run', '-s', script, ...(options.length === 0 ? [] : ['--', ...options])], { stdio: 'inherit' });
  const name = [script, ...options].join(' ');
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} npm run ${name} (${Math.round((performance.now() - from) / 1000)} s)\n`);
  if (status !== 0) failed.push(name);
}
process.stdout.write(`${Math.round((performance.now() - began) / 60_000)} minutes\n`);
process.stdout.write(`${STEPS.length - failed.length} passed, ${failed.length} failed, 0 skipped\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
