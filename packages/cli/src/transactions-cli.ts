import { routes } from '@busbar/api';
import type { Command } from 'commander';
import { both, type Flags, filters, shared } from './api-options.ts';
import type { ApiSurroundings } from './listing.ts';

const load = () => import('./transactions-commands.ts');
const ONE = 'CS-1 81defded-cfe3-4462-9627-f3643e520a86';

const SAID = { from: 'started at or after (RFC 3339)', until: 'started before (RFC 3339)', minEnergyWh: 'at least so many Wh' };

export function addTransactionsCommands(program: Command, around: ApiSurroundings): void {
  const all = filters(
    shared(
      program.command('transactions'),
      'busbar transactions --station CS-1 --state ended --limit 10',
      'busbar transactions --completeness incomplete --from 2026-03-01T00:00:00Z',
    ),
    routes.listTransactions,
    SAID,
  )
    .description('transactions, newest first, with their bills')
    .enablePositionalOptions();
  all.action(async (flags: Flags) => (await load()).listTransactions(flags, around));
  filters(shared(all.command('list'), 'busbar transactions list --state active'), routes.listTransactions, SAID)
    .description('the same as `busbar transactions`')
    .action(async (_: Flags, command: Command) => (await load()).listTransactions(both(command), around));
  shared(all.command('show <station> <transaction>'), `busbar transactions show ${ONE}`)
    .description('one transaction: why it stopped, energy, bill, gaps')
    .action(async (station: string, transaction: string, _: Flags, command: Command) =>
      (await load()).showTransaction(station, transaction, both(command), around),
    );
  shared(all.command('events <station> <transaction>'), `busbar transactions events ${ONE}`)
    .description('every event as it was received')
    .action(async (station: string, transaction: string, _: Flags, command: Command) =>
      (await load()).transactionEvents(station, transaction, both(command), around),
    );
  shared(all.command('close <station> <transaction>'), `busbar transactions close ${ONE} --reason "meter read by hand"`)
    .description('closes a stuck transaction with what is known')
    .requiredOption('--reason <text>', 'why, for the audit')
    .action(async (station: string, transaction: string, _: Flags, command: Command) =>
      (await load()).closeTransaction(station, transaction, both(command), around),
    );
}
