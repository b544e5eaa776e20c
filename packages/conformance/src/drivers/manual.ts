import { createInterface } from 'node:readline/promises';
import { type Act, sentence } from '../act.ts';
import { NotApplicable } from '../expectation.ts';
import type { Driver } from './driver.ts';

/** Asks a person and waits: Enter = done, n = the system cannot do that. */
export function manualDriver(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Driver {
  const lines = createInterface({ input, output });
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (act: Act): Promise<void> => {
    const answer = await lines.question(`\n→ ${sentence(act)}\n  Enter when done, n when it cannot be done: `);
    if (answer.trim().toLowerCase() === 'n') throw new NotApplicable(`a person says it cannot be done: ${sentence(act)}`);
  };
  return {
    name: 'manual',
    perform: (act) => {
      const mine = turn.then(() => ask(act));
      turn = mine.catch(() => {});
      return mine;
    },
    close: async () => lines.close(),
  };
}
