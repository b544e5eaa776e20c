import { BusbarError, messageOf } from '@busbar/runtime';
import { CommanderError } from 'commander';
import { exitCodeOf } from './config.ts';
import { busbarProgram } from './program.ts';

try {
  await busbarProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const code = error instanceof BusbarError ? error.code : 'internal';
    const exit = exitCodeOf(error);
    if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: code, message: messageOf(error), exit })}\n`);
    process.stderr.write(`${messageOf(error)}\nerror ${code}, exit code ${exit}\n`);
    if (code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = exit;
  }
}
