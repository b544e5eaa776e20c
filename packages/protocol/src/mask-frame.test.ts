import { expect, test } from 'vitest';
import { maskFrame } from './mask-frame.ts';

test('C04.FR.04 a key code never shows in the trace, in either order of the fields', () => {
  expect(maskFrame('[2,"1","Authorize",{"idToken":{"idToken":"1234","type":"KeyCode"}}]')).not.toContain('1234');
  expect(maskFrame('[2,"1","Authorize",{"idToken":{"type":"KeyCode","idToken":"1234"}}]')).not.toContain('1234');
  expect(maskFrame('[2,"1","Authorize",{"idToken":{"idToken":"AABB","type":"ISO14443"}}]')).toContain('AABB');
});

test('a new Basic password never shows in the trace', () => {
  const frame = '[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"se\\"cret","variable":{"name":"BasicAuthPassword"}}]}]';
  expect(maskFrame(frame)).not.toContain('cret');
});
