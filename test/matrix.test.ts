import { describe, expect, test } from 'vitest';
import type { Notes, RequirementList } from '../scripts/matrix-model.ts';
import { buildMatrix, coveredIds, inScope, printMatrix, strayNotes } from '../scripts/matrix-report.ts';
import { idsIn, sidesOfFile, testNames } from '../scripts/matrix-scan.ts';

const names = (source: string): string[] => testNames(source).map(({ name }) => name);

describe('names of tests in a source', () => {
  test('of test, it and describe, in any quotes', () => {
    expect(names(`test('one', f); it("two", f); describe(\`three\`, () => { test('four', f) })`)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('also behind .each, .skipIf, .only and a table', () => {
    expect(names(`test.each([[1, 'a)'], [2, "b("]])('each %s', f)`)).toEqual(['each %s']);
    expect(names(`test.skipIf(docs === '' || x(1))('if', f); describe.only(\n  'only', f)`)).toEqual(['if', 'only']);
    expect(names('test.each`\na | b\n${1} | ${2}\n`("table $a", f)')).toEqual(['table $a']);
    expect(names(`test.skipIf(a).each(['ocpp2.1'] as const)('both %s', f)`)).toEqual(['both %s']);
  });

  test('with a placeholder bring the ids of their table', () => {
    expect(names(`test.each([['B05.FR.04', 1], ['B05.FR.05', 2]])('%s answers', f)`)).toEqual(['%s answers', 'B05.FR.04', 'B05.FR.05']);
    expect(names(`test.each([['B05.FR.04', 1]])('no placeholder', f)`)).toEqual(['no placeholder']);
  });

  test('not of skipped ones, comments, texts, other words', () => {
    expect(
      names(`test.skip('a', f); it.todo('b'); // test('c', f)\n/* it('d') */ const s = "test('e')"; x.test('f'); attest('g')`),
    ).toEqual([]);
    expect(names(`if (/it('x'/.test(s)) describe('y', f)`)).toEqual(['y']);
    expect(names(`const t = \`test('B01.FR.99')\`; test('z', () => a / b / c)`)).toEqual(['z']);
  });

  test('know their line, and a quote inside a name does not end it', () => {
    expect(testNames(`\n\ntest('it\\'s', f)`)).toEqual([{ name: String.raw`it\'s`, line: 3 }]);
  });
});

test('ids are written out; parts of longer words are none', () => {
  expect(idsIn('E05.FR.02 and E05.FR.02, GEN.FR.04, TC_E_03_CSMS, TC_E_03_CS')).toEqual([
    'E05.FR.02',
    'GEN.FR.04',
    'TC_E_03_CSMS',
    'TC_E_03_CS',
  ]);
  expect(idsIn('XE05.FR.02 E5.FR.02 TC_E_3_CS E05.FR.2')).toEqual([]);
});

test('the place of a test says which side it proves', () => {
  expect(sidesOfFile('packages/station/src/blocks/x.test.ts')).toEqual(['cs']);
  expect(sidesOfFile('packages/csms/src/blocks/x.test.ts')).toEqual(['csms']);
  expect(sidesOfFile('packages/sim/src/duet/x.test.ts')).toEqual(['cs', 'csms']);
  expect(sidesOfFile('packages/protocol/src/x.test.ts')).toEqual(['cs', 'csms']);
  expect(sidesOfFile('packages/conformance/src/x.test.ts')).toEqual([]);
});

const list: RequirementList = {
  requirements: [
    { id: 'B01.FR.01', useCase: 'B01', sides: 'cs' },
    { id: 'B01.FR.02', useCase: 'B01', sides: 'both' },
    { id: 'B01.FR.03', useCase: 'B01', sides: 'cs', withdrawn: true },
    { id: 'B01.FR.04', useCase: 'B01', sides: 'unknown' },
    { id: 'H01.FR.01', useCase: 'H01', sides: 'cs' },
  ],
  testCases: [{ id: 'TC_B_01_CS' }, { id: 'TC_B_02_CS', withdrawn: true }],
  only21: ['S01.FR.01'],
};
const notes: Notes = {
  H01: { later: 'h-reservation', why: 'needs reservations' },
  'B01.FR.02': { side: 'csms', notApplicable: 'a reason' },
};
const states = (source: string, file = 'packages/station/src/a.test.ts') =>
  Object.fromEntries(buildMatrix(list, notes, [{ file, source }]).cells.map(({ id, side, state }) => [`${id} ${side}`, state]));

describe('the matrix', () => {
  test('counts a test for the side it lies on, then notes, then it is missing', () => {
    expect(states(`test('B01.FR.02 does', f)`)).toEqual({
      'B01.FR.01 cs': 'missing',
      'B01.FR.02 cs': 'tested',
      'B01.FR.02 csms': 'notApplicable',
      'H01.FR.01 cs': 'later',
    });
    expect(states(`test('B01.FR.01 B01.FR.02 do', f)`, 'packages/csms/src/a.test.ts')).toMatchObject({
      'B01.FR.01 cs': 'missing',
      'B01.FR.02 csms': 'tested',
    });
  });

  test('names unknown and withdrawn ids with their place; those of 2.1 are known', () => {
    const { unknown, testCases } = buildMatrix(list, {}, [
      { file: 'test/a.test.ts', source: `test('B01.FR.77', f)\ntest('B01.FR.03 TC_B_02_CS', f)\ntest('S01.FR.01 TC_B_01_CS', f)` },
    ]);
    expect(unknown).toEqual(['test/a.test.ts:1 B01.FR.77', 'test/a.test.ts:2 B01.FR.03', 'test/a.test.ts:2 TC_B_02_CS']);
    expect(testCases).toEqual({ total: 1, tested: ['TC_B_01_CS', 'TC_B_02_CS'] });
  });

  test('records what is covered by side', () => {
    const matrix = buildMatrix(list, {}, [{ file: 'test/a.test.ts', source: `test('B01.FR.02 and B01.FR.01', f)` }]);
    expect(coveredIds(matrix)).toEqual(['B01.FR.01 cs', 'B01.FR.02 cs', 'B01.FR.02 csms']);
  });

  test('finds notes that speak of nothing', () => {
    expect(strayNotes(list, { ...notes, 'B01.FR.99': { notApplicable: 'x' } })).toEqual(['B01.FR.99']);
  });

  test('is limited by folder, letter or use case', () => {
    expect(['B01', 'E01', 'E15'].filter((useCase) => inScope(useCase, ['e-transactions']))).toEqual(['E01', 'E15']);
    expect(['B01', 'E01', 'E15'].filter((useCase) => inScope(useCase, ['B01', 'E15']))).toEqual(['B01', 'E15']);
    expect(inScope('B01', [])).toBe(true);
  });

  test('prints a line per use case with what is missing and on which side', () => {
    const text = printMatrix(buildMatrix(list, {}, []), { scopes: ['B01'], sides: ['cs', 'csms'], colour: false });
    expect(text).toContain('B01            3       0       0       0        3  01 02 02c\n');
    expect(text).not.toContain('H01');
    expect(text).toContain('1 more have no side yet');
    expect(printMatrix(buildMatrix(list, {}, []), { scopes: [], sides: ['csms'], colour: true })).toContain('\u001b[31m');
  });
});
