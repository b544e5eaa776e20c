import { isWithin, type Line } from './json-text.ts';

/** More lines than anybody reads; the copy has them all. */
const MOST_LINES = 1500;
const CLASSES: Readonly<Record<string, string>> = { key: 'k', string: 'v', number: 'n', word: 'n', odd: 'e' };

interface Marks {
  /** The value that is spoken of: its lines are marked. */
  readonly marked?: string | undefined;
  /** The same, because it is wrong. */
  readonly wrong?: string | undefined;
}

/** Pieces of JSON in their colours, as React nodes: what a station says is text, never markup. */
export function JsonLines({ lines, marked, wrong }: Marks & { lines: readonly Line[] }) {
  const shown = marked ?? wrong;
  return (
    <>
      {lines.slice(0, MOST_LINES).map((line, at) => {
        const pieces = line.map(({ kind, text, pointer }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have no other name than their place
          <span key={index} className={wrong !== undefined && pointer === wrong && isValue(kind) ? 'e' : CLASSES[kind]}>
            {text}
          </span>
        ));
        const on = shown !== undefined && line.some(({ kind, pointer }) => kind !== 'space' && isWithin(pointer, shown));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name than their place
          <span key={at} className={on ? 'jl on' : 'jl'}>
            {pieces}
            {'\n'}
          </span>
        );
      })}
      {lines.length > MOST_LINES && `… ${lines.length - MOST_LINES}`}
    </>
  );
}

const isValue = (kind: string): boolean => kind !== 'key' && kind !== 'mark' && kind !== 'space';
