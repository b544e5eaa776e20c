import { isRecord } from '@busbar/runtime';
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
 * What need not be cut is not copied: the answer may be the value itself.
 */
export const narrow = (value: unknown, shape: string, shapes: Shapes, map: ValueMap): unknown =>
  cut(value, shape, { shapes, map, path: [] });

interface Cutting {
  readonly shapes: Shapes;
  readonly map: ValueMap;
  /** From the message to the value that is looked at. */
  readonly path: (string | number)[];
}

function cut(value: unknown, shape: string, cutting: Cutting): unknown {
  if (Array.isArray(value)) return cutList(value, shape, cutting);
  const { shapes, map, path } = cutting;
  const allowed = shapes.enums[shape];
  if (allowed) {
    if (typeof value !== 'string' || allowed.includes(value)) return value;
    const mapped = map[shape]?.[value];
    if (mapped !== undefined) return mapped;
    const pointer = path.map((part) => `/${part}`).join('');
    throw new CallFailure('notInVersion', `${pointer}: the negotiated version does not know the value ${value}`);
  }
  const properties = shapes.objects[shape];
  return properties && isRecord(value) ? cutObject(value, properties, cutting) : value;
}

function cutList(list: readonly unknown[], shape: string, cutting: Cutting): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    cutting.path.push(index);
    const kept = cut(list[index], shape, cutting);
    cutting.path.pop();
    if (kept === list[index]) continue;
    copy ??= [...list];
    copy[index] = kept;
  }
  return copy ?? list;
}

function cutObject(value: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, string>>, cutting: Cutting): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const inside = properties[key];
    const inner = value[key];
    if (inside === '' && inner !== undefined) continue;
    if (inside === undefined || inner === undefined) {
      copy ??= { ...value };
      delete copy[key];
      continue;
    }
    cutting.path.push(key);
    const kept = cut(inner, inside, cutting);
    cutting.path.pop();
    if (kept === inner) continue;
    copy ??= { ...value };
    copy[key] = kept;
  }
  return copy ?? value;
}
