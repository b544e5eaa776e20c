import { readFileSync } from 'node:fs';
import { nodeNetwork } from '@busbar/protocol/node';
import { BusbarError, messageOf, Scope, s } from '@busbar/runtime';
import { jsonLog, systemClock } from '@busbar/runtime/node';
import { parseRecording, type Recording, type ReplayReport, replay } from '@busbar/sim';
import { readPassword } from './doctor/password.ts';

export interface ReplayFlags {
  readonly url: string;
  readonly id?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly pace: 'recorded' | 'fast';
  readonly json: boolean;
  /** Seconds the CSMS may take for what it did in the recording. */
  readonly patience: number;
}

export interface ReplaySurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
}

/** `busbar replay`: plays the station's side of a recorded session against a CSMS and compares what it answers. */
export async function replayCommand(file: string, flags: ReplayFlags, { environment, write }: ReplaySurroundings): Promise<void> {
  const recording = readRecording(file);
  const id = flags.id ?? recording.header.stationId;
  const password = readPassword(flags, environment);
  const scope = new Scope(systemClock, jsonLog('warn'), 'replay');
  const socket = await dial(flags.url, id, recording, password?.value);
  try {
    const report = await replay({ recording, socket, scope, pace: flags.pace, patienceMs: s(flags.patience) });
    write(
      flags.json ? `${JSON.stringify({ file, stationId: id, ...report, ok: report.differences.length === 0 })}\n` : print(file, report),
    );
    const { length } = report.differences;
    if (length > 0)
      throw new BusbarError('recording-differs', `${length} ${length === 1 ? 'answer differs' : 'answers differ'} from ${file}.`);
  } finally {
    socket.close(1000, 'the recording is over');
    scope.close();
  }
}

function readRecording(file: string): Recording {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new BusbarError('bad-usage', `${file} cannot be read (${messageOf(error)}).`, { cause: error });
  }
  try {
    return parseRecording(text);
  } catch (error) {
    if (!(error instanceof BusbarError)) throw error;
    throw new BusbarError(error.code, `${file}, ${error.message}`, { cause: error, fields: error.fields });
  }
}

async function dial(url: string, id: string, { header }: Recording, password: Parameters<typeof basicOf>[1]) {
  try {
    return await nodeNetwork().dial({
      url: `${url.replace(/\/$/, '')}/${encodeURIComponent(id)}`,
      subprotocols: [header.ocppVersion],
      ...basicOf(id, password),
      deflate: true,
      timeoutMs: s(10),
    });
  } catch (error) {
    throw new BusbarError(
      'cannot-reach-csms',
      `${url} as ${id}: ${messageOf(error)}. npx busbar station doctor ${url} --id ${id} says why.`,
      {
        cause: error,
      },
    );
  }
}

const basicOf = (user: string, password: NonNullable<ReturnType<typeof readPassword>>['value'] | undefined) =>
  password === undefined ? {} : { basic: { user, password } };

function print(file: string, { sent, answers, differences, unknownCalls }: ReplayReport): string {
  return [
    `${file}: ${sent} frames sent, ${answers} answers, ${differences.length === 0 ? 'all as recorded' : `${differences.length} different`}`,
    ...differences.map(({ line, what }) => `  line ${line}: ${what}`),
    ...(unknownCalls.length === 0 ? [] : [`  the CSMS also called ${unknownCalls.join(', ')}; answered NotSupported`]),
    '',
  ].join('\n');
}
