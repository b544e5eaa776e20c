import { expect, test } from 'vitest';
import type { HardWiredMonitor } from '../../config.ts';
import { type Bench, bench } from '../../testing/bench.ts';
import { judge } from './monitors.ts';

const component = { name: 'TemperatureSensor', evse: { id: 1 } };
const variable = { name: 'Temperature' };
const monitor = (type: HardWiredMonitor['type'], value: number, severity = 3, id = 500): HardWiredMonitor => ({
  id,
  component,
  variable,
  type,
  value,
  severity,
});
const HOT = monitor('UpperThreshold', 80);
const temperature = async (b: Bench, value: number): Promise<void> => {
  expect(b.station.setActual(component, variable, `${value}`)).toBe(true);
  await b.wait();
};
const events = (b: Bench) => b.csms.of('NotifyEvent').flatMap((request) => request.eventData);

test.each([
  ['UpperThreshold', 80, '80', false, undefined],
  ['UpperThreshold', 80, '80.1', false, { trigger: 'Alerting', cleared: false }],
  ['UpperThreshold', 80, '90', true, undefined],
  ['UpperThreshold', 80, '80', true, { trigger: 'Alerting', cleared: true }],
  ['LowerThreshold', -20, '-20', false, undefined],
  ['LowerThreshold', -20, '-21', false, { trigger: 'Alerting', cleared: false }],
  ['LowerThreshold', -20, '-19', true, { trigger: 'Alerting', cleared: true }],
] as const)('N07.FR.02 N07.FR.16 N07.FR.17 P42 %s %d at %s (alerting %s)', (type, value, now, alerting, expected) => {
  expect(judge({ type, value }, now, { alerting, base: '0' })).toEqual(expected);
});

test.each([
  ['5', '10', '15', undefined],
  ['5', '10', '15.5', { trigger: 'Delta', cleared: false }],
  ['5', '10', '4', { trigger: 'Delta', cleared: false }],
  ['5', 'false', 'true', { trigger: 'Delta', cleared: false }],
  ['5', 'true', 'true', undefined],
] as const)('N07.FR.18 N07.FR.19 P43 Delta %s from %s to %s', (value, base, now, expected) => {
  expect(judge({ type: 'Delta', value: Number(value) }, now, { alerting: false, base })).toEqual(expected);
});

test('N07.FR.02 N07.FR.06 N07.FR.07 N07.FR.16 a threshold that is exceeded and left again is told twice, with component, variable and monitor', async () => {
  const b = await bench({ config: { monitors: [HOT] } }).booted();
  await temperature(b, 80);
  expect(events(b)).toEqual([]);
  await temperature(b, 85);
  await temperature(b, 90);
  await temperature(b, 60);
  expect(events(b)).toMatchObject([
    {
      trigger: 'Alerting',
      cleared: false,
      actualValue: '85',
      component,
      variable,
      variableMonitoringId: 500,
      eventNotificationType: 'HardWiredMonitor',
    },
    { trigger: 'Alerting', cleared: true, actualValue: '60' },
  ]);
  expect(b.csms.of('NotifyEvent').every((request) => request.seqNo === 0)).toBe(true);
  expect(new Set(events(b).map((event) => event.eventId)).size).toBe(2);
  expect(b.csms.faults).toEqual([]);
});

test('N07.FR.17 a lower threshold', async () => {
  const b = await bench({ config: { monitors: [monitor('LowerThreshold', 0)] } }).booted();
  await temperature(b, -1);
  expect(events(b)).toMatchObject([{ trigger: 'Alerting', actualValue: '-1' }]);
});

test('N07.FR.18 a delta counts from the last event, not from the last sample', async () => {
  const b = await bench({ config: { monitors: [monitor('Delta', 5)] } }).booted();
  await temperature(b, 20);
  b.csms.forget();
  for (const value of [23, 25, 26, 27, 20]) await temperature(b, value);
  expect(events(b).map((event) => event.actualValue)).toEqual(['26', '20']);
});

test('N07.FR.19 a Problem that comes and goes is told by the monitors every station has', async () => {
  const b = await bench().booted();
  b.hardware.injectFault({ evse: 1 }, 'ground-fault');
  await b.wait();
  b.hardware.clearFault({ evse: 1 });
  await b.wait();
  expect(events(b).map((event) => `${event.component.name} ${event.variable.name} ${event.trigger} ${event.actualValue}`)).toEqual([
    'EVSE Problem Delta true',
    'EVSE Problem Delta false',
  ]);
});

test('N07.FR.04 P45 offline, only events that are grave enough are kept, also over a power cut', async () => {
  const b = await bench({ config: { monitors: [monitor('UpperThreshold', 80, 4, 1), monitor('UpperThreshold', 70, 5, 2)] } }).booted();
  await b.offline();
  await temperature(b, 90);
  b.cut();
  b.restore();
  await b.wait(1);
  b.csms.accepting = true;
  await b.wait(30);
  expect(events(b).map((event) => event.variableMonitoringId)).toContain(1);
  expect(
    events(b)
      .filter((event) => event.cleared !== true)
      .map((event) => event.variableMonitoringId),
  ).toEqual([1]);
});

test('N07.FR.10 the value of a write-only variable stays empty', async () => {
  const secret: HardWiredMonitor = {
    id: 7,
    component: { name: 'SecurityCtrlr' },
    variable: { name: 'BasicAuthPassword' },
    type: 'Delta',
    value: 1,
    severity: 3,
  };
  const b = await bench({ config: { monitors: [secret] } }).booted();
  await b.set('SecurityCtrlr', 'BasicAuthPassword', 'fedcba9876543210');
  await b.wait(10);
  expect(events(b)).toMatchObject([{ actualValue: '', variableMonitoringId: 7 }]);
});

test('N07.FR.13 N07.FR.14 P41 an alarm survives a reboot, and is taken back when the value is fine again afterwards', async () => {
  const b = await bench({ config: { monitors: [HOT] } }).booted();
  await temperature(b, 90);
  b.csms.forget();
  b.cut();
  b.restore();
  await b.wait(5);
  await temperature(b, 50);
  expect(events(b)).toMatchObject([{ cleared: true, variableMonitoringId: 500 }]);
});

test('N07.FR.15 a monitor above the active level is silent', async () => {
  const b = await bench({ config: { monitors: [HOT] }, variables: { 'MonitoringCtrlr.ActiveMonitoringLevel': '2' } }).booted();
  await temperature(b, 90);
  expect(events(b)).toEqual([]);
});
