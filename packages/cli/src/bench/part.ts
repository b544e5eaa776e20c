import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BusbarError, messageOf } from '@busbar/runtime';
import type { PartAnswers, PartCommand, PartCommands, PartName } from './part-commands.ts';

/** As scripts/run.cjs starts `busbar fleet`. */
const FLAGS: Readonly<Record<PartName, readonly string[]>> = {
  fleet: ['--max-semi-space-size=4'],
  load: [],
  api: [],
  'raw-server': [],
  validators: [],
};

/** A process of a bench's own that is asked by lines of JSON and answers each with one. */
export class Part {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  readonly #name: PartName;

  private constructor(name: PartName, child: ChildProcess, pid: number) {
    this.#name = name;
    this.#child = child;
    this.pid = pid;
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    child.once('exit', (code) => {
      const error = new BusbarError('internal', `the ${name} process of the bench ended with ${code}`);
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  static start(name: PartName, options: { readonly environment?: Readonly<Record<string, string>> } = {}): Part {
    const main = join(import.meta.dirname, import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js');
    const child = spawn(process.execPath, [...FLAGS[name], main, 'bench-part', name], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...options.environment },
    });
    if (child.pid === undefined) throw new BusbarError('internal', `the ${name} process of the bench could not be started`);
    return new Part(name, child, child.pid);
  }

  async ask<C extends PartCommand>(command: C): Promise<PartAnswers[C['do']]> {
    const line = await new Promise<string>((resolve, reject) => {
      if (this.#child.exitCode !== null)
        return reject(new BusbarError('internal', `the ${this.#name} process of the bench is not there any more`));
      this.#waiting.push({ resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
    });
    const answer: { ok: PartAnswers[C['do']] } | { failed: string } = JSON.parse(line);
    if ('failed' in answer) throw new BusbarError('internal', `${this.#name}: ${answer.failed}`);
    return answer.ok;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin?.end();
    await gone;
  }
}

/** The other end: answers line by line, in order, and ends with its parent. */
export function answerLines<N extends PartName>(_part: N, answer: (command: PartCommands[N]) => Promise<unknown>): void {
  let tail: Promise<void> = Promise.resolve();
  const one = async (line: string): Promise<void> => {
    const command: PartCommands[N] = JSON.parse(line);
    const said = await answer(command).then(
      (ok) => ({ ok: ok ?? null }),
      (error: unknown) => ({ failed: messageOf(error) }),
    );
    process.stdout.write(`${JSON.stringify(said)}\n`);
  };
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      tail = tail.then(() => one(line));
    })
    .on('close', () => process.exit(0));
}
