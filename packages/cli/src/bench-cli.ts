import { BusbarError } from '@busbar/runtime';
import type { Command } from 'commander';

/** Adds `bench` and the processes it starts to the command line. */
export function addBenchCommands(program: Command): void {
  program
    .command('bench <name>')
    .description('measures this machine and Busbar on it: frame, validate, ingest, store, boot-storm, station, idle, history, or all')
    .option('--json', 'the result as one line of JSON')
    .option('--full', 'longer and larger')
    .option('--check', 'exit code 1 when a ratio or memory misses its target, or a time is three times its budget')
    .option('--out <file>', 'writes the result as JSON')
    .option('--database <url>', 'what the server stores in; SQLite when left out')
    .option('--connections <numbers>', 'other numbers of stations, with commas between')
    .option('--round <ms>', 'other length of the measured windows')
    .option('--cpu-prof <folder>', 'profiles of the server (ingest), for Chrome or VS Code')
    .addHelpText('after', '\nExample:\n  busbar bench ingest --json')
    .action(async (name: string, flags: Record<string, string | boolean>) => {
      const { benchCommand } = await import('./bench/command.ts');
      const { terminalProgress } = await import('./bench/progress.ts');
      const text = (key: string): string | undefined => (typeof flags[key] === 'string' ? flags[key] : undefined);
      const [round, out, database, cpuProf] = [text('round'), text('out'), text('database'), text('cpuProf')];
      const connections = text('connections')?.split(',').map(Number);
      process.exitCode = await benchCommand(name, {
        json: flags['json'] === true,
        full: flags['full'] === true,
        check: flags['check'] === true,
        command: `npx busbar bench ${process.argv.slice(process.argv.indexOf('bench') + 1).join(' ')}`,
        colour: process.stdout.isTTY,
        write: (output) => process.stdout.write(output),
        progress: terminalProgress(process.stderr),
        ...(out === undefined ? {} : { out }),
        ...(database === undefined ? {} : { database }),
        ...(cpuProf === undefined ? {} : { cpuProf }),
        ...(round === undefined ? {} : { roundMs: positive(round, '--round') }),
        ...(connections === undefined ? {} : { connections: connections.map((count) => positive(count, '--connections')) }),
      });
    });

  program
    .command('bench-part <part>', { hidden: true })
    .description('a process of a bench')
    .action(async (part: string) => {
      const { startPart } = await import('./bench/parts.ts');
      await startPart(part);
    });
}

function positive(value: string | number, flag: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new BusbarError('bad-usage', `${flag} takes whole numbers above 0, not ${value}.`);
}
