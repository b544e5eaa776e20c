import { enableCompileCache } from 'node:module';
import { BusbarError, messageOf } from '@busbar/runtime';
import { Command, CommanderError } from 'commander';
import { addServeOptions, exitCodeOf, readServeConfig } from './config.ts';
import { addStationCommands } from './station-command.ts';

enableCompileCache();

const program = new Command('busbar')
  .description('Both ends of OCPP 2.0.1 and 2.1: a CSMS, charging stations, and what it takes to trust them.')
  .version('0.1.0')
  .exitOverride();

addServeOptions(program.command('serve').description('the CSMS: stations by WebSocket, people by REST and a live page'))
  .option('--json', 'one line of JSON when it listens')
  .action(async (flags: Record<string, unknown>) => {
    const { serveCommand } = await import('./serve-command.ts');
    await serveCommand(readServeConfig(flags, process.env), flags['json'] === true);
  });

addStationCommands(program);

try {
  await program.parseAsync();
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
