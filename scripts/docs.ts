// `npm run docs` writes the pages of docs/ that are made from the sources, then builds the site; with --check it only says which are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './docs-pages.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
for (const { path, text } of pages()) {
  const file = join(root, path);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stdout.write(`${path} is stale: npm run docs\n`);
    process.exitCode = 1;
  }
}
