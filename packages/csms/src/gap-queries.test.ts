import { RpcError } from '@busbar/protocol';
import { type Instant, limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { gapQueryView } from './http/views.ts';
import { session } from './testing/events.ts';
import { type ScriptedStation, TestCsms } from './testing/test-csms.ts';

const STATIONS = 20;
const EACH = 10;
const automations = { onboardingInventory: false, gapQuery: true, bootQuery: false, certRenewal: false, runningCost: false };
const gappy = (txid: string) => session(4, txid).filter(({ seqNo }) => seqNo !== 2);

/** Of four stations one has nothing left, one delivers when asked the second time, one answers with errors, one not at all. */
const KINDS = ['nothing left', 'delivers', 'errors', 'silent'] as const;

function script(station: ScriptedStation, kind: (typeof KINDS)[number]): void {
  const asked = new Map<string, number>();
  station.script = {
    GetTransactionStatus: ({ transactionId = '' }) => {
      const times = (asked.get(transactionId) ?? 0) + 1;
      asked.set(transactionId, times);
      if (kind === 'errors') return new RpcError('NotImplemented', 'this station knows no such thing');
      const late = session(4, transactionId)[2];
      if (kind === 'delivers' && times === 2 && late !== undefined) void station.peer.call('TransactionEvent', { ...late, offline: true });
      return { messagesInQueue: kind === 'delivers', ongoingIndicator: false };
    },
  };
  if (kind === 'silent') station.script = {};
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}
const overlap = (spans: readonly Span[]): number =>
  spans.toSorted((a, b) => a.from - b.from).filter((span, n, all) => n > 0 && span.from < (all[n - 1]?.to ?? 0)).length;

test('T20 D7 D9 200 transactions with holes on 20 stations all end honestly; no station ever has two questions open', async () => {
  const csms = await TestCsms.start({ automations });
  for (let n = 0; n < STATIONS; n += 1) {
    const station = await csms.station(`CS${n}`);
    script(station, KINDS[n % KINDS.length] ?? 'silent');
    for (let t = 0; t < EACH; t += 1) for (const request of gappy(`tx-${t}`)) await station.call('TransactionEvent', request);
  }
  await csms.clock.advance(26 * 3_600_000);
  const { read } = csms.csms.kernel;
  const ends = new Map<string, Set<string>>(KINDS.map((kind) => [kind, new Set()]));
  for (let n = 0; n < STATIONS; n += 1) {
    const row = csms.row(`CS${n}`);
    const spans: Span[] = [];
    for (let t = 0; t < EACH; t += 1) {
      const record = await read.transaction(row, `tx-${t}`);
      ends.get(KINDS[n % KINDS.length] ?? '')?.add(`${record?.bill.bill} ${record?.bill.completeness}: ${record?.bill.reason}`);
      const asked = await read.gapQueries(row, `tx-${t}`);
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.length).toBeLessThanOrEqual(limits.gapQueries);
      spans.push(...asked.map(({ createdAt, endedAt }) => ({ from: createdAt, to: endedAt ?? Number.MAX_SAFE_INTEGER })));
    }
    expect(overlap(spans)).toBe(0);
  }
  expect(Object.fromEntries([...ends].map(([kind, told]) => [kind, [...told]]))).toEqual({
    'nothing left': ['final incomplete: the station has nothing more to send; 1 event missing'],
    delivers: ['final complete: every event is here'],
    errors: ['final incomplete: no usable answer in time; 1 event missing'],
    silent: ['final incomplete: no usable answer in time; 1 event missing'],
  });
});

test('D9 a person who asks for something while a question is open is next, before all other questions', async () => {
  const csms = await TestCsms.start({ automations });
  const station = await csms.station('CS1');
  for (let t = 0; t < EACH; t += 1) for (const request of gappy(`tx-${t}`)) await station.call('TransactionEvent', request);
  await csms.clock.until('the first question', () => station.heard.length === 1);
  const of = csms.csms.kernel.stations.get('CS1');
  if (of === undefined) throw new Error('CS1 is registered');
  station.script = { ClearCache: () => ({ status: 'Accepted' }) };
  const { commands } = csms.csms.kernel;
  const asked = await csms.settle(commands.start({ station: of, action: 'ClearCache', payload: {}, origin: 'person', actor: 'ada' }));
  expect(await csms.settle(asked.ended)).toMatchObject({ state: 'answered' });
  expect(station.heard.map(({ action }) => action)).toEqual(['GetTransactionStatus', 'ClearCache']);
});

test('D7 an Ended that the station does not have any more: final, incomplete, and the questions are told with the transaction', async () => {
  const csms = await TestCsms.start({ automations });
  const first = await csms.station('CS1');
  for (const request of session(4).slice(0, 3)) await first.call('TransactionEvent', request);
  first.peer.socket.terminate();
  await csms.clock.advance(1_000);
  const station = await csms.station('CS1');
  station.script = { GetTransactionStatus: () => ({ messagesInQueue: false, ongoingIndicator: false }) };
  await csms.clock.advance(200_000);
  const { read } = csms.csms.kernel;
  expect((await read.transaction(csms.row('CS1'), 'tx-1'))?.bill).toMatchObject({
    bill: 'final',
    completeness: 'incomplete',
    closedBy: 'station',
    reason: 'the station has nothing more to send; Ended never came',
    energyMWh: 201_000,
  });
  expect((await read.gapQueries(csms.row('CS1'), 'tx-1')).map(gapQueryView)).toMatchObject([
    { state: 'answered', answer: { response: { messagesInQueue: false, ongoingIndicator: false } } },
  ]);
});
