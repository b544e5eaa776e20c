/** Lines of a terminal that are written again in place. */
export class LiveLines {
  readonly #out: NodeJS.WritableStream;
  readonly #on: boolean;
  #drawn = 0;

  constructor(out: NodeJS.WritableStream, on: boolean) {
    this.#out = out;
    this.#on = on;
  }

  draw(lines: readonly string[]): void {
    if (!this.#on) return;
    this.#out.write(`${this.#home()}${lines.map((line) => `\u001B[K${line}\n`).join('')}`);
    this.#drawn = lines.length;
  }

  clear(): void {
    if (this.#on) this.#out.write(`${this.#home()}\u001B[J`);
    this.#drawn = 0;
  }

  #home(): string {
    return this.#drawn === 0 ? '' : `\u001B[${this.#drawn}A`;
  }
}
