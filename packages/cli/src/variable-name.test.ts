import { expect, test } from 'vitest';
import { textOf, variableOf } from './variable-name.ts';

test.each(['OCPPCommCtrlr.HeartbeatInterval', 'Connector@1.2.Available', 'EVSE@1.Power', 'A[x].B[y.z]', 'A[x]@3.1.B[y]'])(
  '%s is read and written alike',
  (text) => {
    expect(textOf(variableOf(text))).toBe(text);
  },
);
test('EVSE and connector belong to the component', () => {
  expect(variableOf('Connector@1.2.Available')).toEqual({
    component: { name: 'Connector', evse: { id: 1, connectorId: 2 } },
    variable: { name: 'Available' },
  });
});
test.each(['', 'Nothing', '.x', 'A.', 'A@x.B'])('%j is none', (text) => {
  expect(() => variableOf(text)).toThrow('is no variable');
});
