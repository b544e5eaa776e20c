import type { Ocpp } from '@busbar/protocol';
import { type Instant, limits, parseInstant } from '@busbar/runtime';
import { scaled } from './meter.ts';

type Sample = Ocpp.SampledValueType;

/** What was measured at one moment of a transaction; null where nothing was. */
export interface SeriesPoint {
  readonly at: Instant;
  readonly powerW: number | null;
  /** What the station offered the vehicle: its limit at that moment. */
  readonly offeredW: number | null;
  readonly currentA: number | null;
  readonly voltageV: number | null;
  readonly socPercent: number | null;
}

const phases = (samples: readonly Sample[], measurand: Ocpp.MeasurandEnumType): readonly Sample[] =>
  samples.filter((sample) => sample.measurand === measurand && (sample.location ?? 'Outlet') === 'Outlet');
const whole = (samples: readonly Sample[]): readonly Sample[] => {
  const one = samples.find(({ phase }) => phase === undefined);
  return one === undefined ? samples : [one];
};
const values = (samples: readonly Sample[], kilo: string): readonly number[] =>
  whole(samples).flatMap((sample) => scaled(sample, kilo) ?? []);
const sum = (all: readonly number[]): number | null => (all.length === 0 ? null : all.reduce((a, b) => a + b, 0));
const most = (all: readonly number[]): number | null => (all.length === 0 ? null : Math.max(...all));
const mean = (all: readonly number[]): number | null => (all.length === 0 ? null : all.reduce((a, b) => a + b, 0) / all.length);

/** Power adds up over the phases, the current shown is that of the fullest one, the voltage their mean. */
function pointOf({ timestamp, sampledValue }: Ocpp.MeterValueType): SeriesPoint {
  return {
    at: parseInstant(timestamp),
    powerW: sum(values(phases(sampledValue, 'Power.Active.Import'), 'kW')),
    offeredW: sum(values(phases(sampledValue, 'Power.Offered'), 'kW')),
    currentA: most(values(phases(sampledValue, 'Current.Import'), 'kA')),
    voltageV: mean(values(phases(sampledValue, 'Voltage'), 'kV')),
    socPercent: sampledValue.find(({ measurand }) => measurand === 'SoC')?.value ?? null,
  };
}

const says = ({ at: _at, ...point }: SeriesPoint): boolean => Object.values(point).some((value) => value !== null);

/** The course of a transaction, in order of time; a long one is thinned evenly, its last point always stays. */
export function seriesOf(events: readonly Pick<Ocpp.TransactionEventRequest, 'meterValue'>[]): readonly SeriesPoint[] {
  const points = events
    .flatMap(({ meterValue }) => (meterValue ?? []).map(pointOf))
    .filter(says)
    .sort((a, b) => a.at - b.at);
  const every = Math.ceil(points.length / limits.seriesPoints);
  return every <= 1 ? points : points.filter((_, index) => index % every === 0 || index === points.length - 1);
}
