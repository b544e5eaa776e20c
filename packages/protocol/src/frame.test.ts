import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BrokenFrame, parseFrame, printCall, printError, printResult, printResultError, printSend } from './frame.ts';

const broken = (text: string, version: 'ocpp2.0.1' | 'ocpp2.1' = 'ocpp2.0.1'): BrokenFrame => {
  const frame = parseFrame(text, version);
  if (frame.type !== 'broken') throw new Error(`${text} was read as ${frame.type}`);
  return frame;
};
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('D3 broken frames', () => {
  test.each([
    ['not JSON', '[2,"a","Heartbeat",{}', '-1'],
    ['not an array', '{"a":1}', '-1'],
    ['a number as id', '[2,17,"Heartbeat",{}]', '-1'],
    ['an empty id', '[2,"","Heartbeat",{}]', '-1'],
    ['an id of 37 characters', `[2,"${'x'.repeat(37)}","Heartbeat",{}]`, '-1'],
    ['no payload', '[2,"id1","Heartbeat"]', 'id1'],
    ['an element too many', '[2,"id1","Heartbeat",{},{}]', 'id1'],
    ['an action that is no text', '[2,"id1",5,{}]', 'id1'],
    ['a type that is no whole number', '["2","id1","Heartbeat",{}]', 'id1'],
    ['deep nesting', `[2,"id1","DataTransfer",${nested(40)}]`, 'id1'],
  ])('%s is answered RpcFrameworkError with the id if it can be read', (_what, text, id) => {
    expect(broken(text).answer).toEqual({ id, code: 'RpcFrameworkError' });
  });

  test('an unknown message type: MessageTypeNotSupported in 2.0.1, ignored in 2.1', () => {
    expect(broken('[9,"id1","Heartbeat",{}]').answer).toEqual({ id: 'id1', code: 'MessageTypeNotSupported' });
    expect(broken('[9,"id1","Heartbeat",{}]', 'ocpp2.1').answer).toBeUndefined();
    expect(broken('[6,"id1","NotifyPeriodicEventStream",{}]').answer).toEqual({ id: 'id1', code: 'MessageTypeNotSupported' });
  });

  test('a broken answer is never answered: it would look like an answer to a CALL of the other side', () => {
    expect(broken('[3,"id1"]')).toMatchObject({ answer: undefined, answersId: 'id1' });
    expect(broken('[4,"id1","GenericError"]')).toMatchObject({ answer: undefined, answersId: 'id1' });
    expect(broken('[6,"id1","NotifyPeriodicEventStream"]', 'ocpp2.1').answer).toBeUndefined();
  });

  test('the longest id of 36 characters is good', () => {
    const id = 'x'.repeat(36);
    expect(parseFrame(`[2,"${id}","Heartbeat",{}]`, 'ocpp2.0.1')).toMatchObject({ type: 'call', id });
  });
});

test('what is printed is read back, for every message type', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const id = fc.string({ minLength: 1, maxLength: 36 });
  fc.assert(
    fc.property(id, fc.string(), json, (messageId, word, payload) => {
      const value: unknown = JSON.parse(JSON.stringify(payload));
      expect(parseFrame(printCall(messageId, word, value), 'ocpp2.1')).toEqual({
        type: 'call',
        id: messageId,
        action: word,
        payload: value,
      });
      expect(parseFrame(printResult(messageId, value), 'ocpp2.1')).toEqual({ type: 'result', id: messageId, payload: value });
      expect(parseFrame(printSend(messageId, word, value), 'ocpp2.1')).toEqual({
        type: 'send',
        id: messageId,
        action: word,
        payload: value,
      });
      expect(parseFrame(printError(messageId, word, word, value), 'ocpp2.1')).toMatchObject({ type: 'error', id: messageId, code: word });
      expect(parseFrame(printResultError(messageId, word, word, value), 'ocpp2.1')).toMatchObject({ type: 'resultError', id: messageId });
    }),
  );
});

test('no text makes the parser throw', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((text) => text.slice(1)),
    fc.constantFrom('[2', 'null', '[]', '[2,null]', '[3,"a"]', '\u0000'),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom('ocpp2.0.1' as const, 'ocpp2.1' as const), (text, version) => {
      expect(['call', 'result', 'error', 'resultError', 'send', 'broken']).toContain(parseFrame(text, version).type);
    }),
    { numRuns: 500 },
  );
});
