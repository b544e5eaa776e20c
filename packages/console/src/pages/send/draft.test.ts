import type { FormDescriptor } from '@busbar/api';
import { expect, test } from 'vitest';
import { draftOf, textOf, typed } from './draft.ts';

const form: FormDescriptor = {
  fields: [{ name: 'who', required: true, node: { kind: 'object', fields: [{ name: 'id', required: true, node: { kind: 'string' } }] } }],
  definitions: {},
};

test('a new one has what is required and nothing typed', () => {
  expect(draftOf(form, undefined).value).toEqual({ who: {} });
  expect(draftOf(form, { who: { id: 'a' } }).value).toEqual({ who: { id: 'a' } });
});

test('the form follows the JSON as soon as it is an object, and keeps what it had until then', () => {
  const draft = { ...draftOf(form, { who: { id: 'a' } }), added: new Set(['/note']) };
  const half = typed(draft, '{"who":');
  expect(half).toMatchObject({ value: { who: { id: 'a' } }, text: '{"who":' });
  expect(half.added.has('/note')).toBe(true);
  expect(typed(half, '[1]').value).toEqual({ who: { id: 'a' } });
  const whole = typed(half, '{"who":{"id":"b"}}');
  expect(whole.value).toEqual({ who: { id: 'b' } });
  expect(whole.added.size).toBe(0);
  expect(textOf(whole)).toBe('{"who":{"id":"b"}}');
  expect(textOf({ ...whole, text: undefined })).toContain('"id": "b"');
});
