import { Type } from 'typebox';
import { closed, Nullable, orNull, Time } from './fields.ts';
import { listOf } from './list-query.ts';
import type { Route } from './route.ts';

const params = Type.Object({ webhookId: Type.String({ maxLength: 40 }) });
const EventType = Type.String({
  enum: ['transactionStarted', 'transactionEnded', 'connectorStatus', 'stationBooted', 'securityEvent', 'commandEnded'],
});
const Fields = {
  url: Type.String({ minLength: 1, maxLength: 1000, description: 'https or http, no credentials in it' }),
  types: Type.Array(EventType, { minItems: 1, maxItems: 6 }),
  sites: Type.Optional(orNull('array', Type.Array(Type.Integer(), { maxItems: 1000, description: 'of these sites only' }))),
  active: Type.Optional(Type.Boolean()),
  note: Type.Optional(Type.String({ maxLength: 200 })),
};

/** Who outside hears of what. Each body is signed: `Busbar-Signature: t=…,v1=HMAC-SHA256(secret, t.body)`. */
export const Webhook = Type.Object({
  webhookId: Type.String(),
  url: Type.String(),
  types: Type.Array(EventType),
  sites: Nullable(Type.Array(Type.Integer())),
  active: Type.Boolean(),
  note: Type.String(),
  createdBy: Type.String(),
  createdAt: Time,
  secret: Type.Optional(Type.String({ description: 'shown once' })),
});
export const WebhookDelivery = Type.Object({
  deliveryId: Type.String(),
  eventId: Type.String({ description: 'the same however often it is sent' }),
  type: Type.String(),
  at: Time,
  state: Type.String({ enum: ['pending', 'delivered', 'dead'] }),
  attempts: Type.Integer(),
  nextAt: Nullable(Time),
  status: Nullable(Type.Integer({ description: 'HTTP status of the last answer' })),
  error: Nullable(Type.String()),
  createdAt: Time,
  endedAt: Nullable(Time),
  body: Type.Unknown(),
});

export const webhookRoutes = {
  listWebhooks: { method: 'GET', role: 'admin', path: '/webhooks', summary: 'All webhooks', response: { 200: Type.Array(Webhook) } },
  createWebhook: {
    method: 'POST',
    role: 'admin',
    path: '/webhooks',
    summary: 'Tells somebody outside of events, signed; the secret is shown once. Addresses of this house are refused (webhookPrivate)',
    body: Type.Object(Fields, closed),
    response: { 201: Webhook },
  },
  patchWebhook: {
    method: 'PATCH',
    role: 'admin',
    path: '/webhooks/:webhookId',
    summary: 'Changes a webhook, pauses it, or gives it another secret',
    params,
    body: Type.Object({ ...Type.Partial(Type.Object(Fields)).properties, newSecret: Type.Optional(Type.Boolean()) }, closed),
    response: { 200: Webhook },
  },
  deleteWebhook: {
    method: 'DELETE',
    role: 'admin',
    path: '/webhooks/:webhookId',
    summary: 'Forgets a webhook and its log',
    params,
    response: { 204: Type.Null() },
  },
  webhookDeliveries: {
    method: 'GET',
    role: 'admin',
    path: '/webhooks/:webhookId/deliveries',
    summary: 'What was sent or waits, newest first, with attempts and errors; kept for a week',
    params,
    query: listOf({}),
    response: { 200: Type.Array(WebhookDelivery) },
  },
  testWebhook: {
    method: 'POST',
    role: 'admin',
    path: '/webhooks/:webhookId/test',
    summary: 'Sends an event of no meaning; what became of it stands in the log',
    params,
    response: { 202: Type.Object({ deliveryId: Type.String(), eventId: Type.String() }) },
  },
} as const satisfies Record<string, Route>;
