import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Scope } from '@busbar/runtime';
import { COMMANDS, type Command, usageOf, type Wish } from './commands.ts';
import type { HandAction, StationHands, StationStatus } from './hands.ts';
import { formatWorld } from './message-line.ts';
import { commonStart, completeLine, parseLine } from './parse.ts';
import { Screen, type TerminalOutput } from './screen.ts';

export interface StationTerminalOptions {
  readonly hands: StationHands;
  readonly scope: Scope;
  readonly input: Readable;
  readonly output: TerminalOutput & NodeJS.WritableStream;
  /** How often the status line is looked at anew. */
  readonly statusEveryMs?: number;
}

const PROMPT = '> ';
/** Hints that fit above the prompt without pushing the story away. */
const MOST_HINTS = 8;

/** `busbar station` at a terminal: the station's messages scroll, a person types what hands would do. */
export class StationTerminal {
  readonly #options: StationTerminalOptions;
  readonly #screen: Screen;
  readonly #lines: Interface;
  readonly #left = Promise.withResolvers<void>();

  constructor(options: StationTerminalOptions) {
    this.#options = options;
    const { input, output, scope } = options;
    const terminal = output.isTTY === true;
    this.#screen = new Screen(output);
    this.#lines = createInterface({
      input,
      output,
      terminal,
      prompt: PROMPT,
      historySize: 200,
      completer: (line: string) => this.#complete(line),
    });
    this.#lines.on('line', (line) => this.#entered(line));
    this.#lines.on('close', () => this.#left.resolve());
    this.#lines.on('SIGINT', () => this.#lines.close());
    if (terminal) {
      this.#screen.attach({ redraw: () => this.#lines.prompt(true), cursorRow: () => this.#lines.getCursorPos().rows });
      this.#refresh();
      scope.every(options.statusEveryMs ?? 1_000, 'status line', () => this.#refresh());
    }
    scope.onClose(() => this.#lines.close());
  }

  /** Resolves when the person leaves, or the input ends. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  print(text: string): void {
    this.#screen.print(text);
  }

  #refresh(): void {
    this.#screen.status(statusLine(this.#options.hands.status()));
  }

  #entered(line: string): void {
    this.#screen.entered(line, PROMPT);
    this.#fulfil(parseLine(line, this.#options.hands.status()), line);
    this.#refresh();
  }

  #fulfil(wish: Wish, line: string): void {
    const { scope } = this.#options;
    switch (wish.kind) {
      case 'nothing':
        this.#screen.hints([]);
        return;
      case 'mistake':
        this.print(wish.text);
        return;
      case 'help':
        this.print(helpText(wish.command));
        return;
      case 'status':
        this.print(statusText(this.#options.hands.status()));
        return;
      case 'quit':
        this.#screen.detach();
        this.#lines.close();
        return;
      case 'act':
        if (wish.afterMs === 0) this.#act(wish.action);
        else {
          this.print(`in ${wish.afterMs / 1000} s: ${line.trim().replace(/\s+after\s+\S+$/, '')}`);
          scope.after(wish.afterMs, `typed: ${line}`, () => this.#act(wish.action));
        }
    }
  }

  #act(action: HandAction): void {
    this.#options.scope.run(action.verb, async () => {
      const result = await this.#options.hands.act(action);
      if (!result.done) this.print(`${result.reason} (${result.code})`);
      else if (result.facts !== undefined) this.print(formatWorld(this.#options.scope.clock.now(), result.facts));
      else this.#refresh();
    });
  }

  #complete(line: string): [string[], string] {
    const { candidates, word } = completeLine(line, this.#options.hands);
    const values = candidates.map(({ value }) => value);
    const start = commonStart(values);
    if (values.length === 1) {
      this.#screen.hints([]);
      return [[`${start} `], word];
    }
    const width = Math.max(...values.map(({ length }) => length), 0);
    this.#screen.hints([
      ...candidates.slice(0, MOST_HINTS).map(({ value, about }) => `           ${value.padEnd(width)}  ${about}`),
      ...(values.length > MOST_HINTS ? [`           and ${values.length - MOST_HINTS} more`] : []),
      ...(values.length > 0 && !/^\s*\S*$/.test(line) ? ['           add "after 30s" to delay it'] : []),
    ]);
    return start.length > word.length ? [[start], word] : [[], word];
  }
}

export function statusLine({ id, connectedForMs, powered, evses, queue, faults }: StationStatus): string {
  const link = !powered ? 'no power' : connectedForMs === undefined ? 'offline' : `connected ${span(connectedForMs)}`;
  const each = evses.map(({ id: evse, state, powerW, energyWh }) =>
    [
      `${evse} ${state}`,
      ...(powerW === undefined ? [] : [`${(powerW / 1000).toFixed(2)} kW`]),
      ...(energyWh === undefined ? [] : [`${(energyWh / 1000).toFixed(3)} kWh`]),
    ].join(' '),
  );
  return [id, link, ...each, `queue ${queue}`, faults.length === 0 ? 'no faults' : faults.join(', ')].join('  ');
}

const statusText = (status: StationStatus): string => [statusLine(status), ...(status.details ?? []).map((line) => `  ${line}`)].join('\n');

/** 27 s, 12 min, 3 h, 2 d. */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export function helpText(command?: Command): string {
  if (command) {
    const choices = command.arguments.flatMap(({ choices: known = [] }) =>
      known.map(({ value, about }) => `  ${value.padEnd(18)} ${about}`),
    );
    return [`${usageOf(command)}: ${command.about}`, ...choices].join('\n');
  }
  const width = Math.max(...COMMANDS.map((one) => usageOf(one).length));
  return [
    ...COMMANDS.map((one) => `  ${usageOf(one).padEnd(width)}  ${one.about}`),
    '  The EVSE may be left out where there is only one. "after 30s" behind a command delays it. Tab completes.',
  ].join('\n');
}
