import { type Millis, type Scope, type Socket, s } from '@busbar/runtime';
import type { RecordedFrame, Recording } from './recording.ts';
import { shapeDifferences } from './shape.ts';

export interface ReplayOptions {
  readonly recording: Recording;
  /** An open link to the CSMS, dialled with the recorded version. */
  readonly socket: Socket;
  readonly scope: Scope;
  /** `recorded` keeps the pauses between the station's frames; `fast` sends the next one as soon as the last one is answered. */
  readonly pace?: 'recorded' | 'fast';
  /** How long the CSMS may take for what it did in the recording. */
  readonly patienceMs?: Millis;
}

export interface Difference {
  /** Line of the recording. */
  readonly line: number;
  readonly what: string;
}

export interface ReplayReport {
  readonly sent: number;
  readonly answers: number;
  readonly differences: readonly Difference[];
  /** CALLs of the CSMS that the recording does not know; they were answered NotSupported. */
  readonly unknownCalls: readonly string[];
}

interface LiveCall {
  readonly id: string;
  readonly action: string;
}

const [CALL, CALLRESULT, CALLERROR] = [2, 3, 4];

/**
 * Plays the station's side of a recording: same ids, same timestamps, same order. An answer of the CSMS is found by its id, a
 * CALL of the CSMS by its action and order, and answered with what the station said then.
 */
export function replay(options: ReplayOptions): Promise<ReplayReport> {
  return new Replay(options).run();
}

class Replay {
  readonly #options: ReplayOptions;
  readonly #answers = new Map<string, readonly unknown[]>();
  readonly #calls: LiveCall[] = [];
  readonly #differences: Difference[] = [];
  readonly #unknownCalls: string[] = [];
  /** How many CALLs of each action the recording still answers. */
  readonly #expected = new Map<string, number>();
  #closed: string | undefined;
  #wake: () => void = () => undefined;
  #sent = 0;
  #answered = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    const { frames } = options.recording;
    for (const { direction, frame } of frames)
      if (direction === 'csms→station' && frame[0] === CALL)
        this.#expected.set(text(frame[2]), (this.#expected.get(text(frame[2])) ?? 0) + 1);
    options.socket.handle({
      text: (data) => this.#heard(data),
      binary: () => undefined,
      alive: () => undefined,
      closed: (code, reason) => {
        this.#closed = `the CSMS closed the link (${code} ${reason})`.replace(' )', ')');
        this.#wake();
      },
    });
  }

  async run(): Promise<ReplayReport> {
    const { frames } = this.#options.recording;
    /** Actions of the CSMS's recorded CALLs by their recorded id. */
    const asked = new Map<string, string>();
    let before = 0;
    for (const [index, recorded] of frames.entries()) {
      const line = index + 2;
      const { frame, direction, t } = recorded;
      if (this.#closed !== undefined) {
        this.#differ(line, this.#closed);
        break;
      }
      if (direction === 'csms→station') {
        if (frame[0] === CALL) asked.set(text(frame[1]), text(frame[2]));
        else await this.#expectAnswer(recorded, line);
        continue;
      }
      if (this.#options.pace === 'recorded') await this.#pause(t - before);
      before = t;
      await this.#say(recorded, asked, line);
    }
    for (const { action, id } of this.#calls) this.#refuse(action, id);
    return { sent: this.#sent, answers: this.#answered, differences: this.#differences, unknownCalls: this.#unknownCalls };
  }

  async #say({ frame }: RecordedFrame, asked: ReadonlyMap<string, string>, line: number): Promise<void> {
    const action = typeof frame === 'string' || frame[0] === CALL ? undefined : asked.get(text(frame[1]));
    if (action === undefined) return this.#send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    const call = await this.#wait(() => this.#calls.find((one) => one.action === action));
    if (call === undefined) return this.#differ(line, this.#closed ?? `the CSMS did not call ${action}`);
    this.#calls.splice(this.#calls.indexOf(call), 1);
    const [type, , ...rest] = frame;
    this.#send(JSON.stringify([type, call.id, ...rest]));
  }

  async #expectAnswer({ frame }: RecordedFrame, line: number): Promise<void> {
    if (typeof frame === 'string') return;
    const id = text(frame[1]);
    const answer = await this.#wait(() => this.#answers.get(id));
    if (answer === undefined) return this.#differ(line, this.#closed ?? `no answer to ${id}`);
    this.#answers.delete(id);
    this.#answered += 1;
    if (answer[0] !== frame[0]) return this.#differ(line, `answered ${kind(answer)}, in the recording ${kind(frame)}`);
    if (frame[0] === CALLERROR && answer[2] !== frame[2])
      return this.#differ(line, `refused ${text(answer[2])}, in the recording ${text(frame[2])}`);
    if (frame[0] === CALLRESULT) for (const what of shapeDifferences(frame[2], answer[2])) this.#differ(line, what);
  }

  #heard(data: string): void {
    const frame = arrayOf(data);
    const [type, id, action] = frame;
    if (type === CALLRESULT || type === CALLERROR) this.#answers.set(text(id), frame);
    else if (type === CALL) {
      const left = this.#expected.get(text(action)) ?? 0;
      this.#expected.set(text(action), left - 1);
      if (left > 0) this.#calls.push({ id: text(id), action: text(action) });
      else this.#refuse(text(action), text(id));
    }
    this.#wake();
  }

  #refuse(action: string, id: string): void {
    this.#unknownCalls.push(action);
    if (this.#closed === undefined)
      this.#options.socket.send(JSON.stringify([CALLERROR, id, 'NotSupported', 'the recording knows no such call', {}]));
  }

  #send(data: string): void {
    this.#sent += 1;
    this.#options.socket.send(data);
  }

  #differ(line: number, what: string): void {
    this.#differences.push({ line, what });
  }

  /** What `find` finds, as soon as it does; undefined when the patience or the link ends before. */
  async #wait<T>(find: () => T | undefined): Promise<T | undefined> {
    const { scope, patienceMs = s(30) } = this.#options;
    let late = false;
    const timer = scope.after(patienceMs, 'replay waits for the CSMS', () => {
      late = true;
      this.#wake();
    });
    for (;;) {
      const found = find();
      if (found !== undefined || late || this.#closed !== undefined) {
        timer.cancel();
        return found;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #pause(delayMs: Millis): Promise<void> {
    if (delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#options.scope.after(delayMs, 'replay keeps the pace', () => resolve());
    });
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
const kind = (frame: readonly unknown[]): string => (frame[0] === CALLRESULT ? 'a CALLRESULT' : `a CALLERROR (${text(frame[2])})`);

function arrayOf(data: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(data);
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // damage from the CSMS: the wait for a proper answer ends by its patience
  }
}
