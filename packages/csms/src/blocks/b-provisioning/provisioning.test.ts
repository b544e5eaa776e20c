import { describe, expect, test } from 'vitest';
import { event } from '../../testing/events.ts';
import { BOOT, TestCsms } from '../../testing/test-csms.ts';
import { UseCases } from '../../use-cases.ts';

const STATUS = { timestamp: '2027-01-15T08:00:00Z', connectorStatus: 'Available', evseId: 1, connectorId: 1 } as const;

describe('B01 cold boot', () => {
  test('B01.FR.02 an approved station is Accepted, with the time and the heartbeat interval', async () => {
    const csms = await TestCsms.start({ heartbeatIntervalS: 123 });
    await csms.register('CS1');
    const station = await csms.connect('CS1');
    const answer = await station.call('BootNotification', BOOT);
    expect(answer).toMatchObject({ status: 'Accepted', interval: 123 });
    expect(Math.abs(Date.parse(answer.currentTime) - csms.clock.now())).toBeLessThan(1_000);
    expect(csms.csms.kernel.stations.get('CS1')?.record).toMatchObject({
      registration: 'Accepted',
      vendorName: 'Nord',
      model: 'Test',
      bootReason: 'PowerUp',
    });
  });

  test('D16 the first serial number is pinned; another one is Rejected and the link closed, none is fine', async () => {
    const csms = await TestCsms.start();
    await csms.register('CS1');
    const boot = (serialNumber?: string) => ({
      ...BOOT,
      chargingStation: { ...BOOT.chargingStation, ...(serialNumber === undefined ? {} : { serialNumber }) },
    });
    const first = await csms.connect('CS1');
    expect((await first.call('BootNotification', boot('S-1'))).status).toBe('Accepted');
    expect((await first.call('BootNotification', boot())).status).toBe('Accepted');
    expect((await first.call('BootNotification', boot('S-2'))).status).toBe('Rejected');
    await csms.clock.until('the link is closed', () => first.closed !== undefined);
  });

  test('D10 a reconnect without boot keeps the registration, over a restart of the CSMS as well', async () => {
    const csms = await TestCsms.start();
    await csms.station('CS1');
    await csms.boot();
    const again = await csms.connect('CS1');
    expect(await again.call('StatusNotification', STATUS)).toEqual({});
  });

  test('D10 without any boot on record nothing is refused, and the station is asked to boot once', async () => {
    const csms = await TestCsms.start({
      automations: { onboardingInventory: false, gapQuery: false, bootQuery: true, certRenewal: false, runningCost: false },
    });
    await csms.register('CS1');
    const station = await csms.connect('CS1');
    station.script = { TriggerMessage: () => ({ status: 'Accepted' }) };
    expect(await station.call('TransactionEvent', event('Started', 0))).toEqual({});
    await csms.clock.advance(60_000);
    expect(station.heard).toEqual([{ action: 'TriggerMessage', request: { requestedMessage: 'BootNotification' } }]);
  });
});

describe('B02 Pending', () => {
  test('B02.FR.01 B02.FR.06 B07.FR.14 D20 the inventory is fetched while Pending, the link stays, then the station is asked to boot and Accepted', async () => {
    const csms = await TestCsms.start({
      automations: { onboardingInventory: true, gapQuery: false, bootQuery: false, certRenewal: false, runningCost: false },
    });
    await csms.register('CS1');
    const station = await csms.connect('CS1');
    station.script = { GetBaseReport: () => ({ status: 'Accepted' }), TriggerMessage: () => ({ status: 'Accepted' }) };
    expect((await station.call('BootNotification', BOOT)).status).toBe('Pending');
    await csms.clock.until('the report is asked for', () => station.heard.length === 1);
    const [asked] = station.heard;
    expect(asked).toMatchObject({ action: 'GetBaseReport', request: { reportBase: 'FullInventory' } });
    const requestId = (asked?.request as { requestId: number }).requestId;
    // B02.FR.09: the report we asked for passes although the station is Pending.
    await station.call('NotifyReport', {
      requestId,
      seqNo: 0,
      generatedAt: '2027-01-15T08:00:00Z',
      reportData: [
        {
          component: { name: 'OCPPCommCtrlr' },
          variable: { name: 'HeartbeatInterval' },
          variableAttribute: [{ value: '300', mutability: 'ReadWrite' }],
        },
      ],
    });
    await csms.clock.until('it is asked to boot', () => station.heard.length === 2);
    expect((await station.call('BootNotification', { ...BOOT, reason: 'Triggered' })).status).toBe('Accepted');
    expect(await csms.csms.kernel.read.variables(csms.row('CS1'))).toMatchObject([
      { component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval', value: '300' },
    ]);
    expect(station.closed).toBeUndefined();
  });

  test('B02.FR.01 a report that is there at once, before we know which one it is, ends the onboarding too', async () => {
    const csms = await TestCsms.start({
      automations: { onboardingInventory: true, gapQuery: false, bootQuery: false, certRenewal: false, runningCost: false },
    });
    await csms.register('CS1');
    const station = await csms.connect('CS1');
    const variable = {
      component: { name: 'OCPPCommCtrlr' },
      variable: { name: 'HeartbeatInterval' },
      variableAttribute: [{ value: '300' }],
    };
    station.script = {
      GetBaseReport: ({ requestId }) => {
        const part = { requestId, seqNo: 0, generatedAt: '2027-01-15T08:00:00Z', reportData: [variable] };
        csms.clock.after(0, 'the report, right behind the answer', () => void station.call('NotifyReport', part));
        return { status: 'Accepted' };
      },
      TriggerMessage: () => ({ status: 'Accepted' }),
    };
    await station.call('BootNotification', BOOT);
    await csms.clock.advance(60_000);
    expect(station.heard.at(-1)?.action).toBe('TriggerMessage');
    expect((await station.call('BootNotification', BOOT)).status).toBe('Accepted');
    expect(csms.csms.kernel.stations.get('CS1')?.record.anomalies).toEqual([]);
  });

  test('D20 an inventory that does not come in five minutes: Accepted all the same, with the anomaly', async () => {
    const csms = await TestCsms.start({
      automations: { onboardingInventory: true, gapQuery: false, bootQuery: false, certRenewal: false, runningCost: false },
    });
    await csms.register('CS1');
    const station = await csms.connect('CS1');
    station.script = { GetBaseReport: () => ({ status: 'Accepted' }), TriggerMessage: () => ({ status: 'Accepted' }) };
    await station.call('BootNotification', BOOT);
    await csms.clock.advance(6 * 60_000);
    expect(station.heard.at(-1)?.action).toBe('TriggerMessage');
    expect((await station.call('BootNotification', BOOT)).status).toBe('Accepted');
    expect(csms.csms.kernel.stations.get('CS1')?.record.anomalies).toContain('onboardingIncomplete');
  });

  test('B01.FR.10 B02.FR.09 GEN.FR.04 while Pending everything else is refused with SecurityError, except what was triggered, once', async () => {
    const csms = await TestCsms.start({ testMode: true });
    await csms.register('CS1');
    const useCases = new UseCases(csms.csms);
    await csms.settle(useCases.setTestOverrides('CS1', { nextBoot: [{ status: 'Pending', interval: 10, times: 1 }] }));
    const station = await csms.connect('CS1');
    station.script = { TriggerMessage: () => ({ status: 'Accepted' }) };
    expect(await station.call('BootNotification', BOOT)).toMatchObject({ status: 'Pending', interval: 10 });
    await expect(station.call('StatusNotification', STATUS)).rejects.toMatchObject({ code: 'SecurityError' });
    const triggered = await csms.settle(
      useCases.call(
        'CS1',
        'TriggerMessage',
        { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } },
        { actor: 'test' },
      ),
    );
    expect(triggered.state).toBe('answered');
    expect(await station.call('StatusNotification', STATUS)).toEqual({});
    await expect(station.call('StatusNotification', STATUS)).rejects.toMatchObject({ code: 'SecurityError' });
    expect(await station.call('BootNotification', BOOT)).toMatchObject({ status: 'Accepted' });
  });
});

describe('B03 Rejected', () => {
  test('B03.FR.03 B03.FR.07 nothing is sent to it, and what it sends is refused', async () => {
    const csms = await TestCsms.start({ testMode: true });
    await csms.register('CS1');
    const useCases = new UseCases(csms.csms);
    await csms.settle(useCases.approve('CS1', 'rejected', 'test'));
    const station = await csms.connect('CS1');
    expect((await station.call('BootNotification', BOOT)).status).toBe('Rejected');
    await expect(station.call('Heartbeat', {})).rejects.toMatchObject({ code: 'SecurityError' });
    const view = await csms.settle(useCases.call('CS1', 'ClearCache', {}, { actor: 'test' }));
    expect(view).toMatchObject({ state: 'notSent' });
    expect(station.heard).toEqual([]);
  });
});

describe('B05 B06 B08 lists', () => {
  test('B05.FR.11 B06.FR.05 B08.FR.06 a list is not longer than the station said it takes', async () => {
    const csms = await TestCsms.start();
    const station = await csms.station('CS1');
    const useCases = new UseCases(csms.csms);
    const items = (instance: string, value: string) => ({
      component: 'DeviceDataCtrlr',
      variable: 'ItemsPerMessage',
      instance,
      attribute: 'Actual' as const,
      value,
    });
    await csms.settle(
      csms.csms.kernel.queue.commit([
        {
          k: 'variables',
          station: csms.row('CS1'),
          at: 0,
          rows: [items('GetVariables', '2'), items('SetVariables', '2'), items('GetReport', '1')],
        },
      ]),
    );
    const variable = (name: string) => ({ component: { name: 'C' }, variable: { name } });
    for (const [action, payload] of [
      ['GetVariables', { getVariableData: ['a', 'b', 'c'].map(variable) }],
      ['SetVariables', { setVariableData: ['a', 'b', 'c'].map((name) => ({ ...variable(name), attributeValue: '1' })) }],
      ['GetReport', { componentVariable: ['a', 'b'].map(variable) }],
    ] as const) {
      await expect(csms.settle(useCases.call('CS1', action, payload, { actor: 'test' }))).rejects.toMatchObject({
        code: 'invalid-request',
      });
    }
    station.script = {
      GetVariables: ({ getVariableData }) => ({
        getVariableResult: getVariableData.map((asked) => ({ ...asked, attributeStatus: 'Accepted', attributeValue: 'v' })),
      }),
    };
    const results = await csms.settle(useCases.getVariables('CS1', ['a', 'b', 'c', 'd', 'e'].map(variable), 'test'));
    expect(results.map(({ variable: { name } }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(station.heard).toHaveLength(3);
    expect((await csms.csms.kernel.read.variables(csms.row('CS1'))).filter(({ component }) => component === 'C')).toHaveLength(5);
  });

  test('B05.FR.13 the same attribute twice in one SetVariables is refused; left out it counts as Actual', async () => {
    const csms = await TestCsms.start();
    await csms.station('CS1');
    const one = { component: { name: 'C' }, variable: { name: 'v' }, attributeValue: '1' };
    const call = new UseCases(csms.csms).call(
      'CS1',
      'SetVariables',
      { setVariableData: [one, { ...one, attributeType: 'Actual' }] },
      { actor: 'test' },
    );
    await expect(csms.settle(call)).rejects.toThrow('B05.FR.13');
  });

  test('a refused or unanswered element teaches nothing; an accepted one does', async () => {
    const csms = await TestCsms.start();
    const station = await csms.station('CS1');
    const set = (name: string) => ({ component: { name: 'C' }, variable: { name }, attributeValue: name });
    station.script = {
      SetVariables: ({ setVariableData }) => ({
        setVariableResult: setVariableData.map(({ attributeValue: _value, ...asked }, i) => ({
          ...asked,
          attributeStatus: (['Accepted', 'Rejected', 'RebootRequired'] as const)[i % 3] ?? 'Accepted',
        })),
      }),
    };
    await csms.settle(new UseCases(csms.csms).setVariables('CS1', ['a', 'b', 'c'].map(set), 'test'));
    expect((await csms.csms.kernel.read.variables(csms.row('CS1'))).map(({ variable }) => variable)).toEqual(['a']);
  });
});
