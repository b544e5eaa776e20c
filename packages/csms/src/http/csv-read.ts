export interface CsvLine {
  /** Of the file; the first is 1. A cell may span several. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** RFC 4180 as people and spreadsheets write it: comma or semicolon, quotes, CRLF or LF, with or without a byte order mark. */
export function readCsv(text: string): readonly CsvLine[] {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source);
  const lines: CsvLine[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let begun = 1;
  const end = (): void => {
    cells.push(cell);
    if (cells.length > 1 || cell !== '') lines.push({ line: begun, cells });
    cells = [];
    cell = '';
    begun = line + 1;
  };
  for (let at = 0; at < source.length; at += 1) {
    const letter = source.charAt(at);
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (source.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === separator) {
      cells.push(cell);
      cell = '';
    } else if (letter === '\n') end();
    else if (letter !== '\r') cell += letter;
    if (letter === '\n') line += 1;
  }
  if (cell !== '' || cells.length > 0) end();
  return lines;
}

/** Whichever stands in the first line: a German spreadsheet writes semicolons. */
function separatorOf(source: string): string {
  const first = source.slice(0, source.indexOf('\n') < 0 ? source.length : source.indexOf('\n'));
  return first.includes(';') && !first.includes(',') ? ';' : ',';
}
