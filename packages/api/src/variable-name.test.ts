import { expect, test } from 'vitest';
import { flat, nested, printVariable, readVariable } from './variable-name.ts';

test.each(['OCPPCommCtrlr.HeartbeatInterval', 'Connector@1.2.Available', 'EVSE@1.Power', 'A[x].B[y.z]', 'A[x]@3.1.B[y]'])(
  '%s is read and written alike, and stays the same as a line of a table',
  (text) => {
    const named = readVariable(text);
    expect(named && printVariable(named)).toBe(text);
    expect(named && nested(flat(named))).toEqual(named);
  },
);
test('EVSE and connector belong to the component', () => {
  expect(readVariable('Connector@1.2.Available')).toEqual({
    component: { name: 'Connector', evse: { id: 1, connectorId: 2 } },
    variable: { name: 'Available' },
  });
});
test.each(['', 'Nothing', '.x', 'A.', 'A@x.B'])('%j is none', (text) => {
  expect(readVariable(text)).toBeUndefined();
});
