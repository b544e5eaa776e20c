import { type Note, type Notes, type Requirement, type RequirementList, type Side, sidesOf } from './matrix-model.ts';
import { idsIn, sidesOfFile, testNames } from './matrix-scan.ts';

export interface TestFile {
  readonly file: string;
  readonly source: string;
}

export interface Cell {
  readonly id: string;
  readonly useCase: string;
  readonly side: Side;
  readonly state: 'tested' | 'notApplicable' | 'later' | 'missing';
  readonly tests: readonly string[];
  readonly note?: Note;
}

export interface Matrix {
  readonly cells: readonly Cell[];
  /** Ids in test names that no list knows, or that the errata withdrew. */
  readonly unknown: readonly string[];
  readonly withoutSide: readonly Requirement[];
  readonly testCases: { readonly total: number; readonly tested: readonly string[] };
}

export function buildMatrix(list: RequirementList, notes: Notes, files: readonly TestFile[]): Matrix {
  const live = list.requirements.filter(({ withdrawn }) => !withdrawn);
  const cases = list.testCases.filter(({ withdrawn }) => !withdrawn);
  const known = new Set([...live.map(({ id }) => id), ...cases.map(({ id }) => id), ...list.only21]);
  const tests = new Map<string, string[]>();
  const unknown: string[] = [];
  const testedCases = new Set<string>();
  for (const { file, source } of files) {
    for (const { name, line } of testNames(source)) {
      for (const id of idsIn(name)) {
        if (!known.has(id)) unknown.push(`${file}:${line} ${id}`);
        if (id.startsWith('TC_')) testedCases.add(id);
        for (const side of sidesOfFile(file)) append(tests, `${id} ${side}`, `${file}:${line}`);
      }
    }
  }
  const cells = live.flatMap((requirement) => sidesOf(requirement.sides).map((side) => cellOf(requirement, side, tests, notes)));
  return {
    cells,
    unknown,
    withoutSide: live.filter(({ sides }) => sides === 'unknown'),
    testCases: { total: cases.length, tested: [...testedCases].sort() },
  };
}

function cellOf({ id, useCase }: Requirement, side: Side, tests: ReadonlyMap<string, string[]>, notes: Notes): Cell {
  const found = tests.get(`${id} ${side}`) ?? [];
  const note = [notes[id], notes[useCase]].flatMap((entry) => entry ?? []).find((entry) => entry.side === undefined || entry.side === side);
  const state = found.length > 0 ? 'tested' : note === undefined ? 'missing' : 'later' in note ? 'later' : 'notApplicable';
  return { id, useCase, side, state, tests: found, ...(note ? { note } : {}) };
}

/** Keys of a notes file that no requirement or use case answers to. */
export function strayNotes(list: RequirementList, notes: Notes): string[] {
  const known = new Set(list.requirements.filter(({ withdrawn }) => !withdrawn).flatMap(({ id, useCase }) => [id, useCase]));
  return Object.keys(notes).filter((key) => !known.has(key));
}

export const coveredIds = (matrix: Matrix): string[] =>
  matrix.cells
    .filter(({ state }) => state === 'tested')
    .map(({ id, side }) => `${id} ${side}`)
    .sort();

/** A scope is a block folder (`e-transactions`), a letter or a use case. */
export const inScope = (useCase: string, scopes: readonly string[]): boolean =>
  scopes.length === 0 ||
  scopes.some((scope) => (/^[a-z](?:-|$)/i.test(scope) ? useCase.startsWith((scope[0] ?? '').toUpperCase()) : useCase === scope));

const PAINT = { tested: 32, notApplicable: 90, later: 36, missing: 31 } as const;

export function printMatrix(matrix: Matrix, options: { scopes: readonly string[]; sides: readonly Side[]; colour: boolean }): string {
  const paint = (state: keyof typeof PAINT, text: string): string => (options.colour ? `\u001b[${PAINT[state]}m${text}\u001b[0m` : text);
  const cells = matrix.cells.filter(({ useCase, side }) => inScope(useCase, options.scopes) && options.sides.includes(side));
  const lines = ['Use case   total  tested     n/a   later  missing'];
  for (const [useCase, own] of Map.groupBy(cells, (cell) => cell.useCase)) {
    const of = (state: Cell['state']): Cell[] => own.filter((cell) => cell.state === state);
    const counts = [own.length, of('tested').length, of('notApplicable').length, of('later').length];
    const missing = of('missing');
    const list = missing.map(({ id, side }) => `${id.slice(useCase.length + 4)}${side === 'cs' ? '' : 'c'}`).join(' ');
    const state = missing.length > 0 ? 'missing' : 'tested';
    lines.push(
      `${useCase.padEnd(9)}${counts.map((n) => String(n).padStart(7)).join(' ')}${paint(state, String(missing.length).padStart(9))}  ${list}`,
    );
  }
  const count = (state: Cell['state']): number => cells.filter((cell) => cell.state === state).length;
  const open = matrix.withoutSide.filter(({ useCase }) => inScope(useCase, options.scopes)).length;
  lines.push(
    '',
    `${cells.length} requirements by side: ${paint('tested', `${count('tested')} tested`)}, ${count('notApplicable')} not applicable, ${count('later')} later, ${paint('missing', `${count('missing')} missing`)}` +
      ` (numbers with a c: on the CSMS side)${open > 0 ? `; ${open} more have no side yet` : ''}`,
    `Official test cases named in tests: ${matrix.testCases.tested.length} of ${matrix.testCases.total}`,
  );
  return `${lines.join('\n')}\n`;
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
