import { emptyForm, type FormDescriptor, fillRequired } from '@busbar/api';
import { isAction, loadForms, loadRules, mayComeFrom, OCPP_VERSIONS } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';

/** Every message that a CSMS sends in this version. */
const FORMS = await Promise.all(
  OCPP_VERSIONS.map(async (version) => ({ version, forms: await loadForms(version), rules: await loadRules(version) })),
);

describe.each(FORMS)('$version', ({ forms, rules }) => {
  const messages = Object.entries(forms).flatMap(([action, form]) => (isAction(action) ? [{ action, form }] : []));

  test('forms are those of the messages a CSMS sends', () => {
    expect(messages.length).toBe(Object.keys(forms).length);
    expect(messages.every(({ action }) => mayComeFrom(action, 'csms'))).toBe(true);
    expect(messages.length).toBeGreaterThanOrEqual(40);
  });

  test.each(messages)('$action with its required fields alone is valid', ({ action, form }) => {
    const filled = fillRequired(form);
    expect(rules.requestFault(action, filled)?.message).toBeUndefined();
    expect(Object.keys(filled).length).toBeLessThanOrEqual(form.fields.length);
  });

  test.each(messages)('$action: each required field that is left out is missed', ({ action, form }) => {
    for (const { name } of form.fields.filter(({ required }) => required)) {
      const { [name]: _left, ...rest } = fillRequired(form);
      expect(rules.requestFault(action, rest)?.code).toBe('OccurrenceConstraintViolation');
    }
  });

  test('nothing of the documents stands in them but names', () => {
    expect(JSON.stringify(forms)).not.toMatch(/javaType|comment|customData|urn:/);
    // A sentence has more words than any name or unit of ours.
    expect([...JSON.stringify(forms).matchAll(/"([^"]*)"/g)].filter(([, text = '']) => text.split(' ').length > 9)).toEqual([]);
  });

  test('names lead somewhere', () => {
    for (const { form } of messages)
      for (const [, name = ''] of JSON.stringify(form).matchAll(/"kind":"ref","name":"(\w+)"/g))
        expect(form.definitions).toHaveProperty(name);
  });
});

test('a form nobody typed into has its required objects and lists, and no values', () => {
  const form: FormDescriptor = {
    fields: [
      { name: 'who', required: true, node: { kind: 'ref', name: 'Who' } },
      { name: 'note', required: false, node: { kind: 'string' } },
      { name: 'rows', required: true, node: { kind: 'list', minItems: 1, items: { kind: 'ref', name: 'Who' } } },
    ],
    definitions: { Who: { kind: 'object', fields: [{ name: 'id', required: true, node: { kind: 'string', maxLength: 5 } }] } },
  };
  expect(emptyForm(form)).toEqual({ who: {}, rows: [{}] });
  expect(fillRequired(form)).toEqual({ who: { id: 'x' }, rows: [{ id: 'x' }] });
});
