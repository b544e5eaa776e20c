/** A point in wall-clock time: milliseconds since 1970-01-01T00:00:00Z. RFC 3339 text exists only at the edges. */
export type Instant = number;
/** A span of time in milliseconds. */
export type Millis = number;

export const s = (seconds: number): Millis => seconds * 1000;
export const DAY_MS: Millis = 24 * 3600 * 1000;

/** RFC 3339 in UTC with milliseconds, as OCPP sends it. */
export function formatInstant(at: Instant): string {
  // oxlint-disable-next-line eslint/no-restricted-globals -- pure formatting of a given instant, no clock is read
  if (at !== lastPrinted.at) lastPrinted = { text: new Date(at).toISOString(), at };
  return lastPrinted.text;
}
let lastPrinted: { readonly text: string; readonly at: Instant } = { text: '', at: Number.NaN };

/**
 * Text that passed the schema's date-time format; digits beyond the millisecond are cut (Part 2, 2.1.3 allows three).
 * A leap second, which the format allows, is the first of the next minute.
 */
export function parseInstant(text: string): Instant {
  if (text !== last.text) last = { text, at: parse(text) };
  return last.at;
}

/** The newest one: an event and its samples mostly bear the same time, and it is asked for again and again. */
let last: { readonly text: string; readonly at: Instant } = { text: '', at: Number.NaN };

function parse(text: string): Instant {
  const leap = text.slice(17, 19) === '60';
  // oxlint-disable-next-line eslint/no-restricted-globals -- pure parsing of a given text, no clock is read
  return leap ? Date.parse(`${text.slice(0, 17)}59${text.slice(19)}`) + 1000 : Date.parse(text);
}
