import type { Ocpp } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import { event, minutes, session } from '../testing/events.ts';
import { TestCsms } from '../testing/test-csms.ts';
import { UseCases } from '../use-cases.ts';

async function setUp(options: Parameters<typeof TestCsms.start> = []) {
  const csms = await TestCsms.start(...options);
  const station = await csms.station('CS1');
  const useCases = new UseCases(csms.csms);
  const call = (action: string, payload: Readonly<Record<string, unknown>>) =>
    csms.settle(useCases.call('CS1', action, payload, { actor: 'ada' }));
  return { csms, station, useCases, call };
}

describe('F01 F02 F03 F06 what the CSMS sends', () => {
  test('F01.FR.04 F01.FR.06 F02.FR.12 F02.FR.14 a remote start carries idToken, a number of its own, and the EVSE if one was named', async () => {
    const { station, call } = await setUp();
    station.script = { RequestStartTransaction: () => ({ status: 'Accepted' }) };
    const idToken = { idToken: 'A', type: 'ISO14443' };
    await call('RequestStartTransaction', { idToken, evseId: 2 });
    await call('RequestStartTransaction', { idToken });
    expect(station.heard.map(({ request }) => request)).toEqual([
      { idToken, evseId: 2, remoteStartId: 1 },
      { idToken, remoteStartId: 2 },
    ]);
    await expect(call('RequestStartTransaction', { evseId: 2 })).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test("live events name a command's station, action and every state, also after a restart", async () => {
    const { csms, station, useCases } = await setUp();
    const told: unknown[] = [];
    const listen = (): void => {
      csms.csms.kernel.live.listen(({ event: own }) => {
        if (own.type === 'command') told.push([own.stationId, own.action, own.state]);
      });
    };
    listen();
    station.script = { ClearCache: () => ({ status: 'Accepted' }) };
    await csms.settle(useCases.call('CS1', 'ClearCache', {}, { actor: 'ada' }));
    expect(told).toEqual([
      ['CS1', 'ClearCache', 'queued'],
      ['CS1', 'ClearCache', 'sent'],
      ['CS1', 'ClearCache', 'answered'],
    ]);
    await csms.register('CS2');
    await csms.settle(useCases.call('CS2', 'Reset', { type: 'OnIdle' }, { actor: 'ada', offline: 'queue', expiresS: 60, waitMs: 0 }));
    await csms.boot();
    told.splice(0);
    listen();
    await csms.clock.advance(61_000);
    expect(told).toEqual([['CS2', 'Reset', 'notSent']]);
  });

  test('F03.FR.01 a remote stop names the transaction', async () => {
    const { station, call } = await setUp();
    station.script = { RequestStopTransaction: () => ({ status: 'Accepted' }) };
    expect(await call('RequestStopTransaction', { transactionId: 'tx-1' })).toMatchObject({
      state: 'answered',
      response: { status: 'Accepted' },
    });
    expect(station.heard[0]?.request).toEqual({ transactionId: 'tx-1' });
    await expect(call('RequestStopTransaction', {})).rejects.toThrow('/transactionId');
  });

  test('F06.FR.01 F06.FR.02 F06.FR.13 a trigger names its message and, for a status, the connector', async () => {
    const { station, call } = await setUp();
    station.script = { TriggerMessage: () => ({ status: 'Accepted' }) };
    await call('TriggerMessage', { requestedMessage: 'MeterValues', evse: { id: 1 } });
    await call('TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 2 } });
    expect(station.heard.map(({ request }) => request)).toEqual([
      { requestedMessage: 'MeterValues', evse: { id: 1 } },
      { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 2 } },
    ]);
    await expect(call('TriggerMessage', {})).rejects.toThrow('/requestedMessage');
    await expect(call('TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1 } })).rejects.toThrow('F06.FR.13');
  });

  test('a command ends as the station let it: refused, unknown, not sent; each with its reason and history', async () => {
    const { csms, station, useCases, call } = await setUp();
    expect(await call('Reset', { type: 'Immediate' })).toMatchObject({ state: 'unknown', reason: 'timeout' });
    expect(await call('GetLocalListVersion', {})).toMatchObject({ state: 'refused', error: { code: 'NotSupported' } });
    station.peer.close(1000, 'bye');
    await csms.clock.advance(100);
    expect(await call('ClearCache', {})).toMatchObject({ state: 'notSent', reason: 'not-connected' });
    await expect(call('Heartbeat', {})).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(call('Nonsense', {})).rejects.toMatchObject({ code: 'not-found' });
    const history = await csms.csms.kernel.read.commands(csms.row('CS1'), 10);
    expect(history.map(({ action, state, actor }) => [action, state, actor])).toEqual([
      ['ClearCache', 'notSent', 'ada'],
      ['GetLocalListVersion', 'refused', 'ada'],
      ['Reset', 'unknown', 'ada'],
    ]);
    expect(useCases.kernel.commands.cancel('nothing')).toBe(false);
  });

  test('a link that closes with the CALL open makes it unknown at once', async () => {
    const { csms, station, useCases } = await setUp();
    const running = useCases.call('CS1', 'ClearCache', {}, { actor: 'ada' });
    await csms.clock.until('it is sent', () => station.heard.length === 1);
    const from = csms.clock.monotonic();
    station.peer.close(1000, 'bye');
    expect(await csms.settle(running)).toMatchObject({ state: 'unknown', reason: 'connectionLost' });
    expect(csms.clock.monotonic() - from).toBeLessThan(1_000);
  });

  test('a command for a station that is away waits if asked to, is sent once when it is back, or expires', async () => {
    const { csms, station, useCases } = await setUp();
    station.peer.close(1000, 'bye');
    await csms.clock.advance(100);
    const queue = (expiresS: number) => useCases.call('CS1', 'ClearCache', {}, { actor: 'ada', offline: 'queue', expiresS, waitMs: 0 });
    const [short, long] = [await csms.settle(queue(10)), await csms.settle(queue(600))];
    expect([short.state, long.state]).toEqual(['queued', 'queued']);
    await csms.clock.advance(20_000);
    expect(await csms.settle(useCases.command(short.commandId))).toMatchObject({ state: 'notSent', reason: 'expired' });
    const back = await csms.connect('CS1');
    back.script = { ClearCache: () => ({ status: 'Accepted' }) };
    await csms.clock.until('it is sent', () => back.heard.length === 1);
    await csms.clock.advance(100);
    expect(await csms.settle(useCases.command(long.commandId))).toMatchObject({ state: 'answered' });
  });

  test('an idempotency key sends once', async () => {
    const { csms, station, useCases } = await setUp();
    station.script = { ClearCache: () => ({ status: 'Accepted' }) };
    const one = () => csms.settle(useCases.call('CS1', 'ClearCache', {}, { actor: 'ada', idempotencyKey: 'k1' }));
    const [first, second] = [await one(), await one()];
    expect(second.commandId).toBe(first.commandId);
    expect(station.heard).toHaveLength(1);
  });
});

describe('D3 invalid transaction events', () => {
  test('T23 the raw frame is durable before the CALLERROR, the bill waits, a repair completes it, everything is audited', async () => {
    const { csms, station, useCases } = await setUp();
    const [started, middle, ended] = session(2);
    if (started === undefined || middle === undefined || ended === undefined) throw new Error('three events');
    await station.call('TransactionEvent', started);
    const answer = await station.raw(JSON.stringify([2, 'bad-1', 'TransactionEvent', { ...middle, triggerReason: 'Nonsense' }]));
    expect(answer.slice(0, 3)).toEqual([4, 'bad-1', 'PropertyConstraintViolation']);
    await station.raw(JSON.stringify([2, 'bad-2', 'TransactionEvent', { ...middle, triggerReason: 'Nonsense' }])); // the station tries again
    await station.call('TransactionEvent', ended);
    const [kept, ...others] = await csms.csms.kernel.read.invalidEvents(csms.row('CS1'));
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ txid: 'tx-1', seq: 1, times: 2, state: 'open' });
    expect(kept?.text).toContain('Nonsense');
    const transaction = () => useCases.transaction('CS1', 'tx-1');
    expect((await transaction()).bill).toMatchObject({ bill: 'provisional', missingSeqNos: [] });
    await expect(csms.settle(useCases.repairInvalidEvent('CS1', kept?.id ?? 0, { nonsense: 1 }, 'typo', 'ada'))).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await csms.settle(useCases.repairInvalidEvent('CS1', kept?.id ?? 0, middle, 'typo of firmware 3', 'ada'));
    expect((await transaction()).bill).toMatchObject({ bill: 'final', completeness: 'complete' });
    await expect(csms.settle(useCases.discardInvalidEvent('CS1', kept?.id ?? 0, 'again', 'ada'))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await csms.csms.kernel.read.audit({ limit: 9 })).toContainEqual(
      expect.objectContaining({ actor: 'ada', reason: 'typo of firmware 3' }),
    );
  });

  test('one without a readable id marks the station', async () => {
    const { csms, station } = await setUp();
    await station.raw(JSON.stringify([2, 'bad-1', 'TransactionEvent', 'nothing']));
    expect(await csms.csms.kernel.read.invalidEvents(csms.row('CS1'))).toHaveLength(1);
    expect(csms.csms.kernel.stations.get('CS1')?.record.anomalies).toContain('invalidEvent');
  });
});

describe('D7 gapQuery and billAfter', () => {
  const gappy = session(4).filter(({ seqNo }) => seqNo !== 2);
  test('T20 a gap with Ended is asked about; with nothing queued the bill is final and incomplete', async () => {
    const { csms, station, useCases } = await setUp([
      { automations: { onboardingInventory: false, gapQuery: true, bootQuery: false, certRenewal: false, runningCost: false } },
    ]);
    let queued = true;
    station.script = { GetTransactionStatus: () => ({ messagesInQueue: queued, ongoingIndicator: false }) };
    for (const request of gappy) await station.call('TransactionEvent', request);
    await csms.clock.advance(15_000);
    expect(station.heard).toEqual([{ action: 'GetTransactionStatus', request: { transactionId: 'tx-1' } }]);
    expect((await useCases.transaction('CS1', 'tx-1')).bill).toMatchObject({ bill: 'provisional', missingSeqNos: [2] });
    queued = false;
    await csms.clock.advance(60_000);
    expect((await useCases.transaction('CS1', 'tx-1')).bill).toMatchObject({
      bill: 'final',
      completeness: 'incomplete',
      closedBy: 'station',
      missingSeqNos: [2],
    });
    const asked = station.heard.length;
    await csms.clock.advance(24 * 3_600_000);
    expect(station.heard).toHaveLength(asked); // it is answered, so nobody asks again
  });

  test('a late event fills the gap: the bill becomes complete by itself', async () => {
    const { csms, station, useCases } = await setUp([{ billAfterMs: 60_000 }]);
    for (const request of gappy) await station.call('TransactionEvent', request);
    await csms.clock.advance(61_000);
    expect((await useCases.transaction('CS1', 'tx-1')).bill).toMatchObject({ bill: 'final', completeness: 'incomplete' });
    const late = session(4)[2];
    if (late) await station.call('TransactionEvent', { ...late, offline: true });
    expect((await useCases.transaction('CS1', 'tx-1')).bill).toMatchObject({ bill: 'final', completeness: 'complete' });
  });

  test('no usable answer: asked a bounded number of times, then final after billAfter with the reason', async () => {
    const { csms, station, useCases } = await setUp([
      { automations: { onboardingInventory: false, gapQuery: true, bootQuery: false, certRenewal: false, runningCost: false } },
    ]);
    for (const request of gappy) await station.call('TransactionEvent', request);
    await csms.clock.advance(25 * 3_600_000);
    expect(station.heard.length).toBeGreaterThan(3);
    expect(station.heard.length).toBeLessThanOrEqual(10);
    expect((await useCases.transaction('CS1', 'tx-1')).bill).toMatchObject({
      bill: 'final',
      completeness: 'incomplete',
      reason: expect.stringContaining('no usable answer'),
    });
  });

  test('billAfter counts from the Ended, also over restarts of the CSMS', async () => {
    const { csms, station } = await setUp([{ billAfterMs: 3_600_000 }]);
    for (const request of gappy) await station.call('TransactionEvent', request);
    for (let n = 0; n < 3; n += 1) {
      await csms.clock.advance(1_000_000);
      await csms.settle(csms.csms.close());
      await csms.boot({ billAfterMs: 3_600_000 });
    }
    const bill = async () => (await csms.csms.kernel.read.transaction(csms.row('CS1'), 'tx-1'))?.bill;
    expect(await bill()).toMatchObject({ bill: 'provisional' });
    await csms.clock.advance(700_000);
    expect(await bill()).toMatchObject({ bill: 'final', completeness: 'incomplete' });
  });

  test('an operator closes a stuck one, with his reason', async () => {
    const { csms, station, useCases } = await setUp();
    await station.call('TransactionEvent', event('Started', 0, { wh: 10 }));
    const closed = await csms.settle(useCases.closeTransaction('CS1', 'tx-1', 'station was stolen', 'ada'));
    expect(closed.bill).toMatchObject({ bill: 'final', closedBy: 'operator' });
    expect(await csms.csms.kernel.read.audit({ limit: 1 })).toMatchObject([
      { actor: 'ada', action: 'closeTransaction', reason: 'station was stolen' },
    ]);
  });
});

describe('G02 G05 J01 J02 N07 P02 what a station tells is answered and kept', () => {
  test('G02.FR.03 a heartbeat is answered with the time and writes nothing', async () => {
    const { csms, station } = await setUp();
    const stored = csms.csms.kernel.queue.stored;
    const { currentTime } = await station.call('Heartbeat', {});
    expect(Math.abs(Date.parse(currentTime) - csms.clock.now())).toBeLessThan(1_000);
    expect(csms.csms.kernel.queue.stored).toBe(stored);
  });

  test('G02.FR.04 T12 pings alone keep a quiet station connected; silence ends its link', async () => {
    const { csms } = await setUp([{ pingIntervalMs: 30_000 }]);
    await csms.clock.advance(3_600_000);
    expect(csms.csms.kernel.stations.get('CS1')?.session).toBeDefined();
    csms.network.partitioned = true;
    await csms.clock.advance(120_000);
    expect(csms.csms.kernel.stations.get('CS1')?.session).toBeUndefined();
  });

  test('G05.FR.03 N07.FR.03 an event is answered empty, updates the variable and is kept; AvailabilityState is a connector status (D11)', async () => {
    const { csms, station } = await setUp();
    const eventData = (component: Ocpp.ComponentType, name: string, actualValue: string): Ocpp.EventDataType => ({
      eventId: 1,
      timestamp: '2027-01-15T08:00:00Z',
      trigger: 'Alerting',
      actualValue,
      eventNotificationType: 'HardWiredMonitor',
      component,
      variable: { name },
    });
    const connector = { name: 'Connector', evse: { id: 1, connectorId: 1 } };
    const lock = { name: 'ConnectorPlugRetentionLock', evse: { id: 1, connectorId: 1 } };
    const request = {
      generatedAt: '2027-01-15T08:00:00Z',
      seqNo: 0,
      eventData: [eventData(lock, 'Problem', 'true'), eventData(connector, 'AvailabilityState', 'Faulted')],
      customData: { vendorId: 'org.example', torque: 7 },
    };
    expect(await station.call('NotifyEvent', request)).toEqual({});
    const row = csms.row('CS1');
    expect(await csms.csms.kernel.read.connectors(row)).toMatchObject([{ evse: 1, connector: 1, status: 'Faulted' }]);
    expect(await csms.csms.kernel.read.variables(row)).toContainEqual(
      expect.objectContaining({ component: 'ConnectorPlugRetentionLock', variable: 'Problem', value: 'true' }),
    );
    // TC_P_03_CSMS: customData is accepted anywhere, kept and shown.
    expect(JSON.parse((await csms.csms.kernel.read.notices(row, 1))[0]?.body ?? '{}')).toEqual(request);
  });

  test('J01.FR.18 meter values outside a transaction are answered and read back as they came', async () => {
    const { csms, station } = await setUp();
    const request = {
      evseId: 0,
      meterValue: [
        {
          timestamp: '2027-01-15T08:15:00.000Z',
          sampledValue: [{ value: 12.5, context: 'Sample.Clock' as const, measurand: 'Power.Active.Import' as const }],
        },
      ],
    };
    expect(await station.call('MeterValues', request)).toEqual({});
    expect(await station.call('MeterValues', { ...request, customData: { vendorId: 'v' } })).toEqual({});
    expect((await csms.csms.kernel.read.meterValues(csms.row('CS1'), 5)).map((entry) => entry.request)).toEqual([
      { ...request, customData: { vendorId: 'v' } },
      request,
    ]);
  });

  test('J02.FR.19 an event with meter values is answered whatever they say', async () => {
    const { station } = await setUp();
    expect(await station.call('TransactionEvent', event('Started', 0, { wh: -1e18 }))).toEqual({});
  });

  test('P02.FR.06 P02.FR.07 vendor data: an unknown vendor, an unknown message, and one that is known', async () => {
    const { csms, station } = await setUp();
    expect((await station.call('DataTransfer', { vendorId: 'org.example', data: { a: 1 } })).status).toBe('UnknownVendorId');
    expect(JSON.parse((await csms.csms.kernel.read.notices(csms.row('CS1'), 1))[0]?.body ?? '{}')).toMatchObject({
      request: { data: { a: 1 } },
    });
    const extension = {
      dataTransfer: {
        dataTransfer: async ({ request }: { request: Ocpp.DataTransferRequest }): Promise<Ocpp.DataTransferResponse> =>
          request.vendorId !== 'v'
            ? { status: 'UnknownVendorId' }
            : request.messageId === 'm'
              ? { status: 'Accepted', data: 'ok' }
              : { status: 'UnknownMessageId' },
      },
    };
    const other = await setUp([{}, extension]);
    expect((await other.station.call('DataTransfer', { vendorId: 'v', messageId: 'x' })).status).toBe('UnknownMessageId');
    expect(await other.station.call('DataTransfer', { vendorId: 'v', messageId: 'm' })).toEqual({ status: 'Accepted', data: 'ok' });
  });

  test('GEN.FR.05 every message a station of these blocks may send has an answer', async () => {
    const { csms, station } = await setUp();
    const at = new Date(minutes(1)).toISOString();
    expect(await station.call('SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: at })).toEqual({});
    expect(await station.call('FirmwareStatusNotification', { status: 'Idle' })).toEqual({});
    expect(await station.call('LogStatusNotification', { status: 'Idle' })).toEqual({});
    expect((await csms.csms.kernel.read.notices(csms.row('CS1'), 9)).map(({ action }) => action)).toEqual([
      'LogStatusNotification',
      'FirmwareStatusNotification',
    ]);
    await expect(
      station.call('NotifyEVChargingSchedule', {
        evseId: 1,
        timeBase: at,
        chargingSchedule: { id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 1 }] },
      }),
    ).rejects.toMatchObject({ code: 'NotSupported' });
  });
});
