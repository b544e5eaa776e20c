import { text as textOf } from 'node:stream/consumers';
import { isOcppVersion } from '@busbar/protocol';
import { BusbarError } from '@busbar/runtime';
import type { Command } from 'commander';
import { addApiCommands } from './api-cli.ts';
import { addArchiveCommands } from './archive-cli.ts';
import { baseProgram } from './base-program.ts';
import { addBenchCommands } from './bench-cli.ts';
import { checkCommand } from './check-cli.ts';
import { addCompletionCommand } from './completion-cli.ts';
import { addServeOptions } from './config.ts';
import { addConfigCommands } from './config-cli.ts';
import { readServeConfig } from './config-examine.ts';
import { addFleetCommand } from './fleet-cli.ts';
import { groupCommands } from './help-groups.ts';
import { addInitCommand } from './init-cli.ts';
import { addStationCommands } from './station-cli.ts';

/** The whole command line; `main.ts` runs it, tests look at it. */
export function busbarProgram(): Command {
  const program = baseProgram();

  addServeOptions(program.command('serve').description('the CSMS: stations by WebSocket, people by REST and a console'))
    .option('--json', 'one line of JSON when it listens')
    .addHelpText('after', '\nExamples:\n  busbar serve --data ./data\n  busbar serve --config busbar.yaml')
    .action(async (flags: Record<string, unknown>) => {
      const { serveCommand } = await import('./serve-command.ts');
      await serveCommand(readServeConfig(flags, process.env), flags['json'] === true);
    });

  addServeOptions(
    program
      .command('up', { isDefault: false })
      .description('what `npm start` runs: CSMS, console and three demo stations that really charge'),
  )
    .option('--until <what>', 'stop after: first-transaction')
    .option('--json', 'machine-readable: one line of JSON')
    .addHelpText('after', '\nExamples:\n  busbar up\n  busbar up --until first-transaction --json')
    .action(async (flags: Record<string, unknown>) => {
      const { upCommand } = await import('./up-command.ts');
      const { until } = flags;
      if (until !== undefined && until !== 'first-transaction')
        throw new BusbarError('bad-usage', `--until knows first-transaction, not ${JSON.stringify(until)}.`);
      await upCommand(readServeConfig(flags, process.env), { until, json: flags['json'] === true });
    });

  addSessionCommands(program);
  addInnerCommands(program);
  const { stdin, stdout, stderr } = process;
  addApiCommands(program, {
    environment: process.env,
    write: (text) => stdout.write(text),
    input: () => textOf(stdin),
    colour: stdout.isTTY && !process.env['NO_COLOR'],
    ...(stdout.isTTY ? { columns: Math.max(80, stdout.columns) } : {}),
    ...(stderr.isTTY ? { progress: (text: string) => stderr.write(text) } : {}),
  });
  addArchiveCommands(program, async () => {
    const { terminalProgress } = await import('./bench/progress.ts');
    return {
      input: process.stdin,
      output: process.stderr,
      write: (text) => process.stdout.write(text),
      progress: terminalProgress(process.stderr),
    };
  });
  addStationCommands(program);
  addFleetCommand(program);
  addConfigCommands(program, { environment: process.env, write: (text) => process.stdout.write(text) });
  addBenchCommands(program);
  program
    .command('check [arguments...]')
    .description('the conformance kit: official cases against a CSMS or a station')
    .helpOption(false)
    .addHelpText('after', '\nExample:\n  busbar check csms --self')
    .allowUnknownOption()
    .passThroughOptions()
    .action((args: readonly string[]) => checkCommand(args));
  addInitCommand(program, { input: stdin, output: stdout });
  addCompletionCommand(program, (text) => stdout.write(text));
  groupCommands(program);
  return program;
}

/** What our own programs and scripts start; no help shows them. */
function addInnerCommands(program: Command): void {
  program
    .command('virtual-stations <folder>', { hidden: true })
    .description('the simulated stations of a CSMS; it is told over its control API which')
    .action(async (folder: string) => {
      const { virtualStationsCommand } = await import('./virtual/virtual-stations-command.ts');
      await virtualStationsCommand(folder);
    });

  program
    .command('warm', { hidden: true })
    .description('fills the compile cache')
    .action(async () => {
      const { warmCommand } = await import('./warm-command.ts');
      await warmCommand();
    });

  program
    .command('lab', { hidden: true })
    .description('a process that makes stations when its control API is asked to')
    .action(async () => {
      const { labCommand } = await import('./lab-command.ts');
      await labCommand();
    });
}

/** One session: made, recorded, played again. */
function addSessionCommands(program: Command): void {
  program
    .command('demo')
    .description('a CSMS and a station in two processes, one full session over TCP')
    .requiredOption('--once', 'one session, then compare the energy of CSMS, station and meter')
    .option('--json', 'the summary as one line of JSON')
    .option('--version <version>', 'ocpp2.0.1 or ocpp2.1', 'ocpp2.0.1')
    .option('--deflate <on|off>', 'compression of the link', 'on')
    .option('--charge <seconds>', 'how long energy flows', '5')
    .option('--security-profile <1|2|3>', '2: over TLS; 3: the station is moved there first, with a certificate of its own', '1')
    .option('--record <file>', 'write the session into a file that `busbar replay` plays')
    .addHelpText('after', '\nExample:\n  busbar demo --once --version ocpp2.1 --security-profile 3')
    .action(async (flags: Record<string, string | boolean>) => {
      const { demoOnceCommand } = await import('./demo-once.ts');
      const version = String(flags['version']);
      if (!isOcppVersion(version)) throw new BusbarError('bad-usage', `--version knows ocpp2.0.1 and ocpp2.1, not ${version}.`);
      process.exitCode = await demoOnceCommand({
        version,
        deflate: flags['deflate'] !== 'off',
        json: flags['json'] === true,
        chargeS: Number(flags['charge']),
        securityProfile: flags['securityProfile'] === '3' ? 3 : flags['securityProfile'] === '2' ? 2 : 1,
        ...(typeof flags['record'] === 'string' ? { record: flags['record'] } : {}),
      });
    });

  program
    .command('replay <file>')
    .description('plays the station of a recorded session against a CSMS and compares the answers')
    .requiredOption('--url <url>', 'the URL of the CSMS, without the id')
    .option('--id <id>', 'the id of the station; the recorded one when left out')
    .option('--password <password>', 'Basic password; better by BUSBAR_PASSWORD or BUSBAR_PASSWORD_FILE')
    .option('--password-file <file>', 'a file that holds nothing but the password')
    .option('--pace <recorded|fast>', 'keep the pauses, or send as soon as the last one is answered', 'fast')
    .option('--patience <seconds>', 'how long the CSMS may take for what it did in the recording', '5')
    .option('--json', 'the report as one line of JSON')
    .addHelpText(
      'after',
      '\nExample:\n  busbar replay examples/sessions/ocpp2.0.1.jsonl --url ws://127.0.0.1:9000/ocpp --password a-good-password-1',
    )
    .action(async (file: string, { url = '', pace, patience, json, ...flags }: Record<string, string | undefined>) => {
      const { replayCommand } = await import('./replay-command.ts');
      await replayCommand(
        file,
        { ...flags, url, pace: pace === 'recorded' ? 'recorded' : 'fast', patience: Number(patience), json: json !== undefined },
        { environment: process.env, write: (text) => process.stdout.write(text) },
      );
    });
}
