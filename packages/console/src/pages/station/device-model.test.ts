import { describe, expect, test } from 'vitest';
import { type Attribute, faultOf, matches, ocppName, treeOf } from './device-model.ts';

const row = (component: string, variable: string, more: Partial<Attribute> = {}): Attribute => ({
  component,
  variable,
  attribute: 'Actual',
  at: '2026-01-01T00:00:00Z',
  ...more,
});
const typed = (dataType: string, more: object = {}) => row('C', 'V', { characteristics: { dataType, supportsMonitoring: false, ...more } });

test('the tree: the station first, then each EVSE with its connectors; attributes of a variable stand together', () => {
  const tree = treeOf([
    row('Connector', 'Available', { evse: 1, connector: 1 }),
    row('TxCtrlr', 'StopTxOnInvalidId'),
    row('EVSE', 'Power', { evse: 2 }),
    row('EVSE', 'Power', { evse: 1, attribute: 'MaxSet' }),
    row('EVSE', 'Power', { evse: 1 }),
    row('AuthCtrlr', 'Enabled'),
  ]);
  expect(tree.map(({ label, depth }) => [label, depth])).toEqual([
    ['AuthCtrlr', 0],
    ['TxCtrlr', 0],
    ['EVSE 1', 0],
    ['EVSE 1, Connector 1', 1],
    ['EVSE 2', 0],
  ]);
  expect(tree[2]?.variables[0]?.attributes.map(({ attribute }) => attribute)).toEqual(['Actual', 'MaxSet']);
});

test('search looks at names and values; only what can be written, only what changed', () => {
  const [node] = treeOf([row('OCPPCommCtrlr', 'HeartbeatInterval', { value: '300', mutability: 'ReadOnly' })]);
  const variable = node?.variables[0];
  if (variable === undefined) throw new Error('no variable');
  const wanted = { search: '', onlyWritable: false, only: undefined };
  expect(['heart', 'comm', '300', 'x'].map((search) => matches(variable, { ...wanted, search }))).toEqual([true, true, true, false]);
  expect(matches(variable, { ...wanted, onlyWritable: true })).toBe(false);
  expect(matches(variable, { ...wanted, only: new Set() })).toBe(false);
});

describe('a value', () => {
  test.each([
    ['10', typed('integer', { minLimit: 1, maxLimit: 100 }), undefined],
    ['0', typed('integer', { minLimit: 1, maxLimit: 100 }), 'below'],
    ['101', typed('integer', { minLimit: 1, maxLimit: 100 }), 'above'],
    ['1.5', typed('integer'), 'whole'],
    ['1.5', typed('decimal'), undefined],
    ['ten', typed('decimal'), 'number'],
    ['b', typed('OptionList', { valuesList: 'a, b' }), undefined],
    ['c', typed('OptionList', { valuesList: 'a, b' }), 'notListed'],
    ['a,b', typed('MemberList', { valuesList: 'a,b,c' }), undefined],
    ['a,x', typed('SequenceList', { valuesList: 'a,b,c' }), 'notListed'],
    ['abcd', typed('string', { maxLimit: 3 }), 'long'],
    ['anything', row('C', 'V'), undefined],
  ])('%s', (value, attribute, kind) => {
    expect(faultOf(value, attribute)?.kind).toBe(kind);
  });
});

test('the name as OCPP has it', () => {
  expect(ocppName(row('EVSE', 'Power', { evse: 1, attribute: 'MaxSet' }))).toEqual({
    component: { name: 'EVSE', evse: { id: 1 } },
    variable: { name: 'Power' },
    attributeType: 'MaxSet',
  });
});
