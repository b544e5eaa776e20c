import { describe, expect, test } from 'vitest';
import type { Role } from './case.ts';
import { CSMS_CASES } from './cases/csms.ts';
import { CASES } from './cases/index.ts';
import { STATION_CASES } from './cases/station.ts';
import { CATALOGUE, type Profile } from './catalogue.ts';
import { featuresOf, parseCondition } from './condition.ts';
import { FEATURES } from './features.ts';

const count = (role: Role, profile: Profile, mark: 'M' | 'C'): number =>
  CATALOGUE.filter((entry) => entry.role === role && entry.profile === profile && entry.mark === mark).length;

describe('the catalogue is that of Part 5', () => {
  test.each([
    ['station', 'core', 104, 119],
    ['station', 'advanced-security', 5, 2],
    ['csms', 'core', 105, 27],
    ['csms', 'advanced-security', 4, 0],
  ] as const)('%s, %s: %i mandatory, %i conditional', (role, profile, mandatory, conditional) => {
    expect([count(role, profile, 'M'), count(role, profile, 'C')]).toEqual([mandatory, conditional]);
  });
  test('230 for a station, 136 for a CSMS', () => {
    const of = (role: Role): number => CATALOGUE.filter((entry) => entry.role === role).length;
    expect([of('station'), of('csms')]).toEqual([230, 136]);
  });
  test('a mandatory case has no condition, a conditional one has', () => {
    expect(CATALOGUE.filter(({ mark, condition }) => (mark === 'M') !== (condition === ''))).toEqual([]);
  });
  test('every condition can be read and asks only for features of its role', () => {
    const strange = CATALOGUE.flatMap(({ id, role, condition }) =>
      featuresOf(parseCondition(condition))
        .filter((feature) => !FEATURES.some((known) => known.id === feature && known.roles.includes(role)))
        .map((feature) => `${id} asks for ${feature}`),
    );
    expect(strange).toEqual([]);
  });
  test('no feature stands twice', () => {
    expect(new Set(FEATURES.map(({ id }) => id)).size).toBe(FEATURES.length);
  });
  test('every case of the catalogue is written, for the right role', () => {
    expect(CATALOGUE.filter(({ id, role }) => CASES.get(id)?.role !== role).map(({ id }) => id)).toEqual([]);
  });
  test('every case that is written stands in the catalogue, once', () => {
    const known = new Set(CATALOGUE.map(({ id }) => id));
    const written = [...CSMS_CASES, ...STATION_CASES].map(({ id }) => id);
    expect(written.filter((id) => !known.has(id))).toEqual([]);
    expect(new Set(written).size).toBe(written.length);
  });
});
