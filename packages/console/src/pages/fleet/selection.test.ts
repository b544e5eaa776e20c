import { expect, test } from 'vitest';
import { allOf, chosenOf, NOBODY, ranged, toggled } from './selection.ts';

const ORDER = ['a', 'b', 'c', 'd'];
const idsOf = ({ ids }: { ids: ReadonlySet<string> }) => [...ids].sort();

test('x selects and takes back', () => {
  const one = toggled(NOBODY, 'b');
  expect(idsOf(one)).toEqual(['b']);
  expect(idsOf(toggled(one, 'b'))).toEqual([]);
});

test('Shift x selects from the last one to this one, in either direction, and keeps what was', () => {
  expect(idsOf(ranged(toggled(NOBODY, 'b'), 'd', ORDER))).toEqual(['b', 'c', 'd']);
  expect(idsOf(ranged(toggled(toggled(NOBODY, 'd'), 'c'), 'a', ORDER))).toEqual(['a', 'b', 'c', 'd']);
  expect(idsOf(ranged(NOBODY, 'c', ORDER))).toEqual(['c']);
  expect(idsOf(ranged(toggled(NOBODY, 'gone'), 'c', ORDER))).toEqual(['c', 'gone']);
});

test('those that left the list are not meant', () => {
  expect(chosenOf(toggled(allOf(['c', 'a']), 'gone'), ORDER)).toEqual(['a', 'c']);
});
