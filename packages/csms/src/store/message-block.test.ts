import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { LoggedMessage, MessageFilter } from '../message-log.ts';
import { MessageBytes, packBlock, parseMessages, unpackBlock } from './message-block.ts';
import { PostgresStore } from './postgres/postgres-store.ts';
import { testServer } from './testing/postgres.ts';
import { WorkerMessageSink } from './worker-message-sink.ts';

const message = fc.record({
  at: fc.nat(),
  stationId: fc.stringMatching(/^[!-~]{1,20}$/),
  direction: fc.constantFrom('in' as const, 'out' as const),
  text: fc.string({ unit: 'grapheme' }),
});
const bytesOf = (messages: readonly LoggedMessage[]): Uint8Array<ArrayBuffer> => {
  const block = new MessageBytes(64 << 10);
  for (const one of messages) expect(block.add(one)).toBe(true);
  return block.take();
};
test('a block that is full takes no more; one frame larger than a block gets its own', () => {
  const [small, large] = ['x', 'x'.repeat(500)].map((text): LoggedMessage => ({ at: 1, stationId: 'CS', direction: 'in', text }));
  const block = new MessageBytes(100);
  expect([small, large].map((one) => one !== undefined && block.add(one))).toEqual([true, false]);
  const own = new MessageBytes(100);
  expect(large !== undefined && own.add(large)).toBe(true);
  expect(parseMessages(own.take())).toEqual([large]);
});
test('frames come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const bytes = bytesOf(messages);
      expect(parseMessages(bytes)).toEqual(messages);
      expect(unpackBlock(packBlock(bytes).body)).toEqual(messages);
    }),
  );
});

const folder = mkdtempSync(join(tmpdir(), 'busbar-messages-'));
const server = await testServer();
const database = await server?.database();
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.drop();
});

const call = (at: number, stationId: string, id: string, action: string): LoggedMessage[] => [
  { at, stationId, direction: 'in', text: JSON.stringify([2, id, action, {}]) },
  { at: at + 1, stationId, direction: 'out', text: JSON.stringify([3, id, {}]) },
];
const PLACES: readonly (readonly [string, { url?: string }])[] = [
  ['SQLite', {}],
  ...(database === undefined ? [] : [[`PostgreSQL ${server?.version}`, { url: database.url }] as const]),
];

describe.each(PLACES)('the message log in %s', (_, place) => {
  test('is searched by station, time, action and message id; retention removes whole blocks', { timeout: 30_000 }, async () => {
    if (place.url !== undefined) await (await PostgresStore.open({ url: place.url, clock: systemClock, log: silentLog })).close(); // makes the tables
    const sink = new WorkerMessageSink({ folder, log: silentLog, ...place });
    const day = 24 * 3600 * 1000;
    const now = systemClock.now();
    const old = call(now - 3 * day, 'CS1', 'a', 'BootNotification');
    const recent = [...call(now, 'CS1', 'b', 'Heartbeat'), ...call(now + 10, 'CS2', 'a', 'TransactionEvent')];
    sink.write(bytesOf(old));
    sink.write(bytesOf(recent));
    const limit = 100;
    expect(await sink.query({ limit })).toEqual([...old, ...recent].toReversed());
    expect(await sink.query({ limit: 1 })).toEqual(recent.slice(-1));
    expect(await sink.query({ limit, stationId: 'CS2' })).toEqual(recent.slice(2).toReversed());
    expect(await sink.query({ limit, action: 'BootNotification' })).toEqual(old.toReversed());
    expect(await sink.query({ limit, messageId: 'a', stationId: 'CS1' })).toEqual(old.toReversed());
    expect(await sink.query({ limit, since: now + 5, before: now + 11 })).toEqual(recent.slice(2, 3));
    sink.retain(now - day, 2 ** 30);
    expect(await sink.query({ limit })).toEqual(recent.toReversed());
    expect(sink.pendingLength).toBe(0);
    await sink.close();
  });

  test('searched by text, errors and direction; in pairs either half is enough; nobody sees stations that are not his', async () => {
    const sink = new WorkerMessageSink({ folder, log: silentLog, ...place });
    sink.write(
      bytesOf([
        ...call(10, 'PAIR-1', 'p1', 'Heartbeat'),
        { at: 12, stationId: 'PAIR-1', direction: 'out', text: '[2,"p2","Reset",{"type":"OnIdle"}]' },
        { at: 13, stationId: 'PAIR-1', direction: 'in', text: '[4,"p2","InternalError","Needle in Hay",{}]' },
        ...call(14, 'PAIR-2', 'p2', 'Heartbeat'),
      ]),
    );
    const found = async (filter: Partial<MessageFilter>) =>
      (await sink.query({ limit: 100, stationIds: ['PAIR-1', 'PAIR-2'], ...filter })).map(({ at }) => at);
    expect(await found({})).toEqual([15, 14, 13, 12, 11, 10]);
    expect(await found({ text: 'needle in hay' })).toEqual([13]);
    expect(await found({ text: 'needle in hay', pairs: true })).toEqual([13, 12]);
    expect(await found({ errors: true })).toEqual([13]);
    expect(await found({ errors: true, pairs: true })).toEqual([13, 12]);
    expect(await found({ direction: 'out' })).toEqual([15, 12, 11]);
    expect(await found({ direction: 'out', pairs: true })).toEqual([13, 12]);
    expect(await found({ stationIds: ['PAIR-2'] })).toEqual([15, 14]);
    expect(await found({ stationIds: [] })).toEqual([]);
    await sink.close();
  });
});
