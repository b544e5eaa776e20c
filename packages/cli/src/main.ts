import { BusbarError, messageOf } from '@busbar/runtime';
import { type Command, CommanderError } from 'commander';
import { baseProgram } from './base-program.ts';
import { exitCodeOf } from './exit-code.ts';
import { surviveLostOutput } from './output-gone.ts';

/** A station lives beside hundreds of others: it does not carry the schemas of a server it never starts. */
async function program(): Promise<Command> {
  if (process.argv[2] === 'station') {
    const { addStationCommands } = await import('./station-cli.ts');
    const station = baseProgram();
    addStationCommands(station);
    return station;
  }
  const { busbarProgram } = await import('./program.ts');
  return busbarProgram();
}

surviveLostOutput(process.argv[2]);
try {
  await (await program()).parseAsync();
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
