import { expect, test } from 'vitest';
import { bench, CARD } from '../../testing/bench.ts';

const PENDING = (interval: number) => ({ status: 'Pending', interval, currentTime: '2026-01-01T00:00:00Z' }) as const;
const REJECTED = (interval: number) => ({ status: 'Rejected', interval, currentTime: '2026-01-01T00:00:00Z' }) as const;
const actions = (b: ReturnType<typeof bench>): string[] => b.csms.calls.map((call) => call.action);

test('B01.FR.01 B01.FR.03 B01.FR.09 tells who it is after every start, with the reason', async () => {
  const b = await bench().booted();
  expect(b.csms.last('BootNotification')).toMatchObject({
    reason: 'PowerUp',
    chargingStation: { model: 'Wall 7', vendorName: 'Busbar', serialNumber: 'DEMO-AC1' },
  });
  b.cut();
  await b.wait();
  b.csms.forget();
  b.restore();
  await b.wait(5);
  expect(actions(b)[0]).toBe('BootNotification');
});

test('B01.FR.04 G02.FR.01 G02.FR.02 the interval of the answer is the heartbeat interval', async () => {
  const b = bench();
  b.csms.once('BootNotification', { status: 'Accepted', interval: 17, currentTime: '2026-01-01T00:00:00Z' });
  await b.booted();
  b.csms.forget();
  await b.wait(60);
  expect(b.csms.of('Heartbeat')).toHaveLength(3);
  expect(await b.get('OCPPCommCtrlr', 'HeartbeatInterval')).toBe('17');
});

test('B01.FR.04 an interval of 0 leaves the heartbeat interval alone', async () => {
  const b = bench();
  b.csms.once('BootNotification', { status: 'Accepted', interval: 0, currentTime: '2026-01-01T00:00:00Z' });
  await b.booted();
  expect(await b.get('OCPPCommCtrlr', 'HeartbeatInterval')).toBe('300');
});

test('B01.FR.05 tells the status of every connector once accepted', async () => {
  const b = bench({
    topology: {
      evses: [
        { power: 1000, connectors: [{ type: 'sType2' }, { type: 'cType2' }] },
        { power: 1000, connectors: [{ type: 'sType2' }] },
      ],
    },
  });
  await b.booted();
  expect(b.csms.of('StatusNotification').map((s) => `${s.evseId}.${s.connectorId} ${s.connectorStatus}`)).toEqual([
    '1.1 Available',
    '1.2 Available',
    '2.1 Available',
  ]);
});

test('B01.FR.06 G02.FR.06 sets its clock from the CSMS only while TimeSource contains Heartbeat', async () => {
  const clocks: number[] = [];
  const b = await bench({ config: { setClock: (at) => clocks.push(at) } }).booted();
  expect(clocks).toHaveLength(1);
  await b.wait(301);
  expect(clocks).toHaveLength(2);
  expect(await b.set('ClockCtrlr', 'TimeSource', 'RealTimeClock')).toBe('Accepted');
  await b.wait(301);
  expect(clocks).toHaveLength(2);
});

test('B01.FR.08 sends nothing but BootNotification before it is answered, not even what was queued before the reboot', async () => {
  const b = await bench().booted();
  await b.charging();
  b.csms.always('TransactionEvent', 'silence');
  await b.card();
  b.cut();
  await b.wait();
  b.csms.forget();
  b.csms.always('BootNotification', 'silence');
  b.restore();
  await b.wait(100);
  expect(new Set(actions(b))).toEqual(new Set(['BootNotification']));
  b.csms.always('BootNotification', { status: 'Accepted', interval: 300, currentTime: '2026-01-01T00:00:00Z' });
  b.csms.always('TransactionEvent', {});
  await b.wait(200);
  expect(b.lastEvent.eventType).toBe('Ended');
});

test('P09 B02 error handling: a BootNotification without answer or with an error is sent again', async () => {
  const b = bench();
  b.csms.once('BootNotification', 'silence');
  b.csms.once('BootNotification', { error: 'InternalError' });
  await b.on();
  await b.wait(200);
  expect(b.csms.of('BootNotification')).toHaveLength(3);
  expect(b.station.facts().registration).toBe('accepted');
});

test('B02.FR.01 B02.FR.02 B02.FR.06 while Pending it answers and sends only what it was asked for; the link stays open', async () => {
  const b = bench();
  b.csms.once('BootNotification', PENDING(600));
  await b.on();
  await b.wait(5);
  b.csms.forget();
  expect(await b.get('AuthCtrlr', 'Enabled')).toBe('true');
  expect(await b.set('AuthCtrlr', 'Enabled', 'false')).toBe('Accepted');
  b.hardware.plug(1);
  await b.wait(30);
  expect(b.csms.calls).toEqual([]);
  await b.ask('GetBaseReport', { requestId: 4, reportBase: 'SummaryInventory' });
  await b.ask('TriggerMessage', { requestedMessage: 'Heartbeat' });
  await b.ask('TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } });
  await b.wait(5);
  expect(actions(b)).toEqual(['NotifyReport', 'Heartbeat', 'StatusNotification']);
  await b.wait(500);
  expect(b.csms.connected).toBe(true);
  expect(b.csms.handshakes).toHaveLength(1);
});

test('B02.FR.04 B02.FR.08 waits the interval before it asks again, unless TriggerMessage wants it', async () => {
  const b = bench();
  b.csms.once('BootNotification', PENDING(120));
  b.csms.once('BootNotification', PENDING(120));
  await b.on();
  await b.wait(100);
  expect(b.csms.of('BootNotification')).toHaveLength(1);
  await b.wait(30);
  expect(b.csms.of('BootNotification')).toHaveLength(2);
  expect((await b.ask('TriggerMessage', { requestedMessage: 'BootNotification' })).status).toBe('Accepted');
  await b.wait(5);
  expect(b.csms.of('BootNotification')).toHaveLength(3);
  expect(b.csms.last('BootNotification').reason).toBe('Triggered');
});

test('B02.FR.05 remote start and stop are rejected while Pending, even where charging before acceptance is allowed', async () => {
  const b = bench({ variables: { 'TxCtrlr.TxBeforeAcceptedEnabled': 'true', 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' } });
  b.csms.always('BootNotification', PENDING(600));
  await b.on();
  await b.wait(5);
  const id = await b.charging();
  expect((await b.ask('RequestStartTransaction', { evseId: 1, idToken: CARD, remoteStartId: 1 })).status).toBe('Rejected');
  expect((await b.ask('RequestStopTransaction', { transactionId: id })).status).toBe('Rejected');
});

test.each([
  ['B02.FR.07', PENDING(0)],
  ['B03.FR.05', REJECTED(0)],
] as const)('%s an interval of 0 means a wait of its own choice, not a flood', async (_id, answer) => {
  const b = bench();
  b.csms.always('BootNotification', answer);
  await b.on();
  await b.wait(185);
  expect(b.csms.of('BootNotification')).toHaveLength(4);
});

test('B03.FR.02 B03.FR.04 B03.FR.06 B03.FR.08 while Rejected it is silent until the interval is over and refuses every request', async () => {
  const b = bench();
  b.csms.once('BootNotification', REJECTED(90));
  await b.on();
  await b.wait(5);
  expect(await b.refused('GetVariables', { getVariableData: [{ component: { name: 'AuthCtrlr' }, variable: { name: 'Enabled' } }] })).toBe(
    'SecurityError',
  );
  expect(await b.refused('TriggerMessage', { requestedMessage: 'Heartbeat' })).toBe('SecurityError');
  await b.wait(70);
  expect(b.csms.calls).toHaveLength(1);
  await b.wait(30);
  expect(b.csms.of('BootNotification')).toHaveLength(2);
  expect(b.station.facts().registration).toBe('accepted');
});

test.each([
  ['false', undefined],
  ['true', 'Started'],
])(
  'B02.FR.03 B03.FR.01 TxBeforeAcceptedEnabled %s: a driver charges before acceptance or does not; events wait',
  async (enabled, first) => {
    const b = bench({ variables: { 'TxCtrlr.TxBeforeAcceptedEnabled': enabled, 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'true' } });
    b.csms.once('BootNotification', REJECTED(120));
    await b.on();
    await b.wait(5);
    await b.plug();
    await b.card();
    expect(b.evse().transaction !== undefined).toBe(first !== undefined);
    expect(b.events).toEqual([]);
    await b.wait(150);
    expect(b.events[0]?.eventType).toBe(first);
  },
);

test('P03 a reconnect without reboot needs no new BootNotification', async () => {
  const b = await bench().booted();
  b.csms.forget();
  await b.offline();
  await b.online();
  expect(b.csms.of('BootNotification')).toEqual([]);
});
