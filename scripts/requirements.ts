// Writes docs/requirements.json: the ids of the requirements and test cases, no text. Needs the documents' folder in
// OCPP_DOCS (they are not in this repository); what its index leaves open is decided in scripts/requirements-sides.json.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Requirement, RequirementList, Sides, TestCaseId } from './matrix-model.ts';

const root = join(import.meta.dirname, '..');
const docs = process.env['OCPP_DOCS'] ?? '';
if (!existsSync(join(docs, 'index/requirements.csv'))) {
  process.stderr.write('OCPP_DOCS must point to the folder of the OCPP documents (with index/requirements.csv).\n');
  process.exit(2);
}

const SIDES: Record<string, Sides> = { CS: 'cs', CSMS: 'csms', both: 'both' };
const byHand = JSON.parse(readFileSync(join(root, 'scripts/requirements-sides.json'), 'utf8')) as Record<string, Sides>;

const requirements: Requirement[] = rows('index/requirements.csv').map((row) => ({
  id: row['id'] ?? '',
  useCase: row['use_case'] ?? '',
  sides: byHand[row['id'] ?? ''] ?? SIDES[row['actor'] ?? ''] ?? 'unknown',
  ...(row['keyword'] === 'withdrawn' ? { withdrawn: true } : {}),
  ...(row['added_by_errata'] ? { addedBy: row['added_by_errata'] } : {}),
  ...(row['errata'] && !row['added_by_errata'] ? { changedBy: row['errata'] } : {}),
}));
const known = new Set(requirements.map(({ id }) => id));
const unknownByHand = Object.keys(byHand).filter((id) => !known.has(id));
if (unknownByHand.length > 0) throw new Error(`requirements-sides.json names unknown ids: ${unknownByHand.join(', ')}`);

const testCases: TestCaseId[] = rows('index/test-cases.csv').map((row) => ({
  id: row['id'] ?? '',
  ...(row['mandatory_or_conditional'] === 'withdrawn' || row['condition'] === 'withdrawn' ? { withdrawn: true } : {}),
}));

const list: RequirementList = {
  requirements,
  testCases,
  only21: [...idsOf('ocpp-2.1')].filter((id) => !known.has(id)).sort(),
};
const lines = (entries: readonly unknown[]): string => entries.map((entry) => `    ${spaced(entry)}`).join(',\n');
writeFileSync(
  join(root, 'docs/requirements.json'),
  `{\n  "requirements": [\n${lines(list.requirements)}\n  ],\n  "testCases": [\n${lines(list.testCases)}\n  ],\n  "only21": [\n${list.only21
    .map((id) => `    ${JSON.stringify(id)}`)
    .join(',\n')}\n  ]\n}\n`,
);
const open = requirements.filter(({ sides }) => sides === 'unknown').length;
process.stdout.write(
  `${requirements.length} requirements (${open} without a side), ${testCases.length} test cases, ${list.only21.length} of 2.1\n`,
);

/** One line as the formatter writes it. */
function spaced(entry: unknown): string {
  return JSON.stringify(entry, null, 1).replaceAll(/\n\s*/g, ' ');
}

/** Ids that the documents of 2.1 name; they are accepted in test names and not counted yet. */
function idsOf(folder: string): Set<string> {
  const files = readdirSync(join(docs, folder)).filter((file) => file.startsWith('part2') && file.endsWith('.md'));
  return new Set(files.flatMap((file) => readFileSync(join(docs, folder, file), 'utf8').match(/\b[A-S]\d\d\.FR\.\d{2,3}\b/g) ?? []));
}

function rows(file: string): Record<string, string>[] {
  const cells: string[][] = [[]];
  for (const [, quoted, plain = '', end] of readFileSync(join(docs, file), 'utf8').matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g,
  )) {
    cells.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',') cells.push([]);
  }
  const [head = [], ...body] = cells;
  return body.filter((row) => row.length === head.length).map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ''])));
}
