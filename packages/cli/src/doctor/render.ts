import { ERRORS } from '@busbar/runtime';
import type { DoctorReport, Step, StepState } from './report.ts';

const WIDTH = 94;
const WORDS: Record<StepState, string> = { ok: 'ok', careful: 'careful', wrong: 'wrong', skipped: 'skipped', notReached: 'not reached' };
const COLOURS: Record<StepState, number> = { ok: 32, careful: 33, wrong: 31, skipped: 2, notReached: 2 };

/** The report for people, without colours unless asked. */
export function renderDoctor(report: DoctorReport, { colour = false } = {}): string {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const title = `Can ${report.id} reach its CSMS?`;
  const reached = `${report.steps.filter(({ state }) => state !== 'notReached').length} of ${report.steps.length} steps`;
  const step = ({ name, state, text }: Step, index: number): string =>
    `  ${index + 1}  ${name.padEnd(12)} ${paint(COLOURS[state], WORDS[state].padEnd(7))} ${text}`.trimEnd();
  const lines = [paint(1, title) + reached.padStart(WIDTH - title.length), '', ...report.steps.map(step), ''];
  if (report.advice) {
    const { verdict, lines: more, code } = report.advice;
    lines.push(...wrap(verdict, WIDTH));
    for (const [label, text] of more) {
      const [first = '', ...rest] = wrap(text, WIDTH - 11);
      lines.push(`  ${paint(2, label.padEnd(8))} ${first}`, ...rest.map((line) => `           ${line}`));
    }
    lines.push(`${paint(31, 'error')} ${code}, exit code ${ERRORS[code].exit}, as JSON with --json`);
  } else {
    lines.push(paint(32, `${report.id} reaches its CSMS.`));
  }
  return `${lines.join('\n')}\n`;
}

/** A command with its remark behind a gap stays on one line, to be copied. */
function wrap(text: string, width: number): string[] {
  if (text.includes('  ')) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
