import { describe, expect, test } from 'vitest';
import { declaredFrom, everythingBut, FEATURES } from './features.ts';

describe('a declaration', () => {
  test('holds what is true', () => {
    expect(declaredFrom({ 'C-01': true, 'C-02': false }, 'station')).toEqual(new Set(['C-01']));
  });
  test('an unknown id is an error', () => {
    expect(() => declaredFrom({ 'C-1': true }, 'station')).toThrow('"C-1" is no feature of a station');
  });
  test('a feature of the other role is an error', () => {
    expect(() => declaredFrom({ 'C-11': true }, 'station')).toThrow('no feature of a station');
  });
  test.each(['yes', 1, null, undefined])('%j is neither true nor false', (value) => {
    expect(() => declaredFrom({ 'C-01': value }, 'station')).toThrow('true or false');
  });
  test('without a file everything counts but what is known to be missing', () => {
    const declared = everythingBut('csms', ['C-13']);
    expect(declared.has('C-13')).toBe(false);
    expect(declared.size).toBe(FEATURES.filter(({ roles }) => roles.includes('csms')).length - 1);
  });
});
