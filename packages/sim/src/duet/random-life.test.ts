import { expect, test } from 'vitest';
import { seedOfRun, seedsOfRun } from '../node/seed.ts';
import { randomLife } from '../random-life.ts';
import { REGRESSIONS } from '../seeds.ts';

const FIRST = seedOfRun();
const SEEDS = [...new Set([...REGRESSIONS.keys(), ...Array.from({ length: seedsOfRun(40) }, (_, index) => FIRST + index)])];

test('E04.FR.03 E11.FR.01 E13.FR.02 whatever happens to both ends, every event arrives once, every bill is final and is what the meter counted', async () => {
  const bad: Record<number, readonly string[]> = {};
  const [triggers, commands] = [new Set<string>(), new Set<string>()];
  let [energyMWh, transactions] = [0, 0];
  for (const seed of SEEDS) {
    const life = await randomLife({ seed });
    if (life.faults.length > 0) bad[seed] = life.faults;
    for (const trigger of life.triggers) triggers.add(trigger);
    for (const command of life.commands) commands.add(command);
    energyMWh += life.energyMWh;
    transactions += life.transactions;
  }
  expect(bad).toEqual({});
  // The lives were worth living.
  expect(energyMWh).toBeGreaterThan(SEEDS.length * 100_000);
  expect(transactions).toBeGreaterThan(SEEDS.length * 2);
  expect(triggers.size).toBeGreaterThan(14);
  expect(commands.size).toBeGreaterThan(9);
}, 3_600_000);
