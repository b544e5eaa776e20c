// `npm run durability`: what the CSMS acknowledged survives kills, torn logs, a full disk and a database that somebody holds.
// `-- --short`: the form that every run of the tests takes. `-- --seed N` repeats the moments. `-- --json` prints the result
// for machines. `-- --postgres` does it on a PostgreSQL; what is about SQLite's own files is left out then.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@busbar/runtime/virtual';
import { testServer } from '../packages/csms/src/store/testing/postgres.ts';
import { runSuites } from './durability/suites.ts';

const flags = process.argv.slice(2);
const json = flags.includes('--json');
const after = (name: string): string | undefined => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const seed = Number(after('--seed') ?? Number.NaN) || Date.now() & 0xffff;
const server = flags.includes('--postgres') ? await testServer() : undefined;
if (flags.includes('--postgres') && server === undefined) {
  process.stderr.write('No PostgreSQL answers at 127.0.0.1:5432 and none is installed; BUSBAR_TEST_POSTGRES names another one.\n');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'busbar-durability-'));
const random = seededRandom(seed);
const say = (text: string): void => {
  if (!json) process.stdout.write(`${text}\n`);
};
const from = performance.now();
say(`Durability, seed ${seed}${server === undefined ? '' : `, PostgreSQL ${server.version}`}`);
try {
  const suites = await runSuites({
    folder,
    short: flags.includes('--short'),
    random: () => random.next(),
    ...(server === undefined ? {} : { server }),
    told: ({ name, failures, result }) => {
      say(
        `  ${failures.length === 0 ? 'pass' : 'FAIL'}  ${name.padEnd(9)} ${JSON.stringify(result, (_, value: unknown) => (Array.isArray(value) ? value.length : value))}`,
      );
      for (const failure of failures) say(`        ${failure}`);
    },
    progress: (text) => (process.stdout.isTTY && !json ? void process.stdout.write(`\r  ${text} `) : undefined),
  });
  const failed = suites.filter(({ failures }) => failures.length > 0).length;
  if (json) process.stdout.write(`${JSON.stringify({ seed, seconds: Math.round((performance.now() - from) / 1000), suites }, null, 2)}\n`);
  if (server) say(`postgresql ${server.version}: ${suites.length - failed} passed`);
  say(`${suites.length - failed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
