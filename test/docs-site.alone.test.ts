import { execFile } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const root = join(import.meta.dirname, '..');
const site = join(root, 'docs/site');
const required = process.env['BUSBAR_REQUIRE']?.split(',').includes('docs-site') === true;
const possible = required || existsSync(join(site, 'node_modules'));
if (!possible) process.stderr.write('The documentation site is not built here: npm run docs:site installs what it needs.\n');

const pages = globSync('docs/*.md', { cwd: root }).map((file) => basename(file, '.md'));

test('the navigation of the site names every page of docs/', () => {
  const config = readFileSync(join(site, '.vitepress/config.mts'), 'utf8');
  expect(pages.length).toBeGreaterThan(15);
  expect(pages.filter((page) => page !== 'index' && !config.includes(`link: '/${page}'`))).toEqual([]);
});

test('its lock file names every platform and no registry address', () => {
  const { packages } = JSON.parse(readFileSync(join(site, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
  };
  const entries = Object.entries(packages);
  expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  const missing = entries.flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !packages[`${at}/node_modules/${name}`] && !packages[`node_modules/${name}`]),
  );
  expect(missing).toEqual([]);
});

describe.skipIf(!possible)('npm run docs:site', () => {
  const built = (file: string): string => readFileSync(join(site, 'dist', file), 'utf8');

  let said = '';
  beforeAll(async () => {
    said = (await promisify(execFile)(process.execPath, [join(root, 'scripts/docs-site.ts')], { cwd: root })).stdout;
  });

  test('builds every page and every decision, without a warning', () => {
    expect(said).toContain('without a warning');
    for (const page of pages) expect(existsSync(join(site, 'dist', `${page}.html`))).toBe(true);
    const decisions = readdirSync(join(root, 'docs/adr')).map((file) => file.replace(/\.md$/, '.html'));
    expect(new Set(readdirSync(join(site, 'dist/adr')))).toEqual(new Set(decisions));
    expect(JSON.parse(built('openapi.json'))).toHaveProperty('openapi');
  });

  test('asks nobody outside for anything', () => {
    const files = globSync('**/*.{html,css}', { cwd: join(site, 'dist') });
    const asked = files.flatMap((file) => [
      ...[...built(file).matchAll(/<(?:script|link|img|iframe)[^>]+(?:src|href)="(https?:[^"]+)"/g)].map(([, url]) => `${file}: ${url}`),
      ...[...built(file).matchAll(/(?:url\(|@import\s+)["']?(https?:[^"')]+)/g)].map(([, url]) => `${file}: ${url}`),
    ]);
    expect(files.length).toBeGreaterThan(20);
    expect(asked).toEqual([]);
  });

  test('what lies outside docs/ is named without a link', () => {
    expect(built('conformance.html')).toContain('examples/conformance-csms-adapter');
    for (const page of pages) expect(built(`${page}.html`)).not.toMatch(/href="[^"]*\.\.\/(?:examples|bench|packages)/);
  });
});
