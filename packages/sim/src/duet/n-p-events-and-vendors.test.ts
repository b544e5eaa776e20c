import type { Ocpp } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import { Duet } from '../duet.ts';

const SENSOR = { name: 'TemperatureSensor', evse: { id: 1 } };
const MONITOR = { id: 11, component: SENSOR, variable: { name: 'Temperature' }, type: 'UpperThreshold', value: 60, severity: 2 } as const;

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (version) => {
  test('N07.FR.03 N07.FR.06 N07.FR.16 a hard-wired monitor: the event is stored and the device model follows', async () => {
    const duet = await Duet.start({ version, station: { monitors: [MONITOR] } });
    duet.station.setActual(SENSOR, { name: 'Temperature' }, '60');
    await duet.clock.advance(5_000);
    duet.station.setActual(SENSOR, { name: 'Temperature' }, '75.5');
    await duet.clock.advance(5_000);
    const events = async (): Promise<Ocpp.EventDataType[]> =>
      (await duet.csms.kernel.read.notices(duet.row, 100))
        .filter(({ action }) => action === 'NotifyEvent')
        .flatMap(({ body }): Ocpp.EventDataType[] => JSON.parse(body).eventData)
        .filter((event) => event.variableMonitoringId === MONITOR.id);
    expect(await events()).toMatchObject([{ actualValue: '75.5', trigger: 'Alerting', eventNotificationType: 'HardWiredMonitor' }]);
    const known = await duet.csms.kernel.read.variables(duet.row);
    expect(known.find((row) => row.component === 'TemperatureSensor')?.value).toBe('75.5');
    duet.station.setActual(SENSOR, { name: 'Temperature' }, '40');
    await duet.clock.advance(5_000);
    expect((await events()).filter((event) => event.cleared === true)).toHaveLength(1);
  });

  test('N07.FR.04 what happened offline and matters is told afterwards', async () => {
    const duet = await Duet.start({ version, station: { monitors: [MONITOR] } });
    await duet.offline();
    duet.station.setActual(SENSOR, { name: 'Temperature' }, '80');
    await duet.clock.advance(60_000);
    await duet.online();
    const notices = await duet.csms.kernel.read.notices(duet.row, 100);
    expect(notices.filter(({ body }) => body.includes('TemperatureSensor'))).toHaveLength(1);
  });

  test('TC_P_01_CS P01.FR.05 the CSMS speaks to a vendor of the station; others are unknown', async () => {
    const dataTransfer = {
      'com.example': { messages: { ping: (data: unknown) => ({ status: 'Accepted', data: { echo: data } }) as const } },
    };
    const duet = await Duet.start({ version, station: { dataTransfer } });
    const view = await duet.call('DataTransfer', { vendorId: 'com.example', messageId: 'ping', data: { n: 1 } });
    expect(view.response).toMatchObject({ status: 'Accepted', data: { echo: { n: 1 } } });
    expect(await duet.status('DataTransfer', { vendorId: 'com.example', messageId: 'pong' })).toBe('UnknownMessageId');
    expect(await duet.status('DataTransfer', { vendorId: 'org.nobody' })).toBe('UnknownVendorId');
  });

  test('TC_P_02_CSMS P02.FR.06 P02.FR.07 the station speaks to an extension of the CSMS; without one every vendor is unknown', async () => {
    const dataTransfer = {
      dataTransfer: ({ request }: { request: Ocpp.DataTransferRequest }): Promise<Ocpp.DataTransferResponse> =>
        Promise.resolve(request.vendorId === 'com.example' ? { status: 'Accepted', data: [request.data] } : { status: 'UnknownVendorId' }),
    };
    const duet = await Duet.start({ version, extensions: { dataTransfer } });
    const answer = await duet.settle(duet.station.dataTransfer('com.example', 'report', { kWh: 3 }));
    expect(answer).toMatchObject({ status: 'Accepted', data: [{ kWh: 3 }] });
    expect(await duet.settle(duet.station.dataTransfer('org.nobody'))).toMatchObject({ status: 'UnknownVendorId' });
    const bare = await Duet.start({ version });
    expect(await bare.settle(bare.station.dataTransfer('com.example'))).toMatchObject({ status: 'UnknownVendorId' });
    expect((await bare.csms.kernel.read.notices(bare.row, 10)).map(({ action }) => action)).toContain('DataTransfer');
  });

  test('TC_P_03_CS customData of the CSMS changes nothing for the station', async () => {
    const duet = await Duet.start({ version });
    const customData = { vendorId: 'com.example', anything: { deep: [1, 2, 3] } };
    expect((await duet.call('ClearCache', { customData })).response).toMatchObject({ status: 'Accepted' });
  });

  test('TC_P_03_CSMS customData of a station is accepted in any message, kept and shown', async () => {
    const duet = await Duet.start({ version });
    duet.cutStation();
    const { socket, heard } = await duet.impostor();
    const customData = { vendorId: 'com.example', colour: 'green', list: [1, { two: 2 }] };
    const event = {
      eventType: 'Started',
      timestamp: '2027-01-15T08:01:00.000Z',
      triggerReason: 'CablePluggedIn',
      seqNo: 0,
      transactionInfo: { transactionId: 'tx-custom', customData },
      evse: { id: 1, connectorId: 1 },
      customData,
    };
    socket.send(JSON.stringify([2, 'c1', 'TransactionEvent', event]));
    await duet.clock.until('it is answered', () => heard.length > 0);
    expect(JSON.parse(heard[0] ?? '[]')).toEqual([3, 'c1', {}]);
    expect((await duet.events())[0]).toEqual(event);
  });
});
