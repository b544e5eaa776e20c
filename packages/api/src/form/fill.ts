import { type FormDescriptor, type FormField, type FormNode, resolved } from './descriptor.ts';

type Values = Record<string, unknown>;

/** A form nobody has typed into yet: required objects and lists are there, what is typed is not. */
export function emptyForm(form: FormDescriptor): Values {
  return objectOf(form.fields, (node) => emptyValue(node, form));
}

/** The smallest message that may be sent: only what is required, each with a value that is allowed. */
export function fillRequired(form: FormDescriptor): Values {
  return objectOf(form.fields, (node) => smallest(node, form));
}

function objectOf(fields: readonly FormField[], valueOf: (node: FormNode) => unknown): Values {
  const out: Values = {};
  for (const { name, required, node } of fields) {
    const value = required ? valueOf(node) : undefined;
    if (value !== undefined) out[name] = value;
  }
  return out;
}

function emptyValue(node: FormNode, form: FormDescriptor): unknown {
  const plain = resolved(node, form);
  if (plain.kind === 'object') return objectOf(plain.fields, (inner) => emptyValue(inner, form));
  if (plain.kind !== 'list') return undefined;
  return Array.from({ length: Math.max(1, plain.minItems ?? 0) }, () => emptyValue(plain.items, form)).filter((item) => item !== undefined);
}

function smallest(node: FormNode, form: FormDescriptor): unknown {
  const plain = resolved(node, form);
  switch (plain.kind) {
    case 'object':
      return objectOf(plain.fields, (inner) => smallest(inner, form));
    case 'list':
      return Array.from({ length: plain.minItems ?? 0 }, () => smallest(plain.items, form));
    case 'enum':
      return plain.values[0];
    case 'string':
      return textOf(plain.format, plain.minLength ?? 0, plain.maxLength);
    case 'integer':
    case 'number':
      return Math.min(Math.max(0, plain.minimum ?? 0), plain.maximum ?? Number.MAX_SAFE_INTEGER);
    case 'boolean':
      return false;
    case 'any':
      return {};
  }
}

function textOf(format: string | undefined, shortest: number, longest: number | undefined): string {
  if (format === 'date-time') return '2030-01-01T00:00:00Z';
  if (format === 'uri') return 'https://example.org/';
  return 'x'.repeat(Math.min(Math.max(1, shortest), longest ?? Number.MAX_SAFE_INTEGER));
}
