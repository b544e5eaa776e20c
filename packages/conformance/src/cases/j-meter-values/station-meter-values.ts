import type { RequestOf } from '@busbar/protocol';
import { parseInstant } from '@busbar/runtime';
import { stationCase } from '../../case.ts';
import { at, present, rule } from '../../field.ts';
import type { Received } from '../../link.ts';
import {
  authorizedLocally,
  booted,
  charging,
  energyTransferStarted,
  evConnectedPreSession,
  stoppedAndGone,
  transactionOf,
  valueOf,
} from '../../states/station.ts';
import type { SutTransaction } from '../../states/transaction-view.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';
import { isCall } from '../../test-context.ts';

/** Clock-aligned and sampled readings (J01, J02). */

type Reading = NonNullable<RequestOf<'TransactionEvent'>['meterValue']>[number];
const REGISTER = 'Energy.Active.Import.Register';
const NOTHING = ''; // a list of measurands that is empty

/** Every measurand that is configured has an element; the register may leave its name out. */
function hasMeasurands(
  t: StationTest,
  step: number,
  meterValue: readonly Reading[],
  wanted: string,
  entry: number,
  requirement: string,
): void {
  const seen = new Set(meterValue.flatMap(({ sampledValue }) => sampledValue.map(({ measurand }) => measurand ?? REGISTER)));
  for (const measurand of wanted.split(',').filter((name) => name !== ''))
    t.that(step, `${measurand} is among the values`, seen.has(measurandOf(measurand)), [...seen], [requirement], {
      entry,
      path: 'meterValue',
      wrong: [
        { timestamp: '2026-01-01T00:00:00Z', sampledValue: [{ value: 1, measurand: measurand === 'Voltage' ? 'Frequency' : 'Voltage' }] },
      ],
    });
}
const measurandOf = (name: string): Reading['sampledValue'][number]['measurand'] & string =>
  MEASURANDS.find((known) => known === name) ?? REGISTER;
const MEASURANDS = [
  REGISTER,
  'Energy.Active.Export.Register',
  'Power.Active.Import',
  'Power.Offered',
  'Power.Factor',
  'Current.Import',
  'Current.Offered',
  'Voltage',
  'Frequency',
  'SoC',
] as const;

/** The moments of the readings lie one interval apart; several messages may share a moment. */
function spaced(t: StationTest, step: number, moments: readonly string[], intervalS: number, requirement: string, entry: number): void {
  const distinct = [...new Set(moments.map((moment) => Math.round(parseInstant(moment) / 100) * 100))].toSorted((a, b) => a - b);
  const gaps = distinct.slice(1).map((moment, n) => moment - (distinct[n] ?? moment));
  const wrong = gaps.find((gap) => Math.abs(gap - intervalS * 1000) > 500);
  t.that(step, `readings are ${intervalS} s apart`, distinct.length >= 2 && wrong === undefined, gaps, [requirement], {
    entry,
    path: 'meterValue.0.timestamp',
  });
}

async function alignedOf(station: SutStation, step: number, evseId: number, requirement: string): Promise<Received<'MeterValues'>> {
  return station.take(
    step,
    'MeterValues',
    { 'meterValue.0.sampledValue.0.context': 'Sample.Clock' },
    { where: { evseId }, requirements: [requirement] },
  );
}

/** A clock-aligned reading of an EVSE that charges: as an event of its transaction, or as MeterValues. Both are legal. */
async function whileCharging(
  t: StationTest,
  station: SutStation,
  tx: SutTransaction,
): Promise<{ readonly meterValue: readonly Reading[]; readonly entry: number }> {
  const clock = { 'meterValue.0.sampledValue.0.context': 'Sample.Clock' } as const;
  const seen = await station.either(t.settings.stepMs, [
    { action: 'TransactionEvent', where: { triggerReason: 'MeterValueClock', 'transactionInfo.transactionId': tx.id } },
    { action: 'MeterValues', where: { evseId: tx.evseId } },
  ]);
  if (seen === undefined) return t.stop(3, 'a clock-aligned reading of the EVSE that charges comes', station.heard(), ['J01.FR.14']);
  t.check(3, seen, clock, 'J01.FR.14');
  t.reading(`clock-aligned readings of a transaction travel by ${seen.action}`);
  if (isCall(seen, 'TransactionEvent')) return { meterValue: seen.payload.meterValue ?? [], entry: seen.entry };
  return { meterValue: isCall(seen, 'MeterValues') ? seen.payload.meterValue : [], entry: seen.entry };
}

/** The reading that comes with the end, by the data collection of this kind. */
const endsWith = (id: string, title: string, kind: 'clock' | 'sampled', signed: boolean) =>
  stationCase(id, title, async (t) => {
    const { sampleS } = t.settings;
    const station = await booted(t, {
      variables: {
        'SampledDataCtrlr.TxUpdatedInterval': '0',
        ...(kind === 'clock'
          ? {
              'AlignedDataCtrlr.TxEndedInterval': String(sampleS),
              'AlignedDataCtrlr.TxEndedMeasurands': REGISTER,
              'SampledDataCtrlr.TxEndedMeasurands': NOTHING,
              ...(signed ? { 'AlignedDataCtrlr.SignReadings': 'true' } : {}),
            }
          : {
              'SampledDataCtrlr.TxEndedInterval': String(sampleS),
              'AlignedDataCtrlr.TxEndedMeasurands': NOTHING,
              ...(signed ? { 'SampledDataCtrlr.SignReadings': 'true' } : {}),
            }),
      },
    });
    const wanted =
      (await valueOf(station, kind === 'clock' ? 'AlignedDataCtrlr.TxEndedMeasurands' : 'SampledDataCtrlr.TxEndedMeasurands')) ?? '';
    const tx = await charging(t, station);
    await t.pass((3 * sampleS + 1) * 1000, 'readings are collected for the end (J01, J02)');
    await stoppedAndGone(t, station, tx, 1);
    const ended = tx.events.find(({ payload }) => payload.eventType === 'Ended');
    if (ended === undefined) return t.stop(1, 'the transaction has ended', 'it has not');
    const requirement = kind === 'clock' ? 'J01.FR.08' : 'J02.FR.11';
    t.check(1, ended, { meterValue: present }, requirement);
    const values = ended.payload.meterValue ?? [];
    const context = kind === 'clock' ? 'Sample.Clock' : 'Sample.Periodic';
    const regular = values.filter(({ sampledValue }) => sampledValue[0]?.context === context);
    t.that(
      1,
      `readings of the context ${context} come with the end`,
      regular.length >= 2,
      values.map(({ sampledValue }) => sampledValue[0]?.context),
      [requirement],
      { entry: ended.entry, path: 'meterValue.0.sampledValue.0.context' },
    );
    spaced(
      t,
      1,
      regular.map(({ timestamp }) => timestamp),
      sampleS,
      requirement,
      ended.entry,
    );
    if (kind === 'sampled')
      t.that(
        1,
        'one reading is of the context Transaction.End',
        values.some(({ sampledValue }) => sampledValue.some((value) => value.context === 'Transaction.End')),
        values.length,
        ['E06.FR.11'],
        { entry: ended.entry, path: `meterValue.${values.length - 1}.sampledValue.0.context` },
      );
    hasMeasurands(t, 1, values, wanted, ended.entry, requirement);
    if (signed) {
      const path = 'meterValue.0.sampledValue.0.signedMeterValue';
      t.check(
        1,
        ended,
        {
          [path]: present,
          [`${path}.publicKey`]: rule('a text, perhaps empty', (value) => typeof value === 'string'),
          [`${path}.signedMeterData`]: present,
        },
        kind === 'clock' ? 'J01.FR.21' : 'J02.FR.21',
      );
    }
  });

/** The first reading of a transaction. */
async function begins(t: StationTest, event: Received<'TransactionEvent'> | undefined, wanted: string, step: number): Promise<void> {
  if (event === undefined) return t.stop(step, 'an event with the first reading comes', 'none does', ['J02.FR.10']);
  t.check(step, event, { meterValue: present, 'meterValue.0.sampledValue.0.context': 'Transaction.Begin' }, 'E01.FR.09');
  hasMeasurands(t, step, event.payload.meterValue ?? [], wanted, event.entry, 'J02.FR.10');
}

export const stationMeterValues = [
  stationCase('TC_J_01_CS', 'Clock-aligned readings of an idle station', async (t) => {
    const { sampleS } = t.settings;
    const station = await booted(t, { variables: { 'AlignedDataCtrlr.Interval': String(sampleS) } });
    const wanted = (await valueOf(station, 'AlignedDataCtrlr.Measurands')) ?? '';
    const seen: Received<'MeterValues'>[] = [];
    for (let n = 0; n < 3; n += 1) seen.push(await alignedOf(station, 1, t.settings.evseId, 'J01.FR.14'));
    for (const { payload, entry } of seen) hasMeasurands(t, 1, payload.meterValue, wanted, entry, 'J01.FR.07');
    spaced(
      t,
      1,
      seen.flatMap(({ payload }) => payload.meterValue.map(({ timestamp }) => timestamp)),
      sampleS,
      'J01.FR.01',
      seen[0]?.entry ?? 0,
    );
  }),
  stationCase('TC_J_02_CS', 'Clock-aligned readings while one EVSE charges', async (t) => {
    const { sampleS } = t.settings;
    const station = await booted(t, {
      layout: { evses: 2 },
      variables: {
        'AlignedDataCtrlr.Interval': String(sampleS),
        'AlignedDataCtrlr.SendDuringIdle': 'false',
        'SampledDataCtrlr.TxUpdatedInterval': '0',
      },
    });
    const wanted = (await valueOf(station, 'AlignedDataCtrlr.Measurands')) ?? '';
    const tx = await charging(t, station);
    station.forget();
    const idle = await alignedOf(station, 1, 2, 'J01.FR.14');
    hasMeasurands(t, 1, idle.payload.meterValue, wanted, idle.entry, 'J01.FR.07');
    const seen: { readonly meterValue: readonly Reading[]; readonly entry: number }[] = [];
    for (let n = 0; n < 3; n += 1) seen.push(await whileCharging(t, station, tx));
    for (const { meterValue, entry } of seen) hasMeasurands(t, 3, meterValue, wanted, entry, 'J01.FR.07');
    spaced(
      t,
      3,
      seen.flatMap(({ meterValue }) => meterValue.map(({ timestamp }) => timestamp)),
      sampleS,
      'J01.FR.01',
      seen[0]?.entry ?? 0,
    );
  }),
  endsWith('TC_J_03_CS', 'Clock-aligned readings that come with the end', 'clock', false),
  endsWith('TC_J_04_CS', 'Signed clock-aligned readings that come with the end', 'clock', true),
  stationCase('TC_J_06_CS', 'No readings during a transaction when only idle EVSEs are to be read', async (t) => {
    const { sampleS } = t.settings;
    const station = await booted(t, {
      variables: {
        'AlignedDataCtrlr.Interval': String(sampleS),
        'AlignedDataCtrlr.SendDuringIdle': 'true',
        'SampledDataCtrlr.TxUpdatedInterval': '0',
      },
    });
    await alignedOf(station, 1, t.settings.evseId, 'J01.FR.14');
    const tx = await charging(t, station);
    station.forget();
    await station.silence(4, 2 * sampleS + 1, 'MeterValues', { evseId: t.settings.evseId }, 'J01.FR.18');
    const clocked = { triggerReason: 'MeterValueClock', 'transactionInfo.transactionId': tx.id };
    station.came(4, 0, 'TransactionEvent', clocked, 'no event with a clock-aligned reading came', 'J01.FR.18');
    await stoppedAndGone(t, station, tx, 6);
    station.forget();
    await alignedOf(station, 7, t.settings.evseId, 'J01.FR.14');
  }),
  stationCase('TC_J_07_CS', 'The first reading comes with the start', async (t) => {
    const station = await booted(t, { variables: { 'TxCtrlr.TxStartPoint': 'EVConnected' } });
    const wanted = (await valueOf(station, 'SampledDataCtrlr.TxStartedMeasurands')) ?? '';
    const tx = await transactionOf(t, station);
    await evConnectedPreSession(t, station, tx, 1);
    await begins(
      t,
      tx.events.find(({ payload }) => payload.eventType === 'Started'),
      wanted,
      1,
    );
    await energyTransferStarted(t, station, tx, 2);
  }),
  stationCase('TC_J_08_CS', 'The first reading comes once the EVSE is known', async (t) => {
    const station = await booted(t, { layout: { evses: 2 }, variables: { 'TxCtrlr.TxStartPoint': 'Authorized' } });
    const wanted = (await valueOf(station, 'SampledDataCtrlr.TxStartedMeasurands')) ?? '';
    const tx = await transactionOf(t, station);
    await authorizedLocally(t, station, tx, 1);
    await evConnectedPreSession(t, station, tx, 1);
    await begins(
      t,
      tx.events.find(({ payload }) => at(payload, 'evse.id') !== undefined),
      wanted,
      1,
    );
    await energyTransferStarted(t, station, tx, 1);
  }),
  stationCase('TC_J_09_CS', 'Readings while energy flows', async (t) => {
    const { sampleS } = t.settings;
    const station = await booted(t, { variables: { 'SampledDataCtrlr.TxUpdatedInterval': String(sampleS) } });
    const wanted = (await valueOf(station, 'SampledDataCtrlr.TxUpdatedMeasurands')) ?? '';
    await charging(t, station);
    const seen: Received<'TransactionEvent'>[] = [];
    for (let n = 0; n < 3; n += 1)
      seen.push(
        await station.take(
          1,
          'TransactionEvent',
          { eventType: 'Updated', 'meterValue.0.sampledValue.0.context': 'Sample.Periodic' },
          { where: { triggerReason: 'MeterValuePeriodic' }, requirements: ['J02.FR.11'] },
        ),
      );
    for (const { payload, entry } of seen) hasMeasurands(t, 1, payload.meterValue ?? [], wanted, entry, 'J02.FR.14');
    spaced(
      t,
      1,
      seen.flatMap(({ payload }) => (payload.meterValue ?? []).map(({ timestamp }) => timestamp)),
      sampleS,
      'J02.FR.11',
      seen[0]?.entry ?? 0,
    );
  }),
  endsWith('TC_J_10_CS', 'Sampled readings that come with the end', 'sampled', false),
  endsWith('TC_J_11_CS', 'Signed sampled readings that come with the end', 'sampled', true),
];
