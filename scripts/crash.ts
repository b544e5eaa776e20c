// `npm run crash`: 50 kills of the station and 50 of the CSMS, and the proof that what is acknowledged was synced.
// `-- --short`: 5 of each, for every run of CI. `-- --seed N` repeats the moments. `-- --json` prints the result for machines.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@busbar/runtime/virtual';
import { type Proof, proveCsms, provePostgres, proveStation, straceThere } from './crash/fsync-proof.ts';
import { runLane } from './crash/rounds.ts';

const flags = process.argv.slice(2);
const short = flags.includes('--short');
const json = flags.includes('--json');
const seed = Number(flags[flags.indexOf('--seed') + 1] ?? Number.NaN) || Date.now() & 0xffff;
const rounds = short ? 5 : 50;
const folder = mkdtempSync(join(tmpdir(), 'busbar-crash-'));
const say = (text: string): void => {
  if (!json) process.stdout.write(`${text}\n`);
};
const from = performance.now();
say(`Crash test, seed ${seed}: ${rounds} kills of the station, ${rounds} of the CSMS, each at a random moment of a session`);

const done = { station: 0, csms: 0 };
const progress = (victim: 'station' | 'csms') => (count: number) => {
  done[victim] = count;
  if (process.stdout.isTTY && !json) process.stdout.write(`\r  station ${done.station}/${rounds}  csms ${done.csms}/${rounds} `);
};
const lane = (victim: 'station' | 'csms', own: number) => {
  const random = seededRandom(own);
  return runLane({ victim, folder: join(folder, victim), rounds, random: () => random.next(), progress: progress(victim) });
};
const lanes = await Promise.all([lane('station', seed), lane('csms', seed + 1)]);
say('');
for (const { victim, transactions, acknowledged, lost, doubled, energyWrong } of lanes) {
  say(
    `  ${victim.padEnd(8)} ${transactions} transactions, ${acknowledged} acknowledged events, ${lost.length} lost, ${doubled.length} doubled, energy ${energyWrong.length === 0 ? 'exact' : 'WRONG'}`,
  );
  for (const text of [...lost, ...doubled, ...energyWrong]) say(`    ${text}`);
}

const proofs: Proof[] = [];
if (straceThere()) {
  for (const prove of [proveCsms, proveStation, provePostgres])
    for (const mode of ['FULL', 'OFF'] as const) {
      const proof = await prove(join(folder, 'proof'), mode);
      if (proof !== undefined) proofs.push(proof);
    }
  for (const { of, synchronous, events, synced } of proofs)
    say(
      `  fsync    ${of}, synchronous=${synchronous}: ${synced} of ${events} events were synced before they were ${of === 'station' ? 'sent' : 'answered'}`,
    );
} else say('  fsync    not proved: strace is not installed (apt-get install strace)');

const proved = proofs.every(
  ({ synchronous, events, synced }) => events > 3 && (synchronous === 'FULL' ? synced === events : synced < events),
);
const required = process.env['BUSBAR_REQUIRE']?.split(',').includes('strace') === true;
const bad = lanes.filter(
  ({ lost, doubled, energyWrong, transactions }) => lost.length + doubled.length + energyWrong.length > 0 || transactions === 0,
).length;
const failed = bad + (proofs.length === 0 ? (required ? 1 : 0) : proved ? 0 : 1);
const passed = lanes.length + (proofs.length > 0 ? 1 : 0) - (failed - (proofs.length === 0 && required ? 1 : 0));
const skipped = proofs.length === 0 && !required ? 1 : 0;
if (json)
  process.stdout.write(`${JSON.stringify({ seed, rounds, seconds: Math.round((performance.now() - from) / 1000), lanes, proofs })}\n`);
rmSync(folder, { recursive: true, force: true });
say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
