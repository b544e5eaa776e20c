import { codePoints } from '../code-points.ts';
import { isDateTime } from '../date-time.ts';
import type { OcppVersion } from '../versions.ts';
import type { StandardVariable, VariableType } from './model.ts';

/** What a value must keep to. A station narrows the standard's entry by what it can do (fewer values, a lower limit). */
export type ValueRules = Pick<StandardVariable, 'type' | 'values' | 'values21' | 'min' | 'max' | 'max21'>;

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INT32_MIN = -2_147_483_648;
const INT32_MAX = 2_147_483_647;

/**
 * Why the text is no value of this variable, or undefined when it is one (B05.FR.07, B05.FR.08): type, format, range,
 * members of lists. An empty list is a value. The sentence fits into statusInfo.additionalInfo.
 */
export function validateValue(rules: ValueRules, text: string, version: OcppVersion = 'ocpp2.1'): string | undefined {
  const max = (version === 'ocpp2.1' ? rules.max21 : undefined) ?? rules.max;
  return CHECKS[rules.type](text, { min: rules.min, max, values: allowed(rules, version) });
}

interface Bounds {
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly values: readonly string[] | undefined;
}

const CHECKS: Record<VariableType, (text: string, bounds: Bounds) => string | undefined> = {
  boolean: (text) => (text === 'true' || text === 'false' ? undefined : 'neither true nor false'),
  integer(text, { min, max }) {
    if (!INTEGER.test(text)) return 'not an integer';
    return outside(Number(text), INT32_MIN, INT32_MAX) === undefined ? outside(Number(text), min, max) : 'larger than 32 bits';
  },
  decimal: (text, { min, max }) => (DECIMAL.test(text) && Number.isFinite(Number(text)) ? outside(Number(text), min, max) : 'not a number'),
  dateTime: (text) => (isDateTime(text) ? undefined : 'not a date and time (RFC 3339)'),
  string: lengthOutside,
  OptionList: (text, bounds) => lengthOutside(text, bounds) ?? unknownMember([text], bounds.values),
  MemberList: listOutside,
  SequenceList: listOutside,
};

/** The members of a list value; an empty text is an empty list. */
export const listMembers = (text: string): string[] => (text === '' ? [] : text.split(','));

const allowed = (rules: ValueRules, version: OcppVersion): readonly string[] | undefined =>
  rules.values && version === 'ocpp2.1' && rules.values21 ? [...rules.values, ...rules.values21] : rules.values;

function outside(value: number, min?: number, max?: number): string | undefined {
  if (min !== undefined && value < min) return `below ${min}`;
  return max !== undefined && value > max ? `above ${max}` : undefined;
}

function lengthOutside(text: string, { min, max }: Bounds): string | undefined {
  const length = codePoints(text);
  if (min !== undefined && length < min) return `shorter than ${min} characters`;
  return max !== undefined && length > max ? `longer than ${max} characters` : undefined;
}

function listOutside(text: string, bounds: Bounds): string | undefined {
  const length = lengthOutside(text, bounds);
  if (length !== undefined) return length;
  const members = listMembers(text);
  if (members.some((member) => member === '')) return 'an empty member in the list';
  const twice = members.find((member, index) => members.indexOf(member) !== index);
  return twice === undefined ? unknownMember(members, bounds.values) : `${short(twice)} stands twice in the list`;
}

function unknownMember(members: readonly string[], values?: readonly string[]): string | undefined {
  const unknown = values && members.find((member) => !values.includes(member));
  return unknown === undefined ? undefined : `${short(unknown)} is not one of the allowed values`;
}

const short = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
