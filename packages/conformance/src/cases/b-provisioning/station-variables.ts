import type { ResponseOf } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import { stationCase } from '../../case.ts';
import { absent, absentOr, type Fields, oneOf, some } from '../../field.ts';
import { REQUIRED_INFRASTRUCTURE, REQUIRED_VARIABLES, REQUIRED_WRITABLE } from '../../rules/required-variables.ts';
import { baseReport, nameOfData, placeIn, reports, wellDescribed } from '../../states/report.ts';
import { booted, configure, variableOf } from '../../states/station.ts';
import type { StationTest } from '../../station-test.ts';
import type { SutStation } from '../../sut-station.ts';

/** Reading, writing and reporting of variables (B05–B07). */

type GetStatus = ResponseOf<'GetVariables'>['getVariableResult'][number]['attributeStatus'];
const THRESHOLD = 'OCPPCommCtrlr.OfflineThreshold';
const OFFLINE = 'AuthCtrlr.LocalAuthorizeOffline';

const namedAs = (name: string): Fields => {
  const { component, variable } = variableOf(name);
  return { 'component.name': component.name, 'variable.name': variable.name, 'variable.instance': variable.instance ?? absent };
};
const noError = { 'attributeStatusInfo.reasonCode': absentOr('NoError') } as const;

const reads = (id: string, title: string, name: string, status: GetStatus, requirement: string, attributeType?: 'Target') =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    const answer = await station.call(1, 'GetVariables', {
      getVariableData: [{ ...variableOf(name), ...(attributeType ? { attributeType } : {}) }],
    });
    t.check(
      2,
      answer,
      prefixed('getVariableResult.0', { attributeStatus: status, ...namedAs(name), ...(attributeType ? { attributeType } : {}) }),
      requirement,
    );
  });
const writes = (
  id: string,
  title: string,
  name: string,
  status: ResponseOf<'SetVariables'>['setVariableResult'][number]['attributeStatus'],
  requirement: string,
  attributeType?: 'Target',
) =>
  stationCase(id, title, async (t) => {
    const station = await booted(t);
    const answer = await station.call(1, 'SetVariables', {
      setVariableData: [{ ...variableOf(name), attributeValue: '300', ...(attributeType ? { attributeType } : {}) }],
    });
    t.check(
      2,
      answer,
      prefixed('setVariableResult.0', { attributeStatus: status, ...namedAs(name), ...(attributeType ? { attributeType } : {}) }),
      requirement,
    );
  });
const prefixed = (path: string, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [`${path}.${name}`, field]));

/** A value of a wrong form is refused, a right one is taken; either way the answer says so (B05.FR.07). */
async function tries(t: StationTest, station: SutStation, step: number, name: string, value: string, wellFormed: boolean): Promise<void> {
  const answer = await station.call(step, 'SetVariables', { setVariableData: [{ ...variableOf(name), attributeValue: value }] });
  const status = answer.payload.setVariableResult[0]?.attributeStatus;
  if (status === 'UnknownComponent' || status === 'UnknownVariable') return;
  t.check(
    step + 1,
    answer,
    prefixed('setVariableResult.0', {
      attributeStatus: wellFormed ? oneOf('Accepted', 'RebootRequired', 'Rejected') : 'Rejected',
      attributeType: absentOr('Actual'),
      ...namedAs(name),
      ...(wellFormed
        ? {}
        : {
            'attributeStatusInfo.reasonCode': oneOf(
              'InvalidValue',
              'InvalidFormat',
              'ValueOutOfRange',
              'PropertyConstraintViolation',
              'ReadOnly',
              undefined,
            ),
          }),
    }),
    'B05.FR.07',
  );
}

const supported = (data: readonly { readonly mutability?: string }[]): boolean => data.some(({ mutability }) => mutability !== 'ReadOnly');

export const stationVariables = [
  stationCase('TC_B_06_CS', 'One variable is read', async (t) => {
    const station = await booted(t);
    await configure(t, station, { [THRESHOLD]: '300' });
    const answer = await station.call(1, 'GetVariables', { getVariableData: [{ ...variableOf(THRESHOLD), attributeType: 'Actual' }] });
    t.check(
      2,
      answer,
      prefixed('getVariableResult.0', {
        attributeStatus: 'Accepted',
        attributeType: 'Actual',
        attributeValue: '300',
        ...namedAs(THRESHOLD),
        ...noError,
      }),
      'B06.FR.01',
      'B06.FR.04',
    );
  }),
  stationCase('TC_B_07_CS', 'Two variables are read at once', async (t) => {
    const station = await booted(t);
    await configure(t, station, { [THRESHOLD]: '300', [OFFLINE]: 'true' });
    const answer = await station.call(1, 'GetVariables', {
      getVariableData: [THRESHOLD, OFFLINE].map((name) => ({ ...variableOf(name), attributeType: 'Actual' as const })),
    });
    for (const [name, value] of [
      [THRESHOLD, '300'],
      [OFFLINE, 'true'],
    ] as const)
      t.check(
        2,
        answer,
        {
          getVariableResult: some({
            attributeStatus: 'Accepted',
            attributeType: 'Actual',
            attributeValue: value,
            ...namedAs(name),
            ...noError,
          }),
        },
        'B06.FR.03',
      );
  }),
  reads('TC_B_32_CS', 'An unknown component cannot be read', 'UnknownComponent.OfflineThreshold', 'UnknownComponent', 'B06.FR.06'),
  reads('TC_B_33_CS', 'An unknown variable cannot be read', 'OCPPCommCtrlr.UnknownVariable', 'UnknownVariable', 'B06.FR.07'),
  reads(
    'TC_B_34_CS',
    'An attribute that the variable has not cannot be read',
    THRESHOLD,
    'NotSupportedAttributeType',
    'B06.FR.08',
    'Target',
  ),
  stationCase('TC_B_09_CS', 'One variable is written', async (t) => {
    const station = await booted(t);
    const answer = await station.call(1, 'SetVariables', {
      setVariableData: [{ ...variableOf(THRESHOLD), attributeType: 'Actual', attributeValue: '300' }],
    });
    t.check(
      2,
      answer,
      prefixed('setVariableResult.0', { attributeStatus: 'Accepted', attributeType: 'Actual', ...namedAs(THRESHOLD), ...noError }),
      'B05.FR.01',
      'B05.FR.10',
    );
  }),
  stationCase('TC_B_10_CS', 'Two variables are written at once', async (t) => {
    const station = await booted(t);
    const answer = await station.call(1, 'SetVariables', {
      setVariableData: [
        { ...variableOf(THRESHOLD), attributeType: 'Actual', attributeValue: '300' },
        { ...variableOf(OFFLINE), attributeType: 'Actual', attributeValue: 'true' },
      ],
    });
    for (const name of [THRESHOLD, OFFLINE])
      t.check(
        2,
        answer,
        { setVariableResult: some({ attributeStatus: 'Accepted', attributeType: 'Actual', ...namedAs(name), ...noError }) },
        'B05.FR.03',
      );
  }),
  writes('TC_B_35_CS', 'An unknown component cannot be written', 'UnknownComponent.OfflineThreshold', 'UnknownComponent', 'B05.FR.04'),
  writes('TC_B_36_CS', 'An unknown variable cannot be written', 'OCPPCommCtrlr.UnknownVariable', 'UnknownVariable', 'B05.FR.05'),
  writes(
    'TC_B_37_CS',
    'An attribute that the variable has not cannot be written',
    THRESHOLD,
    'NotSupportedAttributeType',
    'B05.FR.06',
    'Target',
  ),
  stationCase('TC_B_11_CS', 'Values of a wrong form are refused', async (t) => {
    const station = await booted(t);
    const { data } = await baseReport(t, station, 0, 'FullInventory', 'B07.FR.01');
    const has = (name: string): boolean => data.some((one) => nameOfData(one) === name && supported(one.variableAttribute));
    const values: readonly (readonly [value: string, kinds: readonly string[]])[] = [
      ['300', ['integer', 'decimal']],
      ['300.1', ['decimal']],
      ['true', ['boolean']],
      [formatInstant(t.now + 3_600_000), ['dateTime']],
      ['abc', []],
    ];
    const targets = [
      { step: 1, name: THRESHOLD, kind: 'integer' },
      { step: 3, name: 'SmartChargingCtrlr.LimitChangeSignificance', kind: 'decimal' },
      { step: 5, name: 'AuthCtrlr.AuthorizeRemoteStart', kind: 'boolean' },
      { step: 7, name: 'ClockCtrlr.NextTimeOffsetTransitionDateTime', kind: 'dateTime' },
    ];
    for (const [value, kinds] of values)
      for (const { step, name, kind } of targets) if (has(name)) await tries(t, station, step, name, value, kinds.includes(kind));
  }),
  writes('TC_B_39_CS', 'What may only be read cannot be written', 'OCPPCommCtrlr.MessageTimeout[Default]', 'Rejected', 'B05.FR.09'),
  stationCase('TC_B_12_CS', 'The configuration inventory', async (t) => {
    const station = await booted(t);
    const report = await baseReport(t, station, 1, 'ConfigurationInventory', 'B07.FR.07');
    reports(t, 3, report, REQUIRED_WRITABLE, 'B07.FR.07');
    wellDescribed(t, 3, report);
    const readOnly = report.data.find(
      ({ variableAttribute }) =>
        !variableAttribute.some(({ mutability }) => mutability === 'ReadWrite' || mutability === 'WriteOnly' || mutability === undefined),
    );
    t.that(3, 'only what can be written is reported', readOnly === undefined, readOnly && nameOfData(readOnly), ['B07.FR.07'], {
      entry: report.entry,
      path: 'reportData',
    });
  }),
  stationCase('TC_B_13_CS', 'The full inventory', async (t) => {
    const station = await booted(t);
    const report = await baseReport(t, station, 1, 'FullInventory', 'B07.FR.08');
    reports(t, 3, report, [...REQUIRED_VARIABLES, ...REQUIRED_INFRASTRUCTURE], 'B07.FR.08');
    wellDescribed(t, 3, report);
  }),
  stationCase('TC_B_14_CS', 'The summary inventory', async (t) => {
    const station = await booted(t);
    const report = await baseReport(t, station, 1, 'SummaryInventory', 'B07.FR.09');
    reports(t, 3, report, ['ChargingStation.AvailabilityState', 'EVSE.AvailabilityState', 'Connector.AvailabilityState'], 'B07.FR.09');
    wellDescribed(t, 3, report);
  }),
  stationCase('TC_B_15_CS', 'A summary inventory that is not supported', async (t) => {
    const station = await booted(t);
    await station.call(
      1,
      'GetBaseReport',
      { requestId: t.nextRequestId(), reportBase: 'SummaryInventory' },
      { status: 'NotSupported', 'statusInfo.reasonCode': absentOr('UnsupportedParam') },
      'B07.FR.02',
    );
    await station.silence(2, t.settings.silenceS, 'NotifyReport', {}, 'B07.FR.02');
  }),
  stationCase('TC_B_53_CS', 'Every required variable, each with its list and a value within it', async (t) => {
    const station = await booted(t, { layout: { evses: 2 } });
    const report = await baseReport(t, station, 1, 'FullInventory', 'B07.FR.08');
    for (const name of [...REQUIRED_VARIABLES, ...REQUIRED_INFRASTRUCTURE]) {
      const found = report.data.findIndex((one) => nameOfData(one) === name);
      t.that(3, `${name} is reported`, found >= 0, 'it is not', ['B07.FR.08'], report.places[found]);
    }
    wellDescribed(t, 3, report);
    const silent = report.data.find(
      (one) =>
        REQUIRED_VARIABLES.includes(nameOfData(one)) &&
        one.variableAttribute.every(({ value, mutability }) => value === undefined && mutability !== 'WriteOnly'),
    );
    const first = placeIn(
      report,
      report.data.findIndex((one) => REQUIRED_VARIABLES.includes(nameOfData(one))),
      'variableAttribute.0.value',
    );
    t.that(3, 'required variables have values (errata 6.2.19)', silent === undefined, silent && nameOfData(silent), ['B07.FR.08'], first);
  }),
];
