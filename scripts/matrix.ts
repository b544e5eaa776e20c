// npm run matrix: which numbered requirement has a test, on which side. See docs/matrix.md.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Notes, RequirementList, Side } from './matrix-model.ts';
import { buildMatrix, coveredIds, inScope, printMatrix, strayNotes } from './matrix-report.ts';

const root = join(import.meta.dirname, '..');
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    missing: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
    'use-case': { type: 'string', multiple: true, default: [] },
    complete: { type: 'string' },
    side: { type: 'string' },
  },
});
if (flags.side !== undefined && flags.side !== 'cs' && flags.side !== 'csms') {
  process.stderr.write('--side is cs or csms\n');
  process.exit(2);
}
const sides: readonly Side[] = flags.side === undefined ? ['cs', 'csms'] : [flags.side];
const scopes = flags['use-case'].flatMap((text) => text.split(','));

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const list = read('docs/requirements.json') as RequirementList;
const notes = read('docs/requirement-notes.json') as Notes;
const recordedFile = join(root, 'docs/matrix-covered.json');
const recorded = existsSync(recordedFile) ? (read('docs/matrix-covered.json') as string[]) : [];
const files = globSync(['packages/*/{src,generate}/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .sort()
  .map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }));

const matrix = buildMatrix(list, notes, files);
const covered = coveredIds(matrix);
const missing = matrix.cells.filter(({ state, useCase, side }) => state === 'missing' && sides.includes(side) && inScope(useCase, scopes));

if (flags.update) writeFileSync(recordedFile, `${JSON.stringify(covered, null, 2)}\n`);
if (flags.json) {
  const { cells, ...rest } = matrix;
  const own = cells.filter(({ useCase, side }) => sides.includes(side) && inScope(useCase, scopes));
  process.stdout.write(`${JSON.stringify({ cells: own, ...rest }, null, 2)}\n`);
} else if (flags.missing) {
  for (const { id, side } of missing) process.stdout.write(`${id} ${side}\n`);
} else if (!flags.check) {
  process.stdout.write(printMatrix(matrix, { scopes, sides, colour: process.stdout.isTTY && !process.env['NO_COLOR'] }));
}

const faults = [
  ...matrix.unknown.map((place) => `unknown or withdrawn id in a test name: ${place}`),
  ...strayNotes(list, notes).map((key) => `docs/requirement-notes.json speaks of ${key}, which does not exist`),
];
if (flags.check && !flags.update) {
  const now = new Set(covered);
  faults.push(...recorded.filter((id) => !now.has(id)).map((id) => `${id} had a test and has none now (--update accepts that)`));
}
if (flags.complete !== undefined) {
  const wanted = flags.complete.split(',');
  const gaps = matrix.cells.filter(({ state, useCase, side }) => state === 'missing' && sides.includes(side) && inScope(useCase, wanted));
  faults.push(...gaps.map(({ id, side }) => `${id} has no test on the side ${side}`));
  faults.push(
    ...matrix.withoutSide.filter(({ useCase }) => inScope(useCase, wanted)).map(({ id }) => `${id}: whose duty it is has not been decided`),
  );
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (flags.check && faults.length === 0) process.stdout.write(`${covered.length} requirements (by side) have a test\n`);
if (faults.length > 0) process.exitCode = 1;
