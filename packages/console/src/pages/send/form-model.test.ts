import type { FormDescriptor } from '@busbar/api';
import { expect, test } from 'vitest';
import { beginningOfEntry, changed, formModel, messageOf, ordered } from './form-model.ts';

const NONE: ReadonlySet<string> = new Set();
const form: FormDescriptor = {
  fields: [
    { name: 'note', required: false, node: { kind: 'string', maxLength: 5 } },
    { name: 'who', required: true, node: { kind: 'ref', name: 'Who' } },
    { name: 'rows', required: false, node: { kind: 'list', minItems: 1, maxItems: 2, items: { kind: 'integer', minimum: 0 } } },
  ],
  definitions: { Who: { kind: 'object', fields: [{ name: 'id', required: true, node: { kind: 'string' } }] } },
};

test('required fields stand first; an added one that is empty is in the form and not in the message', () => {
  const model = formModel(form, { who: { id: 'a' } }, new Set(['/note', '/rows']));
  expect(model.parts.map(({ name }) => name)).toEqual(['who', 'note', 'rows']);
  expect(messageOf(model)).toEqual({ who: { id: 'a' } });
});

test('fields the message does not know stay in it and are named', () => {
  const model = formModel(form, { who: { id: 'a' }, odd: 7 }, NONE);
  expect(model.strange).toEqual([{ name: 'odd', value: 7 }]);
  expect(messageOf(model)).toEqual({ who: { id: 'a' }, odd: 7 });
});

test('values change where they are, and what becomes undefined goes', () => {
  const value = { who: { id: 'a' }, rows: [1, 2, 3] };
  expect(changed(value, ['rows', 1], 9)).toEqual({ who: { id: 'a' }, rows: [1, 9, 3] });
  expect(changed(value, ['rows', 1], undefined)).toEqual({ who: { id: 'a' }, rows: [1, 3] });
  expect(changed(value, ['who', 'id'], undefined)).toEqual({ who: {}, rows: [1, 2, 3] });
  expect(changed({}, ['who', 'id'], 'x')).toEqual({ who: { id: 'x' } });
  expect(changed(value, ['rows'], [...value.rows, beginningOfEntry({ kind: 'integer', minimum: 4 }, form)])).toMatchObject({
    rows: [1, 2, 3, 4],
  });
  expect(value).toEqual({ who: { id: 'a' }, rows: [1, 2, 3] });
});

test('fields stand in the order of the form, unknown ones last', () => {
  const value = { odd: 1, rows: [1], who: { id: 'a' }, note: 'n' };
  expect(JSON.stringify(ordered(form, value))).toBe('{"note":"n","who":{"id":"a"},"rows":[1],"odd":1}');
});
