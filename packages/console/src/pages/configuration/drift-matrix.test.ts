import { expect, test } from 'vitest';
import { columnsOf, countsOf, type DriftRow, mayBeFixed, type Wanted } from './drift-matrix.ts';

const wanted = (name: string, evse?: number): Wanted => ({
  component: { name: 'C', ...(evse === undefined ? {} : { evse: { id: evse } }) },
  variable: { name },
  attributeValue: '1',
});
const row = (stationId: string, ...variables: DriftRow['variables']): DriftRow => ({
  stationId,
  site: 1,
  model: null,
  connected: true,
  readAt: null,
  same: 0,
  variables,
});
const ROWS = [
  row('A', { index: 1, value: '2', state: 'differs' }, { index: 2, value: null, state: 'unknown' }),
  row('B', { index: 2, value: '3', state: 'refused' }),
  row('C', { index: 0, value: '3', state: 'afterReboot' }),
];

test('columns are variables in which somebody differs, most first', () => {
  const all = [wanted('a'), wanted('b'), wanted('c', 1), wanted('same')];
  expect(columnsOf(all, ROWS, '').map(({ name, component, stations }) => [component, name, stations])).toEqual([
    ['C 1', 'c', 2],
    ['C', 'a', 1],
    ['C', 'b', 1],
  ]);
  expect(columnsOf(all, ROWS, 'c 1').map(({ index }) => index)).toEqual([2]);
});

test('what waits for a reboot or was never told is not fixed by writing', () => {
  expect(ROWS.map(mayBeFixed)).toEqual([true, true, false]);
  expect(countsOf(ROWS)).toEqual({ differs: 1, refused: 1, afterReboot: 1, unknown: 1 });
});
