import type { FormDescriptor, FormNode } from '@busbar/api';
import { expect, test } from 'vitest';
import { checkForm } from './check-form.ts';

const formOf = (node: FormNode): FormDescriptor => ({ fields: [{ name: 'x', required: true, node }], definitions: {} });

test.each<[FormNode, unknown, object | undefined]>([
  [{ kind: 'string', maxLength: 2 }, 'ab', undefined],
  [{ kind: 'string', maxLength: 2 }, '😀😀', undefined],
  [{ kind: 'string', maxLength: 2 }, 'abc', { kind: 'tooLong', limit: 2 }],
  [{ kind: 'string' }, 7, { kind: 'type', wanted: 'string' }],
  [{ kind: 'string', format: 'date-time' }, '2030-01-01T00:00:00+01:00', undefined],
  [{ kind: 'string', format: 'date-time' }, '2030-01-01', { kind: 'notDate' }],
  [{ kind: 'enum', values: ['A', 'B'] }, 'a', { kind: 'enum', values: ['A', 'B'] }],
  [{ kind: 'integer', minimum: 0 }, -1, { kind: 'tooSmall', limit: 0 }],
  [{ kind: 'integer' }, 1.5, { kind: 'type', wanted: 'integer' }],
  [{ kind: 'number', maximum: 9 }, 9.5, { kind: 'tooGreat', limit: 9 }],
  [{ kind: 'boolean' }, 'true', { kind: 'type', wanted: 'boolean' }],
  [{ kind: 'list', minItems: 1, items: { kind: 'string' } }, [], { kind: 'tooFew', limit: 1 }],
  [{ kind: 'list', maxItems: 1, items: { kind: 'string' } }, ['a', 'b'], { kind: 'tooMany', limit: 1 }],
  [{ kind: 'list', items: { kind: 'string' } }, ['a', 7], { pointer: '/x/1', kind: 'type', wanted: 'string' }],
  [{ kind: 'object', fields: [{ name: 'y', required: true, node: { kind: 'any' } }] }, {}, { pointer: '/x/y', kind: 'missing' }],
])('%j: %j', (node, value, fault) => {
  const [first, ...more] = checkForm(formOf(node), { x: value });
  expect(more).toEqual([]);
  if (fault === undefined) expect(first).toBeUndefined();
  else expect(first).toMatchObject(fault);
});

test('every fault is told, not the first alone', () => {
  expect(checkForm(formOf({ kind: 'string' }), { y: 1 }).map(({ pointer, kind }) => [pointer, kind])).toEqual([
    ['/y', 'unknown'],
    ['/x', 'missing'],
  ]);
  expect(checkForm(formOf({ kind: 'any' }), [])).toMatchObject([{ kind: 'type', wanted: 'object' }]);
});
