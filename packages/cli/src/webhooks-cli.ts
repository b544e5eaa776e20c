import type { Command } from 'commander';
import { both, type Flags, shared, whole } from './api-options.ts';
import type { ApiSurroundings } from './listing.ts';

const load = () => import('./webhooks-commands.ts');
const ID = '81defded-cfe3-4462-9627-f3643e520a86';

export function addWebhooksCommands(program: Command, around: ApiSurroundings): void {
  const hooks = shared(program.command('webhooks'), 'busbar webhooks').description('who outside hears of what').enablePositionalOptions();
  hooks.action(async (flags: Flags) => (await load()).listWebhooks(flags, around));
  shared(hooks.command('list'), 'busbar webhooks list --json')
    .description('the same as `busbar webhooks`')
    .action(async (_: Flags, command: Command) => (await load()).listWebhooks(both(command), around));
  shared(hooks.command('add <target>'), 'busbar webhooks add https://example.com/hook --types transactionStarted,transactionEnded')
    .description('tells a URL of events, signed; shows the secret')
    .requiredOption(
      '--types <names>',
      'transactionStarted, transactionEnded, connectorStatus, stationBooted, securityEvent, commandEnded; with commas between',
    )
    .option('--sites <ids>', 'of these sites only, such as 1,2')
    .option('--note <text>', 'what it is for')
    .action(async (target: string, _: Flags, command: Command) => (await load()).addWebhook(target, both(command), around));
  for (const [name, active, said] of [
    ['pause', false, 'tells it nothing until it is resumed'],
    ['resume', true, 'tells it again'],
  ] as const)
    shared(hooks.command(`${name} <id>`), `busbar webhooks ${name} ${ID}`)
      .description(said)
      .action(async (id: string, _: Flags, command: Command) => (await load()).switchWebhook(id, active, both(command), around));
  shared(hooks.command('remove <id>'), `busbar webhooks remove ${ID}`)
    .description('forgets a webhook and its log')
    .action(async (id: string, _: Flags, command: Command) => (await load()).removeWebhook(id, both(command), around));
  shared(hooks.command('test <id>'), `busbar webhooks test ${ID}`)
    .description('sends an event of no meaning')
    .action(async (id: string, _: Flags, command: Command) => (await load()).testWebhook(id, both(command), around));
  shared(hooks.command('log <id>'), `busbar webhooks log ${ID} --limit 20`)
    .description('what was sent or waits, newest first')
    .option('--limit <number>', 'at most so many', whole)
    .action(async (id: string, _: Flags, command: Command) => (await load()).webhookLog(id, both(command), around));
}
