import { expect, test } from 'vitest';
import { event, minutes } from '../../testing/events.ts';
import { type ScriptedStation, TestCsms } from '../../testing/test-csms.ts';

/** A wire-level TransactionEvent, what it was answered, and what the API can tell afterwards. */
async function told(csms: TestCsms, station: ScriptedStation, request: ReturnType<typeof event>) {
  const answer = await station.raw(JSON.stringify([2, `m${request.seqNo}`, 'TransactionEvent', request]));
  const { read } = csms.csms.kernel;
  const record = await read.transaction(csms.row('CS1'), request.transactionInfo.transactionId);
  const events = record === undefined ? [] : await read.events(record.id);
  return { code: answer[0], error: answer[2], record, events, invalid: await read.invalidEvents(csms.row('CS1')) };
}

test.each([
  ['seqNo', { seqNo: 2 ** 53 + 2 }],
  ['seqNo', { seqNo: 1e20 }],
  ['evse.id', { evse: { id: 2 ** 60 } }],
  ['remoteStartId', { info: { remoteStartId: 1e20 } }],
] as const)('D3 a %s that no double holds is an invalid event, kept as it came; the lists stay readable: %j', async (_field, over) => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  const { code, error, invalid } = await told(csms, station, event('Started', 0, { wh: 1, ...over }));
  expect([code, error]).toEqual([4, 'PropertyConstraintViolation']);
  expect(invalid).toMatchObject([{ txid: 'tx-1', state: 'open' }]);
  expect(await csms.csms.kernel.read.transactions({ limit: 10 })).toEqual([]);
});

test('T4 a register at both ends of what can be counted, there and back: stored, readable, marked', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  await told(csms, station, event('Started', 0, { wh: -4_500_000_000_000 }));
  await told(csms, station, event('Updated', 1, { wh: 4_500_000_000_000 }));
  await told(csms, station, event('Updated', 2, { wh: -4_500_000_000_000 }));
  await told(csms, station, event('Updated', 3, { wh: 4_500_000_000_000 }));
  const { record, events } = await told(csms, station, event('Ended', 4, { wh: 9_000_000_000_000 }));
  expect(record?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 9_000_000_000_000_000 });
  expect(record?.row.anomalies).toEqual(['registerBackwards', 'registerJump', 'registerNegative', 'registerOutOfRange']);
  expect(events).toHaveLength(5);
});

test('a leap second is a time like any other and comes back as it was told', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  const leap = { ...event('Started', 0, { wh: 1 }), timestamp: '2027-01-14T23:59:60Z' };
  const { code, record, events } = await told(csms, station, leap);
  expect(code).toBe(3);
  expect(record?.row.startedAt).toBe(Date.parse('2027-01-15T00:00:00Z'));
  expect(events.map(({ request }) => request)).toEqual([leap]);
});

test('D6 a seqNo below zero is a number like any other, over a restart', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  await told(csms, station, event('Started', -3, { wh: 1000 }));
  await told(csms, station, event('Updated', -2, { wh: 1100, at: minutes(1) }));
  await csms.boot();
  const again = await csms.connect('CS1');
  await told(csms, again, event('Updated', -1, { wh: 1200, at: minutes(2) }));
  const { record } = await told(csms, again, event('Ended', 1, { wh: 1500, at: minutes(4) }));
  expect(record?.row).toMatchObject({
    ranges: [
      [-3, -1],
      [1, 1],
    ],
    events: 4,
  });
  expect(record?.bill).toMatchObject({ missingSeqNos: [0], energyMWh: 500_000 });
});

test('D6 a counter that restarts in mid-transaction: time orders, the bill is whole and says what the numbers are worth', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  await told(csms, station, event('Started', 17, { wh: 1000, at: minutes(0) }));
  await told(csms, station, event('Updated', 18, { wh: 1500, at: minutes(1) }));
  await told(csms, station, event('Updated', 0, { wh: 2000, at: minutes(2) }));
  const { record } = await told(csms, station, event('Ended', 1, { wh: 2500, at: minutes(3) }));
  expect(record?.row).toMatchObject({ state: 'ended', anomalies: ['seqNoRestarted'] });
  expect(record?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 1_500_000, missingSeqNos: null });
});

test('T4 a unit that is no energy: the reading does not count, it is kept and marked', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  const meterValue = [{ timestamp: '2027-01-15T08:01:00.000Z', sampledValue: [{ value: 7, unitOfMeasure: { unit: 'varh' } }] }];
  await told(csms, station, event('Started', 0, { wh: 1000 }));
  await told(csms, station, event('Updated', 1, { meterValue }));
  const { record, events } = await told(csms, station, event('Ended', 2, { wh: 1500 }));
  expect(record?.row.anomalies).toEqual(['registerUnitUnknown']);
  expect(record?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 500_000 });
  expect(events[1]?.request.meterValue).toEqual(meterValue);
});

test('T4 no register at all: the energy is not known, which is not zero', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  await told(csms, station, event('Started', 0));
  const { record } = await told(csms, station, event('Ended', 1));
  expect(record?.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: null });
});

test('E01.FR.16 another EVSE in mid-transaction: the first one counts, it is marked', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  await told(csms, station, event('Started', 0, { wh: 1000, evse: { id: 1 } }));
  const { record } = await told(csms, station, event('Ended', 1, { wh: 1500, evse: { id: 2 } }));
  expect(record?.row).toMatchObject({ evse: 1, anomalies: ['evseChanged'] });
});
