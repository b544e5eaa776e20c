import { describe, expect, test } from 'vitest';
import { faultOf, isShown, merged, type Pair, queryOf, statusWordOf, transactionOf } from './pairs.ts';

const pair = (over: Partial<Pair>): Pair => ({
  at: '2030-01-01T00:00:00.000Z',
  stationId: 'CS-1',
  direction: 'in',
  messageId: '1',
  action: 'TransactionEvent',
  block: 'E',
  useCases: ['E02'],
  call: null,
  answer: null,
  answeredAt: null,
  latencyMs: null,
  error: null,
  violations: [],
  ...over,
});

describe('what is shown', () => {
  test('heartbeats only when they are asked for', () => {
    const beat = pair({ action: 'Heartbeat', call: '[2,"1","Heartbeat",{}]' });
    expect(isShown(beat, {})).toBe(false);
    expect(isShown(beat, { action: 'Heartbeat' })).toBe(true);
  });

  test('violations, and what nobody answered; a SEND wants no answer', () => {
    const asked = pair({ call: '[2,"1","Reset",{}]' });
    expect(isShown(asked, { result: 'violations' })).toBe(false);
    expect(isShown(asked, { result: 'unanswered' })).toBe(true);
    expect(isShown(pair({ call: '[6,"1","NotifyPeriodicEventStream",{}]' }), { result: 'unanswered' })).toBe(false);
  });

  test('the rest is asked of the server', () => {
    expect(queryOf({ direction: 'in', action: 'Reset', result: 'errors', since: '1h', q: 'x', stationId: 'A' }, 3_600_000)).toEqual({
      stationId: 'A',
      direction: 'in',
      action: 'Reset',
      errors: true,
      since: '1970-01-01T00:00:00.000Z',
      q: 'x',
    });
    expect(queryOf({ direction: 'up', since: 'ever', result: 'good' }, 0)).toEqual({});
  });
});

test('new pairs stand before the known ones; an answer that came later fills its pair where it stands', () => {
  const asked = pair({ call: '[2,"1","Reset",{}]' });
  const older = pair({ messageId: '0' });
  const answered = { ...asked, answer: '[3,"1",{}]' };
  const next = pair({ messageId: '2' });
  expect(merged([asked, older], [next, answered])).toEqual([next, answered, older]);
});

describe('the fault of a pair', () => {
  const call = '[2,"1","TransactionEvent",{"transactionInfo":{"transactionId":"tx-1","chargingState":"SuspendedEv"}}]';
  const told = (detail: string) => faultOf(pair({ call, violations: [{ of: 'call', code: 'PropertyConstraintViolation', detail }] }));

  test('names the field, what was written, and its line', () => {
    expect(told('/transactionInfo/chargingState must be one of Charging, SuspendedEV')).toMatchObject({
      field: '/transactionInfo/chargingState',
      pointer: '/3/transactionInfo/chargingState',
      written: 'SuspendedEv',
      said: 'must be one of Charging, SuspendedEV',
    });
  });

  test('what is missing has the line of what misses it', () => {
    expect(told('/transactionInfo/x is required')).toMatchObject({ pointer: '/3/transactionInfo', written: undefined });
    expect(told('/seqNo is required')).toMatchObject({ pointer: '/3' });
  });

  test('one without a field has the sentence', () => {
    expect(told('Foo is no action of OCPP')).toMatchObject({ pointer: undefined, said: 'Foo is no action of OCPP' });
    expect(faultOf(pair({}))).toBeUndefined();
  });
});

test.each([
  ['[3,"1",{"status":"Rejected"}]', 'Rejected'],
  ['[3,"1",{"idTokenInfo":{"status":"Blocked"}}]', 'Blocked'],
  ['[3,"1",{"setVariableResult":[{"attributeStatus":"Accepted"},{"attributeStatus":"Rejected"}]}]', 'Rejected'],
  ['[3,"1",{"getVariableResult":[{"attributeStatus":"Accepted"}]}]', 'Accepted'],
  ['[3,"1",{}]', undefined],
  ['[4,"1","FormatViolation","",{}]', undefined],
  ['broken', undefined],
])('the word of %s', (answer, word) => {
  expect(statusWordOf(pair({ answer }))).toBe(word);
});

test('the transaction a frame names', () => {
  expect(transactionOf(pair({ call: '[2,"1","TransactionEvent",{"transactionInfo":{"transactionId":"a"}}]' }))).toBe('a');
  expect(transactionOf(pair({ call: '[2,"1","RequestStopTransaction",{"transactionId":"b"}]' }))).toBe('b');
  expect(transactionOf(pair({ call: '[2,"1","RequestStartTransaction",{}]', answer: '[3,"1",{"transactionId":"c"}]' }))).toBe('c');
  expect(transactionOf(pair({ call: 'x' }))).toBeUndefined();
});
