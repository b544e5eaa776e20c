import { BusbarError } from '@busbar/runtime';
import type { Command } from 'commander';

/** Adds `station` and `station doctor` to the command line. */
export function addStationCommands(program: Command): void {
  // What stands behind `doctor` is the doctor's, also where the station has an option of the same name.
  program.enablePositionalOptions();
  const station = program
    .command('station')
    .description('one simulated station with an interactive terminal')
    .enablePositionalOptions()
    .option('--id <id>', 'the id of the station')
    .option('--url <url>', 'the URL of the CSMS, without the id')
    .option('--password <password>', 'Basic password; better by BUSBAR_PASSWORD or BUSBAR_PASSWORD_FILE')
    .option('--password-file <file>', 'a file that holds nothing but the password')
    .option('--topology <file>', 'YAML that describes the station, or a name of the demo', 'acThreePhase')
    .option('--security-profile <0-3>', 'from the URL, the password and the certificate when left out')
    .option('--tls-ca <file>', 'PEM roots of the CSMS to trust; nothing else is trusted')
    .option('--tls-cert <file>', 'client certificate with its chain (security profile 3)')
    .option('--tls-key <file>', 'its key')
    .option('--organization <name>', 'the operator, as certificates name it (O)')
    .option('--version <version>', 'ocpp2.0.1 or ocpp2.1; both when left out')
    .option('--data <folder>', 'where the station remembers', './stations')
    .option('--deflate <on|off>', 'compression', 'on')
    .option('--control-port <port>', 'opens the control API on this machine; 0 takes a free port')
    .option('--control-token <token>', 'what its users must show; better by BUSBAR_CONTROL_TOKEN')
    .option('--scenario <file>', 'YAML list of commands as one types them, each with its "after 5s"')
    .addHelpText(
      'after',
      '\nExample:\n  busbar station --id CS-1 --url ws://127.0.0.1:9000/ocpp --scenario examples/scenarios/one-session.yaml',
    )
    .action(async (flags: Record<string, unknown>) => {
      const { id, url, ...rest } = texts(flags);
      if (id === undefined || url === undefined) throw new BusbarError('bad-usage', 'a station needs --id and --url');
      const { stationCommand } = await import('./station-command.ts');
      await stationCommand(
        { ...rest, id, url, data: rest['data'] ?? './stations', deflate: rest['deflate'] === 'off' ? 'off' : 'on' },
        { environment: process.env, input: process.stdin, output: process.stdout },
      );
    });
  station
    .command('doctor <url>')
    .description('why can a station not reach its CSMS?')
    .requiredOption('--id <id>', 'the id of the station')
    .option('--password <password>', 'Basic password; better by BUSBAR_PASSWORD or BUSBAR_PASSWORD_FILE')
    .option('--password-file <file>', 'a file that holds nothing but the password')
    .option('--version <version>', 'offer only this version')
    .option('--tls-ca <file...>', 'PEM roots to trust')
    .option('--tls-cert <file>', 'client certificate (security profile 3)')
    .option('--tls-key <file>', 'its key')
    .option('--deflate <on|off>', 'compression', 'on')
    .option('--boot', 'send a BootNotification as well; the CSMS then stores the model and vendor of the doctor')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      '\nThe doctor signs in as the station: a running link of the same id is replaced, and comes back by itself.\n\nExample:\n  busbar station doctor ws://127.0.0.1:9000/ocpp --id CS-1',
    )
    .action(async (url: string, flags: Record<string, unknown>) => {
      const { id = '', ...rest } = texts(flags);
      const roots = flags['tlsCa'];
      const { doctorCommand } = await import('./doctor.ts');
      process.exitCode = await doctorCommand(
        url,
        {
          ...rest,
          id,
          deflate: rest['deflate'] === 'off' ? 'off' : 'on',
          boot: flags['boot'] === true,
          json: flags['json'] === true,
          ...(Array.isArray(roots) ? { tlsCa: roots.map(String) } : {}),
        },
        { environment: process.env, colour: process.stdout.isTTY && !process.env['NO_COLOR'], write: (text) => process.stdout.write(text) },
      );
    });
}

/** The options that are texts; commander's own types know no more. */
const texts = (flags: Readonly<Record<string, unknown>>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(flags).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
