import { emptyForm, type FormDescriptor } from '@busbar/api';
import { isRecord, type Values } from './form-model.ts';

/** A message while it is written: its value, fields that are in the form and empty, and the JSON while it is none. */
export interface Draft {
  readonly value: Values;
  readonly added: ReadonlySet<string>;
  /** What stands in the editor, as somebody typed it; undefined = the value, laid out. */
  readonly text: string | undefined;
}

export const draftOf = (form: FormDescriptor, start: Values | undefined): Draft => ({
  value: start ?? emptyForm(form),
  added: new Set(),
  text: undefined,
});

export const textOf = ({ text, value }: Draft): string => text ?? JSON.stringify(value, null, 2);

type Read = { readonly value: Values } | { readonly problem: string } | 'notObject';

export function readJson(text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? { value } : 'notObject';
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Typed into the editor: the form follows as soon as it is an object of JSON, and keeps what it had until then. */
export function typed(draft: Draft, text: string): Draft {
  const read = readJson(text);
  return typeof read === 'object' && 'value' in read ? { value: read.value, added: new Set(), text } : { ...draft, text };
}
