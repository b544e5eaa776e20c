import { ACTIONS, type Action, existsIn, mayComeFrom } from '../src/actions.ts';
import type { FormField, FormNode, MessageForm } from '../src/forms.ts';
import type { OcppVersion } from '../src/versions.ts';
import type { JsonSchema, Merged } from './merge-schemas.ts';
import { unitOf } from './units.ts';

/** What a form needs to know of every message that a CSMS sends: structure and bounds, none of the documents' texts. */
export function printForms({ definitions }: Merged, version: OcppVersion): { js: string; dts: string } {
  const actions = Object.keys(ACTIONS).filter((name): name is Action => name in ACTIONS);
  const forms: Record<string, MessageForm> = {};
  for (const action of actions) {
    const schema = definitions.get(`${action}Request`);
    if (schema === undefined || !mayComeFrom(action, 'csms') || !existsIn(action, version)) continue;
    const used = new Map<string, FormNode>();
    const fields = fieldsOf(schema, definitions, used);
    forms[action] = { fields, definitions: Object.fromEntries([...used].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
  }
  return {
    js: `export const forms = ${JSON.stringify(forms)};\n`,
    dts: "import type { MessageForm } from '../src/forms.ts';\nexport declare const forms: Readonly<Record<string, MessageForm>>;\n",
  };
}

type Definitions = Merged['definitions'];

function fieldsOf(schema: JsonSchema, definitions: Definitions, used: Map<string, FormNode>): FormField[] {
  const required = new Set((schema.required ?? []) as string[]);
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)
    .filter(([name]) => name !== 'customData')
    .map(([name, inner]) => {
      const unit = unitOf(name);
      return { name, required: required.has(name), ...(unit === undefined ? {} : { unit }), node: nodeOf(inner, definitions, used) };
    });
}

function nodeOf(schema: JsonSchema, definitions: Definitions, used: Map<string, FormNode>): FormNode {
  if (typeof schema.$ref === 'string') return referenced(schema.$ref.replace(/^.*\//, ''), definitions, used);
  if (Array.isArray(schema.enum)) return { kind: 'enum', values: schema.enum.map(String) };
  switch (schema.type) {
    case 'array':
      return { kind: 'list', items: nodeOf(schema.items as JsonSchema, definitions, used), ...numbers(schema, ['minItems', 'maxItems']) };
    case 'object':
      return { kind: 'object', fields: fieldsOf(schema, definitions, used) };
    case 'string':
      return {
        kind: 'string',
        ...numbers(schema, ['minLength', 'maxLength']),
        ...(typeof schema.format === 'string' ? { format: schema.format } : {}),
      };
    case 'integer':
    case 'number':
      return { kind: schema.type, ...numbers(schema, ['minimum', 'maximum']) };
    case 'boolean':
      return { kind: 'boolean' };
    default:
      return { kind: 'any' };
  }
}

/** What has a name stands once per message, under that name. */
function referenced(name: string, definitions: Definitions, used: Map<string, FormNode>): FormNode {
  const schema = definitions.get(name);
  if (schema === undefined) throw new Error(`no definition ${name}`);
  if (!used.has(name)) {
    used.set(name, { kind: 'any' }); // its place is taken: whatever refers back to it ends here
    used.set(name, nodeOf(schema, definitions, used));
  }
  return { kind: 'ref', name };
}

const numbers = <K extends string>(schema: JsonSchema, names: readonly K[]): Partial<Record<K, number>> => {
  const out: Partial<Record<K, number>> = {};
  for (const name of names) {
    const value = schema[name];
    if (typeof value === 'number') out[name] = value;
  }
  return out;
};
