/** Columns for people; the last one may be as long as it likes. Control characters from outside cannot touch the terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) => `${row.map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 2))).join('')}\n`)
    .join('');
}

// oxlint-disable-next-line eslint/no-control-regex -- exactly those are meant
export const printable = (text: string): string => text.replace(/[\u0000-\u001F\u007F-\u009F]/g, '?');
