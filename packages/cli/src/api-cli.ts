import { type Command, InvalidArgumentError } from 'commander';
import type { ApiSurroundings } from './api-commands.ts';
import { addPeopleCommands } from './people-cli.ts';

type Flags = Readonly<Record<string, string | boolean | undefined>>;

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is wanted.');
  return Number(text);
};

/** Adds what every command that speaks REST has. */
const shared = (command: Command, example: string): Command =>
  command
    .option('--url <url>', 'where page and API of the CSMS are (BUSBAR_URL)', undefined)
    .option('--data <folder>', 'folder of the CSMS on this machine; its file api-key holds the key (else BUSBAR_API_KEY)')
    .option('--json', 'as JSON')
    .addHelpText('after', `\nExample:\n  ${example}`);

const load = () => import('./api-commands.ts');

/** An option may stand before or behind the subcommand. */
const both = (command: Command): Flags => ({ ...command.parent?.opts(), ...command.opts() });

/** The API from a shell: thin clients of the REST interface. */
export function addApiCommands(program: Command, around: ApiSurroundings): void {
  const stations = shared(program.command('stations'), 'busbar stations --json')
    .description('registered stations, and how they are')
    .enablePositionalOptions();
  stations.action(async (flags: Flags) => (await load()).listStations(flags, around));
  shared(stations.command('add <id>'), 'busbar stations add CS-1')
    .description('registers a station and shows the password made for it')
    .action(async (id: string, _: Flags, command: Command) => (await load()).addStation(id, both(command), around));

  shared(program.command('transactions'), 'busbar transactions --station CS-1 --state ended --limit 10')
    .description('transactions, newest first, with their bills')
    .option('--station <id>', 'only of this station')
    .option('--state <active|ended>', 'only in this state')
    .option('--limit <number>', 'at most so many')
    .action(async (flags: Flags) => (await load()).listTransactions(flags, around));

  const tokens = shared(program.command('tokens'), 'busbar tokens').description('tokens that may charge, or not').enablePositionalOptions();
  tokens.action(async (flags: Flags) => (await load()).listTokens(flags, around));
  shared(tokens.command('put <type> <idToken>'), 'busbar tokens put ISO14443 AABBCCDD --status Accepted')
    .description('creates or replaces a token')
    .option('--status <status>', 'what it is answered with', 'Accepted')
    .action(async (type: string, idToken: string, _: Flags, command: Command) =>
      (await load()).putToken(type, idToken, both(command), around),
    );
  shared(tokens.command('delete <type> <idToken>'), 'busbar tokens delete ISO14443 AABBCCDD')
    .description('forgets a token')
    .action(async (type: string, idToken: string, _: Flags, command: Command) =>
      (await load()).deleteToken(type, idToken, both(command), around),
    );

  addTariffCommands(program, around);
  addPeopleCommands(program, around, shared, both);
  addExportCommands(program, around);

  shared(program.command('call <station> <action> [json]'), `busbar call CS-1 Reset '{"type":"OnIdle"}'`)
    .description('sends any message of the CSMS to a station and prints its answer')
    .option('--timeout <seconds>', 'how long the station may take')
    .action(async (station: string, action: string, json: string | undefined, flags: Flags) =>
      (await load()).call(station, action, json ?? '{}', flags, around),
    );

  shared(program.command('tail'), 'busbar tail --station CS-1')
    .description('what happens, line by line, as it becomes durable')
    .option('--station <id>', 'only of this station')
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
  shared(group.command('signed <station> <transaction>'), 'busbar export signed CS-1 81defded-cfe3-4462-9627-f3643e520a86')
    .description('the signed meter values of a transaction as they came, with their public key and what the check says')
    .option('--out <file>', 'into this file')
    .action(async (station: string, transaction: string, flags: Flags) =>
      (await exports()).exportSigned(station, transaction, flags, around),
    );
}
