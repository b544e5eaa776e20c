import { Type } from 'typebox';

/** Structure of one value of a message, as a form needs it. */
export type FormNode =
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'object'; readonly fields: readonly FormField[] }
  | { readonly kind: 'list'; readonly items: FormNode; readonly minItems?: number; readonly maxItems?: number }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'string'; readonly minLength?: number; readonly maxLength?: number; readonly format?: string }
  | { readonly kind: 'integer' | 'number'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'any' };

export interface FormField {
  readonly name: string;
  readonly required: boolean;
  readonly unit?: string;
  readonly node: FormNode;
}

/** A request of the CSMS: fields in their order, and the nodes they refer to by name. */
export interface FormDescriptor {
  readonly fields: readonly FormField[];
  readonly definitions: Readonly<Record<string, FormNode>>;
}

/** The node itself, behind all names. */
export function resolved(node: FormNode, { definitions }: Pick<FormDescriptor, 'definitions'>): Exclude<FormNode, { kind: 'ref' }> {
  let at = node;
  for (let steps = 0; at.kind === 'ref' && steps < 10; steps += 1) at = definitions[at.name] ?? { kind: 'any' };
  return at.kind === 'ref' ? { kind: 'any' } : at;
}

const FormField = Type.Object({
  name: Type.String(),
  required: Type.Boolean(),
  unit: Type.Optional(Type.String()),
  node: Type.Unsafe<FormNode>(
    Type.Object(
      { kind: Type.String({ enum: ['ref', 'object', 'list', 'enum', 'string', 'integer', 'number', 'boolean', 'any'] }) },
      { additionalProperties: true },
    ),
  ),
});

const About = {
  version: Type.String({ enum: ['ocpp2.0.1', 'ocpp2.1'] }),
  action: Type.String(),
  block: Type.String({ description: 'letter of the functional block' }),
  blockName: Type.String(),
  useCases: Type.Array(Type.String()),
};
export const MessageAbout = Type.Object(About);
export const MessageDescriptor = Type.Object({
  ...About,
  fields: Type.Array(FormField),
  definitions: Type.Record(Type.String(), FormField.properties.node),
});
