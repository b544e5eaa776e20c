import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';
import { readCsv } from './csv-read.ts';

test('reads what csvLine writes', () => {
  const cells = ['a,b', 'say "so"', 'two\nlines', '', 'plain'];
  expect(readCsv(csvLine(cells) + csvLine(['x', 'y']))).toEqual([
    { line: 1, cells },
    { line: 3, cells: ['x', 'y'] },
  ]);
});
test('a byte order mark, semicolons and a missing last line break are no obstacle', () => {
  expect(readCsv('\uFEFFtype;idToken\n\nISO14443;04AB')).toEqual([
    { line: 1, cells: ['type', 'idToken'] },
    { line: 3, cells: ['ISO14443', '04AB'] },
  ]);
});
