import type { CaseResult, Verdict } from '../run-case.ts';
import type { Paint } from './paint.ts';
import { blockName, blockOf, seconds } from './wording.ts';

/** Cells of a bar on a terminal of 100 columns; it gives way on a narrow one. */
const WIDTH = 30;
/** Columns of a line besides its bar, without the running case. */
const BESIDES = 67;
/** Below this a line would wrap, and lines that wrap cannot be written again in place. */
export const NARROWEST = BESIDES + 5;
const MARKS: Readonly<Record<Verdict, string>> = { pass: '#', fail: 'x', inconclusive: '?', notApplicable: '-' };

interface Block {
  readonly letter: string;
  of: number;
  running: string;
  readonly verdicts: Verdict[];
}

/** How far a run is, block by block. */
export class Progress {
  readonly #blocks = new Map<string, Block>();
  readonly #paint: Paint;
  readonly #width: number;
  readonly #tells: boolean;

  /** The ids that will run. */
  constructor(ids: readonly string[], paint: Paint, columns = 100) {
    this.#paint = paint;
    this.#width = Math.max(1, Math.min(WIDTH, columns - BESIDES));
    this.#tells = columns >= 100;
    for (const id of ids) this.#blockOf(id).of += 1;
  }

  started(id: string): void {
    this.#blockOf(id).running = id;
  }
  ended({ id, verdict }: CaseResult): void {
    const block = this.#blockOf(id);
    block.verdicts.push(verdict);
    if (block.running === id) block.running = '';
  }

  lines(elapsedMs: number): readonly string[] {
    const blocks = [...this.#blocks.values()].filter(({ of }) => of > 0);
    const done = blocks.reduce((sum, { verdicts }) => sum + verdicts.length, 0);
    const of = blocks.reduce((sum, block) => sum + block.of, 0);
    const left = done === 0 || done === of ? '' : `, about ${seconds((elapsedMs / done) * (of - done))} left`;
    return [...blocks.map((block) => this.#line(block)), '', `  ${done} of ${of}, ${seconds(elapsedMs)}${left}`];
  }

  #line({ letter, of, running, verdicts }: Block): string {
    const count = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
    const { green, red, yellow } = this.#paint;
    const words = [
      green(`${String(count('pass')).padStart(3)} pass`),
      ...(count('fail') > 0 ? [red(`${count('fail')} fail`)] : []),
      ...(count('inconclusive') > 0 ? [yellow(`${count('inconclusive')} inconclusive`)] : []),
    ];
    const at = `${String(verdicts.length).padStart(3)} / ${of}`;
    const tail = running === '' || count('inconclusive') > 0 || !this.#tells ? '' : `  ${running}`;
    return `  ${letter}  ${blockName(letter).padEnd(18)}${this.#bar(verdicts, of)}  ${at.padEnd(10)}${words.join('  ')}${tail}`;
  }

  /** Each cell shows the worst of the cases it stands for. */
  #bar(verdicts: readonly Verdict[], of: number): string {
    const full = Math.floor((verdicts.length / of) * this.#width);
    const cells = Array.from({ length: this.#width }, (_, cell) => {
      if (cell >= full) return cell === full && verdicts.length > 0 ? '>' : '.';
      const first = Math.floor((cell / this.#width) * of);
      const last = Math.max(first + 1, Math.floor(((cell + 1) / this.#width) * of));
      const span = verdicts.slice(first, last);
      const worst = (['fail', 'inconclusive', 'pass', 'notApplicable'] as const).find((verdict) => span.includes(verdict));
      return worst === undefined ? '#' : MARKS[worst];
    });
    const paints: Readonly<Record<string, (text: string) => string>> = {
      '#': this.#paint.green,
      x: this.#paint.red,
      '?': this.#paint.yellow,
      '>': this.#paint.yellow,
    };
    return cells.join('').replaceAll(/(.)\1*/g, (run, cell: string) => (paints[cell] ?? this.#paint.dim)(run));
  }

  #blockOf(id: string): Block {
    const letter = blockOf(id);
    const known = this.#blocks.get(letter);
    if (known) return known;
    const block: Block = { letter, of: 0, running: '', verdicts: [] };
    this.#blocks.set(letter, block);
    return block;
  }
}
