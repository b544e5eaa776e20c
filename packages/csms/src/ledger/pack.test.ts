import type { Ocpp } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packSamples, type SampleKeys, unpackSamples } from './pack.ts';

function dictionary(): SampleKeys {
  const texts: string[] = [];
  return {
    idOf: (key) => (texts.includes(key) ? texts.indexOf(key) : texts.push(key) - 1),
    keyOf: (id) => texts[id] ?? '',
    met: { id: 0, sample: undefined, next: undefined },
    shapes: new Map(),
  };
}

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000),
);
const unit = fc.record({ unit: fc.constantFrom('Wh', 'kWh', 'A'), multiplier: fc.integer({ min: -3, max: 3 }) }, { requiredKeys: [] });
const sample: fc.Arbitrary<Ocpp.SampledValueType> = fc.record(
  {
    value,
    context: fc.constantFrom('Sample.Periodic' as const, 'Transaction.Begin' as const),
    measurand: fc.constantFrom('Energy.Active.Import.Register' as const, 'Voltage' as const, 'SoC' as const),
    phase: fc.constantFrom('L1' as const, 'L2-N' as const),
    location: fc.constantFrom('Outlet' as const, 'EV' as const),
    unitOfMeasure: unit,
  },
  { requiredKeys: ['value'] },
);
test('what was packed comes back, to the last bit', () => {
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 4e12 }),
      fc.integer({ min: -1e9, max: 1e9 }),
      (sampledValue, base, shift) => {
        const values = [{ timestamp: formatInstant(Math.max(0, base + shift)), sampledValue }];
        const keys = dictionary();
        const packed = packSamples(values, base, keys);
        if (packed === undefined) expect(sampledValue.some((s) => Object.is(s.value, -0))).toBe(true);
        else {
          expect(unpackSamples(packed, base, keys)).toEqual(values);
          expect(unpackSamples(Buffer.concat([Buffer.from('window'), packed]).subarray(6), base, keys)).toEqual(values);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('eight samples take less than 60 bytes', () => {
  const keys = dictionary();
  const timestamp = formatInstant(1_800_000_000_000);
  const sampledValue = (
    [
      'Energy.Active.Import.Register',
      'Power.Active.Import',
      'Current.Import',
      'Voltage',
      'SoC',
      'Frequency',
      'Power.Offered',
      'Current.Offered',
    ] as const
  ).map((measurand, i) => ({ value: 1234.5 + i, measurand }));
  expect(packSamples([{ timestamp, sampledValue }], 1_800_000_000_000, keys)?.length).toBeLessThan(60);
});

test('a signature, customData or an odd time is not squeezed: the JSON stays', () => {
  const plain = { timestamp: '2026-01-01T00:00:00Z', sampledValue: [{ value: 1 }] };
  const keys = dictionary();
  expect(packSamples([plain], 0, keys)).toBeDefined();
  expect(packSamples([{ ...plain, timestamp: '2026-01-01T01:00:00+01:00' }], 0, keys)).toBeUndefined();
  expect(packSamples([{ ...plain, customData: { vendorId: 'v' } }], 0, keys)).toBeUndefined();
  expect(
    packSamples(
      [
        {
          ...plain,
          sampledValue: [{ value: 1, signedMeterValue: { signedMeterData: 'x', encodingMethod: 'y', signingMethod: 'z', publicKey: 'k' } }],
        },
      ],
      0,
      keys,
    ),
  ).toBeUndefined();
});
