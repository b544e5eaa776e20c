import { parseInstant } from '@busbar/runtime';

/**
 * Whether two texts are the same value of a variable: stations print numbers and booleans in their own way, and the members of a
 * set have no order.
 */
export function sameValue(a: string, b: string, dataType: string | undefined): boolean {
  if (a === b) return true;
  switch (dataType) {
    case 'boolean':
      return a.toLowerCase() === b.toLowerCase();
    case 'integer':
    case 'decimal':
      return isNumber(a) && isNumber(b) && Number(a) === Number(b);
    case 'MemberList':
      return members(a).join() === members(b).join();
    case 'dateTime':
      return parseInstant(a) === parseInstant(b);
    default:
      return false;
  }
}

const isNumber = (text: string): boolean => /^[+-]?\d+(\.\d+)?$/.test(text.trim());
const members = (text: string): readonly string[] =>
  text
    .split(',')
    .map((member) => member.trim())
    .toSorted();
