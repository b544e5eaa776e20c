/** What a piece of JSON text is; `odd` is what is no JSON at all. */
export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'mark' | 'space' | 'odd';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Of the value it belongs to (RFC 6901): a key and its colon belong to their value, a bracket to its list. */
  readonly pointer: string;
}

const PIECES = /"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|[A-Za-z_]+|[{}[\],:]|\s+|[^\s]/gy;

export const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export const pathOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

interface Open {
  readonly list: boolean;
  readonly pointer: string;
  index: number;
  key: string | undefined;
  /** Between a colon and the next comma. */
  valued: boolean;
}

const textOf = (quoted: string): string => {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1); // a bad escape: good enough to find its line
  }
};

/** Cuts text into pieces that together are the text again, whether it is JSON or not yet. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const open: Open[] = [];
  const here = (): string => {
    const top = open.at(-1);
    if (top === undefined) return '';
    const step = top.list ? top.index : top.key;
    return step === undefined ? top.pointer : top.pointer + pointerOf([step]);
  };
  for (const [piece] of text.matchAll(PIECES)) {
    const top = open.at(-1);
    if (/^\s/.test(piece)) tokens.push({ kind: 'space', text: piece, pointer: here() });
    else if (piece === '{' || piece === '[') {
      tokens.push({ kind: 'mark', text: piece, pointer: here() });
      open.push({ list: piece === '[', pointer: here(), index: 0, key: undefined, valued: false });
    } else if (piece === '}' || piece === ']') {
      open.pop();
      tokens.push({ kind: 'mark', text: piece, pointer: here() });
    } else if (piece === ',') {
      tokens.push({ kind: 'mark', text: piece, pointer: here() });
      if (top !== undefined) Object.assign(top, { index: top.index + 1, key: undefined, valued: false });
    } else if (piece === ':') {
      if (top !== undefined) top.valued = true;
      tokens.push({ kind: 'mark', text: piece, pointer: here() });
    } else if (piece.length > 1 && piece.startsWith('"')) {
      const isKey = top !== undefined && !top.list && !top.valued;
      if (isKey) top.key = textOf(piece);
      tokens.push({ kind: isKey ? 'key' : 'string', text: piece, pointer: here() });
    } else tokens.push({ kind: kindOf(piece), text: piece, pointer: here() });
  }
  return tokens;
}

const kindOf = (piece: string): TokenKind => (/^-?\d/.test(piece) ? 'number' : /^(?:true|false|null)$/.test(piece) ? 'word' : 'odd');

export type Line = readonly Token[];

/** Whether a piece belongs to the value at the pointer, or to something inside it. */
export const isWithin = (pointer: string, outer: string): boolean => pointer === outer || pointer.startsWith(`${outer}/`);

/** Lines of a text as it is, for the editor. */
export function linesOf(text: string): readonly Line[] {
  const lines: Token[][] = [[]];
  for (const token of tokensOf(text)) {
    const [first = '', ...rest] = token.text.split('\n');
    lines.at(-1)?.push({ ...token, text: first });
    for (const part of rest) lines.push([{ ...token, text: part }]);
  }
  return lines;
}

/** What fits on one line stays there. */
const SHORT = 56;
/** The head of a frame, with its action or its error code, is one line up to here. */
const WIDE = 80;

/**
 * A text laid out again without being read: numbers keep the digits they came with. Short lists and objects without others
 * inside stay on one line, and so does the head of an OCPP frame.
 */
export function laidOut(text: string): readonly Line[] {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== 'space');
  const lines: Token[][] = [];
  let line: Token[] = [];
  let depth = 0;
  const put = (token: Token): void => void line.push(token);
  const gap = (): void => put({ kind: 'space', text: ' ', pointer: '' });
  const turn = (): void => {
    lines.push(line);
    line = depth === 0 ? [] : [{ kind: 'space', text: ' '.repeat(depth), pointer: '' }];
  };
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const short = opens(token) ? shortUntil(tokens, at) : 0;
    if (short > 0) {
      const inner = tokens.slice(at, short + 1);
      for (const [index, one] of inner.entries()) {
        if (index === inner.length - 1 && inner.length > 2 && one.text === '}') gap();
        put(one);
        const opening = index === 0 && one.text === '{' && inner.length > 2;
        if (opening || (one.kind === 'mark' && (one.text === ',' || one.text === ':'))) gap();
      }
      at = short;
    } else if (opens(token)) {
      put(token);
      depth += 1;
      // The head of a frame: [2, "id", "Action",
      if (depth !== 1 || token.text === '{') turn();
    } else if (closes(token)) {
      depth = Math.max(0, depth - 1);
      const head = depth === 0 && token.text === ']';
      if (!head) turn();
      put(token);
    } else {
      put(token);
      const next = tokens[at + 1];
      if (token.text === ',' && token.kind === 'mark') {
        const width = line.reduce((sum, one) => sum + one.text.length, 0) + (next?.text.length ?? 0);
        const inHead = depth === 1 && tokens[0]?.text === '[' && next !== undefined && !opens(next) && width < WIDE;
        if (inHead) gap();
        else turn();
      } else if (token.text === ':' && token.kind === 'mark') gap();
    }
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

const opens = ({ kind, text }: Token): boolean => kind === 'mark' && (text === '{' || text === '[');
const closes = ({ kind, text }: Token): boolean => kind === 'mark' && (text === '}' || text === ']');

/** Where a short one ends; 0 when it is not short. */
function shortUntil(tokens: readonly Token[], from: number): number {
  // The frame itself is never one line.
  if (from === 0 && tokens[0]?.text === '[' && tokens.length > 2) return 0;
  let length = 0;
  for (let at = from + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || opens(token)) return 0;
    if (closes(token)) return at;
    length += token.text.length + 1;
    if (length > SHORT) return 0;
  }
  return 0;
}

/** The value under the caret. */
export function pointerAt(text: string, offset: number): string {
  let at = 0;
  for (const token of tokensOf(text)) {
    at += token.text.length;
    if (at > offset || (at === offset && token.kind !== 'space' && token.kind !== 'mark')) return token.pointer;
  }
  return '';
}
