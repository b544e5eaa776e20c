import { emptyForm, type FormDescriptor, type FormField, type FormNode, fillRequired, resolved } from '@busbar/api';
import { pointerOf } from '../../design/json-text.ts';

export type Plain = Exclude<FormNode, { kind: 'ref' }>;
type Leaf = Exclude<Plain, { kind: 'object' | 'list' }>;
type Path = readonly (string | number)[];

interface Part {
  /** The field's name; of an entry of a list its place, counted from 1. */
  readonly name: string;
  readonly path: Path;
  readonly pointer: string;
  readonly required: boolean;
}
export interface ObjectPart extends Part {
  readonly kind: 'object';
  /** Required ones first. */
  readonly parts: readonly FormPart[];
  /** Optional fields that are not there, by name. */
  readonly addable: readonly string[];
  /** Fields the message does not know, which somebody wrote into the JSON. */
  readonly strange: readonly { readonly name: string; readonly value: unknown }[];
}
export interface ListPart extends Part {
  readonly kind: 'list';
  readonly parts: readonly FormPart[];
  readonly least: number;
  readonly most: number | undefined;
  readonly items: FormNode;
}
export interface LeafPart extends Part {
  readonly kind: 'leaf';
  readonly node: Leaf;
  readonly unit: string | undefined;
  readonly value: unknown;
}
export type FormPart = ObjectPart | ListPart | LeafPart;
export type Values = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a form shows: required fields, fields that have a value, and those somebody added (by pointer) and did not fill yet.
 * The value is the message itself: form and JSON edit the same one.
 */
export function formModel(form: FormDescriptor, value: Values, added: ReadonlySet<string>): ObjectPart {
  return objectPart({ form, added }, { name: '', path: [], pointer: '', required: true }, form.fields, value);
}

interface Around {
  readonly form: FormDescriptor;
  readonly added: ReadonlySet<string>;
}

function objectPart(around: Around, part: Part, fields: readonly FormField[], value: Values): ObjectPart {
  const shown = fields.filter(
    ({ name, required }) => required || value[name] !== undefined || around.added.has(part.pointer + pointerOf([name])),
  );
  const known = new Set(fields.map(({ name }) => name));
  return {
    ...part,
    kind: 'object',
    parts: shown
      .toSorted((a, b) => Number(b.required) - Number(a.required))
      .map(({ name, required, unit, node }) =>
        partOf(around, { name, required, path: [...part.path, name], pointer: part.pointer + pointerOf([name]) }, node, unit, value[name]),
      ),
    addable: fields.filter((field) => !shown.includes(field)).map(({ name }) => name),
    strange: Object.entries(value)
      .filter(([name]) => !known.has(name))
      .map(([name, strange]) => ({ name, value: strange })),
  };
}

function partOf(around: Around, part: Part, node: FormNode, unit: string | undefined, value: unknown): FormPart {
  const plain = resolved(node, around.form);
  if (plain.kind === 'object') return objectPart(around, part, plain.fields, isRecord(value) ? value : {});
  if (plain.kind === 'list') {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return {
      ...part,
      kind: 'list',
      least: Math.max(plain.minItems ?? 0, part.required ? 1 : 0),
      most: plain.maxItems,
      items: plain.items,
      parts: items.map((item, at) =>
        partOf(
          around,
          { name: String(at + 1), required: true, path: [...part.path, at], pointer: part.pointer + pointerOf([at]) },
          plain.items,
          unit,
          item,
        ),
      ),
    };
  }
  return { ...part, kind: 'leaf', node: plain, unit, value };
}

/** The message of a form: what was not typed is not in it. */
export function messageOf(part: FormPart): unknown {
  if (part.kind === 'leaf') return part.value;
  if (part.kind === 'list') {
    const items = part.parts.map(messageOf).filter((item) => item !== undefined);
    return items.length === 0 && !part.required ? undefined : items;
  }
  const entries = part.parts.map((inner) => [inner.name, messageOf(inner)] as const).filter(([, value]) => value !== undefined);
  const strange = part.strange.map(({ name, value }) => [name, value] as const);
  if (entries.length + strange.length === 0 && !part.required && part.path.length > 0) return undefined;
  return Object.fromEntries([...entries, ...strange]);
}

const withAt = (value: unknown, [step, ...rest]: Path, next: unknown): unknown => {
  if (step === undefined) return next;
  if (typeof step === 'number') {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const inner = withAt(list[step], rest, next);
    return inner === undefined && rest.length === 0
      ? list.filter((_, at) => at !== step)
      : list.with(Math.min(step, list.length - 1), inner);
  }
  const record = isRecord(value) ? value : {};
  const inner = withAt(record[step], rest, next);
  if (inner === undefined) {
    const { [step]: _gone, ...others } = record;
    return others;
  }
  return { ...record, [step]: inner };
};

/** The message with another value at that place; undefined takes it away. An entry of a list that has none is null until it has. */
export function changed(value: Values, path: Path, next: unknown): Values {
  const whole = withAt(value, path, next);
  return isRecord(whole) ? whole : {};
}

/** The same message with its fields in the order of the form, as the documents list them; unknown ones last. */
export const ordered = (form: FormDescriptor, value: Values): Values => orderedBy(form, form.fields, value);

function orderedBy(form: FormDescriptor, fields: readonly FormField[], value: Values): Values {
  const known = new Set(fields.map(({ name }) => name));
  return Object.fromEntries([
    ...fields.filter(({ name }) => name in value).map(({ name, node }) => [name, orderedNode(form, node, value[name])] as const),
    ...Object.entries(value).filter(([name]) => !known.has(name)),
  ]);
}

function orderedNode(form: FormDescriptor, node: FormNode, value: unknown): unknown {
  const plain = resolved(node, form);
  if (plain.kind === 'object' && isRecord(value)) return orderedBy(form, plain.fields, value);
  return plain.kind === 'list' && Array.isArray(value) ? value.map((item) => orderedNode(form, plain.items, item)) : value;
}

/** What a new entry or an added field begins with; undefined = nothing yet, it is in the form only. */
export function beginning(node: FormNode, form: FormDescriptor): unknown {
  const plain = resolved(node, form);
  const { thing } = emptyForm({ fields: [{ name: 'thing', required: true, node }], definitions: form.definitions });
  if (plain.kind === 'boolean') return false;
  return thing;
}

/** The same for an entry of a list, which must be something: texts are empty, numbers and choices their first. */
export function beginningOfEntry(node: FormNode, form: FormDescriptor): unknown {
  const plain = resolved(node, form);
  if (plain.kind === 'object' || plain.kind === 'list') return beginning(node, form);
  if (plain.kind === 'string' && plain.format === undefined) return '';
  return fillRequired({ fields: [{ name: 'thing', required: true, node }], definitions: form.definitions })['thing'];
}

/** The node of an optional field at its place. */
export function fieldAt(form: FormDescriptor, path: Path): FormField | undefined {
  let fields: readonly FormField[] = form.fields;
  let found: FormField | undefined;
  for (const step of path) {
    if (typeof step === 'number') continue;
    found = fields.find(({ name }) => name === step);
    if (found === undefined) return undefined;
    let plain = resolved(found.node, form);
    while (plain.kind === 'list') plain = resolved(plain.items, form);
    fields = plain.kind === 'object' ? plain.fields : [];
  }
  return found;
}
