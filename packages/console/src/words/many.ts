/** So many of something: `1 station`, `2 stations`. A number that is already text is one when it says 1. */
export const many = (n: number | string | undefined, one: string, more: string): string => `${n ?? 0} ${String(n) === '1' ? one : more}`;
