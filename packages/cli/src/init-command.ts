import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { BusbarError, limits, messageOf } from '@busbar/runtime';
import { stringify } from 'yaml';
import { readServeConfig } from './config-examine.ts';

export interface InitSurroundings {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** One question: what is asked, what is taken when nothing is answered, and what is wrong with an answer. */
interface Question {
  readonly flag: string;
  readonly ask: string;
  readonly usual: string;
  readonly wrong?: (answer: string, answers: Answers) => string | undefined;
  /** Asked only when it matters. */
  readonly when?: (answers: Answers) => boolean;
}
type Answers = Readonly<Record<string, string>>;

const port = (answer: string): string | undefined =>
  /^\d+$/.test(answer) && Number(answer) >= 1 && Number(answer) <= 65_535 ? undefined : 'a port is a number from 1 to 65535.';
/** The port behind that of the page is the one of files (docs/configuration.md, --files-port). */
const freePort = (answer: string, { ocppPort }: Answers): string | undefined =>
  port(answer) ??
  ([Number(answer), Number(answer) + 1].includes(Number(ocppPort))
    ? `it and the one behind it (for files) are others than ${ocppPort}, the port of the stations.`
    : undefined);
const oneOf =
  (...words: readonly string[]) =>
  (answer: string): string | undefined =>
    words.includes(answer) ? undefined : `one of ${words.join(', ')} is wanted.`;
const url =
  (...schemes: readonly string[]) =>
  (answer: string): string | undefined =>
    answer === '' || (URL.canParse(answer) && schemes.includes(new URL(answer).protocol))
      ? undefined
      : `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')} is wanted, or nothing.`;
const file = (answer: string): string | undefined => (existsSync(answer) ? undefined : `there is no file ${answer}.`);

const QUESTIONS: readonly Question[] = [
  {
    flag: 'organization',
    ask: 'Organisation, as certificates name it',
    usual: 'Busbar',
    wrong: (answer) => (answer.length <= 64 ? undefined : 'at most 64 characters are possible.'),
  },
  {
    flag: 'connect',
    ask: 'Who may connect: local (this machine) or everybody',
    usual: 'local',
    wrong: oneOf('local', 'everybody'),
  },
  { flag: 'folder', ask: 'Folder of the data', usual: './data' },
  { flag: 'ocppPort', ask: 'Port of the stations', usual: '9000', wrong: port },
  { flag: 'httpPort', ask: 'Port of page and API', usual: '8080', wrong: freePort },
  {
    flag: 'publicOcppUrl',
    ask: 'URL under which stations reach it (nothing: as above)',
    usual: '',
    wrong: url('ws:', 'wss:'),
    when: ({ connect }) => connect === 'everybody',
  },
  {
    flag: 'publicHttpUrl',
    ask: 'URL under which people reach it (nothing: as above)',
    usual: '',
    wrong: url('http:', 'https:'),
    when: ({ connect }) => connect === 'everybody',
  },
  {
    flag: 'tls',
    ask: 'TLS for stations: none, own (an authority of its own) or files',
    usual: 'none',
    wrong: oneOf('none', 'own', 'files'),
  },
  { flag: 'tlsCert', ask: 'Certificate file', usual: 'server.pem', wrong: file, when: ({ tls }) => tls === 'files' },
  { flag: 'tlsKey', ask: 'Key file', usual: 'server.key', wrong: file, when: ({ tls }) => tls === 'files' },
  {
    flag: 'database',
    ask: 'PostgreSQL as postgres://user:password@host/name (nothing: SQLite in the folder)',
    usual: '',
    wrong: (answer) => (answer === '' || /^postgres(ql)?:\/\//.test(answer) ? undefined : 'it begins with postgres://, or is nothing.'),
  },
  {
    flag: 'adminPassword',
    ask: 'Password of the first administrator, admin (nothing: one is made and shown at the first start)',
    usual: '',
    wrong: (answer) =>
      answer === '' || answer.length >= limits.personPasswordMin
        ? undefined
        : `at least ${limits.personPasswordMin} characters are wanted.`,
  },
];

/** `busbar init`: the few questions of a new operator; what comes of it starts with `busbar serve`. */
export async function initCommand(flags: Flags, around: InitSurroundings): Promise<void> {
  const out = String(flags['out'] ?? 'busbar.yaml');
  const typist = flags['yes'] === true ? undefined : typistOf(around);
  try {
    await mayWrite(out, flags, typist);
    const answers: Record<string, string> = {};
    for (const question of QUESTIONS) {
      if (question.when?.(answers) === false) continue;
      answers[question.flag] = await answerOf(question, answers, flags, typist);
    }
    write(out, answers);
    around.output.write(`${out} is written. Start with: busbar serve${out === 'busbar.yaml' ? '' : ` --config ${out}`}\n`);
  } finally {
    typist?.close();
  }
}

interface Typist {
  readonly ask: (question: string) => Promise<string>;
  readonly say: (text: string) => void;
  readonly close: () => void;
}

/** Lines are taken as they come, so that answers may also be piped in. */
function typistOf({ input, output }: InitSurroundings): Typist {
  const lines = createInterface({ input, output, terminal: 'isTTY' in input && input.isTTY === true });
  const each = lines[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      output.write(question);
      const { value, done } = await each.next();
      if (done === true)
        throw new BusbarError('bad-usage', 'The answers ended before the questions did; nothing is written. --yes takes the defaults.');
      return value.trim();
    },
    say: (text) => output.write(text),
    close: () => lines.close(),
  };
}

async function mayWrite(out: string, flags: Flags, typist: Typist | undefined): Promise<void> {
  if (!existsSync(out) || flags['force'] === true) return;
  if (typist === undefined) throw new BusbarError('not-empty', `${out} exists. --force replaces it, --out names another.`);
  const answer = await typist.ask(`${out} exists. Replace it? yes or no [no]: `);
  if (answer !== 'yes' && answer !== 'y') throw new BusbarError('not-empty', `${out} stays as it is.`);
}

async function answerOf(question: Question, answers: Answers, flags: Flags, typist: Typist | undefined): Promise<string> {
  const given = flags[question.flag];
  if (typeof given === 'string' || typist === undefined) {
    const answer = typeof given === 'string' ? given : question.usual;
    const wrong = question.wrong?.(answer, answers);
    if (wrong !== undefined) throw new BusbarError('bad-usage', `--${kebab(question.flag)}: ${wrong}`);
    return answer;
  }
  for (;;) {
    const typed = await typist.ask(`${question.ask}${question.usual === '' ? '' : ` [${question.usual}]`}: `);
    const answer = typed === '' ? question.usual : typed;
    const wrong = question.wrong?.(answer, answers);
    if (wrong === undefined) return answer;
    typist.say(`  ${wrong}\n`);
  }
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Read back as `serve` will read it before it takes its place; only its owner may read it, a password may be in it. */
function write(out: string, answers: Answers): void {
  const next = `${out}.new`;
  try {
    writeFileSync(next, textOf(answers), { mode: 0o600 });
  } catch (error) {
    throw new BusbarError('folder-not-writable', `${out} cannot be written: ${messageOf(error)}`, { cause: error });
  }
  try {
    readServeConfig({ config: next }, {});
    renameSync(next, out);
  } finally {
    rmSync(next, { force: true });
  }
}

/** What is the default anyway stays out, so that the file says what was decided. */
export function textOf(answers: Answers): string {
  const { connect, folder, tls, ocppPort, httpPort } = answers;
  const lines: readonly (readonly [comment: string, values: Readonly<Record<string, unknown>>])[] = [
    ['The operator, as certificates name it.', { organization: answers['organization'] }],
    [
      connect === 'everybody' ? 'Other machines may connect.' : 'Only this machine may connect; 0.0.0.0 lets others in.',
      { host: connect === 'everybody' ? '0.0.0.0' : '127.0.0.1', ocppPort: Number(ocppPort), httpPort: Number(httpPort) },
    ],
    ['How others reach it.', given(answers, 'publicOcppUrl', 'publicHttpUrl')],
    [
      tls === 'own'
        ? 'Stations over TLS too; an authority of its own makes the certificates.'
        : 'Stations over TLS too, with these certificates.',
      tls === 'own'
        ? { ocppTlsPort: 9443 }
        : tls === 'files'
          ? { ocppTlsPort: 9443, tlsCert: [answers['tlsCert']], tlsKey: [answers['tlsKey']] }
          : {},
    ],
    ['Where the data is kept.', { data: folder, ...given(answers, 'database') }],
    ['Counts at the first start only: take it out afterwards.', given(answers, 'adminPassword')],
  ];
  const parts = lines.flatMap(([comment, values]) => (Object.keys(values).length === 0 ? [] : [`# ${comment}\n${stringify(values)}`]));
  return `# Made by busbar init. All options: docs/configuration.md\n\n${parts.join('\n')}`;
}

const given = (answers: Answers, ...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => (answers[name] === undefined || answers[name] === '' ? [] : [[name, answers[name]] as const])),
  );
