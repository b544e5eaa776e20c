import type { FormDescriptor, FormField, FormNode } from '@busbar/api';

/** What of JSON Schema the contracts use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}
export type Components = Readonly<Record<string, Schema>>;

/** Deeper nothing is asked for by fields. */
const DEEPEST = 12;

/** The form of a body that is an object; nothing for every other one, which is written as JSON. */
export function formOf(schema: Schema | undefined, components: Components): FormDescriptor | undefined {
  const node = schema === undefined ? undefined : nodeOf(schema, components, 0);
  return node?.kind === 'object' ? { fields: node.fields, definitions: {} } : undefined;
}

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema?: Schema;
}

/** Parameters of a path or a query are a form of one level. */
export const formOfParameters = (parameters: readonly Parameter[], components: Components): FormDescriptor => ({
  fields: parameters.map(({ name, required, schema = {} }) => ({ name, required, node: nodeOf(schema, components, 0) })),
  definitions: {},
});

function nodeOf(given: Schema, components: Components, depth: number): FormNode {
  const schema = behindNames(given, components);
  if (depth > DEEPEST) return { kind: 'any' };
  if (schema.anyOf !== undefined) return unionOf(schema.anyOf, components, depth);
  if (schema.const !== undefined) return typeof schema.const === 'string' ? { kind: 'enum', values: [schema.const] } : { kind: 'any' };
  if (schema.enum !== undefined) {
    const values = schema.enum.filter((value) => typeof value === 'string');
    return values.length === schema.enum.length ? { kind: 'enum', values } : { kind: 'any' };
  }
  switch (typeOf(schema)) {
    case 'object':
      return schema.properties === undefined ? { kind: 'any' } : { kind: 'object', fields: fieldsOf(schema, components, depth) };
    case 'array':
      return {
        kind: 'list',
        items: nodeOf(schema.items ?? {}, components, depth + 1),
        ...bounds({ minItems: schema.minItems, maxItems: schema.maxItems }),
      };
    case 'string':
      return { kind: 'string', ...bounds({ minLength: schema.minLength, maxLength: schema.maxLength }) };
    case 'integer':
      return { kind: 'integer', ...bounds({ minimum: schema.minimum, maximum: schema.maximum }) };
    case 'number':
      return { kind: 'number', ...bounds({ minimum: schema.minimum, maximum: schema.maximum }) };
    case 'boolean':
      return { kind: 'boolean' };
    default:
      return { kind: 'any' };
  }
}

const fieldsOf = ({ properties = {}, required = [] }: Schema, components: Components, depth: number): readonly FormField[] =>
  Object.entries(properties).map(([name, inner]) => ({
    name,
    required: required.includes(name),
    node: nodeOf(inner, components, depth + 1),
  }));

function behindNames(schema: Schema, components: Components): Schema {
  let at = schema;
  for (let steps = 0; at.$ref !== undefined && steps < 5; steps += 1) at = components[at.$ref.split('/').at(-1) ?? ''] ?? {};
  return at;
}

/** Words to choose from, or one thing that may also be null; a choice between shapes is written as JSON. */
function unionOf(options: readonly Schema[], components: Components, depth: number): FormNode {
  const [first = {}, ...others] = options.filter(({ type }) => type !== 'null');
  if (others.length === 0) return nodeOf(first, components, depth);
  const words = [first, ...others].map((one) => one.const).filter((value) => typeof value === 'string');
  return words.length === others.length + 1 ? { kind: 'enum', values: words } : { kind: 'any' };
}

/** What it is when it is not null. */
function typeOf({ type }: Schema): string | undefined {
  return typeof type === 'string' ? type : type?.find((one) => one !== 'null');
}

const bounds = (given: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
