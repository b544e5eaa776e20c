export type Cell = string | number | boolean | null | undefined;

/** RFC 4180: quoted where it must be. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** A spreadsheet would run such a text as a formula; a number that begins with a minus is no text. */
const defused = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

/** One line; what is not known is empty. */
export const csvLine = (cells: readonly Cell[]): string =>
  `${cells.map((cell) => (typeof cell === 'string' ? quoted(defused(cell)) : cell === null || cell === undefined ? '' : String(cell))).join(',')}\r\n`;
