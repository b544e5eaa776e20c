import { expect, test } from 'vitest';
import { Tally } from './tally.ts';

test('known words stand from the start, strange ones are one word together', () => {
  const tally = new Tally(['a', 'b']);
  expect(tally.entries()).toEqual([
    ['a', 0],
    ['b', 0],
  ]);
  for (const word of ['a', 'x', 'y', '__proto__', 'a']) tally.add(word);
  expect(tally.entries()).toEqual([
    ['a', 2],
    ['b', 0],
    ['other', 3],
  ]);
});
