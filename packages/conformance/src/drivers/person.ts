import { createInterface, type Interface } from 'node:readline';

/** Somebody who answers in lines. Lines that come before they are asked for are kept, so answers may be piped in. */
export class Person {
  readonly #lines: Interface;
  readonly #output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly #early: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #gone = false;

  constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream & { readonly isTTY?: boolean }) {
    this.#output = output;
    this.#lines = createInterface({ input, output });
    this.#lines.on('line', (line) => {
      const next = this.#waiting.shift();
      if (next) next(line);
      else this.#early.push(line);
    });
    this.#lines.once('close', () => {
      this.#gone = true;
      for (const next of this.#waiting.splice(0)) next(undefined);
    });
  }

  /** Resolves with undefined when nobody is there any more. One question at a time. */
  async ask(before: string, question: string): Promise<string | undefined> {
    this.#output.write(before);
    this.#lines.setPrompt(question);
    if (!this.#gone) this.#lines.prompt();
    // A terminal shows what is typed and the line's end; a pipe shows neither.
    if (this.#output.isTTY !== true) this.#output.write('\n');
    const early = this.#early.shift();
    if (early !== undefined) return early;
    if (this.#gone) return undefined;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#waiting.push(resolve);
    return promise;
  }

  leave(): void {
    this.#lines.close();
  }
}
