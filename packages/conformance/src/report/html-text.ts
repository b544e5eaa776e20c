const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text that is HTML already. Only `html` makes one, so nothing from the wire gets into a report unescaped. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export type Part = Html | string | number | readonly Html[];

/** Control characters and those that turn the direction of writing would let a peer show something else than it said. */
const HIDDEN = /[^\P{Cc}\t\n]|\p{Cf}|\p{Cs}/gu;
const escaped = (text: string): string => text.replaceAll(HIDDEN, '\uFFFD').replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
const printed = (part: Part): string => {
  if (part instanceof Html) return part.toString();
  return typeof part === 'object' ? part.join('') : escaped(String(part));
};

/** A template whose values are escaped. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((text, index) => text + (index < parts.length ? printed(parts[index] ?? '') : '')).join(''));

export const nothing = html``;
