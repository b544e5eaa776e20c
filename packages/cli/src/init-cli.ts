import type { Command } from 'commander';
import type { InitSurroundings } from './init-command.ts';

export function addInitCommand(program: Command, around: InitSurroundings): void {
  program
    .command('init')
    .description('asks what a new CSMS needs to know and writes busbar.yaml')
    .option('--out <file>', 'where it is written', 'busbar.yaml')
    .option('-y, --yes', 'ask nothing: what is not given by an option is the default')
    .option('--force', 'replace the file if there is one')
    .option('--organization <name>', 'the operator, as certificates name it')
    .option('--connect <who>', 'who may connect: local (this machine) or everybody')
    .option('--folder <folder>', 'where the data is kept')
    .option('--ocpp-port <port>', 'port of the stations')
    .option('--http-port <port>', 'port of page and API')
    .option('--public-ocpp-url <url>', 'under which stations reach it, such as wss://csms.example/ocpp')
    .option('--public-http-url <url>', 'under which people reach it, such as https://csms.example')
    .option('--tls <how>', 'for stations: none, own (an authority of its own) or files')
    .option('--tls-cert <file>', 'certificate, with --tls files')
    .option('--tls-key <file>', 'its key')
    .option('--database <url>', 'postgres://…; SQLite in the data folder when left out')
    .option('--admin-password <text>', 'of the first administrator; one is made and shown at the first start when left out')
    .addHelpText(
      'after',
      '\nExamples:\n  busbar init\n  busbar init --yes --organization "Example Power" --connect everybody --tls own --public-ocpp-url wss://csms.example:9443/ocpp',
    )
    .action(async (flags: Readonly<Record<string, string | boolean | undefined>>) => {
      const { initCommand } = await import('./init-command.ts');
      await initCommand(flags, around);
    });
}
