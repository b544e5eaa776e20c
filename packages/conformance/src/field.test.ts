import { describe, expect, test } from 'vitest';
import {
  absent,
  absentOr,
  after,
  at,
  atLeast,
  atMost,
  every,
  type Field,
  holds,
  listOf,
  matching,
  near,
  not,
  oneOf,
  present,
  saysOf,
  shown,
  some,
  textOf,
} from './field.ts';

const rows: readonly (readonly [string, Field, readonly unknown[], readonly unknown[]])[] = [
  ['a plain value', 'Accepted', ['Accepted'], ['accepted', undefined, null]],
  ['a plain number is not its text', 1, [1], ['1', true]],
  ['undefined', undefined, [undefined], [null, '']],
  ['oneOf', oneOf('A', undefined), ['A', undefined], ['B', null]],
  ['not', not('A'), ['B', undefined], ['A']],
  ['absent', absent, [undefined], [null, 0]],
  ['present', present, [0, '', null, false], [undefined]],
  ['absentOr', absentOr(false), [undefined, false], [true]],
  ['atLeast', atLeast(2), [2, 3], [1, '3', undefined]],
  ['atMost', atMost(2), [2, 1], [3, '1', undefined]],
  ['matching', matching(/^a/, 'begins with a'), ['ab'], ['ba', 1, undefined]],
  ['textOf counts characters, not code units', textOf(1, 2), ['a', '😀😀'], ['', '😀😀😀', 1]],
  ['listOf', listOf(1), [[0]], [[], [0, 1], 'x']],
  ['some', some({ a: 1 }), [[{ a: 2 }, { a: 1 }]], [[], [{ a: 2 }], undefined]],
  ['every: an empty list has not', every({ a: 1 }), [[{ a: 1 }]], [[], [{ a: 1 }, { a: 2 }]]],
  [
    'near',
    near(1_800_000_000_000, 1000),
    ['2027-01-15T08:00:00Z', '2027-01-15T08:00:01Z'],
    ['2027-01-15T08:00:01.001Z', 'x', 1, undefined],
  ],
  ['after', after(1_800_000_000_000), ['2027-01-15T08:00:00.001Z'], ['2027-01-15T08:00:00Z', 'x', undefined]],
];

describe('a rule for a field', () => {
  test.each(rows)('%s', (_name, field, good, bad) => {
    expect(good.filter((value) => !holds(field, value))).toEqual([]);
    expect(bad.filter((value) => holds(field, value))).toEqual([]);
    expect(saysOf(field)).not.toBe('');
  });
});

test('a path leads through objects and lists, and nowhere else', () => {
  const payload = { list: [{ a: { b: 1 } }], text: 'abc' };
  expect(at(payload, 'list.0.a.b')).toBe(1);
  expect(at(payload, '')).toBe(payload);
  expect(at(payload, 'list.1.a')).toBeUndefined();
  expect(at(payload, 'text.length.x')).toBeUndefined();
  expect(at(payload, 'constructor')).toBeUndefined();
  expect(at(undefined, 'a')).toBeUndefined();
});
test('what is shown is cut', () => {
  expect(shown(undefined)).toBe('nothing');
  expect(shown('a'.repeat(1000))).toHaveLength(301);
});
