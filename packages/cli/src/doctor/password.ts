import { readFileSync } from 'node:fs';
import { BusbarError, messageOf, Secret } from '@busbar/runtime';

export interface DoctorPassword {
  readonly value: Secret;
  readonly source: 'option' | 'environment' | 'file';
  readonly file?: string;
}

/** Option, then environment, then file. A file is taken byte for byte: its line break is what often goes wrong. */
export function readPassword(
  options: { readonly password?: string; readonly passwordFile?: string },
  environment: Readonly<Record<string, string | undefined>>,
): DoctorPassword | undefined {
  if (options.password !== undefined) return { value: new Secret(options.password), source: 'option' };
  const inline = environment['BUSBAR_PASSWORD'];
  if (options.passwordFile === undefined && inline !== undefined) return { value: new Secret(inline), source: 'environment' };
  const file = options.passwordFile ?? environment['BUSBAR_PASSWORD_FILE'];
  if (file === undefined) return undefined;
  try {
    return { value: new Secret(readFileSync(file, 'utf8')), source: 'file', file };
  } catch (error) {
    throw new BusbarError('bad-usage', `the password file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

const NAMES: Record<string, string> = {
  '\n': 'a line break (0x0A)',
  '\r': 'a carriage return (0x0D)',
  ' ': 'a space (0x20)',
  '\t': 'a tab (0x09)',
  '\uFEFF': 'a byte order mark (0xFEFF)',
};

export interface Blemish {
  /** The password without it. */
  readonly cleaned: Secret;
  readonly seen: string;
  readonly fix: string;
  readonly lineBreak: boolean;
}

/** What surrounds the password and can hardly be meant: line breaks and spaces at its ends. */
export function blemishOf(password: DoctorPassword): Blemish | undefined {
  const text = password.value.reveal();
  const cleaned = text.replace(/^[\uFEFF\s]+/u, '').replace(/\s+$/u, '');
  if (cleaned === text || cleaned === '') return undefined;
  const holds = `${password.source === 'file' ? 'The file holds' : 'The password has'} ${Array.from(text).length} characters`;
  const tail = text.slice(text.indexOf(cleaned) + cleaned.length);
  const lineBreak = /[\r\n]$/.test(tail);
  if (tail === '')
    return { cleaned: new Secret(cleaned), seen: `${holds}, the first one is ${named(text[0])}.`, fix: fixOf(password), lineBreak };
  const many = tail.length === 1 ? 'the last one is' : `the last ${tail.length} are`;
  return {
    cleaned: new Secret(cleaned),
    seen: `${holds}, ${many} ${[...new Set(tail)].map(named).join(' and ')}.`,
    fix: password.source === 'file' && cleaned.length + tail.length === text.length ? cut(password.file ?? '', tail) : fixOf(password),
    lineBreak,
  };
}

const named = (char: string | undefined): string => NAMES[char ?? ''] ?? 'white space';
const cut = (file: string, tail: string): string => {
  const bytes = Buffer.byteLength(tail);
  const what = tail === '\n' ? 'the last character, the line break' : bytes === 1 ? 'the last character' : `the last ${bytes} bytes`;
  return `truncate -s -${bytes} ${file}${' '.repeat(10)}cuts ${what}`;
};
const fixOf = ({ source, file }: DoctorPassword): string =>
  source === 'file' ? `write ${file} anew without it` : source === 'environment' ? 'correct BUSBAR_PASSWORD' : 'correct --password';
