import type { Ocpp } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import type { MeterReading, SignedReading } from '../../hardware/hardware.ts';

/**
 * One reading as OCPP sends it: the configured measurands of one moment with one timestamp (J02.FR.18), each with its
 * phase, location and unit. Undefined when the meter has none of them.
 */
export function meterValue(
  reading: MeterReading,
  measurands: readonly string[],
  context: Ocpp.ReadingContextEnumType,
  signed?: SignedReading,
  withKey = true,
): Ocpp.MeterValueType | undefined {
  const sampledValue = reading.samples
    .filter((sample) => measurands.includes(sample.measurand))
    .map((sample): Ocpp.SampledValueType => {
      const isRegister = sample.measurand === 'Energy.Active.Import.Register';
      return {
        value: sample.value,
        context,
        measurand: sample.measurand,
        ...(sample.phase === undefined ? {} : { phase: sample.phase }),
        ...(sample.location === undefined ? {} : { location: sample.location }),
        ...(sample.unit === undefined ? {} : { unitOfMeasure: { unit: sample.unit } }),
        ...(signed && isRegister ? { signedMeterValue: signedValue(signed, withKey) } : {}),
      };
    });
  const [first, ...rest] = sampledValue;
  return first === undefined ? undefined : { timestamp: formatInstant(reading.at), sampledValue: [first, ...rest] };
}

const signedValue = (signed: SignedReading, withKey: boolean): Ocpp.SignedMeterValueType => ({
  signedMeterData: signed.signedMeterData,
  signingMethod: signed.signingMethod,
  encodingMethod: signed.encodingMethod,
  publicKey: withKey ? signed.publicKey : '',
});

/** Every second of the inner ones goes; the first and the last stay, so the bill does too (E06.FR.13, J02.FR.20). */
export function thin<T>(values: readonly T[]): readonly T[] {
  return values.filter((_, index) => index === 0 || index === values.length - 1 || index % 2 === 0);
}

/** As many samples as fit into one message. */
export function thinned(values: readonly Ocpp.MeterValueType[], maxBytes: number): readonly Ocpp.MeterValueType[] {
  let kept = values;
  while (kept.length > 2 && JSON.stringify(kept).length > maxBytes) kept = thin(kept);
  return kept;
}
