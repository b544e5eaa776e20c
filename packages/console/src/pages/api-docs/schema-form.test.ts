import { openApi } from '@busbar/api';
import { expect, test } from 'vitest';
import { operationsOf } from './operations.ts';
import { formOf, formOfParameters } from './schema-form.ts';

test('objects become fields, with bounds, choices and what may be null', () => {
  const schema = {
    type: 'object',
    required: ['id', 'kind'],
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 48 },
      kind: { anyOf: [{ const: 'a' }, { const: 'b' }] },
      state: { type: 'string', enum: ['on', 'off'] },
      note: { type: ['string', 'null'], maxLength: 9 },
      sites: { anyOf: [{ type: 'array', items: { type: 'integer' }, maxItems: 3 }, { type: 'null' }] },
      named: { $ref: '#/components/schemas/Named' },
      shapes: { anyOf: [{ type: 'object', properties: {} }, { type: 'string' }] },
      free: {},
    },
  } as const;
  expect(formOf(schema, { Named: { type: 'object', properties: { on: { type: 'boolean' } } } })?.fields).toEqual([
    { name: 'id', required: true, node: { kind: 'string', minLength: 1, maxLength: 48 } },
    { name: 'kind', required: true, node: { kind: 'enum', values: ['a', 'b'] } },
    { name: 'state', required: false, node: { kind: 'enum', values: ['on', 'off'] } },
    { name: 'note', required: false, node: { kind: 'string', maxLength: 9 } },
    { name: 'sites', required: false, node: { kind: 'list', items: { kind: 'integer' }, maxItems: 3 } },
    {
      name: 'named',
      required: false,
      node: { kind: 'object', fields: [{ name: 'on', required: false, node: { kind: 'boolean' } }] },
    },
    { name: 'shapes', required: false, node: { kind: 'any' } },
    { name: 'free', required: false, node: { kind: 'any' } },
  ]);
});

test('what is no object has no form, and a name that leads to itself ends', () => {
  expect(formOf({ type: 'array', items: {} }, {})).toBeUndefined();
  expect(formOf({ $ref: '#/components/schemas/Loop' }, { Loop: { $ref: '#/components/schemas/Loop' } })).toBeUndefined();
});

test('every route of this server has a form for its parameters and its body', () => {
  const { operations, components } = operationsOf(JSON.parse(JSON.stringify(openApi('1'))));
  expect(operations.length).toBeGreaterThan(90);
  for (const { parameters, body } of operations) {
    expect(formOfParameters(parameters, components).fields).toHaveLength(parameters.length);
    for (const { node } of formOfParameters(parameters, components).fields) expect(['object', 'list']).not.toContain(node.kind);
    if (body?.schema?.type === 'object' && body.schema.properties !== undefined) expect(formOf(body.schema, components)).toBeDefined();
  }
});
