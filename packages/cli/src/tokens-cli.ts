import { routes } from '@busbar/api';
import type { Command } from 'commander';
import { both, type Flags, filters, shared } from './api-options.ts';
import type { ApiSurroundings } from './listing.ts';

const load = () => import('./tokens-commands.ts');

export function addTokensCommands(program: Command, around: ApiSurroundings): void {
  const tokens = filters(shared(program.command('tokens'), 'busbar tokens', 'busbar tokens --status Blocked'), routes.listTokens)
    .description('tokens that may charge, or not')
    .enablePositionalOptions();
  tokens.action(async (flags: Flags) => (await load()).listTokens(flags, around));
  filters(shared(tokens.command('list'), 'busbar tokens list --q AABB'), routes.listTokens)
    .description('the same as `busbar tokens`')
    .action(async (_: Flags, command: Command) => (await load()).listTokens(both(command), around));
  const one = (name: string, said: string, ...examples: readonly string[]): Command =>
    shared(tokens.command(`${name} <type> <idToken>`), ...examples).description(said);
  one('show', 'one token', 'busbar tokens show ISO14443 AABBCCDD').action(
    async (type: string, idToken: string, _: Flags, command: Command) => (await load()).showToken(type, idToken, both(command), around),
  );
  one(
    'put',
    'creates or replaces a token',
    'busbar tokens put ISO14443 AABBCCDD --status Accepted',
    'busbar tokens put Central fleet-7 --group depot --valid-until 2027-01-01T00:00:00Z',
  )
    .option('--status <status>', 'what it is answered with', 'Accepted')
    .option('--group <idToken>', 'the group it belongs to')
    .option('--valid-until <time>', 'RFC 3339; for ever when left out')
    .action(async (type: string, idToken: string, _: Flags, command: Command) =>
      (await load()).putToken(type, idToken, both(command), around),
    );
  one('delete', 'forgets a token', 'busbar tokens delete ISO14443 AABBCCDD').action(
    async (type: string, idToken: string, _: Flags, command: Command) => (await load()).deleteToken(type, idToken, both(command), around),
  );
  one(
    'erase',
    'forgets a driver: a pseudonym takes the place of the token everywhere',
    'busbar tokens erase Central fleet-7 --reason "asked by the driver"',
  )
    .requiredOption('--reason <text>', 'why, for the audit')
    .action(async (type: string, idToken: string, _: Flags, command: Command) =>
      (await load()).eraseToken(type, idToken, both(command), around),
    );
  shared(tokens.command('import <file>'), 'busbar tokens import tokens.csv --dry-run', 'busbar tokens import tokens.csv')
    .description('creates and changes tokens from CSV or a JSON array; - reads standard input')
    .option('--dry-run', 'only say what would happen')
    .action(async (file: string, _: Flags, command: Command) => (await load()).importTokens(file, both(command), around));
}
