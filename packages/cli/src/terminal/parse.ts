import { type Argument, COMMANDS, type Command, usageOf, type Wish } from './commands.ts';
import type { StationHands, StationStatus } from './hands.ts';

/** Understands one line. A delay at its end (`after 30s`) belongs to any command that acts. */
export function parseLine(line: string, status: StationStatus): Wish {
  const words = line.trim().split(/\s+/);
  if (words[0] === '') return { kind: 'nothing' };
  const delay = takeDelay(words);
  if (typeof delay === 'string') return { kind: 'mistake', text: delay };
  const [name = '', ...given] = words;
  const command = COMMANDS.find((one) => one.name === name.toLowerCase());
  if (!command) return { kind: 'mistake', text: `${name} is no command${nearest(name)}. help lists them.` };
  const read = readArguments(command, given, status);
  if (typeof read === 'string') return { kind: 'mistake', text: `${read}. ${usageOf(command)}: ${command.about}` };
  const wish = command.wish(read.values, read.evse);
  if (wish.kind === 'act') return { ...wish, afterMs: delay };
  return delay > 0 ? { kind: 'mistake', text: `${name} cannot wait` } : wish;
}

function takeDelay(words: string[]): number | string {
  const at = words.lastIndexOf('after');
  if (at < 1) return 0;
  const [, text = ''] = words.splice(at);
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (amount === undefined) return `after ${text}: say how long, as 30s or 5m`;
  return Number(amount) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit === 'ms' || unit === 'm' || unit === 'h' ? unit : 's'];
}

function readArguments(
  { arguments: expected }: Command,
  given: readonly string[],
  { evses }: StationStatus,
): { values: Record<string, string>; evse: number } | string {
  const values: Record<string, string> = {};
  const rest = [...given];
  let evse = 0;
  for (const argument of expected) {
    if (argument.type === 'evse') {
      const found = takeEvse(
        rest,
        evses.map(({ id }) => id),
        expected.length,
      );
      if (typeof found === 'string') return found;
      evse = found;
      continue;
    }
    const word = rest.shift();
    if (word === undefined) {
      if (!argument.optional) return `${argument.name} is missing${choicesOf(argument)}`;
      continue;
    }
    if (argument.type === 'choice' && argument.name !== 'code' && !argument.choices?.some(({ value }) => value === word)) {
      return `${word} is no ${argument.name}${choicesOf(argument)}`;
    }
    values[argument.name] = word;
  }
  return rest.length > 0 ? `${rest.join(' ')} is too much` : { values, evse };
}

/** The number may be left out on a station with one EVSE, unless the next word is one. */
function takeEvse(rest: string[], ids: readonly number[], expected: number): number | string {
  const [word = ''] = rest;
  const isNumber = /^\d+$/.test(word);
  if (ids.length === 1 && (!isNumber || (rest.length < expected && Number(word) !== ids[0]))) return ids[0] ?? 1;
  if (!isNumber) return `which EVSE: ${ids.join(', ')}?`;
  if (!ids.includes(Number(word))) return `there is no EVSE ${word}, only ${ids.join(', ')}`;
  rest.shift();
  return Number(word);
}

const choicesOf = ({ choices }: Argument): string => (choices ? `: ${choices.map(({ value }) => value).join(', ')}` : '');

/** A word of the list that differs by one or two letters. */
function nearest(word: string): string {
  const best = COMMANDS.map(({ name }) => ({ name, distance: distance(word.toLowerCase(), name) })).sort(
    (a, b) => a.distance - b.distance,
  )[0];
  return best && best.distance <= Math.min(2, word.length >> 1) ? `, ${best.name} perhaps` : '';
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export interface Completion {
  /** Whole words that can stand where the cursor is, each with a remark. */
  readonly candidates: readonly { readonly value: string; readonly about: string }[];
  /** The beginning of the word that is there already. */
  readonly word: string;
}

/** What Tab offers. */
export function completeLine(line: string, hands: Pick<StationHands, 'status' | 'tokens'>): Completion {
  const words = line.trimStart().split(/\s+/);
  const word = words.pop() ?? '';
  const matching = (all: Completion['candidates']): Completion => ({ word, candidates: all.filter(({ value }) => value.startsWith(word)) });
  const [name] = words;
  if (name === undefined) return matching(COMMANDS.map((command) => ({ value: command.name, about: command.about })));
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) return { word, candidates: [] };
  const argument = command.arguments[words.length - 1];
  switch (argument?.type) {
    case 'evse':
      return matching(hands.status().evses.map(({ id, state }) => ({ value: String(id), about: state })));
    case 'choice':
      return matching(argument.choices ?? []);
    case 'token':
      return matching(hands.tokens().map((value) => ({ value, about: 'known token' })));
    case 'text':
      return name === 'help' ? matching(COMMANDS.map((one) => ({ value: one.name, about: one.about }))) : { word, candidates: [] };
    case undefined:
      return { word, candidates: [] };
  }
}

/** The longest beginning that all candidates share; what Tab can type by itself. */
export function commonStart(values: readonly string[]): string {
  const [first = '', ...others] = values;
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}
