import { type Act, sentence } from '../act.ts';
import { Inconclusive, NotApplicable } from '../expectation.ts';
import { plainText } from '../report/paint.ts';
import type { Driver } from './driver.ts';
import { Person } from './person.ts';

/** Asks a person and waits: Enter = done, n = the system cannot do that. Questions come one after the other. */
export function manualDriver(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Driver {
  const person = new Person(input, output);
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (act: Act): Promise<void> => {
    const lines = sentence(act).split('\n').map(plainText);
    const [what = ''] = lines; // certificates and keys below it do not belong into a reason
    const says = lines.join('\n  ');
    const answer = await person.ask(`\n-> ${says}\n`, '  Enter when done, n when it cannot be done: ');
    if (answer === undefined) throw new Inconclusive(`nobody is there to do it: ${what}`);
    if (answer.trim().toLowerCase() === 'n') throw new NotApplicable(`a person says it cannot be done: ${what}`);
  };
  return {
    name: 'manual',
    perform: (act) => {
      const mine = turn.then(() => ask(act));
      turn = mine.catch(() => {});
      return mine;
    },
    close: async () => person.leave(),
  };
}
