import { expect, test } from 'vitest';
import { table } from './table.ts';

const row = ['CS-1', 'a'.repeat(60), '81defded-cfe3-4462-9627-f3643e520a86', 'b'.repeat(60)];

test('a table fits its terminal: the widest columns give way, what one copies stays whole', () => {
  const lines = table(['station', 'one', 'transaction', 'other'], [row], { columns: 100, keep: [2] })
    .trimEnd()
    .split('\n');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  expect(lines[1]).toContain('81defded-cfe3-4462-9627-f3643e520a86');
  expect(lines[1]).toMatch(/a+… .* b+…$/);
});
test('without a terminal every letter is there, and control characters are not', () => {
  expect(table(['station', 'one', 'transaction', 'other'], [row])).toContain('b'.repeat(60));
  expect(table(['a'], [['x\u001b[31m']])).toBe('a\nx?[31m\n');
});
