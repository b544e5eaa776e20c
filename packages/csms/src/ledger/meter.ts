import type { Ocpp } from '@busbar/protocol';
import { type Instant, parseInstant } from '@busbar/runtime';

/** What the ledger reads out of an event's meter values. Energy in mWh, so that 1397.5 Wh survives. */
export interface MeterFacts {
  /** Import registers in the order of their time; the one that opens or closes a transaction is marked. */
  readonly registers: readonly Register[];
  readonly powerW?: number;
  readonly socPercent?: number;
  readonly anomalies: readonly MeterAnomaly[];
}

export interface Register {
  readonly at: Instant;
  readonly mWh: number;
  readonly context: 'begin' | 'end' | 'other';
}

export type MeterAnomaly = 'registerNegative' | 'registerOutOfRange' | 'registerUnitUnknown';

/** Half of what a double holds exactly, so that the difference of two registers is exact: four million MWh, more than any meter shows. */
const LARGEST_MWH = 2 ** 52 - 1;

type Sample = Ocpp.SampledValueType;

export function meterFacts(meterValue: readonly Ocpp.MeterValueType[] | undefined): MeterFacts {
  const registers: Register[] = [];
  const anomalies = new Set<MeterAnomaly>();
  let powerW: number | undefined;
  let socPercent: number | undefined;
  for (const { timestamp, sampledValue } of meterValue ?? []) {
    const at = parseInstant(timestamp);
    const register = importRegister(sampledValue, anomalies);
    if (register !== undefined) registers.push({ at, ...register });
    for (const sample of sampledValue) {
      if (sample.measurand === 'Power.Active.Import' && sample.phase === undefined) powerW = scaled(sample, 'kW') ?? powerW;
      else if (sample.measurand === 'SoC') socPercent = sample.value;
    }
  }
  registers.sort((a, b) => a.at - b.at);
  return {
    registers,
    ...(powerW === undefined ? {} : { powerW }),
    ...(socPercent === undefined ? {} : { socPercent }),
    anomalies: [...anomalies],
  };
}

/** The measurand may be left out: then it is the import register (MeasurandEnumType). */
const isImportRegister = (sample: Sample): boolean =>
  (sample.measurand ?? 'Energy.Active.Import.Register') === 'Energy.Active.Import.Register';
const atOutlet = (sample: Sample): boolean => sample.location === undefined || sample.location === 'Outlet';

function importRegister(samples: readonly Sample[], anomalies: Set<MeterAnomaly>): Omit<Register, 'at'> | undefined {
  const candidates = samples.filter((sample) => isImportRegister(sample) && atOutlet(sample));
  const whole = candidates.find((sample) => sample.phase === undefined);
  const parts = whole ? [whole] : candidates.filter(({ phase }) => phase === 'L1' || phase === 'L2' || phase === 'L3');
  const [first] = parts;
  if (!first) return undefined;
  let mWh = 0;
  for (const sample of parts) {
    const unit = sample.unitOfMeasure?.unit ?? 'Wh';
    if (unit !== 'Wh' && unit !== 'kWh') {
      anomalies.add('registerUnitUnknown');
      return undefined;
    }
    mWh += milliWattHours(sample.value, unit, sample.unitOfMeasure?.multiplier ?? 0);
  }
  if (!(Math.abs(mWh) <= LARGEST_MWH)) {
    anomalies.add('registerOutOfRange'); // also what is no number at all
    return undefined;
  }
  if (mWh < 0) anomalies.add('registerNegative');
  const context = first.context === 'Transaction.Begin' ? 'begin' : first.context === 'Transaction.End' ? 'end' : 'other';
  return { mWh, context };
}

/** Exact: the decimal digits are shifted as text, so 0.1 kWh is 100,000 mWh and not 99,999.999…; finer digits are rounded half up. */
export function milliWattHours(value: number, unit: 'Wh' | 'kWh', multiplier: number): number {
  return Math.round(shift(value, (unit === 'kWh' ? 6 : 3) + multiplier)) + 0; // + 0: no negative zero
}

/** value × 10^digits by moving the decimal point of its shortest text. */
function shift(value: number, digits: number): number {
  const thousandths = Math.round(value * 1000);
  // Three decimals at most, which nearly every meter has: then whole numbers do it exactly.
  if (digits >= 3 && digits <= 6 && Math.abs(thousandths) < 2 ** 40 && thousandths / 1000 === value)
    return thousandths * 10 ** (digits - 3);
  const [mantissa = '0', exponent = '0'] = value.toString().split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

/** Undefined for what is beyond every number: nobody can show it. */
export function scaled(sample: Sample, kilo: string): number | undefined {
  const digits = (sample.unitOfMeasure?.unit === kilo ? 3 : 0) + (sample.unitOfMeasure?.multiplier ?? 0);
  const value = digits === 0 ? sample.value : shift(sample.value, digits);
  return Number.isFinite(value) ? value : undefined;
}
