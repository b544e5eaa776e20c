import { expect, test } from 'vitest';
import { fromLocal, isRfc3339, toLocal } from './date-time.ts';

test.each([
  ['2030-01-01T00:00:00Z', true],
  ['2030-01-01T00:00:00.123+01:00', true],
  ['2030-01-01T00:00:00', false],
  ['2030-13-01T00:00:00Z', false],
  ['tomorrow', false],
])('%s', (text, is) => {
  expect(isRfc3339(text)).toBe(is);
});

test('there and back is the same moment, in whatever zone this runs', () => {
  const local = toLocal('2030-06-01T10:20:30+02:00') ?? '';
  expect(local).toMatch(/^2030-0[56]-\d\dT\d\d:\d0:30$/);
  expect(fromLocal(local)).toBe('2030-06-01T08:20:30Z');
});

test('what is not complete is nothing', () => {
  expect(fromLocal('')).toBeUndefined();
  expect(toLocal('soon')).toBeUndefined();
});
