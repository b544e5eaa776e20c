import type { Side } from './matrix-model.ts';

/** One name of a test or group of tests. */
export interface TestName {
  readonly name: string;
  readonly line: number;
}

const ID = /\b(?:[A-S]\d\d|GEN)\.FR\.\d{2,3}\b|\bTC_[A-S]_\d{2,3}_(?:CSMS|CS)\b/g;
export const idsIn = (text: string): string[] => [...new Set(text.match(ID) ?? [])];

/** Which side a test file tests; the conformance kit judges others, so its names are checked but count for nobody. */
export function sidesOfFile(file: string): readonly Side[] {
  const [, name = ''] = /^packages\/([^/]+)\//.exec(file.replaceAll('\\', '/')) ?? [];
  if (name === 'conformance') return [];
  if (name === 'station') return ['cs'];
  return ['csms', 'api', 'console'].includes(name) ? ['csms'] : ['cs', 'csms'];
}

/**
 * The names in test(…), it(…) and describe(…), with what follows the word (.each, .skipIf …). Names with a placeholder
 * also get the texts of the table before them, as separate names. Skipped tests and those to be written do not count.
 */
export function testNames(source: string): TestName[] {
  const found: TestName[] = [];
  const code = new Code(source);
  for (let at = code.nextWord(0); at !== undefined; at = code.nextWord(at.end)) {
    const names = namesOfCall(code, at.end);
    for (const name of names) found.push({ name, line: source.slice(0, at.start).split('\n').length });
  }
  return found;
}

function namesOfCall(code: Code, from: number): string[] {
  let table = '';
  let at = code.skipSpace(from);
  for (;;) {
    const chained = /^\.\s*(\w+)/.exec(code.source.slice(at, at + 60));
    if (chained) {
      if (['skip', 'todo'].includes(chained[1] ?? '')) return [];
      at = code.skipSpace(at + chained[0].length);
    } else if (code.source[at] === '`') {
      const end = code.endOfString(at);
      table += code.source.slice(at, end);
      at = code.skipSpace(end);
    } else if (code.source[at] === '(') {
      const inner = code.skipSpace(at + 1);
      if (/['"`]/.test(code.source[inner] ?? '')) return withTable(code.source.slice(inner + 1, code.endOfString(inner) - 1), table);
      const end = code.endOfBrackets(at);
      table += code.source.slice(at, end);
      at = code.skipSpace(end);
    } else {
      return [];
    }
  }
}

function withTable(name: string, table: string): string[] {
  const placeholder = /%[sdijfo#]|\$\w|\$\{/.test(name);
  return placeholder && table !== '' ? [name, ...idsIn(table)] : [name];
}

/** Source text in which comments and texts are told from code, as far as this needs it. */
class Code {
  readonly source: string;
  readonly #isCode: Uint8Array;

  constructor(source: string) {
    this.source = source;
    this.#isCode = new Uint8Array(source.length).fill(1);
    for (let i = 0; i < source.length; i += 1) {
      const end = this.#endOfNonCode(i);
      if (end === i) continue;
      this.#isCode.fill(0, i, end);
      i = end - 1;
    }
  }

  nextWord(from: number): { start: number; end: number } | undefined {
    const pattern = /(?<![\w.$])(?:test|it|describe)\b/g;
    pattern.lastIndex = from;
    for (let match = pattern.exec(this.source); match; match = pattern.exec(this.source)) {
      if (this.#isCode[match.index]) return { start: match.index, end: match.index + match[0].length };
    }
    return undefined;
  }

  skipSpace(from: number): number {
    let at = from;
    while (
      at < this.source.length &&
      (/\s/.test(this.source[at] ?? '') || this.source.startsWith('//', at) || this.source.startsWith('/*', at))
    ) {
      at = Math.max(at + 1, /\s/.test(this.source[at] ?? '') ? 0 : this.#endOfNonCode(at));
    }
    return at;
  }

  endOfString(from: number): number {
    const quote = this.source[from];
    for (let at = from + 1; at < this.source.length; at += 1) {
      if (this.source[at] === '\\') at += 1;
      else if (this.source[at] === quote) return at + 1;
    }
    return this.source.length;
  }

  endOfBrackets(from: number): number {
    let depth = 0;
    for (let at = from; at < this.source.length; at += 1) {
      if (!this.#isCode[at]) continue;
      if ('([{'.includes(this.source[at] ?? '')) depth += 1;
      if (')]}'.includes(this.source[at] ?? '')) depth -= 1;
      if (depth === 0) return at + 1;
    }
    return this.source.length;
  }

  #endOfNonCode(from: number): number {
    const char = this.source[from] ?? '';
    if (this.source.startsWith('//', from)) return endOr(this.source.indexOf('\n', from), this.source.length);
    if (this.source.startsWith('/*', from)) return endOr(this.source.indexOf('*/', from), this.source.length - 2) + 2;
    if (`'"\``.includes(char) && char !== '') return this.endOfString(from);
    return char === '/' && this.#startsRegExp(from) ? this.#endOfRegExp(from) : from;
  }

  /** A slash after an operator or an opening bracket begins a regular expression. */
  #startsRegExp(from: number): boolean {
    return /(?:^|[(,=:[!&|?{};+>]|return)\s*$/.test(this.source.slice(Math.max(0, from - 20), from));
  }

  #endOfRegExp(from: number): number {
    let inClass = false;
    for (let at = from + 1; at < this.source.length && this.source[at] !== '\n'; at += 1) {
      const char = this.source[at];
      if (char === '\\') at += 1;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass) return at + 1;
    }
    return from;
  }
}

const endOr = (index: number, otherwise: number): number => (index < 0 ? otherwise : index);
