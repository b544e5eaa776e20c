// `npm run test:repeat -- N [--seed S]`: the duet tests N times, each time with another seed of chance and another order of files.
// A failure names the seed that shows it again.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: '1' } } });
const times = Number(positionals[0] ?? '10');
const first = Number(values.seed);
if (!Number.isInteger(times) || times < 1 || !Number.isInteger(first) || first < 0) {
  process.stderr.write('npm run test:repeat -- N [--seed S]: how many runs (10), and the first seed (1)\n');
  process.exit(2);
}

const root = join(import.meta.dirname, '..');
const failed: number[] = [];
for (let seed = first; seed < first + times; seed += 1) {
  const from = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'duet', '--sequence.shuffle.files', `--sequence.seed=${seed}`],
    { cwd: root, encoding: 'utf8', env: { ...process.env, BUSBAR_SEED: String(seed), NO_COLOR: '1', FORCE_COLOR: '0' } },
  );
  const counts = /^\d+ passed, \d+ failed.*$/m.exec(stdout)?.[0] ?? 'no result';
  process.stdout.write(
    `seed ${seed}  ${status === 0 ? 'ok    ' : 'FAILED'}  ${counts}, ${((performance.now() - from) / 1000).toFixed(1)} s\n`,
  );
  if (status === 0) continue;
  failed.push(seed);
  process.stdout.write(`${stdout.slice(-6000)}${stderr.slice(-2000)}\nagain: npm run test:repeat -- 1 --seed ${seed}\n`);
}
if (failed.length > 0) process.stdout.write(`failed with ${failed.length === 1 ? 'seed' : 'seeds'} ${failed.join(', ')}\n`);
process.stdout.write(`${times - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
