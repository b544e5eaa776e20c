import fc from 'fast-check';
import { expect, test } from 'vitest';
import { payloadText, printCall } from './frame.ts';

test('the payload of a CALL as text is what was printed, whatever stands in its id and action', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (id, action, payload) => {
      expect(payloadText(printCall(id, action, payload))).toBe(JSON.stringify(payload));
      expect(JSON.parse(payloadText(JSON.stringify([2, id, action, payload], null, 2)) ?? '')).toEqual(JSON.parse(JSON.stringify(payload)));
    }),
  );
});
