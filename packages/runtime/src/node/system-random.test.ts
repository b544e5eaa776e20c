import { expect, test } from 'vitest';
import { systemRandom } from './system-random.ts';

test('ids never repeat, short or long, across pages of the pool', () => {
  const seen = new Set(Array.from({ length: 2_000 }, (_, n) => Buffer.from(systemRandom.bytes(n % 2 === 0 ? 16 : 24)).toString('hex')));
  expect(seen.size).toBe(2_000);
  const first = systemRandom.bytes(16);
  const before = Buffer.from(first).toString('hex');
  for (let n = 0; n < 1_000; n += 1) systemRandom.bytes(16);
  expect(Buffer.from(first).toString('hex')).toBe(before);
});

test('numbers are in [0, 1) and fill it', () => {
  const numbers = Array.from({ length: 4_000 }, () => systemRandom.next());
  expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
  expect(new Set(numbers.map((n) => Math.floor(n * 10))).size).toBe(10);
});
