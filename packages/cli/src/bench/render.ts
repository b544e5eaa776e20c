import type { BenchResult, Row, Target } from './report.ts';

const WIDTH = 100;

/** The result for people. */
export function renderBench(result: BenchResult, { colour = false } = {}): string {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const target = ({ name, target: wanted, value, met }: Target, widths: readonly [number, number]): string =>
    `  ${paint(met ? 32 : 33, met ? 'met   ' : 'missed')}  ${name.padEnd(widths[0])}  ${wanted.padEnd(widths[1])}  ${number(value)}`;
  const widths = [longest(result.targets.map(({ name }) => name)), longest(result.targets.map(({ target: wanted }) => wanted))] as const;
  return `${[
    ...wrap(`${paint(1, result.bench)}  ${result.about}`, ''),
    result.machine,
    '',
    ...groups(result.rows).flatMap((rows) => [...columns(rows), '']),
    ...result.targets.map((entry) => target(entry, widths)),
    ...(result.targets.length > 0 ? [''] : []),
    ...result.notes.flatMap((note) => wrap(note, '  ')),
  ].join('\n')}\n`;
}

/** Rows with the same columns stand in one table. */
function groups(rows: readonly Row[]): Row[][] {
  const out: Row[][] = [];
  for (const row of rows) {
    const last = out.at(-1);
    if (last !== undefined && Object.keys(last[0] ?? {}).join() === Object.keys(row).join()) last.push(row);
    else out.push([row]);
  }
  return out;
}

function columns(rows: readonly Row[]): string[] {
  const keys = Object.keys(rows[0] ?? {});
  const cells = [keys, ...rows.map((row) => keys.map((key) => cell(row[key])))];
  const width = keys.map((_, column) => longest(cells.map((line) => line[column] ?? '')));
  const left = (column: number): boolean => rows.every((row) => typeof row[keys[column] ?? ''] === 'string');
  return cells.map((line) =>
    line
      .map((text, column) => (left(column) ? text.padEnd(width[column] ?? 0) : text.padStart(width[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const cell = (value: string | number | undefined): string => (typeof value === 'number' ? number(value) : (value ?? ''));
const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1 });
const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line = line.trim() === '' ? indent + word : `${line} ${word}`;
  }
  return [...lines, line];
}
