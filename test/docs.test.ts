import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Route, type RouteName, routes } from '@busbar/api';
import { SETTING_NAMES } from '@busbar/conformance';
import { VERSION } from '@busbar/runtime';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { pages } from '../scripts/docs-pages.ts';
import { REST_EXAMPLES, type RestExample } from '../scripts/docs-rest-examples.ts';

const root = join(import.meta.dirname, '..');

test.each(pages())('$path is what `npm run docs` writes', ({ path, text }) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

test('the version is the one of package.json', () => {
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({ version: VERSION });
});

const faults = (schema: TSchema | undefined, value: unknown) => (schema === undefined ? [] : [...Value.Errors(schema, value)]);

describe.each(Object.keys(routes) as RouteName[])('the example of %s', (name) => {
  const route: Route = routes[name];
  const { at, body }: RestExample = REST_EXAMPLES[name];
  const [path = '', query = ''] = at.split('?');

  test('lies on its path', () => {
    const pattern = new RegExp(`^${route.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    expect(path).toMatch(pattern);
    expect(faults(route.params, Value.Convert(route.params ?? {}, { ...pattern.exec(path)?.groups }))).toEqual([]);
  });
  test('fits its schemas', () => {
    expect(body === undefined).toBe(route.body === undefined);
    expect(faults(route.body, body)).toEqual([]);
    const given = Object.fromEntries(new URLSearchParams(query));
    const known = route.query !== undefined && 'properties' in route.query ? Object.keys(Object(route.query.properties)) : [];
    expect(Object.keys(given).filter((key) => !known.includes(key))).toEqual([]);
    expect(faults(route.query, Value.Convert(route.query ?? {}, given))).toEqual([]);
  });
});

describe('docs/conformance.md', () => {
  const text = readFileSync(join(root, 'docs/conformance.md'), 'utf8');
  test('explains every setting', () => {
    expect(SETTING_NAMES.filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
  });
  test('explains every act of a driver', () => {
    const source = readFileSync(join(root, 'packages/conformance/src/act.ts'), 'utf8');
    const acts = new Set([...source.matchAll(/readonly do: '(\w+)'/g)].map(([, name = '']) => name));
    expect(acts.size).toBeGreaterThan(10);
    expect([...acts].filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
  });
});

test('docs/ledger.md names tests that exist, and every anomaly', () => {
  const text = readFileSync(join(root, 'docs/ledger.md'), 'utf8');
  const named = [...text.matchAll(/`([\w.-]+\.test\.ts)`: (.+?)(?: \||\.?\n\n|\.?$)/gms)].map(([, file = '', name = '']) => [
    file,
    name.replaceAll('\n', ' '),
  ]);
  expect(named.length).toBeGreaterThan(30);
  const sources = globSync(['packages/*/src/**/*.test.ts', 'test/*.test.ts'], { cwd: root });
  const unknown = named.filter(
    ([file = '', name = '']) =>
      !sources.some(
        (path) =>
          path.endsWith(`/${file}`) &&
          [`'${name}`, ` ${name}`, `"${name}`].some((found) => readFileSync(join(root, path), 'utf8').includes(found)),
      ),
  );
  expect(unknown).toEqual([]);
  const source = ['row.ts', 'meter.ts'].map((file) => readFileSync(join(root, 'packages/csms/src/ledger', file), 'utf8')).join('');
  const unions = [...source.matchAll(/export type (?:Meter)?Anomaly =([^;]+);/g)].map(([, union = '']) => union).join('');
  const anomalies = [...unions.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  expect(anomalies).toEqual(expect.arrayContaining(['registerJump', 'registerNegative', 'seqNoRestarted']));
  expect(anomalies.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('links of the documents lead somewhere', () => {
  const files = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root, exclude: ['**/node_modules/**'] });
  const broken = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].flatMap(([, target = '']) =>
      /^https?:/.test(target) || existsSync(join(root, dirname(file), target)) ? [] : [`${file}: ${target}`],
    ),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(broken).toEqual([]);
});
