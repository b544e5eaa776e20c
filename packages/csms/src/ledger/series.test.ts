import type { Ocpp } from '@busbar/protocol';
import { formatInstant, limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { seriesOf } from './series.ts';

const one = (second: number, ...sampledValue: Ocpp.SampledValueType[]) => ({
  meterValue: [{ timestamp: formatInstant(1_800_000_000_000 + second * 1000), sampledValue }],
});

test('power adds up over the phases; the current is that of the fullest, the voltage their mean', () => {
  const [point] = seriesOf([
    one(
      0,
      { value: 3.6, measurand: 'Power.Active.Import', phase: 'L1', unitOfMeasure: { unit: 'kW' } },
      { value: 3.7, measurand: 'Power.Active.Import', phase: 'L2', unitOfMeasure: { unit: 'kW' } },
      { value: 15.9, measurand: 'Current.Import', phase: 'L1' },
      { value: 16.1, measurand: 'Current.Import', phase: 'L2' },
      { value: 228, measurand: 'Voltage', phase: 'L1-N' },
      { value: 232, measurand: 'Voltage', phase: 'L2-N' },
      { value: 11_000, measurand: 'Power.Offered' },
      { value: 61, measurand: 'SoC', location: 'EV' },
    ),
  ]);
  expect(point).toMatchObject({ powerW: 7300, currentA: 16.1, voltageV: 230, offeredW: 11_000, socPercent: 61 });
});

test('a value for the whole stands for its phases; other places than the outlet do not count', () => {
  const [point] = seriesOf([
    one(
      0,
      { value: 7000, measurand: 'Power.Active.Import' },
      { value: 3000, measurand: 'Power.Active.Import', phase: 'L1' },
      { value: 9000, measurand: 'Power.Active.Import', location: 'Inlet', phase: 'L1' },
    ),
  ]);
  expect(point?.powerW).toBe(7000);
});

test('is in order of time, leaves out what says nothing, and thins a long session without its end', () => {
  const power = (second: number) => one(second, { value: second, measurand: 'Power.Active.Import' });
  expect(
    seriesOf([power(5), one(3, { value: 1, measurand: 'Energy.Active.Import.Register' }), power(1)]).map(({ powerW }) => powerW),
  ).toEqual([1, 5]);
  const long = seriesOf(Array.from({ length: limits.seriesPoints * 3 + 7 }, (_, second) => power(second)));
  expect(long.length).toBeLessThanOrEqual(limits.seriesPoints + 1);
  expect(long.at(-1)?.powerW).toBe(limits.seriesPoints * 3 + 6);
});
