#!/usr/bin/env node
import { BusbarError, ERRORS, messageOf } from '@busbar/runtime';
import { Command, CommanderError } from 'commander';
import { UsageError } from './check-options.ts';
import { addCheck } from './cli.ts';

/** `busbar-check`: the kit alone, for whoever does not want the rest of Busbar. */
const program = new Command('busbar-check')
  .description('OCPP conformance: the official cases against a CSMS or a station')
  .version('0.1.0')
  .exitOverride();
addCheck(program, {
  name: 'busbar-check',
  screen: { in: process.stdin, out: process.stdout, err: process.stderr, plain: process.env['NO_COLOR'] !== undefined },
  environment: process.env,
  exit: (code) => {
    process.exitCode = code;
  },
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : ERRORS['bad-usage'].exit;
  else {
    const code = error instanceof UsageError ? 'bad-usage' : error instanceof BusbarError ? error.code : 'internal';
    const { exit } = ERRORS[code];
    if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: code, message: messageOf(error), exit })}\n`);
    process.stderr.write(`${messageOf(error)}\nerror ${code}, exit code ${exit}\n`);
    if (code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = exit;
  }
}
