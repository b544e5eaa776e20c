import { createHmac } from 'node:crypto';
import { BusbarError, formatInstant, type Instant, limits, type Millis, messageOf, type Timer } from '@busbar/runtime';
import type { Kernel } from './kernel.ts';
import type { Pepper } from './passwords.ts';
import type { Intent } from './store/intents.ts';
import type { DeliveryInput, DeliveryRecord, OutboxRecord, OutsideEvent, WebhookRecord } from './store/webhook-intents.ts';

/** The edge through which events leave the house. */
export interface WebhookSender {
  /** Why nothing may be sent there; undefined when it may. */
  check(url: string, allowPrivate: boolean): Promise<string | undefined>;
  /** The HTTP status of the answer; throws when there was none, or when the address may not be spoken to. */
  send(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly allowPrivate: boolean;
  }): Promise<number>;
}

export interface WebhookWish {
  readonly url: string;
  readonly types: readonly OutsideEvent[];
  readonly sites?: readonly number[] | null;
  readonly active?: boolean;
  readonly note?: string;
}

/** Kinds of intents that may leave something in the outbox. */
const TELLING: ReadonlySet<Intent['k']> = new Set<Intent['k']>(['txEvent', 'boot', 'status', 'securityEvent', 'commandState']);
/** So that what comes together is handed over together. */
const GATHER_MS = 200;
const OUTBOX_PAGE = 500;

/**
 * Events for others: rows of the outbox become one delivery per webhook, in one commit with their removal, and each delivery
 * is tried until it is taken, or a day has passed. The same event always has the same id and body, so a receiver that hears
 * it twice can tell; the order is not promised.
 */
export class Webhooks {
  readonly #kernel: Kernel;
  readonly #pepper: Pepper;
  readonly #sender: WebhookSender | undefined;
  #all: readonly WebhookRecord[] = [];
  #fanning = false;
  #again = false;
  #gathering: Timer | undefined;
  #next: Timer | undefined;
  readonly #underWay = new Map<string, Set<string>>();

  constructor(kernel: Kernel, pepper: Pepper, sender: WebhookSender | undefined) {
    this.#kernel = kernel;
    this.#pepper = pepper;
    this.#sender = sender;
  }

  async resume(): Promise<void> {
    const { read, scope } = this.#kernel;
    this.#all = await read.webhooks();
    scope.every(limits.retentionMs, 'log of webhooks', () =>
      scope.run('log of webhooks', async () => {
        await this.#kernel.queue.commit([{ k: 'webhookLogRetain', before: this.#kernel.clock.now() - limits.webhookLogMs }]);
      }),
    );
    if (this.#all.length === 0) return;
    this.#gather();
    this.#deliver();
  }

  list(): readonly WebhookRecord[] {
    return this.#all;
  }

  get(id: string): WebhookRecord {
    const found = this.#all.find((webhook) => webhook.id === id);
    if (found === undefined) throw new BusbarError('not-found', `No webhook ${id}.`);
    return found;
  }

  /** With its secret, which is shown once and can be made again from the key file of this installation only. */
  async create(wish: WebhookWish, actor: string): Promise<{ readonly webhook: WebhookRecord; readonly secret: string }> {
    if (this.#all.length >= limits.webhooks) throw new BusbarError('conflict', `At most ${limits.webhooks} webhooks.`);
    await this.#check(wish.url);
    const { ids, clock } = this.#kernel;
    const webhook: WebhookRecord = {
      id: ids.uuid7(),
      url: wish.url,
      types: [...new Set(wish.types)],
      sites: wish.sites ?? null,
      active: wish.active ?? true,
      note: wish.note ?? '',
      secretVersion: 1,
      createdBy: actor,
      createdAt: clock.now(),
    };
    await this.#store(webhook, actor, 'createWebhook');
    return { webhook, secret: this.#secret(webhook) };
  }

  async patch(
    id: string,
    wish: Partial<WebhookWish> & { readonly newSecret?: boolean },
    actor: string,
  ): Promise<{ readonly webhook: WebhookRecord; readonly secret?: string }> {
    const before = this.get(id);
    if (wish.url !== undefined) await this.#check(wish.url);
    const webhook: WebhookRecord = {
      ...before,
      url: wish.url ?? before.url,
      types: wish.types === undefined ? before.types : [...new Set(wish.types)],
      sites: wish.sites === undefined ? before.sites : wish.sites,
      active: wish.active ?? before.active,
      note: wish.note ?? before.note,
      secretVersion: before.secretVersion + (wish.newSecret === true ? 1 : 0),
    };
    await this.#store(webhook, actor, 'patchWebhook');
    return { webhook, ...(wish.newSecret === true ? { secret: this.#secret(webhook) } : {}) };
  }

  async remove(id: string, actor: string): Promise<void> {
    this.get(id);
    await this.#kernel.queue.commit([{ k: 'webhookDelete', id }, this.#audit(actor, 'deleteWebhook', id)]);
    this.#all = await this.#kernel.read.webhooks();
    this.#gather();
  }

  /** Sends an event of no meaning, as every other one is sent; what became of it stands in the log. */
  async test(id: string, actor: string): Promise<DeliveryInput> {
    const webhook = this.get(id);
    const { ids, clock, queue } = this.#kernel;
    const at = clock.now();
    const eventId = ids.uuid7();
    const delivery: DeliveryInput = {
      id: ids.uuid7(),
      webhook: webhook.id,
      eventId,
      type: 'test',
      at,
      body: bodyOf({ id: eventId, type: 'test', source: '/busbar', at, data: {} }),
      createdAt: at,
    };
    await queue.commit([{ k: 'webhookTest', delivery }, this.#audit(actor, 'testWebhook', id)]);
    this.#deliver();
    return delivery;
  }

  /** Something durable may have left a row in the outbox. */
  committed(intent: Intent): void {
    if (this.#all.length > 0 && TELLING.has(intent.k)) this.#gather();
  }

  async #store(webhook: WebhookRecord, actor: string, action: string): Promise<void> {
    await this.#kernel.queue.commit([
      { k: 'webhookPut', webhook },
      this.#audit(actor, action, `${webhook.id} ${new URL(webhook.url).host}`),
    ]);
    this.#all = await this.#kernel.read.webhooks();
    this.#gather();
    this.#deliver();
  }

  async #check(url: string): Promise<void> {
    if (this.#sender === undefined) throw new BusbarError('conflict', 'This CSMS was built without a way out for webhooks.');
    const reason = await this.#sender.check(url, this.#allowPrivate);
    if (reason !== undefined) throw new BusbarError('invalid-request', reason, { fields: { pointer: '/url' } });
  }

  get #allowPrivate(): boolean {
    return this.#kernel.config.webhookPrivate === true;
  }

  #gather(): void {
    if (this.#gathering !== undefined) return;
    this.#gathering = this.#kernel.scope.after(GATHER_MS, 'outbox', () => {
      this.#gathering = undefined;
      this.#kernel.scope.run('outbox', () => this.#fanOut());
    });
  }

  /** One at a time; whatever came meanwhile is taken in another round. */
  async #fanOut(): Promise<void> {
    if (this.#fanning) {
      this.#again = true;
      return;
    }
    this.#fanning = true;
    try {
      const { read, queue } = this.#kernel;
      do {
        this.#again = false;
        const events = await read.outbox(OUTBOX_PAGE);
        const last = events.at(-1);
        if (last === undefined) break;
        const deliveries = events.flatMap((event) => this.#deliveriesOf(event));
        await queue.commit([{ k: 'webhookFanOut', until: last.id, deliveries }]);
        if (events.length === OUTBOX_PAGE) this.#again = true;
      } while (this.#isAgain());
    } finally {
      this.#fanning = false;
    }
    this.#deliver();
  }

  #isAgain(): boolean {
    return this.#again;
  }

  #deliveriesOf({ eventId, type, station, at, body }: OutboxRecord): DeliveryInput[] {
    const { stations, ids, clock } = this.#kernel;
    const record = stations.byRow(station)?.record;
    const stationId = record?.identity ?? null;
    const text = bodyOf({
      id: eventId,
      type,
      source: stationId === null ? '/busbar' : `/stations/${encodeURIComponent(stationId)}`,
      at,
      data: { stationId, ...JSON.parse(body) },
    });
    return this.#all
      .filter(
        (webhook) =>
          webhook.active &&
          webhook.types.some((wanted) => wanted === type) &&
          (webhook.sites === null || (record !== undefined && webhook.sites.includes(record.site))),
      )
      .map((webhook) => ({ id: ids.uuid7(), webhook: webhook.id, eventId, type, at, body: text, createdAt: clock.now() }));
  }

  #deliver(): void {
    this.#kernel.scope.run('webhooks', () => this.#begin());
  }

  /** Begins what is due, each webhook within its own places: one that is slow holds up nobody else. */
  async #begin(): Promise<void> {
    const { read, clock, scope } = this.#kernel;
    if (this.#sender === undefined) return;
    let next = Number.POSITIVE_INFINITY;
    for (const webhook of this.#all.filter(({ active }) => active)) {
      const busy = this.#underWay.get(webhook.id)?.size ?? 0;
      for (const delivery of await read.deliveriesDue(webhook.id, clock.now(), busy + limits.webhookAtOnceEach))
        if (this.#take(delivery)) scope.run('webhook delivery', () => this.#try(webhook, delivery));
      next = Math.min(next, (await read.nextDelivery(webhook.id, clock.now())) ?? next);
    }
    this.#next?.cancel();
    // What is due and has no place is begun when a place is free.
    if (Number.isFinite(next)) this.#next = scope.after(Math.max(1, next - clock.now()), 'next webhook delivery', () => this.#deliver());
  }

  async #try(webhook: WebhookRecord, delivery: DeliveryRecord): Promise<void> {
    try {
      await this.#attempt(webhook, delivery);
    } finally {
      this.#underWay.get(webhook.id)?.delete(delivery.id);
    }
    this.#deliver();
  }

  get #count(): number {
    return [...this.#underWay.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #take({ id, webhook }: DeliveryRecord): boolean {
    const own = this.#underWay.get(webhook) ?? new Set<string>();
    if (own.has(id) || own.size >= limits.webhookAtOnceEach || this.#count >= limits.webhookAtOnce) return false;
    this.#underWay.set(webhook, own.add(id));
    return true;
  }

  async #attempt(webhook: WebhookRecord, delivery: DeliveryRecord): Promise<void> {
    const { queue, clock, counted } = this.#kernel;
    const { status, error } = await this.#post(webhook, delivery);
    const now = clock.now();
    const taken = status !== undefined && status >= 200 && status < 300;
    const nextAt = now + backOff(delivery.attempts);
    const over = nextAt > delivery.createdAt + limits.webhookGiveUpMs;
    counted.webhookAttempts.add(taken ? 'delivered' : over ? 'dead' : 'failed');
    await queue.commit([
      {
        k: 'webhookTried',
        id: delivery.id,
        state: taken ? 'delivered' : over ? 'dead' : 'pending',
        at: now,
        nextAt,
        ...(status === undefined ? {} : { status }),
        ...(error === undefined ? {} : { error }),
      },
    ]);
  }

  async #post(webhook: WebhookRecord, { id, eventId, type, body }: DeliveryRecord): Promise<{ status?: number; error?: string }> {
    const t = Math.floor(this.#kernel.clock.now() / 1000);
    try {
      const status = await this.#sender?.send({
        url: webhook.url,
        allowPrivate: this.#allowPrivate,
        body,
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'user-agent': 'Busbar',
          'busbar-event': type,
          'busbar-event-id': eventId,
          'busbar-delivery': id,
          'busbar-signature': signature(this.#secret(webhook), t, body),
        },
      });
      if (status === undefined) return { error: 'no way out' };
      return status >= 200 && status < 300 ? { status } : { status, error: `answered ${status}` };
    } catch (error) {
      return { error: messageOf(error).slice(0, 300) };
    }
  }

  /** Made from the key file, so that no database and no backup holds it. */
  #secret({ id, secretVersion }: WebhookRecord): string {
    const mac = createHmac('sha256', this.#pepper.key).update(`webhook ${id} ${secretVersion}`).digest('base64url');
    return `whsec_${mac}`;
  }

  #audit(actor: string, action: string, target: string) {
    return { k: 'audit', at: this.#kernel.clock.now(), actor, action, target, reason: '', result: 'done' } as const;
  }
}

/** `t` = seconds since 1970, `v1` = HMAC-SHA256 in hexadecimal of t, a dot and the body: an old message cannot be sent again unnoticed. */
export const signature = (secret: string, t: number, body: string): string =>
  `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;

/** 10 s, 20 s, 40 s … at most an hour. */
export const backOff = (attempts: number): Millis =>
  Math.min(limits.webhookRetryMaxMs, limits.webhookRetryMs * 2 ** Math.min(attempts, 20));

interface Told {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}

/** As CloudEvents 1.0 has it, in its JSON form. */
const bodyOf = ({ id, type, source, at, data }: Told): string =>
  JSON.stringify({
    specversion: '1.0',
    id,
    type: `busbar.${type}`,
    source,
    time: formatInstant(at),
    datacontenttype: 'application/json',
    data,
  });
