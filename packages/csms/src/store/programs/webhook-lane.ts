import { limits } from '@busbar/runtime';
import type { Outcome } from '../intents.ts';
import { one, type Program, type Query, type Row, run, tell } from '../sql.ts';
import type { DeliveryInput, DeliveryRecord, WebhookIntent, WebhookReader, WebhookRecord } from '../webhook-intents.ts';
import { json, jsonOrNull, num, numOrNull, text, textOrNull } from './columns.ts';
import type { Prepared } from './prepared.ts';

const KINDS: ReadonlySet<string> = new Set<WebhookIntent['k']>([
  'webhookPut',
  'webhookDelete',
  'webhookFanOut',
  'webhookTest',
  'webhookTried',
  'webhookLogRetain',
]);
export const isWebhookIntent = (intent: Prepared): intent is WebhookIntent => KINDS.has(intent.k);

const DONE: Outcome = { result: 'done' };
const found = (changes: number): Outcome => ({ result: changes > 0 ? 'done' : 'notFound' });

/** What is written about webhooks and what is delivered to them. */
export function* applyWebhook(intent: WebhookIntent): Program<Outcome> {
  switch (intent.k) {
    case 'webhookPut': {
      const { id, url, types, sites, active, note, secretVersion, createdBy, createdAt } = intent.webhook;
      yield* tell(
        `INSERT INTO webhook VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET url=excluded.url, types=excluded.types, sites=excluded.sites, active=excluded.active, note=excluded.note,
          secret_version=excluded.secret_version`,
        id,
        url,
        JSON.stringify(types),
        sites === null ? null : JSON.stringify(sites),
        active ? 1 : 0,
        note,
        secretVersion,
        createdBy,
        createdAt,
      );
      return DONE;
    }
    case 'webhookDelete':
      yield* tell('DELETE FROM webhook_delivery WHERE webhook=?', intent.id);
      return found(yield* run('DELETE FROM webhook WHERE id=?', intent.id));
    case 'webhookFanOut': {
      for (const delivery of intent.deliveries) yield* insert(delivery);
      yield* tell('DELETE FROM outbox WHERE id<=?', intent.until);
      return DONE;
    }
    case 'webhookTest':
      yield* insert(intent.delivery);
      return DONE;
    case 'webhookTried':
      return found(
        yield* run(
          `UPDATE webhook_delivery SET state=?, attempts=attempts+1, next_at=?, status=?, error=?, ended_at=? WHERE id=? AND state='pending'`,
          intent.state,
          intent.nextAt,
          intent.status ?? null,
          intent.error ?? null,
          intent.state === 'pending' ? null : intent.at,
          intent.id,
        ),
      );
    case 'webhookLogRetain':
      return {
        result: 'done',
        assigned: yield* run(
          `DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery WHERE ended_at IS NOT NULL AND ended_at < ? LIMIT ?)`,
          intent.before,
          limits.retentionRows,
        ),
      };
  }
}

/** One that is too far behind loses what is new: it stands in the log as dead. */
function* insert({ id, webhook, eventId, type, at, body, createdAt }: DeliveryInput): Program<void> {
  const waiting = yield* one(
    `SELECT 1 FROM webhook_delivery WHERE webhook=? AND state='pending' ORDER BY id LIMIT 1 OFFSET ?`,
    webhook,
    limits.webhookWaiting,
  );
  const full = waiting !== undefined;
  yield* tell(
    `INSERT INTO webhook_delivery VALUES(?,?,?,?,?,?,?,0,?,NULL,?,?,?)`,
    id,
    webhook,
    eventId,
    type,
    at,
    body,
    full ? 'dead' : 'pending',
    createdAt,
    full ? 'too many wait already' : null,
    createdAt,
    full ? createdAt : null,
  );
}

export const webhookReader = (all: Query): WebhookReader => ({
  webhooks: async () => (await all('SELECT * FROM webhook ORDER BY created_at, id')).map(toWebhook),
  outbox: async (limit) =>
    (await all('SELECT * FROM outbox ORDER BY id LIMIT ?', limit)).map((row) => ({
      id: num(row, 'id'),
      eventId: text(row, 'event_id'),
      type: text(row, 'type'),
      station: num(row, 'station'),
      at: num(row, 'at'),
      body: text(row, 'body'),
    })),
  deliveries: async (webhook, limit, before) =>
    (before === undefined
      ? await all('SELECT * FROM webhook_delivery WHERE webhook=? ORDER BY id DESC LIMIT ?', webhook, limit)
      : await all('SELECT * FROM webhook_delivery WHERE webhook=? AND id<? ORDER BY id DESC LIMIT ?', webhook, before, limit)
    ).map(toDelivery),
  deliveriesDue: async (webhook, at, limit) =>
    (
      await all(
        `SELECT * FROM webhook_delivery WHERE webhook=? AND state='pending' AND next_at<=? ORDER BY next_at LIMIT ?`,
        webhook,
        at,
        limit,
      )
    ).map(toDelivery),
  nextDelivery: async (webhook, behind) => {
    const [row] = await all(
      `SELECT next_at FROM webhook_delivery WHERE webhook=? AND state='pending' AND next_at>? ORDER BY next_at LIMIT 1`,
      webhook,
      behind,
    );
    return row === undefined ? undefined : num(row, 'next_at');
  },
});

const toWebhook = (row: Row): WebhookRecord => ({
  id: text(row, 'id'),
  url: text(row, 'url'),
  types: json<WebhookRecord['types']>(row, 'types'),
  sites: jsonOrNull<number[]>(row, 'sites'),
  active: num(row, 'active') === 1,
  note: text(row, 'note'),
  secretVersion: num(row, 'secret_version'),
  createdBy: text(row, 'created_by'),
  createdAt: num(row, 'created_at'),
});

const toDelivery = (row: Row): DeliveryRecord => ({
  id: text(row, 'id'),
  webhook: text(row, 'webhook'),
  eventId: text(row, 'event_id'),
  type: text(row, 'type'),
  at: num(row, 'at'),
  body: text(row, 'body'),
  createdAt: num(row, 'created_at'),
  state: (['pending', 'delivered'] as const).find((known) => known === row['state']) ?? 'dead',
  attempts: num(row, 'attempts'),
  nextAt: num(row, 'next_at'),
  status: numOrNull(row, 'status'),
  error: textOrNull(row, 'error'),
  endedAt: numOrNull(row, 'ended_at'),
});
