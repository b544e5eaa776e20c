import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as validators16 from '../generated/validators-16.js';
import * as validators21 from '../generated/validators-21.js';
import * as validators201 from '../generated/validators-201.js';
import { isDateTime } from '../src/date-time.ts';
import type { SchemaError, Validate } from '../src/validate.ts';
import { type JsonSchema, mergeSchemas } from './merge-schemas.ts';
import { printValidators } from './print-validators.ts';

const folder = join(createRequire(import.meta.url).resolve('ocpp-rpc/package.json'), '../lib/schemas');

describe.each([
  ['1.6', 'ocpp1_6.json', new Map<string, Validate<unknown>>(Object.entries(validators16))],
  ['2.0.1', 'ocpp2_0_1.json', new Map<string, Validate<unknown>>(Object.entries(validators201))],
  ['2.1', 'ocpp2_1.json', new Map<string, Validate<unknown>>(Object.entries(validators21))],
])('the generated validators of %s', (version, file, validators) => {
  const { definitions, messages } = mergeSchemas(JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonSchema[]);
  const all = Object.fromEntries([...definitions].map(([name, schema]) => [name, bounded(schema)]));
  const ajv = new Ajv({ strictTypes: false, inlineRefs: false, formats: { 'date-time': isDateTime, uri: true } });
  ajv.addSchema({ $id: version, definitions: all });
  const values = arbitraries(all);

  test.each(messages)('say of %s what ajv says', (name) => {
    const ours = validators.get(name);
    const theirs = ajv.getSchema(`${version}#/definitions/${name}`);
    if (!ours || !theirs) throw new Error(`no validator for ${name}`);
    const same = (value: unknown): void => {
      const valid = theirs(value);
      if (ours(value) !== valid || told(ours.errors) !== told(theirs.errors)) expect(told(ours.errors)).toBe(told(theirs.errors));
    };
    const whole = values(name);
    fc.assert(
      fc.property(whole, fc.array(CHANGE, { maxLength: 3 }), (value, changes) => {
        expect(ours(value)).toBe(true);
        same(value);
        same(changes.reduce<unknown>((before, change) => change(before), value));
      }),
      { numRuns: 15 },
    );
    for (const root of [undefined, null, 1, '', [], {}]) same(root);
  });
});

const EVENT = {
  eventType: 'Updated',
  timestamp: '2026-05-04T10:00:00Z',
  triggerReason: 'MeterValuePeriodic',
  seqNo: 3,
  transactionInfo: { transactionId: 'a' },
  meterValue: [{ timestamp: '2026-05-04T10:00:00Z', sampledValue: [{ value: 1.5 }, { value: 2 }] }],
};

test.each([
  ['', 'type', { type: 'object' }, []],
  ['', 'required', { missingProperty: 'seqNo' }, { ...EVENT, seqNo: undefined, stranger: 1 }],
  ['', 'additionalProperties', { additionalProperty: 'stranger' }, { ...EVENT, eventType: 7, stranger: 1 }],
  ['/eventType', 'enum', { allowedValues: ['Ended', 'Started', 'Updated'] }, { ...EVENT, eventType: 'Begun' }],
  ['/timestamp', 'format', { format: 'date-time' }, { ...EVENT, timestamp: 'today' }],
  ['/seqNo', 'type', { type: 'integer' }, { ...EVENT, seqNo: 1.5 }],
  ['/seqNo', 'minimum', { comparison: '>=', limit: 0 }, { ...EVENT, seqNo: -1 }],
  ['/seqNo', 'maximum', { comparison: '<=', limit: Number.MAX_SAFE_INTEGER }, { ...EVENT, seqNo: 2 ** 53 }],
  ['/transactionInfo/transactionId', 'maxLength', { limit: 36 }, { ...EVENT, transactionInfo: { transactionId: 'x'.repeat(37) } }],
  ['/meterValue', 'minItems', { limit: 1 }, { ...EVENT, meterValue: [] }],
  [
    '/meterValue/0/sampledValue/1/value',
    'type',
    { type: 'number' },
    { ...EVENT, meterValue: [{ ...EVENT.meterValue[0], sampledValue: [{ value: 1 }, { value: '2' }] }] },
  ],
])('a TransactionEvent with a fault at "%s": %s', (instancePath, keyword, params, event) => {
  expect(validators21.TransactionEventRequest(event)).toBe(false);
  expect(validators21.TransactionEventRequest.errors).toEqual([expect.objectContaining({ instancePath, keyword, params })]);
});

test('1.6 takes a limit of one decimal place', () => {
  const profile = (limit: number) => ({
    status: 'Accepted',
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  });
  expect(validators16.GetCompositeScheduleResponse(profile(16.1))).toBe(true);
  expect(validators16.GetCompositeScheduleResponse(profile(16.25))).toBe(false);
  expect(validators16.GetCompositeScheduleResponse.errors).toEqual([
    {
      instancePath: '/chargingSchedule/chargingSchedulePeriod/0/limit',
      keyword: 'multipleOf',
      message: 'must be multiple of 0.1',
      params: { multipleOf: 0.1 },
    },
  ]);
});

test('a rule that nobody checks fails the build', () => {
  const print = (schema: JsonSchema) =>
    printValidators({ definitions: new Map([['A', { type: 'object', properties: { a: schema } }]]), messages: ['A'] }, '21');
  expect(() => print({ type: 'string', pattern: '^x' })).toThrow('no check for pattern of string');
  expect(() => print({ type: 'array', items: { type: 'string' }, uniqueItems: true })).toThrow('no check for uniqueItems of array');
  expect(() => print({ oneOf: [] })).toThrow('A_a: no check for {"oneOf":[]}');
  expect(() => print({ type: 'string', format: 'email' })).toThrow('A_a: no check for the format "email"');
  expect(() => print({ type: 'object', additionalProperties: { type: 'string' } })).toThrow('A_a: rules for additional properties');
});

const told = (errors: readonly (SchemaError | ErrorObject)[] | null | undefined): string =>
  JSON.stringify((errors ?? []).map(({ instancePath, keyword, message, params }) => ({ instancePath, keyword, message, params })));

/** Integers that a double counts exactly, beside what the schema says. */
function bounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bounded);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bounded(each)]));
  if (!('type' in value) || value.type !== 'integer') return inner;
  return { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...inner };
}

/** Values that fit. */
function arbitraries(definitions: Record<string, unknown>): (name: string) => fc.Arbitrary<unknown> {
  const known = new Map<string, fc.Arbitrary<unknown>>();
  const named = (name: string): fc.Arbitrary<unknown> => {
    const made = known.get(name) ?? of(definitions[name] as JsonSchema);
    known.set(name, made);
    return made;
  };
  const of = (schema: JsonSchema): fc.Arbitrary<unknown> => {
    if (typeof schema.$ref === 'string') return named(schema.$ref.replace(/^.*\//, ''));
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    const { minimum, maximum, minItems = 0, maxItems = 5, maxLength = 30 } = schema as Record<string, number | undefined>;
    switch (schema.type) {
      case 'object': {
        const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
        const requiredKeys = (schema.required ?? []) as string[];
        return fc.record(Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, of(inner)])), { requiredKeys });
      }
      case 'array':
        return fc.array(of(schema.items as JsonSchema), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 2) });
      case 'string':
        if (schema.format === 'date-time') return fc.constantFrom('2026-05-04T10:00:00Z', '2024-02-29t23:59:60.123456+05:30');
        return fc.oneof(
          fc.string({ maxLength: Math.min(maxLength, 30) }),
          fc.constantFrom('', 'x'.repeat(maxLength), '🔌'.repeat(maxLength)),
        );
      case 'integer':
        return fc.oneof(fc.integer({ min: minimum ?? -9, max: Math.min(maximum ?? 99, 2 ** 31 - 1) }), fc.constant(maximum ?? 0));
      case 'number':
        return fc.integer({ min: Math.ceil(minimum ?? -9), max: Math.floor(maximum ?? 99) });
      case 'boolean':
        return fc.boolean();
      default:
        return fc.constantFrom(null, 1, 'x', {});
    }
  };
  return named;
}

const WRONG: readonly unknown[] = [
  null,
  undefined,
  true,
  '',
  'nobody knows it',
  '2026-02-30T00:00:00Z',
  'x'.repeat(20_000),
  `${'🔌'.repeat(5_000)}x`,
  [],
  {},
  { vendorId: 7 },
  { stranger: 1 },
  0,
  -1,
  0.25,
  101,
  1e6,
  2 ** 53,
  -(2 ** 53),
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
];
/** Another value, none, a stranger beside it, more of the same. */
const WAYS = ['put', 'drop', 'stranger', 'more'] as const;

const CHANGE: fc.Arbitrary<(value: unknown) => unknown> = fc
  .record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    way: fc.constantFrom(...WAYS),
    wrong: fc.constantFrom(...WRONG),
  })
  .map(
    ({ at, way, wrong }) =>
      (value) =>
        changed(value, at, way, wrong),
  );

function changed(value: unknown, at: number, way: (typeof WAYS)[number], wrong: unknown): unknown {
  const copy: unknown = structuredClone(value);
  const all = placesOf(copy);
  // Lists of lists that were made long one after the other would have a thousand million entries.
  const lists = all.length > 1_000 ? [] : all.filter(({ container, key }) => Array.isArray(Reflect.get(container, key)));
  const places = way === 'more' && lists.length > 0 ? lists : all;
  const place = places[Math.floor(at * places.length)];
  if (!place) return way === 'stranger' ? { stranger: wrong } : wrong;
  const { container, key } = place;
  const old: unknown = Reflect.get(container, key);
  if (way === 'drop') Reflect.deleteProperty(container, key);
  else if (way === 'stranger') Reflect.set(container, Array.isArray(container) ? container.length : 'stranger', wrong);
  else
    Reflect.set(
      container,
      key,
      way === 'more' && lists.length > 0 && Array.isArray(old) ? Array.from({ length: 1_025 }, () => old[0] ?? wrong) : wrong,
    );
  return copy;
}

function placesOf(value: unknown): readonly { readonly container: object; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ container: value, key }, ...placesOf(inner)]);
}
