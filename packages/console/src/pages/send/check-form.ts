import { type FormDescriptor, type FormField, type FormNode, resolved } from '@busbar/api';
import { pointerOf } from '../../design/json-text.ts';
import { isRfc3339 } from './date-time.ts';
import { isRecord } from './form-model.ts';

/** What is wrong with one value, without words. */
export type FaultKind =
  | { readonly kind: 'missing' | 'unknown' | 'notDate' | 'notUri' }
  | { readonly kind: 'type'; readonly wanted: 'object' | 'list' | 'string' | 'integer' | 'number' | 'boolean' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'tooLong' | 'tooShort' | 'tooSmall' | 'tooGreat' | 'tooMany' | 'tooFew'; readonly limit: number };
export type FormFault = FaultKind & { readonly pointer: string };

/** Deeper than any message nests. */
const DEEPEST = 20;

/** Whether a message fits its schema, by the form's description: every fault, in the order of the form. */
export function checkForm(form: FormDescriptor, value: unknown): readonly FormFault[] {
  if (!isRecord(value)) return [{ pointer: '', kind: 'type', wanted: 'object' }];
  return objectFaults(form, form.fields, value, '', 0);
}

function objectFaults(
  form: FormDescriptor,
  fields: readonly FormField[],
  value: Record<string, unknown>,
  pointer: string,
  depth: number,
): readonly FormFault[] {
  const known = new Set(fields.map(({ name }) => name));
  const strange = Object.keys(value).filter((name) => !known.has(name) && !isCustomData(name, value[name]));
  return [
    ...strange.map((name): FormFault => ({ pointer: pointer + pointerOf([name]), kind: 'unknown' })),
    ...fields.flatMap(({ name, required, node }): readonly FormFault[] => {
      const inner = pointer + pointerOf([name]);
      if (value[name] !== undefined) return faultsOf(form, node, value[name], inner, depth + 1);
      return required ? [{ pointer: inner, kind: 'missing' }] : [];
    }),
  ];
}

/** Every object of OCPP may carry it; forms do not offer it. */
const isCustomData = (name: string, value: unknown): boolean =>
  name === 'customData' && isRecord(value) && typeof value['vendorId'] === 'string';

function faultsOf(form: FormDescriptor, node: FormNode, value: unknown, pointer: string, depth: number): readonly FormFault[] {
  const plain = resolved(node, form);
  if (depth > DEEPEST) return [];
  switch (plain.kind) {
    case 'object':
      return isRecord(value) ? objectFaults(form, plain.fields, value, pointer, depth) : [{ pointer, kind: 'type', wanted: 'object' }];
    case 'list': {
      if (!Array.isArray(value)) return [{ pointer, kind: 'type', wanted: 'list' }];
      return [
        ...bounds(value.length, plain.minItems, plain.maxItems, 'tooFew', 'tooMany', pointer),
        ...value.flatMap((item, at) => faultsOf(form, plain.items, item, pointer + pointerOf([at]), depth + 1)),
      ];
    }
    case 'enum':
      if (typeof value !== 'string') return [{ pointer, kind: 'type', wanted: 'string' }];
      return plain.values.includes(value) ? [] : [{ pointer, kind: 'enum', values: plain.values }];
    case 'string':
      if (typeof value !== 'string') return [{ pointer, kind: 'type', wanted: 'string' }];
      if (plain.format === 'date-time' && !isRfc3339(value)) return [{ pointer, kind: 'notDate' }];
      if (plain.format === 'uri' && !URL.canParse(value)) return [{ pointer, kind: 'notUri' }];
      // JSON schema counts code points.
      return bounds(Array.from(value).length, plain.minLength, plain.maxLength, 'tooShort', 'tooLong', pointer);
    case 'integer':
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value) || (plain.kind === 'integer' && !Number.isInteger(value)))
        return [{ pointer, kind: 'type', wanted: plain.kind }];
      return bounds(value, plain.minimum, plain.maximum, 'tooSmall', 'tooGreat', pointer);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [{ pointer, kind: 'type', wanted: 'boolean' }];
    case 'any':
      return [];
  }
}

type Under = 'tooFew' | 'tooShort' | 'tooSmall';
type Over = 'tooMany' | 'tooLong' | 'tooGreat';

function bounds(
  value: number,
  least: number | undefined,
  most: number | undefined,
  under: Under,
  over: Over,
  pointer: string,
): readonly FormFault[] {
  if (least !== undefined && value < least) return [{ pointer, kind: under, limit: least }];
  if (most !== undefined && value > most) return [{ pointer, kind: over, limit: most }];
  return [];
}
