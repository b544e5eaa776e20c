import type { TestContext } from '../test-context.ts';

/** What holds on every link of every case (Part 4), told once per case. */
export function everyLink(test: TestContext): void {
  const spoke = test.links.filter(({ framesReceived }) => framesReceived > 0);
  if (spoke.length === 0) return;
  const told = (says: string, faults: readonly { readonly text: string; readonly entry: number }[]): void => {
    const [first] = faults;
    test.that(-1, says, first === undefined, faults.map(({ text }) => text).join('; '), ['Part 4'], first && { entry: first.entry });
  };
  told(
    'every CALL of the system under test fits its schema',
    spoke.flatMap(({ faults }) => faults.schema),
  );
  told(
    'every frame is well-formed OCPP-J',
    spoke.flatMap(({ faults }) => faults.frames),
  );
  told(
    'one CALL at a time, each with an id of its own, no answer that nobody asked',
    spoke.flatMap(({ faults }) => faults.order),
  );
}
