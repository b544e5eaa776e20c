import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { enums, objects } from '../generated/shapes-201.js';
import { narrow } from './narrow.ts';
import { CallFailure } from './rpc-error.ts';
import { VALUES_201 } from './versions/201.ts';

type Schema = { $id?: string; enum?: string[]; definitions?: Record<string, Schema> };
const schemas21: Schema[] = createRequire(import.meta.url)('ocpp-rpc/lib/schemas/ocpp2_1.json');
const enums21 = new Map<string, string[]>();
for (const { definitions = {} } of schemas21)
  for (const [name, { enum: values }] of Object.entries(definitions)) if (values) enums21.set(name, values);

const shapes = { objects, enums };

/** Every value that 2.1 added to an enumeration of 2.0.1. */
const added = [...enums21].flatMap(([name, values]) =>
  enums[name] === undefined ? [] : values.filter((value) => !enums[name]?.includes(value)).map((value) => [name, value] as const),
);

describe('D4 values of 2.1 on a 2.0.1 link', () => {
  test('there are differences to look at', () => expect(added.length).toBeGreaterThan(50));

  test.each(added)('%s %s becomes a value of 2.0.1 or is refused by name', (name, value) => {
    const mapped = VALUES_201[name]?.[value];
    if (mapped === undefined) {
      expect(() => narrow(value, name, shapes, VALUES_201)).toThrow(CallFailure);
      expect(() => narrow(value, name, shapes, VALUES_201)).toThrow(value);
    } else {
      expect(enums[name]).toContain(mapped);
      expect(narrow(value, name, shapes, VALUES_201)).toBe(mapped);
    }
  });

  test('the table names only values that differ', () => {
    for (const [name, values] of Object.entries(VALUES_201))
      for (const value of Object.keys(values)) expect(added).toContainEqual([name, value]);
  });
});

test('properties that 2.0.1 does not know are dropped at any depth, the rest stays', () => {
  const request = {
    eventType: 'Started',
    seqNo: 0,
    evseSleep: true,
    transactionInfo: { transactionId: 't', operationMode: 'ChargingOnly' },
    meterValue: [{ timestamp: 't', sampledValue: [{ value: 1, customData: { vendorId: 'v', own: { deep: 1 } } }] }],
  };
  expect(narrow(request, 'TransactionEventRequest', shapes, VALUES_201)).toEqual({
    eventType: 'Started',
    seqNo: 0,
    transactionInfo: { transactionId: 't' },
    meterValue: [{ timestamp: 't', sampledValue: [{ value: 1, customData: { vendorId: 'v', own: { deep: 1 } } }] }],
  });
});

test('what 2.0.1 can say as it is goes out as it is; a cut copies only what is above it', () => {
  const meterValue = [{ timestamp: 't', sampledValue: [{ value: 1 }] }];
  const request = { eventType: 'Started', seqNo: 0, transactionInfo: { transactionId: 't' }, meterValue };
  expect(narrow(request, 'TransactionEventRequest', shapes, VALUES_201)).toBe(request);
  const newer = { ...request, transactionInfo: { transactionId: 't', operationMode: 'ChargingOnly' } };
  expect(narrow(newer, 'TransactionEventRequest', shapes, VALUES_201)).toEqual(request);
  expect(narrow(newer, 'TransactionEventRequest', shapes, VALUES_201)).toHaveProperty('meterValue', meterValue);
  expect(newer.transactionInfo).toEqual({ transactionId: 't', operationMode: 'ChargingOnly' });
});

test('a value that cannot be said is named by its place', () => {
  const sampledValue = [{ value: 1 }, { value: 1, measurand: 'Display.PresentSOC' }];
  const request = { eventType: 'Started', meterValue: [{ timestamp: 't', sampledValue }] };
  expect(() => narrow(request, 'TransactionEventRequest', shapes, VALUES_201)).toThrow('/meterValue/0/sampledValue/1/measurand: ');
});
