import { expect, test } from 'vitest';
import { routes } from './csms.ts';
import { openApi, pathOf } from './openapi.ts';
import type { Route } from './route.ts';

const { paths, components } = openApi('1.2.3');
const all = Object.entries<Route>(routes);

test.each(all)('%s is one operation with all its parameters and its body', (name, route) => {
  const operation = paths[pathOf(route)]?.[route.method.toLowerCase()];
  expect(operation?.operationId).toBe(name);
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter);
  const told = operation?.parameters ?? [];
  expect(told.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)).toEqual(inPath);
  expect(told.every((parameter) => parameter.required || parameter.in === 'query')).toBe(true);
  expect(operation?.requestBody !== undefined).toBe(route.body !== undefined || route.bytes === true || route.lines === true);
  expect(operation?.responses).toHaveProperty('default');
});

test('nothing is in it twice and nothing that is no route', () => {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(all.map(([name]) => name).toSorted());
});

test('every reference leads somewhere', () => {
  const references = JSON.stringify({ paths, components }).match(/"\$ref":"[^"]+"/g) ?? [];
  expect(references.length).toBeGreaterThan(0);
  const lost = references.filter((reference) => {
    const steps = reference.slice('"$ref":"#/components/'.length, -1).split('/');
    return steps.reduce<unknown>((at, step) => Object.entries(at ?? {}).find(([key]) => key === step)?.[1], components) === undefined;
  });
  expect(lost).toEqual([]);
});
