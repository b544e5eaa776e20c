import { parseInstant } from '@busbar/runtime';

/** What a field must be. A plain value means: exactly this. */
export interface Rule {
  readonly says: string;
  holds(value: unknown): boolean;
  /** A value that does not hold and that nobody could guess: for the audit. */
  readonly wrong?: unknown;
}
export type Field = Rule | string | number | boolean | undefined;
/** Paths (`idTokenInfo.status`, `meterValue.0.sampledValue.0.context`) and what must stand there. */
export type Fields = Readonly<Record<string, Field>>;

const within = (n: number, least: number, most: number): boolean => least <= n && n <= most;
const isRule = (field: Field): field is Rule => typeof field === 'object';

export const oneOf = (...values: readonly (string | number | boolean | undefined)[]): Rule => ({
  says: values.map((value) => (value === undefined ? 'absent' : String(value))).join(' or '),
  holds: (value) => values.some((allowed) => allowed === value),
});
export const not = (...values: readonly (string | number | boolean)[]): Rule => ({
  says: `not ${values.join(' nor ')}`,
  holds: (value) => !values.some((forbidden) => forbidden === value),
});
export const absent: Rule = { says: 'absent', holds: (value) => value === undefined };
export const present: Rule = { says: 'present', holds: (value) => value !== undefined };
export const absentOr = (...values: readonly (string | number | boolean)[]): Rule => oneOf(...values, undefined);
export const atLeast = (least: number): Rule => ({
  says: `at least ${least}`,
  holds: (value) => typeof value === 'number' && value >= least,
});
export const atMost = (most: number): Rule => ({
  says: `at most ${most}`,
  holds: (value) => typeof value === 'number' && value <= most,
});
export const matching = (pattern: RegExp, says: string): Rule => ({
  says,
  holds: (value) => typeof value === 'string' && pattern.test(value),
});
/** Anything a sentence and a function can say. */
export const rule = (says: string, holds: (value: unknown) => boolean, wrong?: unknown): Rule => ({ says, holds, wrong });
export const textOf = (least: number, most: number): Rule =>
  rule(`a text of ${least} to ${most} characters`, (value) => typeof value === 'string' && within(Array.from(value).length, least, most));
/** A list in which at least one element has these fields. */
export const some = (fields: Fields): Rule =>
  rule(
    `a list with an element where ${sentence(fields)}`,
    (value) => Array.isArray(value) && value.some((element) => fits(element, fields)),
  );
/** A list whose every element has these fields; an empty one has not. */
export const every = (fields: Fields): Rule =>
  rule(
    `a list where for each element ${sentence(fields)}`,
    (value) => Array.isArray(value) && value.length > 0 && value.every((element) => fits(element, fields)),
  );
export const listOf = (length: number): Rule => rule(`a list of ${length}`, (value) => Array.isArray(value) && value.length === length);
/** RFC 3339 within the deviation of a moment. */
export const near = (moment: number, deviationMs: number): Rule =>
  rule(
    `within ${deviationMs / 1000} s of the moment it speaks of`,
    (value) => typeof value === 'string' && Math.abs(parseInstant(value) - moment) <= deviationMs,
  );
export const after = (moment: number): Rule =>
  rule('a moment in the future', (value) => typeof value === 'string' && parseInstant(value) > moment);

export const wrongOf = (field: Field): unknown => (isRule(field) ? field.wrong : undefined);
export const holds = (field: Field, value: unknown): boolean => (isRule(field) ? field.holds(value) : field === value);
export const saysOf = (field: Field): string => (isRule(field) ? field.says : field === undefined ? 'absent' : String(field));
export const fits = (value: unknown, fields: Fields): boolean =>
  Object.entries(fields).every(([path, field]) => holds(field, at(value, path)));
const sentence = (fields: Fields): string =>
  Object.entries(fields)
    .map(([path, field]) => `${path} is ${saysOf(field)}`)
    .join(' and ');

/** What is left to be judged of a message that was chosen by `where`: a field that chose it cannot be wrong. */
export const unsaid = (expect: Fields, where: Fields = {}): Fields =>
  Object.fromEntries(Object.entries(expect).filter(([path, field]) => !(path in where) || saysOf(where[path]) !== saysOf(field)));

/** Which of several messages, for a sentence: ` (status is Uploading)`. */
export const whichOf = (where: Fields = {}): string => (Object.keys(where).length === 0 ? '' : ` (${sentence(where)})`);

/** What stands at a path of a payload; undefined where nothing does. */
export function at(value: unknown, path: string): unknown {
  if (path === '') return value;
  let here: unknown = value;
  for (const key of path.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.entries(here).find(([name]) => name === key)?.[1];
  }
  return here;
}

/** A value as a reader can see it, cut. */
export const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};
