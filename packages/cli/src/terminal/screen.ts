/** Where a terminal writes; process.stdout is one. */
export interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The line being typed: redraws itself, and knows on which row below its beginning the cursor stands. */
export interface InputLine {
  redraw(): void;
  cursorRow(): number;
}

/**
 * Lines that scroll up, below them hints and a status line that stay, at the bottom the line being typed. Without a
 * terminal there are only the lines.
 */
export class Screen {
  readonly #output: TerminalOutput;
  #input: InputLine | undefined;
  #status = '';
  #hints: readonly string[] = [];
  /** Rows of hints and status that are on the screen now. */
  #drawn = 0;

  constructor(output: TerminalOutput) {
    this.#output = output;
  }

  get lively(): boolean {
    return this.#output.isTTY === true && this.#input !== undefined;
  }

  attach(input: InputLine): void {
    this.#input = input;
    this.#draw();
  }

  detach(): void {
    this.#erase();
    this.#input = undefined;
  }

  print(text: string): void {
    this.#erase();
    this.#output.write(`${text}\n`);
    this.#draw();
  }

  status(text: string): void {
    if (text === this.#status) return;
    this.#erase();
    this.#status = text;
    this.#draw();
  }

  hints(lines: readonly string[]): void {
    this.#erase();
    this.#hints = lines;
    this.#draw();
  }

  /** Enter was pressed: the cursor is on a fresh row. What was typed becomes a line like others. */
  entered(line: string, prompt: string): void {
    this.#hints = [];
    if (!this.lively) return;
    const rows = Math.max(1, Math.ceil((prompt.length + line.length + 1) / (this.#output.columns ?? 80)));
    this.#up(rows + this.#drawn);
    this.#drawn = 0;
    this.#output.write(`${prompt}${line}\n`);
  }

  #erase(): void {
    if (!this.lively) return;
    this.#up(this.#drawn + (this.#input?.cursorRow() ?? 0));
    this.#drawn = 0;
  }

  #up(rows: number): void {
    this.#output.write(`${rows > 0 ? `\u001b[${rows}A` : ''}\r\u001b[J`);
  }

  #draw(): void {
    if (!this.lively) return;
    const width = this.#output.columns ?? 80;
    const rows = [...this.#hints, ...(this.#status === '' ? [] : [`\u001b[7m${cut(` ${this.#status}`, width).padEnd(width)}\u001b[0m`])];
    for (const row of rows) this.#output.write(`${row.startsWith('\u001b') ? row : cut(row, width)}\n`);
    this.#drawn = rows.length;
    this.#input?.redraw();
  }
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
