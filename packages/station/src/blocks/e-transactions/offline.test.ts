import { limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { bench } from '../../testing/bench.ts';

const FAST = { 'SampledDataCtrlr.TxUpdatedInterval': '10' };

test('E04.FR.01 E04.FR.02 E04.FR.03 E04.FR.04 E12.FR.01 E12.FR.02 a whole transaction offline is told afterwards, each event marked offline', async () => {
  const b = await bench({ variables: { ...FAST, 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' } }).booted();
  await b.offline();
  await b.charging();
  await b.wait(60);
  await b.card();
  expect(b.events).toEqual([]);
  await b.online();
  expect(b.events[0]?.eventType).toBe('Started');
  expect(b.lastEvent.eventType).toBe('Ended');
  expect(b.events.every((event) => event.offline === true)).toBe(true);
  expect(b.events.map((event) => event.seqNo)).toEqual(b.events.map((_, index) => index));
  expect(b.csms.overlaps).toBe(0);
});

test('E11.FR.01 E11.FR.02 an outage in the middle: what happened meanwhile is offline, what came before and after is not', async () => {
  const b = await bench({ variables: FAST }).booted();
  await b.charging();
  await b.wait(20);
  await b.offline();
  await b.wait(30);
  await b.online();
  await b.wait(20);
  const flags = b.events.map((event) => event.offline === true);
  expect(flags.indexOf(true)).toBeGreaterThan(1);
  expect(flags.lastIndexOf(true)).toBeLessThan(flags.length - 1);
  expect(b.events.map((event) => event.seqNo)).toEqual(b.events.map((_, index) => index));
});

test('E11.FR.07 what still waits when the link goes down is marked offline, also the event that was in flight', async () => {
  const b = await bench({ variables: FAST }).booted();
  await b.charging();
  b.csms.always('TransactionEvent', 'silence');
  await b.wait(25);
  const inFlight = b.lastEvent;
  expect(inFlight.offline).toBeUndefined();
  await b.offline();
  b.csms.always('TransactionEvent', {});
  b.csms.forget();
  await b.online();
  expect(b.events[0]).toMatchObject({ seqNo: inFlight.seqNo, timestamp: inFlight.timestamp, offline: true });
  expect(b.events.slice(0, 2).every((event) => event.offline === true)).toBe(true);
});

test('E04.FR.07 E04.FR.08 E11.FR.04 E11.FR.05 E12.FR.04 E12.FR.05 J02.FR.12 J02.FR.13 a full queue loses every second Updated, never Started or Ended', async () => {
  const b = await bench({
    variables: { 'SampledDataCtrlr.TxUpdatedInterval': '1', 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' },
  }).booted();
  await b.offline();
  await b.charging();
  await b.wait(limits.stationQueue + 50);
  await b.card();
  const dropped = [...b.disk.durable.keys()].filter((key) => key.startsWith('drop/')).map((key) => Number(key.split('/')[2]));
  await b.online();
  await b.wait(30);
  const seqNos = b.events.map((event) => event.seqNo);
  expect(b.events[0]).toMatchObject({ eventType: 'Started', seqNo: 0 });
  expect(b.lastEvent.eventType).toBe('Ended');
  expect(dropped.length).toBeGreaterThan(limits.stationQueue / 3);
  expect([...seqNos, ...dropped].sort((x, y) => x - y)).toEqual(Array.from({ length: (seqNos.at(-1) ?? 0) + 1 }, (_, index) => index));
  const gaps = dropped.slice(1, 50).map((seqNo, index) => seqNo - (dropped[index] ?? 0));
  expect(new Set(gaps)).toEqual(new Set([2]));
});

test('E04.FR.08 two transactions that take turns lose every second Updated each, not one of them all', async () => {
  const b = await bench({
    topology: demoTopologies.acThreePhase,
    variables: { 'SampledDataCtrlr.TxUpdatedInterval': '1', 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' },
  }).booted();
  await b.offline();
  await b.charging(1);
  await b.charging(2, { idToken: 'SECOND', type: 'ISO14443' });
  await b.wait(limits.stationQueue / 2 + 20);
  const dropped = [...b.disk.durable.keys()].filter((key) => key.startsWith('drop/')).map((key) => key.split('/')[1]);
  const [one = 0, two = 0] = [...new Set(dropped)].map((id) => dropped.filter((other) => other === id).length);
  expect(one + two).toBeGreaterThan(limits.stationQueue / 3);
  expect(Math.abs(one - two)).toBeLessThan(20);
});
