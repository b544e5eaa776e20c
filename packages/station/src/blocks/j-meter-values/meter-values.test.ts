import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { bench, CARD } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;
const ALIGNED = { 'AlignedDataCtrlr.Interval': '60', 'SampledDataCtrlr.TxUpdatedInterval': '0' };

test('J01.FR.01 J01.FR.02 J01.FR.03 J01.FR.04 J01.FR.05 J01.FR.06 J01.FR.14 P83 on the grid of the clock, every EVSE and the main meter', async () => {
  const b = await bench({ topology: TWO, variables: ALIGNED }).booted();
  b.csms.forget();
  await b.wait(180);
  const values = b.csms.of('MeterValues');
  expect(values.map((request) => request.evseId)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  for (const request of values) {
    expect(request.meterValue).toHaveLength(1);
    expect(Date.parse(request.meterValue[0]?.timestamp ?? '') % 60_000).toBeLessThan(1_000);
    expect(request.meterValue[0]?.sampledValue.length).toBeGreaterThan(0);
  }
  await b.charging();
  await b.wait(120);
  const main = b.csms.of('MeterValues').findLast((request) => request.evseId === 0)?.meterValue[0]?.sampledValue[0];
  expect(main).toMatchObject({ measurand: 'Energy.Active.Import.Register', location: 'Inlet' });
  expect(main?.value).toBeGreaterThan(0);
});

test('J01.FR.07 J01.FR.08 J01.FR.09 J01.FR.10 J01.FR.11 J01.FR.17 J02.FR.02 J02.FR.03 J02.FR.04 J02.FR.05 J02.FR.06 J02.FR.07 J02.FR.18 every sample says what, why, where and on which phase', async () => {
  const list = 'Energy.Active.Import.Register,Current.Import,Voltage';
  const b = await bench({
    topology: TWO,
    variables: {
      ...ALIGNED,
      'AlignedDataCtrlr.Measurands': list,
      'SampledDataCtrlr.TxUpdatedMeasurands': list,
      'SampledDataCtrlr.TxUpdatedInterval': '30',
    },
  }).booted();
  await b.charging();
  await b.wait(120);
  const aligned = b.csms.of('MeterValues').findLast((request) => request.evseId === 1)?.meterValue;
  const sampled = b.events.findLast((event) => event.triggerReason === 'MeterValuePeriodic')?.meterValue;
  for (const [value, context] of [
    [aligned, 'Sample.Clock'],
    [sampled, 'Sample.Periodic'],
  ] as const) {
    expect(value).toHaveLength(1);
    const samples = value?.[0]?.sampledValue ?? [];
    expect(samples.every((sample) => sample.context === context && sample.location === 'Outlet' && sample.measurand !== undefined)).toBe(
      true,
    );
    expect(samples.map((sample) => `${sample.measurand} ${sample.phase ?? ''} ${sample.unitOfMeasure?.unit}`)).toEqual([
      'Energy.Active.Import.Register  Wh',
      'Current.Import L1 A',
      'Voltage L1-N V',
      'Current.Import L2 A',
      'Voltage L2-N V',
      'Current.Import L3 A',
      'Voltage L3-N V',
    ]);
  }
});

test('J01.FR.19 P84 SendDuringIdle of one EVSE stops its clock-aligned values while it has a transaction', async () => {
  const b = await bench({ topology: TWO, variables: ALIGNED }).booted();
  await b.ask('SetVariables', {
    setVariableData: [
      { component: { name: 'AlignedDataCtrlr', evse: { id: 1 } }, variable: { name: 'SendDuringIdle' }, attributeValue: 'true' },
    ],
  });
  await b.charging(1);
  b.csms.forget();
  await b.wait(60);
  expect(b.csms.of('MeterValues').map((request) => request.evseId)).toEqual([0, 2]);
});

test('J01.FR.20 P84 SendDuringIdle of the station stops all of them while there is any transaction', async () => {
  const b = await bench({ topology: TWO, variables: { ...ALIGNED, 'AlignedDataCtrlr.SendDuringIdle': 'true' } }).booted();
  await b.charging(1);
  b.csms.forget();
  await b.wait(120);
  expect(b.csms.of('MeterValues')).toEqual([]);
  await b.card(CARD, 1);
  await b.wait(60);
  expect(b.csms.of('MeterValues').length).toBeGreaterThan(0);
});

test('J01.FR.21 AlignedDataSignReadings: signed where the meter can', async () => {
  const b = await bench({ topology: demoTopologies.dc150, variables: { ...ALIGNED, 'AlignedDataCtrlr.SignReadings': 'true' } }).booted();
  b.csms.forget();
  await b.wait(60);
  const of = (evseId: number) =>
    b.csms.of('MeterValues').find((request) => request.evseId === evseId)?.meterValue[0]?.sampledValue[0]?.signedMeterValue;
  expect(of(1)?.signedMeterData).toMatch(/^OCMF/);
  expect(of(0)).toBeUndefined();
});

test('J01.FR.22 during a transaction the clock-aligned values go on as MeterValues', async () => {
  const b = await bench({ variables: ALIGNED }).booted();
  await b.charging();
  b.csms.forget();
  await b.wait(60);
  expect(b.csms.of('MeterValues').map((request) => request.evseId)).toEqual([0, 1]);
});

test('AlignedDataCtrlr: Enabled false and Interval 0 send nothing; the Ended list keeps its own samples', async () => {
  const b = await bench({
    variables: {
      ...ALIGNED,
      'AlignedDataCtrlr.TxEndedInterval': '60',
      'AlignedDataCtrlr.TxEndedMeasurands': 'Energy.Active.Import.Register',
    },
  }).booted();
  await b.charging();
  await b.wait(130);
  await b.card();
  expect(b.lastEvent.meterValue?.filter((value) => value.sampledValue[0]?.context === 'Sample.Clock')).toHaveLength(2);
  await b.set('AlignedDataCtrlr', 'Interval', '0');
  b.csms.forget();
  await b.wait(130);
  expect(b.csms.of('MeterValues')).toEqual([]);
  await b.set('AlignedDataCtrlr', 'Interval', '60');
  await b.set('AlignedDataCtrlr', 'Enabled', 'false');
  await b.wait(130);
  expect(b.csms.of('MeterValues')).toEqual([]);
});

test('J02.FR.01 J02.FR.10 J02.FR.11 P82 every TxUpdatedInterval one event with one value inside the interval; 0 sends none; a change counts at once', async () => {
  const b = await bench({ variables: { 'SampledDataCtrlr.TxUpdatedInterval': '30' } }).booted();
  await b.charging();
  b.csms.forget();
  await b.wait(120);
  const periodic = b.events.filter((event) => event.triggerReason === 'MeterValuePeriodic');
  expect(periodic).toHaveLength(4);
  for (const event of periodic) {
    expect(event.meterValue).toHaveLength(1);
    const age = Date.parse(event.timestamp) - Date.parse(event.meterValue?.[0]?.timestamp ?? '');
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(30_000);
  }
  await b.set('SampledDataCtrlr', 'TxUpdatedInterval', '0');
  b.csms.forget();
  await b.wait(120);
  expect(b.events).toEqual([]);
  await b.set('SampledDataCtrlr', 'TxUpdatedInterval', '10');
  await b.wait(35);
  expect(b.events).toHaveLength(3);
});

test('J02.FR.16 J02.FR.17 P80 registers are as the meter shows them, never re-based, and equal between two transactions', async () => {
  const b = await bench().booted();
  await b.charging();
  await b.wait(120);
  await b.card();
  const end = b.lastEvent.meterValue?.at(-1)?.sampledValue[0]?.value;
  b.hardware.unplug(1);
  await b.wait();
  await b.charging();
  const begin = b.events.findLast((event) => event.eventType === 'Started')?.meterValue?.[0]?.sampledValue[0]?.value;
  expect(end).toBeGreaterThan(0);
  expect(begin).toBe(end);
});

test('J02.FR.22 the values of a transaction are those of its EVSE', async () => {
  const b = await bench({ topology: TWO, variables: { 'SampledDataCtrlr.TxUpdatedInterval': '30' } }).booted();
  await b.charging(1);
  await b.wait(60);
  await b.charging(2, { idToken: 'SECOND', type: 'ISO14443' });
  const started = b.events.filter((event) => event.eventType === 'Started').map((event) => event.meterValue?.[0]?.sampledValue[0]?.value);
  expect(started).toEqual([0, 0]);
});

test('SampledDataCtrlr.Enabled false takes no samples', async () => {
  const b = await bench({ variables: { 'SampledDataCtrlr.Enabled': 'false' } }).booted();
  await b.charging();
  await b.card();
  expect(b.events.every((event) => event.meterValue === undefined)).toBe(true);
});
