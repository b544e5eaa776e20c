import type { Command } from 'commander';
import { both, type Flags, shared } from './api-options.ts';
import type { ApiSurroundings } from './listing.ts';

const people = () => import('./people-commands.ts');

/** People and keys, over REST; `keys reset` on the machine itself. */
export function addPeopleCommands(program: Command, around: ApiSurroundings): void {
  const users = shared(program.command('users'), 'busbar users').description('who may sign in').enablePositionalOptions();
  users.action(async (flags: Flags) => (await people()).listUsers(flags, around));
  shared(users.command('list'), 'busbar users list --json')
    .description('who may sign in')
    .action(async (_: Flags, command: Command) => (await people()).listUsers(both(command), around));
  shared(users.command('add <name>'), 'busbar users add ada --role operator --sites 1,2')
    .description('a new person; shows the password made for it')
    .option('--role <role>', 'viewer, installer, operator or admin', 'viewer')
    .option('--sites <ids>', 'only these sites')
    .option('--shown-name <text>', 'what others read')
    .action(async (name: string, _: Flags, command: Command) => (await people()).addUser(name, both(command), around));
  shared(users.command('password <name>'), 'busbar users password ada')
    .description('makes a new password and shows it; signs out everywhere')
    .action(async (name: string, _: Flags, command: Command) => (await people()).userPassword(name, both(command), around));
  shared(users.command('role <name> <role>'), 'busbar users role ada installer --sites 1')
    .description('changes the role, and the sites')
    .option('--sites <ids>', 'only these sites; all = every one')
    .option('--reason <text>', 'why, for the audit')
    .action(async (name: string, role: string, _: Flags, command: Command) => (await people()).userRole(name, role, both(command), around));
  shared(users.command('disable <name>'), 'busbar users disable ada --reason "left us"')
    .description('shuts somebody out at once')
    .option('--undo', 'lets in again')
    .option('--reason <text>', 'why, for the audit')
    .action(async (name: string, _: Flags, command: Command) => (await people()).disableUser(name, both(command), around));
  addKeyCommands(program, around);
}

function addKeyCommands(program: Command, around: ApiSurroundings): void {
  const keys = shared(program.command('keys'), 'busbar keys').description('keys of programs').enablePositionalOptions();
  keys.action(async (flags: Flags) => (await people()).listKeys(flags, around));
  shared(keys.command('list'), 'busbar keys list --json')
    .description('keys of programs, without their secrets')
    .action(async (_: Flags, command: Command) => (await people()).listKeys(both(command), around));
  shared(keys.command('add <name>'), 'busbar keys add grafana --role viewer --expires 2027-01-01T00:00:00Z')
    .description('a new key, shown once')
    .option('--role <role>', 'viewer, installer, operator or admin', 'viewer')
    .option('--sites <ids>', 'only these sites')
    .option('--expires <time>', 'when it ends (RFC 3339)')
    .action(async (name: string, _: Flags, command: Command) => (await people()).addKey(name, both(command), around));
  shared(keys.command('revoke <key>'), 'busbar keys revoke grafana')
    .description('from now on it opens nothing; by name or id')
    .action(async (key: string, _: Flags, command: Command) => (await people()).revokeKey(key, both(command), around));
  keys
    .command('reset')
    .description('on this machine, with the CSMS stopped: a new password of an administrator and a new first key')
    .option('--data <folder>', 'folder of the data (BUSBAR_DATA)')
    .option('--database <url>', 'postgres://… when the CSMS stores there (BUSBAR_DATABASE)')
    .option('--json', 'as JSON, with the secrets')
    .addHelpText('after', '\nExample:\n  busbar keys reset --data ./data')
    .action(async (_: Flags, command: Command) => {
      const { resetKeys } = await import('./keys-reset.ts');
      const { data, database, json } = both(command);
      const { environment, write } = around;
      const [folder, url] = [data ?? environment['BUSBAR_DATA'] ?? './data', database ?? environment['BUSBAR_DATABASE']];
      await resetKeys({ data: String(folder), json: json === true, ...(typeof url === 'string' ? { database: url } : {}) }, write);
    });
}
