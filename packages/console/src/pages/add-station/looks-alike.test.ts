import { expect, test } from 'vitest';
import { looksAlike } from './looks-alike.ts';

test.each([
  ['LG-MKT-004', 'LG-MKT-004', true],
  ['LG-MKT-004', 'LG-MKT-4', true],
  ['LG-MKT-004', 'lg_mkt_004', true],
  ['LG-MKT-004', 'LG-MKT-005', true],
  ['LG-MKT-004', 'LG-MKTT-004', true],
  ['LG-MKT-004', 'HH-ALT-004', false],
  ['A1', 'A2', false],
])('%s and %s: %s', (id, other, alike) => {
  expect(looksAlike(id, other)).toBe(alike);
});
