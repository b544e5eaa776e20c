import { expect, test } from 'vitest';
import { presetsOf, withPreset } from './preset-list.ts';

const preset = (name: string) => ({ name, version: 'ocpp2.0.1', action: 'Reset', payload: { type: 'OnIdle' } });

test('what is no preset is left out', () => {
  expect(presetsOf({ presets: [preset('a'), { name: 7 }, null, { ...preset('b'), payload: [] }] })).toEqual([preset('a')]);
  expect(presetsOf(undefined)).toEqual([]);
  expect(presetsOf({ presets: 'x' })).toEqual([]);
});

test('a name is used once, and the list has an end', () => {
  expect(withPreset([preset('a'), preset('b')], { ...preset('a'), action: 'X' }).map(({ name, action }) => [name, action])).toEqual([
    ['b', 'Reset'],
    ['a', 'X'],
  ]);
  const many = Array.from({ length: 60 }, (_, at) => preset(String(at)));
  expect(withPreset(many, preset('new'))).toHaveLength(50);
});
