import { expect, test } from 'vitest';
import { daysLeft, urgencyOf } from './days-left.ts';

test.each([
  ['2026-01-01T00:00:00Z', -1, 'over'],
  ['2026-01-02T12:00:00Z', 0, 'soon'],
  ['2026-01-08T12:00:00Z', 6, 'soon'],
  ['2026-01-20T12:00:00Z', 18, 'later'],
  ['2026-02-20T12:00:00Z', 49, 'fine'],
] as const)('%s', (notAfter, days, urgency) => {
  const left = daysLeft(notAfter, Date.parse('2026-01-02T00:00:00Z'));
  expect([left, urgencyOf(left)]).toEqual([days, urgency]);
});
