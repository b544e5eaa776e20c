import { beforeAll, describe, expect, test } from 'vitest';
import { LENIENCIES, type Leniency } from './lenient.ts';
import { loadRules, type VersionRules } from './rules.ts';

let rules: VersionRules;
beforeAll(async () => {
  rules = await loadRules('ocpp2.0.1');
});
const all = new Set<Leniency>(LENIENCIES);

const event = (over: object = {}, info: object = {}) => ({
  eventType: 'Updated',
  timestamp: '2026-01-01T00:00:00Z',
  triggerReason: 'MeterValuePeriodic',
  seqNo: 1,
  transactionInfo: { transactionId: 'tx-1', ...info },
  ...over,
});
const sampled = (...values: object[]) => event({ meterValue: [{ timestamp: '2026-01-01T00:00:00Z', sampledValue: values }] });

describe('D3 leniencies', () => {
  test.each([
    ['unknownProperty', event({ colour: 'red' }), event(), '/colour'],
    ['unknownProperty', event({}, { 'a/b': 1 }), event(), '/transactionInfo/a~1b'],
    ['unknownEnumValue', event({}, { chargingState: 'Dreaming' }), event(), '/transactionInfo/chargingState'],
    ['numberAsString', event({ seqNo: '1' }), event(), '/seqNo'],
    ['numberAsString', sampled({ value: '1397.5' }), sampled({ value: 1397.5 }), '/meterValue/0/sampledValue/0/value'],
    [
      'unknownEnumValue',
      sampled({ value: 1 }, { value: 2, measurand: 'Joy' }),
      sampled({ value: 1 }),
      '/meterValue/0/sampledValue/1/measurand',
    ],
  ] as const)('D3 %s repairs only what it names', (name, broken, repaired, pointer) => {
    const before = JSON.stringify(broken);
    expect(rules.repairRequest('TransactionEvent', broken, new Set([name]))).toEqual({
      payload: repaired,
      used: [{ leniency: name, pointer, times: 1 }],
    });
    expect(JSON.stringify(broken)).toBe(before);
    const others = new Set(LENIENCIES.filter((other) => other !== name));
    expect(rules.repairRequest('TransactionEvent', broken, others)).toBeUndefined();
  });

  test('D3 overlongString cuts texts for people at a character, never an identifier', () => {
    const boot = (model: string) => ({ reason: 'PowerUp', chargingStation: { vendorName: 'Nord', model } });
    expect(rules.repairRequest('BootNotification', boot('🔌'.repeat(30)), all)?.payload).toEqual(boot('🔌'.repeat(20)));
    expect(rules.repairRequest('TransactionEvent', event({}, { transactionId: 'x'.repeat(37) }), all)).toBeUndefined();
    expect(rules.repairRequest('TransactionEvent', event({ idToken: { idToken: 'x'.repeat(300), type: 'Central' } }), all)).toBeUndefined();
  });

  test('D3 several faults of one message are repaired together and each is named', () => {
    const found = rules.repairRequest('TransactionEvent', { ...event({ seqNo: '1' }, { foo: 1, chargingState: 'X' }), bar: 2 }, all);
    expect(found?.payload).toEqual(event());
    expect(found?.used.map(({ pointer }) => pointer).sort()).toEqual([
      '/bar',
      '/seqNo',
      '/transactionInfo/chargingState',
      '/transactionInfo/foo',
    ]);
  });

  test.each([
    ['a missing field', event({ seqNo: undefined })],
    ['an unknown value of a required field', event({ eventType: 'Paused' })],
    ['a number that is none', event({ seqNo: '1a' })],
    ['a fraction where a whole number belongs', event({ seqNo: '1.5' })],
    ['the only sample of a list', sampled({ value: 1, measurand: 'Joy' })],
    ['no object', 'text'],
    ['more faults than a person would forgive', event(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x${i}`, i])))],
  ])('D3 %s stays a fault', (_what, broken) => {
    expect(rules.repairRequest('TransactionEvent', JSON.parse(JSON.stringify(broken)), all)).toBeUndefined();
  });

  test('D3 the same fault in every sample of a night is one repair, whatever their number', () => {
    const samples = (of: (i: number) => object) => sampled(...Array.from({ length: 2_000 }, (_, i) => of(i)));
    const broken = samples((i) => ({ value: `${i}`, noise: i, ...(i % 2 === 0 ? {} : { phase: 'L9' }) }));
    const found = rules.repairRequest('TransactionEvent', broken, all);
    expect(found?.payload).toEqual(sampled(...Array.from({ length: 1_000 }, (_, i) => ({ value: 2 * i }))));
    expect(found?.used.map(({ leniency, times }) => [leniency, times]).sort()).toEqual([
      ['numberAsString', 2_000],
      ['unknownEnumValue', 1_000],
      ['unknownProperty', 2_000],
    ]);
  });

  test('D3 nothing is repaired by default, and a valid message is left alone', () => {
    expect(rules.repairRequest('TransactionEvent', event({ colour: 'red' }), new Set())).toBeUndefined();
    expect(rules.repairRequest('TransactionEvent', event(), all)).toBeUndefined();
  });
});
