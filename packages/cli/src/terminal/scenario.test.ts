import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Scope, silentLog } from '@busbar/runtime';
import { VirtualClock } from '@busbar/runtime/virtual';
import { expect, test } from 'vitest';
import type { HandAction, StationHands, StationStatus } from './hands.ts';
import { parseScenario, runScenario } from './scenario.ts';

const STATUS: StationStatus = {
  id: 'CS-1',
  powered: true,
  evses: [
    { id: 1, state: 'Available' },
    { id: 2, state: 'Available' },
  ],
  queue: 0,
  faults: [],
};

test('lines, mappings and pauses are read', () => {
  const yaml = `
- plug 1 after 1s
- {do: swipe 1 AABBCCDD, after: 2m}
- after 30s
- after: 5
- link down
- quit`;
  expect(parseScenario(yaml, STATUS).map(({ afterMs, action }) => [afterMs, typeof action === 'string' ? action : action.verb])).toEqual([
    [1_000, 'plug'],
    [120_000, 'presentToken'],
    [30_000, 'nothing'],
    [5_000, 'nothing'],
    [0, 'link'],
    [0, 'quit'],
  ]);
});

test.each([
  ['plug: 1', 'a scenario is a list'],
  ['- [', 'the scenario is not YAML'],
  ['- plug 3', 'scenario, step 1: there is no EVSE 3'],
  ['- plug 1\n- plgu 1', 'scenario, step 2: plgu is no command, plug perhaps'],
  ['- plug 1 after soon', 'step 1: after soon'],
  ['- 7', 'step 1: 7 is neither'],
  ['- {do: plug 1, when: 5s}', 'step 1: {"do":"plug 1","when":"5s"} is neither'],
  ['- {do: plug 1, after: [5]}', 'is neither'],
  ['- status', 'step 1: "status" does nothing'],
  ['- ""', 'does nothing'],
])('%j is refused before anything is done', (yaml, message) => {
  expect(() => parseScenario(yaml, STATUS)).toThrow(message);
});

test('the scenario of examples/ is one', () => {
  const yaml = readFileSync(join(import.meta.dirname, '../../../../examples/scenarios/one-session.yaml'), 'utf8');
  expect(parseScenario(yaml, STATUS).at(-1)?.action).toBe('quit');
});

/** Hands that write down what they did, and when. */
function run(yaml: string, refuse?: string) {
  const clock = new VirtualClock();
  const done: [number, HandAction['verb']][] = [];
  const from = clock.monotonic();
  const hands: StationHands = {
    status: () => STATUS,
    tokens: () => [],
    act: async ({ verb }) => {
      done.push([clock.monotonic() - from, verb]);
      return verb === refuse ? { done: false, code: 'locked', reason: 'the cable is locked' } : { done: true };
    },
  };
  const accepted = Promise.withResolvers<void>();
  const scope = new Scope(clock, silentLog, 'scenario');
  const running = runScenario(parseScenario(yaml, STATUS), { hands, scope, print: () => undefined, accepted: accepted.promise });
  return { clock, done, accepted, running };
}

test('steps follow each other once the station is accepted', async () => {
  const { clock, done, accepted, running } = run('[plug 1 after 1s, swipe 1 A after 2s, after 1s, unplug 1]');
  await clock.advance(60_000);
  expect(done).toEqual([]);
  accepted.resolve();
  await clock.advance(10_000);
  expect(done).toEqual([
    [61_000, 'plug'],
    [63_000, 'presentToken'],
    [64_000, 'unplug'],
  ]);
  expect(await running).toBe('over');
});

test('what cannot be done ends it, and quit ends it early', async () => {
  const failing = run('[plug 1, unplug 1, plug 2]', 'unplug');
  failing.accepted.resolve();
  await expect(failing.running).rejects.toThrow('scenario, step 2, unplug 1: the cable is locked (locked)');
  expect(failing.done).toHaveLength(2);
  const leaving = run('[quit, plug 1]');
  leaving.accepted.resolve();
  expect(await leaving.running).toBe('quit');
  expect(leaving.done).toEqual([]);
});
