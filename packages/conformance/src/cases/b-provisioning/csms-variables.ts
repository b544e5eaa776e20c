import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { atLeast, listOf, oneOf, some } from '../../field.ts';
import { booted } from '../../states/csms.ts';

/** Reading and writing variables, reports (B05–B07). */

const THRESHOLD = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'OfflineThreshold' } };
const REMOTE = { component: { name: 'AuthCtrlr' }, variable: { name: 'AuthorizeRemoteStart' } };
const named = ({ component, variable }: typeof THRESHOLD) => ({ 'component.name': component.name, 'variable.name': variable.name });

const reads = (id: string, title: string, variables: readonly (typeof THRESHOLD)[]) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const call = await t.command(station, 1, {
      action: 'GetVariables',
      payload: { getVariableData: variables },
      requirements: ['B06.FR.01'],
      answer: ({ payload }) => ({
        getVariableResult: payload.getVariableData.map(({ component, variable }) => ({
          component,
          variable,
          attributeStatus: 'Accepted' as const,
          attributeValue: variable.name === 'OfflineThreshold' ? '60' : 'true',
        })),
      }),
    });
    for (const wanted of variables)
      t.check(
        1,
        call,
        { getVariableData: some({ ...named(wanted), attributeType: oneOf('Actual', 'Target', 'MinSet', 'MaxSet', undefined) }) },
        'B06.FR.02',
      );
    if (variables.length > 1) t.check(1, call, { getVariableData: listOf(variables.length) }, 'B06.FR.03');
  });

const writes = (id: string, title: string, variables: readonly { readonly on: typeof THRESHOLD; readonly value: string }[]) =>
  csmsCase(id, title, async (t) => {
    const station = await booted(t);
    const call = await t.command(station, 1, {
      action: 'SetVariables',
      payload: { setVariableData: variables.map(({ on, value }) => ({ ...on, attributeValue: value })) },
      requirements: ['B05.FR.01'],
      answer: ({ payload }) => ({
        setVariableResult: payload.setVariableData.map(({ component, variable }) => ({
          component,
          variable,
          attributeStatus: 'Accepted' as const,
        })),
      }),
    });
    for (const { on, value } of variables)
      t.check(
        1,
        call,
        { setVariableData: some({ ...named(on), attributeValue: value, attributeType: oneOf('Actual', undefined) }) },
        'B05.FR.02',
      );
  });

async function report(t: CsmsTest, reportBase: 'ConfigurationInventory' | 'FullInventory'): Promise<void> {
  const station = await booted(t);
  const call = await t.command(station, 1, {
    action: 'GetBaseReport',
    payload: { reportBase },
    expect: { requestId: atLeast(0), reportBase },
    requirements: [reportBase === 'FullInventory' ? 'B07.FR.08' : 'B07.FR.07'],
    answer: { status: 'Accepted' },
  });
  const { requestId } = call.payload;
  for (const seqNo of [0, 1])
    await station.send(2, 'NotifyReport', {
      requestId,
      seqNo,
      tbc: seqNo === 0,
      generatedAt: t.timestamp(),
      reportData: [
        {
          ...(seqNo === 0 ? THRESHOLD : REMOTE),
          variableAttribute: [{ type: 'Actual', value: seqNo === 0 ? '60' : 'true', mutability: 'ReadWrite' }],
          variableCharacteristics: { dataType: seqNo === 0 ? 'integer' : 'boolean', supportsMonitoring: false },
        },
      ],
    });
}

export const csmsVariables = [
  reads('TC_B_06_CSMS', 'The CSMS reads one variable', [THRESHOLD]),
  reads('TC_B_07_CSMS', 'The CSMS reads two variables at once', [THRESHOLD, REMOTE]),
  writes('TC_B_09_CSMS', 'The CSMS writes one variable', [{ on: THRESHOLD, value: '123' }]),
  writes('TC_B_10_CSMS', 'The CSMS writes two variables at once', [
    { on: THRESHOLD, value: '123' },
    { on: REMOTE, value: 'false' },
  ]),
  csmsCase('TC_B_12_CSMS', 'The CSMS asks for the configuration inventory and takes all its parts', (t) =>
    report(t, 'ConfigurationInventory'),
  ),
  csmsCase('TC_B_13_CSMS', 'The CSMS asks for the full inventory and takes all its parts', (t) => report(t, 'FullInventory')),
];
