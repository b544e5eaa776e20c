import type { OcppVersion } from './versions.ts';

/** Structure of a value as a form needs it; made from the official schemas, without any of their texts. */
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
  /** In our own words, where the name tells it. */
  readonly unit?: string;
  readonly node: FormNode;
}

/** One request: its fields in the order of the schema, and what they refer to by name. */
export interface MessageForm {
  readonly fields: readonly FormField[];
  readonly definitions: Readonly<Record<string, FormNode>>;
}

/** Forms of every message that a CSMS sends in this version, by action; read when first asked for. */
export async function loadForms(version: OcppVersion): Promise<Readonly<Record<string, MessageForm>>> {
  return version === 'ocpp2.1' ? (await import('../generated/forms-21.js')).forms : (await import('../generated/forms-201.js')).forms;
}
