import { expect, test } from 'vitest';
import { sameValue } from './same-value.ts';

test.each([
  ['10', '10', undefined, true],
  ['10', '10.0', undefined, false],
  ['10', '10.0', 'decimal', true],
  ['', '0', 'integer', false],
  ['true', 'True', 'boolean', true],
  ['a,b', 'b, a', 'MemberList', true],
  ['a,b', 'b,a', 'SequenceList', false],
  ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', 'dateTime', true],
  ['x', 'y', 'dateTime', false],
])('%s and %s as %s', (a, b, dataType, same) => {
  expect(sameValue(a, b, dataType)).toBe(same);
});
