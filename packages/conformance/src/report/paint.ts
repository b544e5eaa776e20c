export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}
const codes = (open: number, close: number) => (text: string) => `\u001B[${open}m${text}\u001B[${close}m`;
export const COLOURS: Paint = { bold: codes(1, 22), dim: codes(2, 22), red: codes(31, 39), green: codes(32, 39), yellow: codes(33, 39) };
const plain = (text: string): string => text;
/** Pipes and NO_COLOR: every colour repeats a word that is there anyway. */
export const NO_COLOURS: Paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };

/** What came over the wire must not move the cursor of whoever reads it. */
export const plainText = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');

/** Lines of at most so many characters, broken at spaces where there are some near the end. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = plainText(text);
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > width * 0.6 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end);
  }
  return [...lines, rest];
}
