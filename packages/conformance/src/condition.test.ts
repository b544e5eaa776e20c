import { describe, expect, test } from 'vitest';
import { blockersOf, featuresOf, holdsFor, parseCondition } from './condition.ts';

const holds = (text: string, ...declared: readonly string[]): boolean => holdsFor(parseCondition(text), new Set(declared));

describe('a condition of Part 5', () => {
  test('an empty one always holds', () => {
    expect(holds('')).toBe(true);
  });
  test.each([
    ['C-01', ['C-01'], true],
    ['C-01', [], false],
    ['C-06.1 and C-12.2', ['C-06.1'], false],
    ['C-06.1 and C-12.2', ['C-06.1', 'C-12.2'], true],
    ['C-44 or not AQ-16', [], true],
    ['C-44 or not AQ-16', ['AQ-16'], false],
    ['C-44 or not AQ-16', ['AQ-16', 'C-44'], true],
    ['not not C-01', ['C-01'], true],
    ['not (C-01 or C-02)', ['C-02'], false],
  ] as const)('%s with %j is %s', (text, declared, is) => {
    expect(holds(text, ...declared)).toBe(is);
  });
  test('"and" binds closer than "or", brackets closer than both', () => {
    expect(holds('C-01 or C-02 and C-03', 'C-01')).toBe(true);
    expect(holds('(C-01 or C-02) and C-03', 'C-01')).toBe(false);
  });
  test.each(['C-01 and', 'and C-01', '(C-01', 'C-01)', 'C-01 C-02', 'C-01 & C-02', 'not', 'xor'])('"%s" is an error', (text) => {
    expect(() => parseCondition(text)).toThrow(SyntaxError);
  });
  test('what stands in its way is what alone would change it, or all of it', () => {
    const blockers = (text: string, ...declared: readonly string[]) => blockersOf(parseCondition(text), new Set(declared));
    expect(blockers('C-20 and not C-43 and not AQ-7', 'C-20', 'AQ-7')).toEqual(['AQ-7']);
    expect(blockers('C-01 or C-02')).toEqual(['C-01', 'C-02']);
    expect(blockers('C-01 and C-02')).toEqual(['C-01', 'C-02']);
  });
  test('names every feature it asks for', () => {
    expect(featuresOf(parseCondition('C-01 and (not C-02 or C-03)'))).toEqual(['C-01', 'C-02', 'C-03']);
  });
});
