import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { BusbarError, messageOf, Secret } from '@busbar/runtime';

/** Shorter ones are guessed, whatever the key derivation costs. */
const SHORTEST = 12;

export interface Asking {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** From a file, or asked on the terminal; twice when it is a new one. */
export async function passphraseOf(file: string | undefined, use: 'new' | 'known', { input, output }: Asking): Promise<Secret> {
  if (file !== undefined) return long(readText(file));
  if (input.isTTY !== true)
    throw new BusbarError('bad-usage', '--secrets needs a passphrase: --passphrase-file FILE, or a terminal to ask on.');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const answer = await lines.question('');
    output.write('\n');
    return answer;
  };
  try {
    const first = long(await ask('Passphrase of the secrets: '));
    if (use === 'new' && (await ask('Once more: ')) !== first.reveal()) throw new BusbarError('bad-usage', 'The two passphrases differ.');
    return first;
  } finally {
    lines.close();
  }
}

function long(text: string): Secret {
  if (text.length < SHORTEST) throw new BusbarError('bad-usage', `A passphrase has at least ${SHORTEST} characters.`);
  return new Secret(text);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new BusbarError('bad-usage', `The passphrase file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
