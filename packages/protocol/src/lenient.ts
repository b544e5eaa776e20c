import { limits } from '@busbar/runtime';
import type { SchemaError, Validate } from './validate.ts';

/** What a station may be forgiven, by name, when an operator switches it on (D3). */
export const LENIENCIES = ['unknownProperty', 'unknownEnumValue', 'numberAsString', 'overlongString'] as const;
export type Leniency = (typeof LENIENCIES)[number];

export const isLeniency = (name: string): name is Leniency => LENIENCIES.some((known) => known === name);

export interface Repaired {
  readonly payload: unknown;
  /** The pointer is the first one; the same repair in other elements of a list counts to it. */
  readonly used: readonly { readonly leniency: Leniency; readonly pointer: string; readonly times: number }[];
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
  const used: { leniency: Leniency; pointer: string; times: number }[] = [];
  while (!validate(copy)) {
    const [fault] = validate.errors ?? [];
    const leniency = fault === undefined ? undefined : leniencyFor(fault);
    if (fault === undefined || leniency === undefined || !allowed.has(leniency) || used.length >= limits.repairs) return undefined;
    const times = mend(copy, leniency, fault);
    if (times === 0) return undefined;
    used.push({ leniency, pointer: pointerOf(fault), times });
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

/**
 * One repair in place, at the pointer and wherever else in its lists the same fault stands: a station that adds a
 * property to a sample adds it to all of them. How many were changed.
 */
function mend(root: unknown, leniency: Leniency, { instancePath, params }: SchemaError): number {
  switch (leniency) {
    case 'unknownProperty': {
      const { additionalProperty: name } = params;
      if (typeof name !== 'string') return 0;
      return count(
        places(root, instancePath),
        ({ value }) => isObject(value) && Object.hasOwn(value, name) && Reflect.deleteProperty(value, name),
      );
    }
    case 'unknownEnumValue':
      return mendEnum(root, instancePath, params['allowedValues']);
    case 'numberAsString':
      return count(places(root, instancePath), (place) => {
        const number = numberOf(place.value, params['type']);
        return number !== undefined && put(place, number);
      });
    case 'overlongString': {
      const { limit } = params;
      if (typeof limit !== 'number') return 0;
      return count(places(root, instancePath), (place) => {
        if (typeof place.value !== 'string' || !CUT.has(place.key)) return false;
        const characters = Array.from(place.value); // the schema counts these, not UTF-16 units
        return characters.length > limit && put(place, characters.slice(0, limit).join(''));
      });
    }
  }
}

function mendEnum(root: unknown, pointer: string, allowedValues: unknown): number {
  if (!Array.isArray(allowedValues)) return 0;
  const unknownValue = ({ value }: Place): boolean => value !== undefined && !allowedValues.includes(value);
  const whole = WHOLE.exec(pointer)?.[1];
  if (whole === undefined)
    return count(
      places(root, pointer),
      (place) => unknownValue(place) && isObject(place.parent) && Reflect.deleteProperty(place.parent, place.key),
    );
  const rest = pointer.slice(whole.length);
  // From the end, so that the numbers of those before stay true.
  return count(places(root, whole).toReversed(), ({ parent, key, value }) => {
    if (!Array.isArray(parent) || !places(value, rest).some(unknownValue)) return false;
    parent.splice(Number(key), 1);
    return true;
  });
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

/** Where a pointer leads, with any number in place of the number of a list's element. */
function places(root: unknown, pointer: string): readonly Place[] {
  let found: readonly Place[] = [{ parent: undefined, key: '', value: root }];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found = found.flatMap(({ value: parent }): Place[] => {
      if (Array.isArray(parent)) return parent.map((value: unknown, index) => ({ parent, key: `${index}`, value }));
      return isObject(parent) && Object.hasOwn(parent, key) ? [{ parent, key, value: parent[key] }] : [];
    });
  }
  return found;
}

const count = (all: readonly Place[], change: (place: Place) => boolean): number => all.filter(change).length;

function pointerOf({ instancePath, params: { additionalProperty: name } }: SchemaError): string {
  return typeof name === 'string' ? `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath;
}

const put = ({ parent, key }: Place, value: unknown): boolean =>
  (Array.isArray(parent) || isObject(parent)) && Reflect.set(parent, key, value);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
