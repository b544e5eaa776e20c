import { CallFailure } from './rpc-error.ts';

export interface Shapes {
  readonly objects: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

/** Per enumeration: what a newer value becomes in the older version. A value that is not here is refused. */
export type ValueMap = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Cuts a message of the newer version down to the older one: properties the older version does not know are dropped,
 * enumeration values are mapped by the table or refused with the field's name. Lengths and ranges are the validator's business.
 */
export function narrow(value: unknown, shape: string, shapes: Shapes, map: ValueMap, pointer = ''): unknown {
  if (Array.isArray(value)) return value.map((inner, index) => narrow(inner, shape, shapes, map, `${pointer}/${index}`));
  const allowed = shapes.enums[shape];
  if (allowed) {
    if (typeof value !== 'string' || allowed.includes(value)) return value;
    const mapped = map[shape]?.[value];
    if (mapped === undefined) throw new CallFailure('notInVersion', `${pointer}: the negotiated version does not know the value ${value}`);
    return mapped;
  }
  const properties = shapes.objects[shape];
  if (!properties || typeof value !== 'object' || value === null) return value;
  const kept: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const inside = properties[key];
    if (inside === undefined || inner === undefined) continue;
    kept.push([key, inside === '' ? inner : narrow(inner, inside, shapes, map, `${pointer}/${key}`)]);
  }
  return Object.fromEntries(kept);
}
