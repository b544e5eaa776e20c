import type { Ocpp } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { type Bench, bench } from '../../testing/bench.ts';

const get = async (b: Bench, ...data: Ocpp.GetVariableDataType[]) =>
  (await b.ask('GetVariables', { getVariableData: data })).getVariableResult;
const set = async (b: Bench, ...data: Ocpp.SetVariableDataType[]) =>
  (await b.ask('SetVariables', { setVariableData: data })).setVariableResult;
const variable = (component: string, name: string, instance?: string) => ({
  component: { name: component },
  variable: { name, ...(instance === undefined ? {} : { instance }) },
});

test('B05.FR.01 B05.FR.02 B05.FR.03 B05.FR.10 B05.FR.12 one result per value, naming what it is about', async () => {
  const b = await bench().booted();
  const results = await set(
    b,
    { ...variable('AuthCtrlr', 'Enabled'), attributeValue: 'false' },
    { ...variable('TxCtrlr', 'EVConnectionTimeOut'), attributeValue: '90', attributeType: 'Actual' },
    { ...variable('OCPPCommCtrlr', 'MessageAttempts', 'TransactionEvent'), attributeValue: '5' },
  );
  expect(results).toEqual([
    { ...variable('AuthCtrlr', 'Enabled'), attributeType: 'Actual', attributeStatus: 'Accepted' },
    { ...variable('TxCtrlr', 'EVConnectionTimeOut'), attributeType: 'Actual', attributeStatus: 'Accepted' },
    { ...variable('OCPPCommCtrlr', 'MessageAttempts', 'TransactionEvent'), attributeType: 'Actual', attributeStatus: 'Accepted' },
  ]);
});

const REFUSED_VALUES: readonly [string, Ocpp.SetVariableDataType, string][] = [
  ['B05.FR.04', { ...variable('CoffeeCtrlr', 'Enabled'), attributeValue: 'true' }, 'UnknownComponent'],
  ['B05.FR.05', { ...variable('AuthCtrlr', 'Coffee'), attributeValue: 'true' }, 'UnknownVariable'],
  ['B05.FR.06', { ...variable('AuthCtrlr', 'Enabled'), attributeValue: 'true', attributeType: 'MaxSet' }, 'NotSupportedAttributeType'],
  ['B05.FR.07', { ...variable('OCPPCommCtrlr', 'HeartbeatInterval'), attributeValue: 'often' }, 'Rejected'],
  ['B05.FR.07', { ...variable('AuthCtrlr', 'Enabled'), attributeValue: 'TRUE' }, 'Rejected'],
  ['B05.FR.08', { ...variable('OCPPCommCtrlr', 'HeartbeatInterval'), attributeValue: '0' }, 'Rejected'],
  ['B05.FR.09', { ...variable('ChargingStation', 'Model'), attributeValue: 'Other' }, 'Rejected'],
  ['B05.FR.09', { ...variable('TxCtrlr', 'TxStartPoint'), attributeValue: 'ParkingBayOccupancy' }, 'Rejected'],
  ['B05.FR.09', { ...variable('TxCtrlr', 'TxStopPoint'), attributeValue: 'DataSigned' }, 'Rejected'],
  ['B05.FR.09', { ...variable('SampledDataCtrlr', 'TxUpdatedMeasurands'), attributeValue: 'SoC' }, 'Rejected'],
  ['B05.FR.09', { ...variable('SampledDataCtrlr', 'SignReadings'), attributeValue: 'true' }, 'Rejected'],
];

test.each(REFUSED_VALUES)(
  'B05.FR.04 B05.FR.05 B05.FR.06 B05.FR.07 B05.FR.08 B05.FR.09 a value is refused with the right status (%s): %j',
  async (_id, data, status) => {
    const b = await bench().booted();
    const before = await get(b, { component: data.component, variable: data.variable });
    expect((await set(b, data))[0]?.attributeStatus).toBe(status);
    expect(await get(b, { component: data.component, variable: data.variable })).toEqual(before);
  },
);

test('B05.FR.10 what was set survives a power cut', async () => {
  const b = await bench().booted();
  await b.set('TxCtrlr', 'EVConnectionTimeOut', '77');
  b.cut();
  b.restore();
  await b.wait(5);
  expect(await b.get('TxCtrlr', 'EVConnectionTimeOut')).toBe('77');
});

test('B06.FR.01 B06.FR.02 B06.FR.03 B06.FR.04 B06.FR.10 B06.FR.11 B06.FR.14 one result per question, with its value', async () => {
  const b = await bench().booted();
  const results = await get(
    b,
    variable('AuthCtrlr', 'Enabled'),
    { ...variable('OCPPCommCtrlr', 'MessageAttempts', 'TransactionEvent'), attributeType: 'Actual' },
    { component: { name: 'Connector', evse: { id: 1, connectorId: 1 } }, variable: { name: 'ConnectorType' } },
  );
  expect(results).toEqual([
    { ...variable('AuthCtrlr', 'Enabled'), attributeType: 'Actual', attributeStatus: 'Accepted', attributeValue: 'true' },
    {
      ...variable('OCPPCommCtrlr', 'MessageAttempts', 'TransactionEvent'),
      attributeType: 'Actual',
      attributeStatus: 'Accepted',
      attributeValue: '3',
    },
    {
      component: { name: 'Connector', evse: { id: 1, connectorId: 1 } },
      variable: { name: 'ConnectorType' },
      attributeType: 'Actual',
      attributeStatus: 'Accepted',
      attributeValue: 'sType2',
    },
  ]);
});

const UNANSWERED: readonly [string, Ocpp.GetVariableDataType, string][] = [
  ['B06.FR.06', variable('CoffeeCtrlr', 'Enabled'), 'UnknownComponent'],
  ['B06.FR.07', variable('AuthCtrlr', 'Coffee'), 'UnknownVariable'],
  ['B06.FR.08', { ...variable('AuthCtrlr', 'Enabled'), attributeType: 'Target' }, 'NotSupportedAttributeType'],
  ['B06.FR.09', variable('SecurityCtrlr', 'BasicAuthPassword'), 'Rejected'],
  ['B06.FR.15', variable('OCPPCommCtrlr', 'MessageAttempts'), 'UnknownVariable'],
  ['B06.FR.15', variable('OCPPCommCtrlr', 'MessageAttempts', ''), 'UnknownVariable'],
  ['B06.FR.15', { component: { name: 'Connector' }, variable: { name: 'ConnectorType' } }, 'UnknownComponent'],
];

test.each(UNANSWERED)(
  'B06.FR.06 B06.FR.07 B06.FR.08 B06.FR.09 B06.FR.15 a question without an answer has no value (%s): %j',
  async (_id, data, status) => {
    const b = await bench().booted();
    const [result] = await get(b, data);
    expect(result?.attributeStatus).toBe(status);
    expect(result).not.toHaveProperty('attributeValue');
  },
);

test('B06.FR.13 a variable that was never set is an empty string', async () => {
  const b = await bench().booted();
  expect((await get(b, variable('AuthCtrlr', 'MasterPassGroupId')))[0]).toMatchObject({ attributeStatus: 'Accepted', attributeValue: '' });
});

test('B06.FR.16 B06.FR.17 too many entries or bytes get a CALLERROR', async () => {
  const b = await bench({
    variables: { 'DeviceDataCtrlr.ItemsPerMessage[GetVariables]': '2', 'DeviceDataCtrlr.BytesPerMessage[GetVariables]': '120' },
  }).booted();
  const one = variable('AuthCtrlr', 'Enabled');
  expect(await b.refused('GetVariables', { getVariableData: [one, one, one] })).toBe('OccurrenceConstraintViolation');
  expect(await b.refused('GetVariables', { getVariableData: [one, one] })).toBe('FormatViolation');
  expect(await get(b, one)).toHaveLength(1);
});

test('names of components and variables are compared without case', async () => {
  const b = await bench().booted();
  expect((await get(b, variable('authctrlr', 'ENABLED')))[0]?.attributeStatus).toBe('Accepted');
});

test('a new Basic password is used for a new connection at once', async () => {
  const b = await bench().booted();
  expect(await b.set('SecurityCtrlr', 'BasicAuthPassword', 'fedcba9876543210')).toBe('Accepted');
  await b.wait(5);
  expect(b.csms.handshakes).toHaveLength(2);
  expect(b.csms.handshakes[1]?.authorization).toBe(`Basic ${Buffer.from('CS-1:fedcba9876543210').toString('base64')}`);
  expect(JSON.stringify(b.trace)).not.toContain('fedcba9876543210');
});

test('A01.FR.11 a new password stands neither in the trace nor in any answer', async () => {
  const b = await bench().booted();
  const password = 'a-brand-new-password-24ch';
  expect(await b.set('SecurityCtrlr', 'BasicAuthPassword', password)).toBe('Accepted');
  await b.wait(60);
  expect(await b.get('SecurityCtrlr', 'BasicAuthPassword')).toBeUndefined(); // WriteOnly
  expect(b.trace.some((event) => event.kind === 'frame' && event.text.includes('BasicAuthPassword'))).toBe(true);
  expect(b.trace.filter((event) => JSON.stringify(event).includes(password))).toEqual([]);
});
