import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@busbar/runtime/virtual';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSuites, type Suite } from '../scripts/durability/suites.ts';

const folder = mkdtempSync(join(tmpdir(), 'busbar-durability-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The short form of `npm run durability`; the moments are other ones each time, the seed is printed with a failure. */
const seed = Math.floor(Math.random() * 65_536);
let suites: readonly Suite[] = [];
beforeAll(async () => {
  const random = seededRandom(seed);
  suites = await runSuites({ folder, short: true, random: () => random.next(), told: () => undefined });
}, 240_000);

test.each([
  ['kills', 'T9 SIGKILL under load at random moments: every acknowledged event is there once, every bill exact'],
  ['torn WAL', 'a torn log opens sound, as it was after a whole commit'],
  ['disk full', 'a full disk: nobody is answered, nobody is refused, the links stay, afterwards all goes on'],
  ['stall', 'a held database: nobody is answered, nobody is refused, memory is bounded, afterwards all goes on'],
] as const)('%s: %s', (name, _claim) => {
  const suite = suites.find((each) => each.name === name);
  expect(suite, `seed ${seed}`).toMatchObject({ failures: [] });
});
