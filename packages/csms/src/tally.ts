/** Counts by one word of a known list; whatever else comes counts as `other`, so that nobody outside decides how many words there are. */
export class Tally<Word extends string> {
  readonly #counts = new Map<string, number>();

  constructor(words: readonly Word[]) {
    for (const word of words) this.#counts.set(word, 0);
  }

  add(word: string): void {
    const known = this.#counts.has(word) ? word : 'other';
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
  }

  entries(): readonly (readonly [word: string, count: number])[] {
    return [...this.#counts];
  }
}
