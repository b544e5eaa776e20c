interface Fit {
  /** No line is longer, unless what has to be kept is. */
  readonly columns?: number;
  /** Columns that are never shortened. */
  readonly keep?: readonly number[];
}

/** Below it a column says nothing any more. */
const LEAST = 6;
const GAP = 2;

/**
 * Columns for people; the last one may be as long as it likes, unless the terminal has an end. Control characters from
 * outside cannot touch the terminal.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], { columns, keep = [] }: Fit = {}): string {
  const all = [head, ...rows.map((row) => row.map(printable))];
  const full = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const widths = columns === undefined ? full : fitted(full, columns, keep);
  return all
    .map((row) => {
      const cells = row.map((cell, column) => {
        const cut = shortened(cell, widths[column] ?? 0);
        return column === head.length - 1 ? cut : cut.padEnd((widths[column] ?? 0) + GAP);
      });
      return `${cells.join('')}\n`;
    })
    .join('');
}

/** The widest gives way first. */
function fitted(full: readonly number[], columns: number, keep: readonly number[]): readonly number[] {
  const widths = [...full];
  const free = widths.map((_, column) => column).filter((column) => !keep.includes(column));
  for (let over = sum(widths) + GAP * (widths.length - 1) - columns; over > 0; over -= 1) {
    const widest = free.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined || (widths[widest] ?? 0) <= LEAST) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const shortened = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

// oxlint-disable-next-line eslint/no-control-regex -- exactly those are meant
export const printable = (text: string): string => text.replace(/[\u0000-\u001F\u007F-\u009F]/g, '?');
