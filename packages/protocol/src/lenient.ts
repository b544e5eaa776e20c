import { limits } from '@busbar/runtime';
import type { SchemaError, Validate } from './validate.ts';

/** What a station may be forgiven, by name, when an operator switches it on (D3). */
export const LENIENCIES = ['unknownProperty', 'unknownEnumValue', 'numberAsString', 'overlongString'] as const;
export type Leniency = (typeof LENIENCIES)[number];

export const isLeniency = (name: string): name is Leniency => LENIENCIES.some((known) => known === name);

export interface Repaired {
  readonly payload: unknown;
  readonly used: readonly { readonly leniency: Leniency; readonly pointer: string }[];
}

/** Texts for people. Nothing else is cut: an identifier that lost its end is somebody else's. */
const CUT = new Set([
  'actualValue',
  'additionalInfo',
  'attributeValue',
  'firmwareVersion',
  'model',
  'reasonCode',
  'techCode',
  'techInfo',
  'valuesList',
  'vendorName',
]);

/** Elements whose left-out fields have a meaning of their own (a sample without measurand is an energy register): they go as a whole. */
const WHOLE = /^(.*\/(?:sampledValue|variableAttribute)\/\d+)\//;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * A copy of a payload that fails its schema, repaired by the leniencies that are switched on; undefined when they do not
 * suffice. Nothing is invented: what is not forgiven stays a fault, and so does an unknown value of a required field.
 */
export function repair(validate: Validate<unknown>, payload: unknown, allowed: ReadonlySet<Leniency>): Repaired | undefined {
  if (allowed.size === 0 || !isObject(payload)) return undefined;
  const copy: unknown = JSON.parse(JSON.stringify(payload));
  const used: { leniency: Leniency; pointer: string }[] = [];
  while (!validate(copy)) {
    const [fault] = validate.errors ?? [];
    const leniency = fault === undefined ? undefined : leniencyFor(fault);
    if (fault === undefined || leniency === undefined || !allowed.has(leniency) || used.length >= limits.repairs) return undefined;
    const pointer = mend(copy, leniency, fault);
    if (pointer === undefined) return undefined;
    used.push({ leniency, pointer });
  }
  return used.length === 0 ? undefined : { payload: copy, used };
}

function leniencyFor({ keyword }: SchemaError): Leniency | undefined {
  switch (keyword) {
    case 'additionalProperties':
      return 'unknownProperty';
    case 'enum':
      return 'unknownEnumValue';
    case 'type':
      return 'numberAsString';
    case 'maxLength':
      return 'overlongString';
    default:
      return undefined;
  }
}

/** One repair in place; the pointer of what was changed. */
function mend(root: unknown, leniency: Leniency, { instancePath, params }: SchemaError): string | undefined {
  const place = find(root, instancePath);
  switch (leniency) {
    case 'unknownProperty': {
      const { additionalProperty: name } = params;
      if (!isObject(place?.value) || typeof name !== 'string') return undefined;
      delete place.value[name];
      return `${instancePath}/${escape(name)}`;
    }
    case 'unknownEnumValue': {
      const whole = WHOLE.exec(instancePath)?.[1];
      const gone = whole === undefined ? place : find(root, whole);
      if (gone === undefined || !remove(gone, whole !== undefined)) return undefined;
      return instancePath;
    }
    case 'numberAsString': {
      const number = numberOf(place?.value, params['type']);
      return place !== undefined && number !== undefined && put(place, number) ? instancePath : undefined;
    }
    case 'overlongString': {
      const { limit } = params;
      if (place === undefined || typeof place.value !== 'string' || typeof limit !== 'number' || !CUT.has(place.key)) return undefined;
      // The schema counts characters, not UTF-16 units.
      return put(place, Array.from(place.value).slice(0, limit).join('')) ? instancePath : undefined;
    }
  }
}

function numberOf(value: unknown, type: unknown): number | undefined {
  if (typeof value !== 'string' || !NUMBER.test(value)) return undefined;
  const number = Number(value);
  if (type === 'integer') return Number.isSafeInteger(number) ? number : undefined;
  return type === 'number' && Number.isFinite(number) ? number : undefined;
}

interface Place {
  readonly parent: unknown;
  readonly key: string;
  readonly value: unknown;
}

function find(root: unknown, pointer: string): Place | undefined {
  let place: Place = { parent: undefined, key: '', value: root };
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const parent = place.value;
    if (Array.isArray(parent)) place = { parent, key, value: parent[Number(key)] };
    else if (isObject(parent) && Object.hasOwn(parent, key)) place = { parent, key, value: parent[key] };
    else return undefined;
  }
  return place;
}

function remove({ parent, key }: Place, fromList: boolean): boolean {
  if (Array.isArray(parent)) {
    if (fromList) parent.splice(Number(key), 1);
    return fromList;
  }
  return isObject(parent) && Reflect.deleteProperty(parent, key);
}

const put = ({ parent, key }: Place, value: unknown): boolean =>
  (Array.isArray(parent) || isObject(parent)) && Reflect.set(parent, key, value);

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
