import { formatInstant } from '@busbar/runtime';
import type { DeliveryRecord, WebhookRecord } from '../store/webhook-intents.ts';
import type { UseCases } from '../use-cases.ts';
import type { WebhookWish } from '../webhooks.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { answerList, type Columns } from './list.ts';

type OfWebhook = { Params: { webhookId: string } };

/** Who outside hears of what, and what became of it. */
export function registerWebhooks(app: Typed, useCases: UseCases): void {
  const { kernel, webhooks } = useCases;
  app.get(contract('listWebhooks').url, contract('listWebhooks').options, async () => webhooks.list().map(webhookView));
  app.post<{ Body: WebhookWish }>(contract('createWebhook').url, contract('createWebhook').options, async (request, reply) => {
    const { webhook, secret } = await webhooks.create(request.body, actorOf(request));
    return reply.code(201).send({ ...webhookView(webhook), secret });
  });
  app.patch<OfWebhook & { Body: Partial<WebhookWish> & { newSecret?: boolean } }>(
    contract('patchWebhook').url,
    contract('patchWebhook').options,
    async (request) => {
      const { webhook, ...secret } = await webhooks.patch(request.params.webhookId, request.body, actorOf(request));
      return { ...webhookView(webhook), ...secret };
    },
  );
  app.delete<OfWebhook>(contract('deleteWebhook').url, contract('deleteWebhook').options, async (request, reply) => {
    await webhooks.remove(request.params.webhookId, actorOf(request));
    return reply.code(204).send();
  });
  app.get<OfWebhook>(contract('webhookDeliveries').url, contract('webhookDeliveries').options, async (request, reply) => {
    const { id } = webhooks.get(request.params.webhookId);
    return answerList<DeliveryView>(request, reply, {
      name: 'deliveries',
      cursor: ['string'],
      columns: DELIVERY_COLUMNS,
      page: async (after, limit) =>
        (await kernel.read.deliveries(id, limit, after === undefined ? undefined : String(after[0]))).map((delivery) => ({
          view: deliveryView(delivery),
          cursor: [delivery.id],
        })),
    });
  });
  app.post<OfWebhook>(contract('testWebhook').url, contract('testWebhook').options, async (request, reply) => {
    const { id, eventId } = await webhooks.test(request.params.webhookId, actorOf(request));
    return reply.code(202).send({ deliveryId: id, eventId });
  });
}

const webhookView = ({ id, secretVersion: _secretVersion, createdAt, ...webhook }: WebhookRecord) => ({
  webhookId: id,
  ...webhook,
  createdAt: formatInstant(createdAt),
});

const time = (at: number | null): string | null => (at === null ? null : formatInstant(at));
const deliveryView = ({ id, eventId, type, at, state, attempts, nextAt, status, error, createdAt, endedAt, body }: DeliveryRecord) => ({
  deliveryId: id,
  eventId,
  type,
  at: formatInstant(at),
  state,
  attempts,
  nextAt: state === 'pending' ? formatInstant(nextAt) : null,
  status,
  error,
  createdAt: formatInstant(createdAt),
  endedAt: time(endedAt),
  body: JSON.parse(body),
});
type DeliveryView = ReturnType<typeof deliveryView>;
const DELIVERY_COLUMNS: Columns<DeliveryView> = [
  ['deliveryId', (delivery) => delivery.deliveryId],
  ['eventId', (delivery) => delivery.eventId],
  ['type', (delivery) => delivery.type],
  ['at', (delivery) => delivery.at],
  ['state', (delivery) => delivery.state],
  ['attempts', (delivery) => delivery.attempts],
  ['status', (delivery) => delivery.status],
  ['error', (delivery) => delivery.error],
  ['endedAt', (delivery) => delivery.endedAt],
];
