import { fillRequired } from '@busbar/api';
import { isAction, loadForms, loadRules, OCPP_VERSIONS } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import { checkForm } from '../packages/console/src/pages/send/check-form.ts';
import { beginning, changed, fieldAt, formModel, messageOf } from '../packages/console/src/pages/send/form-model.ts';

const NONE: ReadonlySet<string> = new Set();
const FORMS = await Promise.all(
  OCPP_VERSIONS.map(async (version) => ({ version, forms: await loadForms(version), rules: await loadRules(version) })),
);

describe.each(FORMS)('every message of a CSMS in $version', ({ forms, rules }) => {
  const messages = Object.entries(forms).flatMap(([action, form]) => (isAction(action) ? [{ action, form }] : []));

  test.each(messages)('$action: form, JSON and form again are the same, and our check says what the validators say', ({ action, form }) => {
    const filled = fillRequired(form);
    const model = formModel(form, filled, NONE);
    expect(messageOf(model)).toEqual(filled);
    const again: Record<string, unknown> = JSON.parse(JSON.stringify(messageOf(model)));
    expect(formModel(form, again, NONE)).toEqual(model);
    expect(rules.requestFault(action, again)).toBeUndefined();
    expect(checkForm(form, again)).toEqual([]);
  });

  test.each(messages)('$action: an untouched form holds its required fields and no others', ({ form }) => {
    const model = formModel(form, {}, NONE);
    expect(model.parts.map(({ name }) => name)).toEqual(form.fields.filter(({ required }) => required).map(({ name }) => name));
    expect(model.addable).toEqual(form.fields.filter(({ required }) => !required).map(({ name }) => name));
    expect(model.strange).toEqual([]);
  });

  test.each(messages)('$action: what our check misses the validators miss too', ({ action, form }) => {
    const filled = fillRequired(form);
    for (const { name } of form.fields) {
      for (const odd of [null, 'no such value'.repeat(1000), -1e9, [], { nonsense: 1 }]) {
        const value = { ...filled, [name]: odd };
        expect([name, odd, checkForm(form, value).length === 0]).toEqual([name, odd, rules.requestFault(action, value) === undefined]);
      }
      const { [name]: _left, ...rest } = filled;
      expect(checkForm(form, rest).length === 0).toBe(rules.requestFault(action, rest) === undefined);
    }
    expect(checkForm(form, { ...filled, nonsense: 1 })).toMatchObject([{ pointer: '/nonsense', kind: 'unknown' }]);
    expect(checkForm(form, { ...filled, customData: { vendorId: 'v', more: 1 } })).toEqual([]);
  });

  test.each(messages)('$action: every optional field that is added and begun makes no message that is not JSON', ({ form }) => {
    for (const field of form.fields.filter(({ required }) => !required)) {
      const added = new Set([`/${field.name}`]);
      const begun = changed(fillRequired(form), [field.name], beginning(field.node, form));
      const model = formModel(form, begun, added);
      expect(model.parts.map(({ name }) => name)).toContain(field.name);
      expect(fieldAt(form, [field.name])).toBe(field);
      expect(JSON.parse(JSON.stringify(messageOf(model)))).toEqual(messageOf(model));
    }
  });
});
