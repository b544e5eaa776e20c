import { codePoints } from './code-points.ts';
import type { SchemaError, Validate } from './validate.ts';

// What the generated validators say of a value that does not fit, in the words of ajv. They call these only once something is wrong.

/** Undefined when the value fits. */
export type Check = (value: unknown) => SchemaError | undefined;

export function validator(check: Check): Validate<unknown> {
  const validate: Validate<unknown> = (value): value is unknown => {
    const error = check(value);
    validate.errors = error === undefined ? null : [error];
    return error === undefined;
  };
  return validate;
}

const fault = (keyword: string, message: string, params: SchemaError['params']): SchemaError => ({
  instancePath: '',
  keyword,
  message,
  params,
});

export const type = (name: string): SchemaError => fault('type', `must be ${name}`, { type: name });
export const missing = (name: string): SchemaError => fault('required', `must have required property '${name}'`, { missingProperty: name });

/** Of anything that is not a text of so many code units; its code points may still be few enough. */
export function text(value: unknown, limit: number): SchemaError | undefined {
  if (typeof value !== 'string') return type('string');
  return codePoints(value) > limit ? fault('maxLength', `must NOT have more than ${limit} characters`, { limit }) : undefined;
}

export const dateTime = (value: unknown): SchemaError =>
  typeof value === 'string' ? fault('format', 'must match format "date-time"', { format: 'date-time' }) : type('string');

export const oneOf = (value: unknown, allowedValues: readonly string[]): SchemaError =>
  typeof value === 'string' ? fault('enum', 'must be equal to one of the allowed values', { allowedValues }) : type('string');

export const integer = (value: unknown, least: number, most: number): SchemaError =>
  typeof value === 'number' && Number.isInteger(value) ? outside(value, least, most) : type('integer');

export const number = (value: unknown, least: number, most: number): SchemaError =>
  typeof value === 'number' && Number.isFinite(value) ? outside(value, least, most) : type('number');

function outside(value: number, least: number, most: number): SchemaError {
  return value > most
    ? fault('maximum', `must be <= ${most}`, { comparison: '<=', limit: most })
    : fault('minimum', `must be >= ${least}`, { comparison: '>=', limit: least });
}

export const multipleOf = (factor: number): SchemaError => fault('multipleOf', `must be multiple of ${factor}`, { multipleOf: factor });

export function list(value: unknown, least: number, most: number): SchemaError {
  if (!Array.isArray(value)) return type('array');
  return value.length > most
    ? fault('maxItems', `must NOT have more than ${most} items`, { limit: most })
    : fault('minItems', `must NOT have fewer than ${least} items`, { limit: least });
}

/** A property whose name is not among these, separated by spaces; undefined when there is none. */
export function stranger(value: object, names: string): SchemaError | undefined {
  const allowed = new Set(names.split(' '));
  for (const name in value)
    if (!allowed.has(name)) return fault('additionalProperties', 'must NOT have additional properties', { additionalProperty: name });
  return undefined;
}

/** The fault of something inside; a stranger in the object around it is told first. */
export function at(path: string, error: SchemaError, object?: object, names?: string): SchemaError {
  const first = object === undefined || names === undefined ? undefined : stranger(object, names);
  return first ?? { ...error, instancePath: path + error.instancePath };
}
