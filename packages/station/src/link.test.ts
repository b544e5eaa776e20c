import { expect, test } from 'vitest';
import { bench } from './testing/bench.ts';

const BACK_OFF = {
  'OCPPCommCtrlr.RetryBackOffWaitMinimum': '10',
  'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
  'OCPPCommCtrlr.RetryBackOffRepeatTimes': '2',
};

const dials = (b: ReturnType<typeof bench>): number[] =>
  b.trace.flatMap((event) => (event.kind === 'link' && event.state === 'dialling' ? [Math.round(event.at / 1000)] : []));
const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, index) => at - (times[index] ?? 0));

test('Part 4, 5.3: the wait doubles up to RepeatTimes, stays there, and begins anew after success (errata 4.12)', async () => {
  const b = bench({ variables: BACK_OFF });
  b.csms.accepting = false;
  await b.on();
  await b.wait(160);
  expect(gaps(dials(b))).toEqual([10, 20, 40, 40, 40]);
  b.csms.accepting = true;
  await b.wait(60);
  b.trace.length = 0;
  b.csms.close();
  await b.wait(15);
  expect(dials(b)).toHaveLength(1);
});

test('NetworkProfileConnectionAttempts: after so many failures the next profile is due', async () => {
  const b = bench({ variables: { ...BACK_OFF, 'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '2' } });
  b.csms.accepting = false;
  await b.on();
  await b.wait(160);
  expect(b.trace.filter((event) => event.kind === 'decision' && event.text.includes('network profile 1 failed 2 times'))).toHaveLength(3);
});

test('Part 4, 5.3: the random part is drawn anew for every attempt (P04)', async () => {
  const b = bench({
    variables: { ...BACK_OFF, 'OCPPCommCtrlr.RetryBackOffRandomRange': '100', 'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0' },
  });
  b.csms.accepting = false;
  await b.on();
  await b.wait(1_000);
  const waits = gaps(dials(b));
  expect(new Set(waits).size).toBeGreaterThan(5);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(10);
  expect(Math.max(...waits)).toBeLessThanOrEqual(111);
});

test('B04.FR.01 an outage longer than OfflineThreshold: all connectors are told', async () => {
  const b = await bench({ variables: { 'OCPPCommCtrlr.OfflineThreshold': '30' } }).booted();
  b.csms.forget();
  await b.offline();
  await b.wait(60);
  await b.online();
  expect(b.csms.of('StatusNotification')).toHaveLength(1);
});

test('B04.FR.02 a shorter one: only the connectors that changed', async () => {
  const b = await bench({ variables: { ...BACK_OFF, 'OCPPCommCtrlr.OfflineThreshold': '300' } }).booted();
  b.csms.forget();
  await b.offline();
  await b.online();
  expect(b.csms.of('StatusNotification')).toEqual([]);
  await b.offline();
  b.hardware.plug(1);
  await b.online();
  expect(b.csms.of('StatusNotification')).toMatchObject([{ connectorStatus: 'Occupied' }]);
  await b.offline();
  b.hardware.unplug(1);
  b.hardware.plug(1);
  await b.online();
  expect(b.csms.of('StatusNotification')).toHaveLength(1);
});

test('WebSocketPingInterval: a silent link is noticed and replaced; 0 switches the pings off', async () => {
  const b = await bench({ variables: { 'OCPPCommCtrlr.WebSocketPingInterval': '10' } }).booted();
  b.network.partitioned = true;
  await b.wait(45);
  expect(b.station.facts().link).toBe('closed');
  b.network.partitioned = false;
  await b.wait(120);
  expect(b.station.facts().link).toBe('open');
  expect(await b.set('OCPPCommCtrlr', 'WebSocketPingInterval', '0')).toBe('Accepted');
  b.network.partitioned = true;
  await b.wait(120);
  expect(b.station.facts().link).toBe('open');
});

test('P19 the queue waits after a reconnect when the configuration says so', async () => {
  const b = await bench({ config: { resumeDelayMs: 20_000 } }).booted();
  await b.wait(20);
  await b.charging();
  await b.offline();
  await b.card();
  b.csms.forget();
  b.csms.accepting = true;
  await b.clock.until('the station is back', () => b.station.facts().link === 'open');
  await b.wait(10);
  expect(b.events).toEqual([]);
  await b.wait(15);
  expect(b.events.length).toBeGreaterThan(0);
});

test('A00.FR.202 A00.FR.203 A00.FR.204 A00.FR.205 A00.FR.303 A00.FR.304 Basic authentication: user is the identity, the password is sent as it is', async () => {
  const b = await bench().booted();
  expect(b.csms.handshakes[0]).toMatchObject({
    path: '/ocpp/CS-1',
    authorization: `Basic ${Buffer.from('CS-1:0123456789abcdef').toString('base64')}`,
  });
});

test('a link that nobody answers on is given up although the station itself keeps talking', async () => {
  const b = bench({ variables: BACK_OFF });
  b.csms.always('BootNotification', 'silence');
  await b.on();
  await b.wait(5);
  b.network.abandonAll();
  await b.wait(300);
  expect(b.csms.handshakes.length).toBeGreaterThan(1);
});

test('B04.FR.02 a status whose answer was lost counts as not told, even if the connector is again as it was before', async () => {
  const b = await bench({ variables: BACK_OFF }).booted();
  b.csms.once('StatusNotification', 'silence');
  await b.plug();
  expect(b.csms.last('StatusNotification').connectorStatus).toBe('Occupied');
  await b.offline();
  b.hardware.unplug(1);
  await b.online();
  expect(b.csms.last('StatusNotification').connectorStatus).toBe('Available');
});
