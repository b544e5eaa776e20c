import { Webhook, WebhookDelivery } from '@busbar/api';
import { ApiClient } from './api-client.ts';
import { type ApiSurroundings, type Listed, line, oneOf, part, short, showList } from './listing.ts';

type Given = Listed & Readonly<Record<string, string | boolean | number | undefined>>;

export const listWebhooks = (flags: Listed, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: '/webhooks',
      schema: Webhook,
      head: ['webhook', 'active', 'sites', 'tells', 'url', 'note'],
      keep: [0],
      row: ({ webhookId, active, sites, types, url, note }) => [
        webhookId,
        active ? 'yes' : 'no',
        sites === null ? 'all' : sites.join(' '),
        types.join(' '),
        url,
        note,
      ],
      none: 'No webhooks: busbar webhooks add https://example.com/hook --types transactionEnded\n',
    },
    flags,
    around,
  );

export async function addWebhook(url: string, flags: Given, { environment, write }: ApiSurroundings): Promise<void> {
  const { types, sites, note } = flags;
  const { body } = await new ApiClient(flags, environment).request('POST', '/webhooks', {
    body: {
      url,
      types: String(types).split(','),
      ...(typeof sites === 'string' ? { sites: sites.split(',').map(Number) } : {}),
      ...(typeof note === 'string' ? { note } : {}),
    },
  });
  if (flags.json) return write(line(body));
  const { webhookId, secret } = oneOf(Webhook, body);
  write(`The webhook ${webhookId} is told from now on. What its bodies are signed with, shown only now:\n${secret ?? ''}\n`);
}

export async function switchWebhook(id: string, active: boolean, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('PATCH', `/webhooks/${part(id)}`, { body: { active } });
  write(flags.json ? line(body) : `${id} is ${active ? 'told again' : 'told nothing until it is resumed'}.\n`);
}

export async function removeWebhook(id: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  await new ApiClient(flags, environment).request('DELETE', `/webhooks/${part(id)}`);
  write(flags.json ? line({ removed: id }) : `${id} is forgotten, with its log.\n`);
}

export async function testWebhook(id: string, flags: Listed, { environment, write }: ApiSurroundings): Promise<void> {
  const { body } = await new ApiClient(flags, environment).request('POST', `/webhooks/${part(id)}/test`);
  write(flags.json ? line(body) : `An event of no meaning is sent; what became of it: busbar webhooks log ${id} --limit 1\n`);
}

export const webhookLog = (id: string, flags: Listed, around: ApiSurroundings): Promise<void> =>
  showList(
    {
      path: `/webhooks/${part(id)}/deliveries`,
      schema: WebhookDelivery,
      head: ['created', 'event', 'state', 'attempts', 'HTTP', 'again at', 'error'],
      keep: [],
      row: ({ createdAt, type, state, attempts, status, nextAt, error }) => [
        short(createdAt),
        type,
        state,
        String(attempts),
        status === null ? '' : String(status),
        short(nextAt),
        error ?? '',
      ],
      none: 'Nothing was sent yet.\n',
      usual: 100,
    },
    flags,
    around,
  );
