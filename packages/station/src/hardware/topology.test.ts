import { BusbarError } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { demoTopologies, parseTopology } from './topology.ts';

test('the three demo topologies parse', () => {
  expect(parseTopology(demoTopologies.acSinglePhase).layout.evses[0]).toMatchObject({ phases: 1, maxPowerW: 7400, hasStartButton: true });
  expect(parseTopology(demoTopologies.acThreePhase).layout.evses).toHaveLength(2);
  expect(parseTopology(demoTopologies.dc150).layout.evses[0]).toMatchObject({
    kind: 'DC',
    maxPowerW: 150_000,
    connectors: [{ id: 1, fixedCable: true, hasLock: false }],
  });
});

test.each([
  [{ evses: [] }, 'station.evses'],
  [{ evses: [{ power: '22 horses', connectors: [{ type: 'sType2' }] }] }, 'evses[0].power'],
  [{ evses: [{ power: 1, connectors: [{ type: 'sType2', lokc: true }] }] }, 'connectors[0].lokc'],
  [{ evses: [{ power: 1, connectors: [{ type: 'sType2' }], measurands: ['Warmth'] }] }, 'evses[0].measurands'],
  ['a station', 'station'],
])('a mistake is named with its place: %j', (topology, place) => {
  expect(() => parseTopology(topology)).toThrow(BusbarError);
  expect(() => parseTopology(topology)).toThrow(place);
});
