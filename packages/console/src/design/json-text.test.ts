import { describe, expect, test } from 'vitest';
import { laidOut, linesOf, pathOf, pointerAt, pointerOf, tokensOf } from './json-text.ts';

const printed = (text: string): string =>
  laidOut(text)
    .map((line) => line.map((token) => token.text).join(''))
    .join('\n');

const FRAME =
  '[2,"6f1d","TransactionEvent",{"seqNo":67,"transactionInfo":{"transactionId":"9f31c6d2-5a0e-4c1b-8d57-e2b64f0a91c3","chargingState":"SuspendedEv"},"evse":{"id":1,"connectorId":1}}]';

describe('pieces', () => {
  test.each([FRAME, '{"a": [1, {"b/c": null}], ', 'not "json at all', '{"a":"\\u00e9\\"}"}', ''])(
    'together they are the text: %s',
    (text) => {
      expect(
        tokensOf(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text);
    },
  );

  test('each knows the value it belongs to', () => {
    const bad = tokensOf(FRAME).filter(({ pointer }) => pointer === '/3/transactionInfo/chargingState');
    expect(bad.map((token) => token.text)).toEqual(['"chargingState"', ':', '"SuspendedEv"']);
    expect(tokensOf('{"a/b":[1,{"c~":2}]}').find(({ kind, text }) => kind === 'number' && text === '2')?.pointer).toBe('/a~1b/1/c~0');
  });

  test('pointers lead there and back', () => {
    expect(pathOf(pointerOf(['a/b', 1, 'c~']))).toEqual(['a/b', '1', 'c~']);
    expect(pathOf('')).toEqual([]);
  });
});

test('a frame is laid out with its head on one line and short objects on theirs', () => {
  expect(printed(FRAME)).toBe(
    [
      '[2, "6f1d", "TransactionEvent",',
      ' {',
      '  "seqNo": 67,',
      '  "transactionInfo": {',
      '   "transactionId": "9f31c6d2-5a0e-4c1b-8d57-e2b64f0a91c3",',
      '   "chargingState": "SuspendedEv"',
      '  },',
      '  "evse": { "id": 1, "connectorId": 1 }',
      ' }]',
    ].join('\n'),
  );
});

test.each([
  ['[3,"1",{}]', '[3, "1",\n {}]'],
  ['[2,"1","Reset",{"type":"OnIdle"}]', '[2, "1", "Reset",\n { "type": "OnIdle" }]'],
  ['[4,"1","FormatViolation","no",{}]', '[4, "1", "FormatViolation", "no",\n {}]'],
  [`[4,"1","PropertyConstraintViolation","${'x'.repeat(80)}",{}]`, `[4, "1", "PropertyConstraintViolation",\n "${'x'.repeat(80)}",\n {}]`],
  ['{"n":1e400,"big":12345678901234567890}', '{ "n": 1e400, "big": 12345678901234567890 }'],
  ['hello', 'hello'],
  ['[9]', '[9]'],
])('%s', (text, expected) => {
  expect(printed(text)).toBe(expected);
});

test('lines of an edited text are those of the text', () => {
  expect(linesOf('{\n "a": 1\n}').map((line) => line.map((token) => token.text).join(''))).toEqual(['{', ' "a": 1', '}']);
});

test.each([
  ['{"a": [1, 22]}', 2, '/a'],
  ['{"a": [1, 22]}', 7, '/a/0'],
  ['{"a": [1, 22]}', 12, '/a/1'],
  ['{"a": 1}', 0, ''],
  ['', 0, ''],
])('the value of %s at %i is %s', (text, offset, pointer) => {
  expect(pointerAt(text, offset)).toBe(pointer);
});
