import { expect, test } from 'vitest';
import { figures, groups, type Item, nameOf, shares } from './bulk-progress.ts';

const counts = { waiting: 0, underWay: 0, done: 0, refused: 0, failed: 0, unknown: 0, stopped: 0 };
const item = (stationId: string, state: string, over: Partial<Item> = {}): Item => ({
  stationId,
  state,
  commandId: null,
  reason: null,
  clause: null,
  response: null,
  startedAt: null,
  ms: 12,
  ...over,
});

test('the bar: done, what went wrong, and the rest', () => {
  expect(shares({ total: 10, counts: { ...counts, done: 4, refused: 1, unknown: 1, waiting: 4 } })).toEqual({ done: 0.4, bad: 0.2 });
  expect(shares({ total: 0, counts })).toEqual({ done: 0, bad: 0 });
  expect(figures({ counts: { ...counts, done: 4, waiting: 2 } })).toEqual([
    ['done', 4],
    ['waiting', 2],
  ]);
});

test('the same end for the same reason is one line, refused first', () => {
  const items = [
    item('D', 'done'),
    item('A', 'refused', { reason: 'Rejected: ReadOnly', clause: 'B05.FR.09' }),
    item('B', 'refused', { reason: 'Rejected: ReadOnly', clause: 'B05.FR.09' }),
    item('C', 'refused', { reason: 'other' }),
  ];
  expect(groups(items, { counts: { ...counts, refused: 3, done: 400 } })).toMatchObject([
    { state: 'refused', clause: 'B05.FR.09', stations: ['A', 'B'], more: 0, ms: null },
    { state: 'refused', reason: 'other', stations: ['C'], more: 0, ms: 12 },
    { state: 'done', stations: ['D'], more: 397, ms: null },
  ]);
});

test.each([
  [{ kind: 'call', action: 'GetVariables' }, 'GetVariables'],
  [{ kind: 'reset', type: 'OnIdle' }, 'Reset OnIdle'],
  [
    { kind: 'setVariables', variables: [{ component: { name: 'C' }, variable: { name: 'V' }, attributeValue: '600' }, {}] },
    'SetVariables C.V = 600',
  ],
  [undefined, ''],
])('%j is called %s', (action, name) => {
  expect(nameOf(action)).toBe(name);
});
