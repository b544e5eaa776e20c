import { BusbarError, messageOf, type Scope } from '@busbar/runtime';
import { parse } from 'yaml';
import type { HandAction, StationHands, StationStatus } from './hands.ts';
import { parseLine } from './parse.ts';

export interface ScenarioStep {
  /** After the step before, or after the station was accepted. */
  readonly afterMs: number;
  readonly text: string;
  readonly action: HandAction | 'quit' | 'nothing';
}

/**
 * Reads a scenario: a YAML list of lines as one types them at the terminal, each with its `after`. An entry may also be
 * `{do: plug, after: 5s}`; one without `do` is a pause. Everything is checked before the first step is done.
 */
export function parseScenario(yaml: string, status: StationStatus): readonly ScenarioStep[] {
  let value: unknown;
  try {
    value = parse(yaml);
  } catch (error) {
    throw new BusbarError('bad-usage', `the scenario is not YAML: ${messageOf(error)}`, { cause: error });
  }
  if (!Array.isArray(value)) throw new BusbarError('bad-usage', 'a scenario is a list of commands, each on a line that begins with "- "');
  return value.map((entry: unknown, index) => readStep(entry, index + 1, status));
}

function readStep(entry: unknown, number: number, status: StationStatus): ScenarioStep {
  const wrong = (what: string): BusbarError => new BusbarError('bad-usage', `scenario, step ${number}: ${what}`);
  const text = textOf(entry);
  if (text === undefined) throw wrong(`${JSON.stringify(entry)} is neither a command nor {do, after}`);
  const [, pause] = /^after\s+(\S+)$/.exec(text) ?? [];
  // A pause is a command that is none; its delay is read like any other.
  const wish = parseLine(pause === undefined ? text : `power after ${pause}`, status);
  switch (wish.kind) {
    case 'act':
      return { afterMs: wish.afterMs, text, action: pause === undefined ? wish.action : 'nothing' };
    case 'quit':
      return { afterMs: 0, text, action: 'quit' };
    case 'mistake':
      throw wrong(wish.text);
    case 'help':
    case 'status':
    case 'nothing':
      throw wrong(`${JSON.stringify(text)} does nothing`);
  }
}

function textOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry.trim();
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const { do: what, after, ...others }: Readonly<Record<string, unknown>> = { ...entry };
  if (Object.keys(others).length > 0 || (what === undefined && after === undefined)) return undefined;
  const delay = typeof after === 'string' || typeof after === 'number' ? `after ${after}` : '';
  if (after !== undefined && delay === '') return undefined;
  return `${typeof what === 'string' ? what : ''} ${delay}`.trim();
}

export interface ScenarioRun {
  readonly hands: StationHands;
  readonly scope: Scope;
  readonly print: (text: string) => void;
  /** Resolves when the CSMS has accepted the station: a scenario begins then. */
  readonly accepted: Promise<void>;
}

/** Does the steps one after the other. What cannot be done ends the scenario: a script must not go on as if it had happened. */
export async function runScenario(
  steps: readonly ScenarioStep[],
  { hands, scope, print, accepted }: ScenarioRun,
): Promise<'quit' | 'over'> {
  await accepted;
  for (const [index, { afterMs, text, action }] of steps.entries()) {
    if (afterMs > 0)
      await new Promise<void>((resolve) => {
        scope.after(afterMs, `scenario, step ${index + 1}`, resolve);
      });
    if (action === 'quit') return 'quit';
    if (action === 'nothing') continue;
    print(`scenario ${index + 1} of ${steps.length}: ${text}`);
    const result = await hands.act(action);
    if (!result.done) throw new BusbarError('conflict', `scenario, step ${index + 1}, ${text}: ${result.reason} (${result.code})`);
  }
  return 'over';
}
