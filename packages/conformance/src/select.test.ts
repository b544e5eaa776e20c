import { expect, test } from 'vitest';
import { csmsCase } from './case.ts';
import { CASES } from './cases/index.ts';
import { fakeOutside } from './fake-outside.ts';
import { everythingBut } from './features.ts';
import { runCase } from './run-case.ts';
import { select } from './select.ts';
import { SETTINGS } from './settings.ts';

const all = everythingBut('csms', []);

test('a profile selects its own cases', () => {
  const ids = select({ role: 'csms', profiles: ['advanced-security'], declared: all }, CASES).map(({ entry }) => entry.id);
  expect(ids).toEqual(['TC_A_07_CSMS', 'TC_A_08_CSMS', 'TC_A_11_CSMS', 'TC_A_14_CSMS']);
});
test('a case whose condition does not hold says which feature is missing, and keeps its title', () => {
  const [one] = select({ role: 'csms', profiles: ['core'], declared: new Set(), ids: ['TC_B_02_CSMS'] }, CASES);
  expect(one).toMatchObject({
    title: CASES.get('TC_B_02_CSMS')?.title,
    notApplicable: 'C-44: C-44 not declared (Can the CSMS answer a boot Pending first?)',
  });
});
test('the reason names what was declared too', () => {
  const [one] = select({ role: 'csms', profiles: ['core'], declared: new Set(['AQ-16']), ids: ['TC_B_30_CSMS'] }, CASES);
  expect(one && 'notApplicable' in one ? one.notApplicable : '').toMatch(
    /^C-44 or not AQ-16: C-44 not declared \(.*\); AQ-16 declared \(.*\)$/,
  );
});
test('a case of the catalogue that is not written is inconclusive, never green', async () => {
  const [one] = select({ role: 'csms', profiles: ['core'], declared: all, ids: ['TC_A_01_CSMS'] }, new Map());
  expect(one && 'run' in one).toBe(true);
  const run = one && 'run' in one ? one.run : csmsCase('', '', async () => {});
  const { verdict, reason } = await runCase(run, fakeOutside().outside, { settings: SETTINGS });
  expect([verdict, reason]).toEqual(['inconclusive', 'the kit has no such case']);
});
