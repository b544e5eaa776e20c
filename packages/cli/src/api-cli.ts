import { type Route, routes } from '@busbar/api';
import type { Command } from 'commander';
import { both, everyFilter, type Flags, shared, whole } from './api-options.ts';
import { addHistoryCommands } from './history-cli.ts';
import type { ApiSurroundings } from './listing.ts';
import { addPeopleCommands } from './people-cli.ts';
import { addStationsCommands } from './stations-cli.ts';
import { addTokensCommands } from './tokens-cli.ts';
import { addTransactionsCommands } from './transactions-cli.ts';
import { addWebhooksCommands } from './webhooks-cli.ts';

/** The API from a shell: thin clients of the REST interface. */
export function addApiCommands(program: Command, around: ApiSurroundings): void {
  addStationsCommands(program, around);
  addTransactionsCommands(program, around);
  addTokensCommands(program, around);
  addTariffCommands(program, around);
  addPeopleCommands(program, around);
  addHistoryCommands(program, around);
  addWebhooksCommands(program, around);
  addExportCommands(program, around);

  shared(
    program.command('call <stations> <action> [json]'),
    `busbar call CS-1 Reset '{"type":"OnIdle"}'`,
    'busbar call CS-1,CS-2 ClearCache',
    'busbar call CS-1 SetVariables - < variables.json',
    'busbar call CS-1 ClearCache --offline queue --expires 3600 --wait 0',
  )
    .description('sends any message of the CSMS to a station (or CS-1,CS-2 …) and prints the answer; - reads it from standard input')
    .option('--timeout <seconds>', 'how long the station may take')
    .option('--wait <seconds>', 'how long this waits for the end; 0 only says what it is called')
    .option('--offline <refuse|queue>', 'queue: a station that is away gets it when it connects')
    .option('--expires <seconds>', 'how long it may be queued')
    .option('--at-once <number>', 'of several stations, spoken to at the same time')
    .action(async (stations: string, action: string, json: string | undefined, flags: Flags) => {
      const { call } = await import('./call-command.ts');
      await call(stations, action, json ?? '{}', flags, around);
    });

  shared(
    program.command('tail'),
    'busbar tail --station CS-1',
    'busbar tail -f --topic transaction,command --json',
    'busbar tail --action Reset --count 1',
  )
    .description('what happens, line by line, as it becomes durable; goes on by itself after a broken link')
    .option('-f, --follow', 'for ever, as it does anyway without --count')
    .option('--station <id>', 'only of this station')
    .option('--topic <names>', 'only these kinds, with commas between: station, connector, transaction, authorize, command, handshake …')
    .option('--action <name>', 'only commands with this action')
    .option('--count <number>', 'end after so many events', whole)
    .action(async (flags: Flags & { count?: number }) => {
      const { tailCommand } = await import('./tail-command.ts');
      await tailCommand(flags, around);
    });
}

const prices = () => import('./tariff-commands.ts');

function addTariffCommands(program: Command, around: ApiSurroundings): void {
  const tariffs = shared(program.command('tariffs'), 'busbar tariffs').description('tariffs and who has which').enablePositionalOptions();
  tariffs.action(async (flags: Flags) => (await prices()).listTariffs(flags, around));
  shared(tariffs.command('put <id> <file>'), 'busbar tariffs put public tariff.json')
    .description('a new version of a tariff, from a JSON file (docs/prices.md); - reads standard input')
    .option('--valid-from <time>', 'RFC 3339; now when left out')
    .action(async (id: string, file: string, _: Flags, command: Command) => (await prices()).putTariff(id, file, both(command), around));
  shared(tariffs.command('assign <scope> <target> <tariff>'), 'busbar tariffs assign site 1 public')
    .description('gives a tariff to a group (of tokens), a station or a site; - takes it away')
    .option('--valid-from <time>', 'RFC 3339; now when left out')
    .action(async (scope: string, target: string, tariff: string, _: Flags, command: Command) =>
      (await prices()).assignTariff(scope, target, tariff, both(command), around),
    );
}

const exports = () => import('./export-commands.ts');

/** Lists that go into files; each with the filters of its contract. */
const LISTS: readonly (readonly [name: string, route: Route, description: string, example: string])[] = [
  ['stations', routes.listStations, 'stations with what they told about themselves', '--out stations.csv'],
  ['transactions', routes.listTransactions, 'transactions with energy and bill', '--from 2026-03-01T00:00:00Z --out march.csv'],
  ['tokens', routes.listTokens, 'who may charge; `busbar tokens import` reads it again', '--out tokens.csv'],
  ['certificates', routes.listCertificates, 'certificates of stations, first those that end first', '--out certificates.csv'],
  ['commands', routes.listCommands, 'what was asked of stations, and what became of it', '--action Reset --out resets.csv'],
  ['security-events', routes.securityEvents, 'what stations told about their security', '--out security.csv'],
];

function addExportCommands(program: Command, around: ApiSurroundings): void {
  const group = program
    .command('export')
    .description('data for other programs')
    .addHelpText('after', '\nExample:\n  busbar export cdr --format csv --out all.csv')
    .enablePositionalOptions();
  shared(group.command('cdr'), 'busbar export cdr --format csv --since 2026-03-01 --until 2026-04-01 --out march.csv')
    .description('charge detail records of transactions that are over, with exact energy and prices')
    .option('--format <csv|json>', 'how they are written', 'csv')
    .option('--since <time>', 'ended at or after')
    .option('--until <time>', 'ended before')
    .option('--station <id>', 'only of this station')
    .option('--provisional', 'also those whose bill may still change')
    .option('--out <file>', 'into this file')
    .action(async (flags: Flags) => (await exports()).exportCdr(flags, around));
  for (const [name, route, description, example] of LISTS) {
    everyFilter(shared(group.command(name), `busbar export ${name} ${example}`), route)
      .description(`${description}: CSV, up to 100,000 entries`)
      .option('--out <file>', 'into this file')
      .action(async (flags: Flags) => (await exports()).exportList(route, flags, around));
  }
  shared(group.command('signed <station> <transaction>'), 'busbar export signed CS-1 81defded-cfe3-4462-9627-f3643e520a86')
    .description('the signed meter values of a transaction as they came, with their public key and what the check says')
    .option('--out <file>', 'into this file')
    .action(async (station: string, transaction: string, flags: Flags) =>
      (await exports()).exportSigned(station, transaction, flags, around),
    );
}
