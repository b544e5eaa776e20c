/** A condition on declared features: ids joined by and, or, not and brackets. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'feature'; readonly id: string }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition };

/** Reads a condition of Part 5 as it stands in the catalogue. Throws on what it does not understand: a condition is never guessed. */
export function parseCondition(text: string): Condition {
  const words = text.match(/\(|\)|[A-Za-z0-9.-]+/g) ?? [];
  if (words.join('') !== text.replaceAll(' ', '')) throw new SyntaxError(`cannot read the condition "${text}"`);
  if (words.length === 0) return { kind: 'always' };
  const reader = new Reader(words, text);
  const condition = reader.or();
  if (!reader.ended) throw new SyntaxError(`the condition "${text}" does not end where it should`);
  return condition;
}

class Reader {
  readonly #words: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(words: readonly string[], text: string) {
    this.#words = words;
    this.#text = text;
  }

  get ended(): boolean {
    return this.#at === this.#words.length;
  }

  or(): Condition {
    let left = this.#and();
    while (this.#take('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#take('and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.#take('not')) return { kind: 'not', of: this.#not() };
    if (this.#take('(')) {
      const inner = this.or();
      if (!this.#take(')')) throw new SyntaxError(`a bracket is not closed in "${this.#text}"`);
      return inner;
    }
    const id = this.#words[this.#at];
    if (id === undefined || !/^[A-Z]/.test(id))
      throw new SyntaxError(`a feature is missing in "${this.#text}" before "${id ?? 'its end'}"`);
    this.#at += 1;
    return { kind: 'feature', id };
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }
}

export function holdsFor(condition: Condition, declared: ReadonlySet<string>): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'feature':
      return declared.has(condition.id);
    case 'not':
      return !holdsFor(condition.of, declared);
    case 'and':
      return holdsFor(condition.left, declared) && holdsFor(condition.right, declared);
    case 'or':
      return holdsFor(condition.left, declared) || holdsFor(condition.right, declared);
  }
}

/** Every feature a condition asks for. */
export function featuresOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'always':
      return [];
    case 'feature':
      return [condition.id];
    case 'not':
      return featuresOf(condition.of);
    case 'and':
    case 'or':
      return [...featuresOf(condition.left), ...featuresOf(condition.right)];
  }
}

/** Features each of which alone, declared or not declared the other way round, would make the condition hold; all of it when no single one would. */
export function blockersOf(condition: Condition, declared: ReadonlySet<string>): readonly string[] {
  const named = [...new Set(featuresOf(condition))];
  const turned = (id: string): ReadonlySet<string> =>
    declared.has(id) ? new Set([...declared].filter((one) => one !== id)) : new Set([...declared, id]);
  const alone = named.filter((id) => holdsFor(condition, turned(id)));
  return alone.length > 0 ? alone : named;
}
