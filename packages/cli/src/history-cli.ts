import { routes } from '@busbar/api';
import type { Command } from 'commander';
import { both, type Flags, filters, shared, whole } from './api-options.ts';
import type { ApiSurroundings } from './listing.ts';

const history = () => import('./history-commands.ts');
const bulk = () => import('./bulk-commands.ts');

/** What is wrong, what was asked of stations, who did what. */
export function addHistoryCommands(program: Command, around: ApiSurroundings): void {
  shared(program.command('incidents'), 'busbar incidents')
    .description('what is wrong, worst first: one line per cause, with what to do')
    .action(async (flags: Flags) => (await history()).listIncidents(flags, around));

  const commands = filters(
    shared(program.command('commands'), 'busbar commands --station CS-1 --state unknown', 'busbar commands --action Reset --limit 20'),
    routes.listCommands,
    { since: 'asked at or after (RFC 3339)', actor: 'who asked, such as person:ada' },
  )
    .description('what was asked of stations and what became of it, newest first')
    .enablePositionalOptions();
  commands.action(async (flags: Flags) => (await history()).listCommands(flags, around));
  shared(commands.command('show <id>'), 'busbar commands show 81defded-cfe3-4462-9627-f3643e520a86 --wait 30')
    .description('one command: request, state, answer')
    .option('--wait <seconds>', 'for its end')
    .action(async (id: string, _: Flags, command: Command) => (await history()).showCommand(id, both(command), around));
  shared(commands.command('cancel <id>'), 'busbar commands cancel 81defded-cfe3-4462-9627-f3643e520a86')
    .description('takes back a command that was not sent yet')
    .action(async (id: string, _: Flags, command: Command) => (await history()).cancelCommand(id, both(command), around));

  const jobs = shared(program.command('bulk'), 'busbar bulk')
    .description('jobs for many stations, newest first')
    .option('--limit <number>', 'at most so many', whole)
    .enablePositionalOptions();
  jobs.action(async (flags: Flags) => (await bulk()).listBulk(limited(flags), around));
  shared(jobs.command('list'), 'busbar bulk list --json')
    .description('the same as `busbar bulk`')
    .option('--limit <number>', 'at most so many', whole)
    .action(async (_: Flags, command: Command) => (await bulk()).listBulk(limited(both(command)), around));
  shared(jobs.command('show <job>'), 'busbar bulk show 81defded-cfe3-4462-9627-f3643e520a86')
    .description('how far a job is, and what became of each station')
    .action(async (id: string, _: Flags, command: Command) => (await bulk()).showBulk(id, limited(both(command)), around));
  shared(jobs.command('stop <job>'), 'busbar bulk stop 81defded-cfe3-4462-9627-f3643e520a86')
    .description('what waits is not begun any more; what is under way ends by itself')
    .action(async (id: string, _: Flags, command: Command) => (await bulk()).stopBulk(id, limited(both(command)), around));

  filters(shared(program.command('audit'), 'busbar audit --since 2026-03-01T00:00:00Z', 'busbar audit --actor person:ada'), routes.audit, {
    actor: 'person:NAME, key:NAME, or what did it by itself',
    action: 'what was done, as the operationId of the route',
    target: 'to what',
    since: 'at or after (RFC 3339)',
    until: 'before (RFC 3339)',
  })
    .description('who did what, when and why; newest first')
    .action(async (flags: Flags) => (await history()).listAudit(flags, around));
}

/** Only what every list knows. */
const limited = ({ url, data, json, limit }: Flags) => ({
  ...(typeof url === 'string' ? { url } : {}),
  ...(typeof data === 'string' ? { data } : {}),
  ...(json === true ? { json } : {}),
  ...(limit === undefined ? {} : { limit: String(limit) }),
});
