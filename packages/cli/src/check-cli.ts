import { BusbarError } from '@busbar/runtime';
import { Command } from 'commander';

/** `busbar check …`: the kit's own command line, loaded only when it is asked for, with our products behind `--self`. */
export async function checkCommand(args: readonly string[]): Promise<void> {
  const [{ addCheck, UsageError }, { ownProduct }] = await Promise.all([import('@busbar/conformance/node'), import('./check-self.ts')]);
  const check = new Command('busbar check').description('the conformance kit: official cases against a CSMS or a station').exitOverride();
  addCheck(check, {
    name: 'npx busbar check',
    screen: { in: process.stdin, out: process.stdout, err: process.stderr, plain: process.env['NO_COLOR'] !== undefined },
    environment: process.env,
    own: ownProduct,
    exit: (code) => {
      process.exitCode = code;
    },
  });
  try {
    await check.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) throw new BusbarError('bad-usage', error.message);
    throw error;
  }
}
