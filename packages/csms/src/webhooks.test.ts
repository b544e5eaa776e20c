import { createHmac } from 'node:crypto';
import { limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { OUTSIDE_EVENTS } from './store/webhook-intents.ts';
import { event, minutes } from './testing/events.ts';
import { TestCsms } from './testing/test-csms.ts';
import type { WebhookSender } from './webhooks.ts';

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Takes everything down and answers as told. */
function fakeSender(answer: (url: string, n: number) => number | Error = () => 204): WebhookSender & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    check: async (url) => (url.includes('private') ? 'an address of this house' : undefined),
    send: async ({ url, headers, body }) => {
      sent.push({ url, headers, body: JSON.parse(body), text: body });
      const status = answer(url, sent.length);
      if (status instanceof Error) throw status;
      return status;
    },
  };
}

const outbox = (t: TestCsms): number => Number(t.database.prepare('SELECT COUNT(*) AS n FROM outbox').get()?.['n']);
const session = (t: TestCsms, txid = 'tx-1') =>
  t.settle(
    t.csms.kernel.queue.commit([
      { k: 'txEvent', station: t.row('A'), receivedAt: 0, request: event('Started', 0, { txid, wh: 0, at: minutes(0) }) },
      { k: 'txEvent', station: t.row('A'), receivedAt: 0, request: event('Updated', 1, { txid, wh: 5, at: minutes(1) }) },
      { k: 'txEvent', station: t.row('A'), receivedAt: 0, request: event('Ended', 2, { txid, wh: 9, at: minutes(2) }) },
    ]),
  );

test('nothing is written for outside while nobody outside wants to hear', async () => {
  const t = await TestCsms.start({}, {}, { webhooks: fakeSender() });
  await t.station('A');
  await session(t);
  expect(outbox(t)).toBe(0);
  const { webhook } = await t.settle(t.csms.webhooks.create({ url: 'https://example.org', types: ['transactionEnded'] }, 'first'));
  await t.settle(t.csms.webhooks.patch(webhook.id, { active: false }, 'first'));
  await session(t, 'tx-2');
  expect(outbox(t)).toBe(0);
});

test('events leave signed, each once per webhook that wants it, with an id and its own time; the outbox is empty again', async () => {
  const sender = fakeSender();
  const t = await TestCsms.start({}, {}, { webhooks: sender });
  const station = await t.station('A');
  station.script = { Reset: () => ({ status: 'Accepted' }) };
  const { webhook, secret } = await t.settle(t.csms.webhooks.create({ url: 'https://all.example', types: OUTSIDE_EVENTS }, 'first'));
  await t.settle(t.csms.webhooks.create({ url: 'https://ended.example', types: ['transactionEnded'] }, 'first'));
  await t.settle(t.csms.webhooks.create({ url: 'https://elsewhere.example', types: OUTSIDE_EVENTS, sites: [7] }, 'first'));
  await session(t);
  await station.call('StatusNotification', { timestamp: '2030-01-01T00:00:00Z', connectorStatus: 'Available', evseId: 1, connectorId: 1 });
  const { commands, stations } = t.csms.kernel;
  const known = stations.get('A');
  if (known === undefined) throw new Error('not registered');
  const command = { station: known, action: 'Reset', payload: { type: 'OnIdle' }, origin: 'person', actor: 'first' } as const;
  await t.settle((await t.settle(commands.start(command))).ended);
  await t.clock.until('five went', () => sender.sent.length >= 5);
  await t.clock.advance(10_000);
  const all = sender.sent.filter(({ url }) => url === 'https://all.example');
  expect(all.map(({ body }) => String(body['type'])).toSorted()).toEqual([
    'busbar.commandEnded',
    'busbar.connectorStatus',
    'busbar.transactionEnded',
    'busbar.transactionStarted',
  ]);
  expect(sender.sent.filter(({ url }) => url !== 'https://all.example').map(({ url, body }) => [url, body['type']])).toEqual([
    ['https://ended.example', 'busbar.transactionEnded'],
  ]);
  const ended = all.find(({ body }) => body['type'] === 'busbar.transactionEnded');
  expect(ended?.body).toMatchObject({
    specversion: '1.0',
    source: '/stations/A',
    data: { stationId: 'A', transactionId: 'tx-1', seqNo: 2 },
  });
  const [, time = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(ended?.headers['busbar-signature'] ?? '') ?? [];
  expect(mac).toBe(createHmac('sha256', secret).update(`${time}.${ended?.text}`).digest('hex'));
  expect(outbox(t)).toBe(0);
  const log = await t.settle(t.csms.kernel.read.deliveries(webhook.id, 10));
  expect(log.every(({ state, attempts, status }) => state === 'delivered' && attempts === 1 && status === 204)).toBe(true);
  expect(JSON.stringify(t.database.prepare('SELECT * FROM webhook').all())).not.toContain(secret);
});

test('refused or unreachable: tried again ever more rarely, with the same body, and dead after a day', async () => {
  const sender = fakeSender((_url, n) => (n === 1 ? new Error('connect ECONNREFUSED') : 503));
  const t = await TestCsms.start({}, {}, { webhooks: sender });
  await t.station('A');
  const { webhook } = await t.settle(t.csms.webhooks.create({ url: 'https://down.example', types: ['transactionStarted'] }, 'first'));
  await session(t);
  await t.clock.advance(limits.webhookRetryMs / 2);
  expect(await t.settle(t.csms.kernel.read.deliveries(webhook.id, 10))).toMatchObject([
    { state: 'pending', attempts: 1, status: null, error: 'connect ECONNREFUSED' },
  ]);
  await t.clock.advance(limits.webhookGiveUpMs + limits.webhookRetryMaxMs);
  expect(await t.settle(t.csms.kernel.read.deliveries(webhook.id, 10))).toMatchObject([
    { state: 'dead', status: 503, error: 'answered 503' },
  ]);
  const count = sender.sent.length;
  expect(count).toBeGreaterThan(20);
  expect(count).toBeLessThan(50);
  expect(new Set(sender.sent.map(({ text }) => text)).size).toBe(1);
  await t.clock.advance(limits.webhookGiveUpMs);
  expect(sender.sent.length).toBe(count);
});

test('what waits survives a restart of the CSMS; a slow receiver holds up nobody else', async () => {
  const down = fakeSender((url) => (url.includes('slow') ? 500 : 200));
  const t = await TestCsms.start({}, {}, { webhooks: down });
  await t.station('A');
  const { webhook } = await t.settle(t.csms.webhooks.create({ url: 'https://slow.example', types: ['transactionStarted'] }, 'first'));
  await t.settle(t.csms.webhooks.create({ url: 'https://fast.example', types: ['transactionStarted'] }, 'first'));
  for (let n = 0; n < 20; n += 1) await session(t, `tx-${n}`);
  await t.clock.until('the fast one has all', () => down.sent.filter(({ url }) => url.includes('fast')).length === 20, 60_000);
  const up = fakeSender();
  await t.boot({}, {}, { webhooks: up });
  await t.clock.advance(limits.webhookRetryMaxMs * 2);
  expect(new Set(up.sent.map(({ body }) => body['id'])).size).toBe(20);
  expect(up.sent).toHaveLength(20);
  expect((await t.settle(t.csms.kernel.read.deliveries(webhook.id, 50))).every(({ state }) => state === 'delivered')).toBe(true);
});

test('a test event is sent like any other; another secret signs from then on; what is deleted hears nothing', async () => {
  const sender = fakeSender();
  const t = await TestCsms.start({}, {}, { webhooks: sender });
  const { webhook, secret } = await t.settle(t.csms.webhooks.create({ url: 'https://a.example', types: ['transactionEnded'] }, 'first'));
  await t.settle(t.csms.webhooks.test(webhook.id, 'first'));
  await t.clock.until('sent', () => sender.sent.length === 1);
  expect(sender.sent[0]?.body).toMatchObject({ type: 'busbar.test' });
  const changed = await t.settle(t.csms.webhooks.patch(webhook.id, { newSecret: true }, 'first'));
  expect(changed.secret).toMatch(/^whsec_/);
  expect(changed.secret).not.toBe(secret);
  await t.settle(t.csms.webhooks.remove(webhook.id, 'first'));
  await t.register('A');
  await session(t);
  await t.clock.advance(60_000);
  expect(sender.sent).toHaveLength(1);
  await expect(t.settle(t.csms.webhooks.create({ url: 'https://private.example', types: ['transactionEnded'] }, 'first'))).rejects.toThrow(
    'of this house',
  );
});
