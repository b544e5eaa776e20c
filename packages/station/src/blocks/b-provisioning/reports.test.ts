import type { Ocpp } from '@busbar/protocol';
import { STANDARD } from '@busbar/protocol/device-model';
import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench } from '../../testing/bench.ts';
import { split } from './report-selection.ts';

async function report(b: Bench, request: Partial<Ocpp.GetReportRequest> & { reportBase?: Ocpp.ReportBaseEnumType }) {
  b.csms.forget();
  const { reportBase, ...rest } = request;
  const answer = reportBase
    ? await b.ask('GetBaseReport', { requestId: 9, reportBase })
    : await b.ask('GetReport', { requestId: 9, ...rest });
  await b.wait(20);
  const parts = b.csms.of('NotifyReport');
  return { status: answer.status, parts, data: parts.flatMap((part) => part.reportData ?? []) };
}
const names = (data: readonly Ocpp.ReportDataType[]): string[] =>
  data.map(
    ({ component, variable }) =>
      `${component.name}${component.evse ? `#${component.evse.id}${component.evse.connectorId ? `.${component.evse.connectorId}` : ''}` : ''}/${variable.name}${variable.instance ? `[${variable.instance}]` : ''}`,
  );

test('GEN.FR.05 B07.FR.01 B07.FR.03 B07.FR.04 B07.FR.08 B07.FR.10 B07.FR.11 B07.FR.12 FullInventory lists every required variable in numbered parts after the answer', async () => {
  const b = await bench({ variables: { 'DeviceDataCtrlr.ItemsPerMessage[GetReport]': '20' } }).booted();
  const { status, parts, data } = await report(b, { reportBase: 'FullInventory' });
  expect(status).toBe('Accepted');
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.every((part) => part.requestId === 9)).toBe(true);
  expect(parts.map((part) => part.seqNo)).toEqual(parts.map((_, index) => index));
  expect(parts.map((part) => part.tbc)).toEqual(parts.map((_, index) => index < parts.length - 1));
  const have = new Set(data.map(({ component, variable }) => `${component.name}.${variable.name}.${variable.instance ?? ''}`));
  const needed = STANDARD.filter(
    (entry) => entry.required && entry.requiredWith === undefined && (entry.versions?.includes('ocpp2.0.1') ?? true),
  );
  expect(
    needed
      .filter((entry) => !have.has(`${entry.component}.${entry.variable}.${entry.instance ?? ''}`))
      .map((entry) => `${entry.component}.${entry.variable}`),
  ).toEqual([]);
  expect(data.every((entry) => entry.variableAttribute.every((attribute) => attribute.type === 'Actual'))).toBe(true);
  expect(b.csms.faults).toEqual([]);
});

test('B07.FR.08 on a 2.1 link the inventory is that of 2.1', async () => {
  const b = await bench({ version: 'ocpp2.1' }).booted();
  const { data } = await report(b, { reportBase: 'FullInventory' });
  const have = new Set(data.map(({ component, variable }) => `${component.name}.${variable.name}.${variable.instance ?? ''}`));
  const needed = STANDARD.filter(
    (entry) => entry.required && entry.requiredWith === undefined && (entry.versions?.includes('ocpp2.1') ?? true),
  );
  expect(needed.filter((entry) => !have.has(`${entry.component}.${entry.variable}.${entry.instance ?? ''}`))).toEqual([]);
  expect(have.has('AuthCtrlr.SupportedIdTokenTypes.')).toBe(false);
  expect(b.csms.faults).toEqual([]);
});

/** Each of these has a test that shows what changes with it; a new writable variable needs one before it may stand here (P31). */
const WITH_EFFECT = [
  'AlignedDataCtrlr: Enabled Interval Measurands SendDuringIdle SendDuringIdle SignReadings TxEndedInterval TxEndedMeasurands',
  'AuthCacheCtrlr: DisablePostAuthorize Enabled LifeTime Policy',
  'AuthCtrlr: AuthorizeRemoteStart DisableRemoteAuthorization Enabled LocalAuthorizeOffline LocalPreAuthorize MasterPassGroupId OfflineTxForUnknownIdEnabled',
  'ChargingStation: AllowNewSessionsPendingFirmwareUpdate',
  'ClockCtrlr: TimeAdjustmentReportingThreshold TimeSource',
  'LocalAuthListCtrlr: Enabled',
  'MonitoringCtrlr: OfflineQueuingSeverity',
  'OCPPCommCtrlr: HeartbeatInterval MessageAttemptInterval MessageAttempts NetworkConfigurationPriority NetworkProfileConnectionAttempts OfflineThreshold PublicKeyWithSignedMeterValue ResetRetries RetryBackOffRandomRange RetryBackOffRepeatTimes RetryBackOffWaitMinimum UnlockOnEVSideDisconnect WebSocketPingInterval',
  'SampledDataCtrlr: Enabled SignReadings TxEndedInterval TxEndedMeasurands TxStartedMeasurands TxUpdatedInterval TxUpdatedMeasurands',
  'SecurityCtrlr: AllowCSMSTLSWildcards AllowSecurityProfileDowngrade BasicAuthPassword CertSigningRepeatTimes CertSigningWaitMinimum OrganizationName',
  'TariffCostCtrlr: Currency',
  'TxCtrlr: AllowEnergyTransferResumption EVConnectionTimeOut MaxEnergyOnInvalidId ResumptionTimeout StopTxOnEVSideDisconnect StopTxOnInvalidId TxBeforeAcceptedEnabled TxStartPoint TxStopPoint',
];

test('P31 B05.FR.09 every writable variable is one whose effect is tested', async () => {
  const b = await bench({ version: 'ocpp2.1', topology: demoTopologies.dc150 }).booted();
  const { data } = await report(b, { reportBase: 'ConfigurationInventory' });
  const byComponent = new Map<string, string[]>();
  for (const { component, variable } of data) byComponent.set(component.name, [...(byComponent.get(component.name) ?? []), variable.name]);
  const lines = [...byComponent].map(([name, variables]) => `${name}: ${variables.sort((x, y) => x.localeCompare(y)).join(' ')}`);
  expect(lines.sort((x, y) => x.localeCompare(y))).toEqual(WITH_EFFECT);
});

test('B07.FR.03 B08.FR.03 the value of a write-only variable is never reported (errata 2.10)', async () => {
  const b = await bench().booted();
  for (const request of [{ reportBase: 'FullInventory' as const }, { componentVariable: [{ component: { name: 'SecurityCtrlr' } }] }]) {
    const { data } = await report(b, request);
    const password = data.find((entry) => entry.variable.name === 'BasicAuthPassword');
    expect(password?.variableAttribute[0]).toMatchObject({ mutability: 'WriteOnly' });
    expect(password?.variableAttribute[0]).not.toHaveProperty('value');
  }
});

test('B07.FR.07 B07.FR.12 ConfigurationInventory lists what the operator can set, with its characteristics', async () => {
  const b = await bench().booted();
  const { data } = await report(b, { reportBase: 'ConfigurationInventory' });
  expect(names(data)).toContain('TxCtrlr/TxStartPoint');
  expect(names(data)).not.toContain('ChargingStation/Model');
  expect(data.every((entry) => entry.variableAttribute[0]?.mutability !== 'ReadOnly' && entry.variableCharacteristics !== undefined)).toBe(
    true,
  );
});

test('B07.FR.09 SummaryInventory lists availability and what is wrong', async () => {
  const b = await bench().booted();
  expect(names((await report(b, { reportBase: 'SummaryInventory' })).data)).toEqual([
    'ChargingStation/AvailabilityState',
    'EVSE#1/AvailabilityState',
    'Connector#1.1/AvailabilityState',
  ]);
  b.hardware.injectFault({ evse: 1 }, 'ground-fault');
  await b.wait();
  const { data } = await report(b, { reportBase: 'SummaryInventory' });
  expect(names(data)).toContain('EVSE#1/Problem');
  expect(data.find((entry) => entry.component.name === 'Connector')?.variableAttribute[0]?.value).toBe('Faulted');
});

test('B07.FR.13 B08.FR.16 a second report is Rejected while one is running', async () => {
  const b = await bench().booted();
  b.csms.always('NotifyReport', 'silence');
  expect((await b.ask('GetBaseReport', { requestId: 1, reportBase: 'FullInventory' })).status).toBe('Accepted');
  expect((await b.ask('GetBaseReport', { requestId: 2, reportBase: 'FullInventory' })).status).toBe('Rejected');
  expect((await b.ask('GetReport', { requestId: 3, componentCriteria: ['Active'] })).status).toBe('Rejected');
});

test('B08.FR.01 B08.FR.03 B08.FR.04 B08.FR.11 B08.FR.12 B08.FR.14 GetReport sends what was asked for, with characteristics and numbers from 0', async () => {
  const b = await bench().booted();
  const { status, parts, data } = await report(b, {
    componentVariable: [{ component: { name: 'TxCtrlr' }, variable: { name: 'TxStartPoint' } }],
  });
  expect(status).toBe('Accepted');
  expect(parts).toMatchObject([{ requestId: 9, seqNo: 0, tbc: false }]);
  expect(data).toMatchObject([
    {
      variable: { name: 'TxStartPoint' },
      variableCharacteristics: { dataType: 'MemberList', supportsMonitoring: false },
      variableAttribute: [{ value: 'PowerPathClosed' }],
    },
  ]);
  expect(data[0]?.variableCharacteristics?.valuesList).toContain('EVConnected');
});

test('B08.FR.05 B08.FR.07 B08.FR.08 B08.FR.09 B08.FR.10 B08.FR.13 criteria choose components, any of several is enough', async () => {
  const b = await bench().booted();
  const components = async (...componentCriteria: Ocpp.ComponentCriterionEnumType[]) =>
    new Set((await report(b, { componentCriteria })).data.map((entry) => entry.component.name));
  const enabled = await components('Enabled');
  expect(enabled.has('AuthCtrlr')).toBe(true);
  expect(enabled.has('TxCtrlr')).toBe(true); // has no such variable
  expect(enabled.has('SmartChargingCtrlr')).toBe(false);
  const available = await components('Available');
  expect(available.has('EVSE')).toBe(true);
  expect(available.has('ReservationCtrlr')).toBe(false);
  const active = await components('Active');
  expect(active.has('TxCtrlr')).toBe(true);
  expect(active.has('ConnectorPlugRetentionLock')).toBe(false);
  b.hardware.injectFault({ evse: 1 }, 'ground-fault');
  await b.wait();
  expect(await components('Problem')).toEqual(new Set(['EVSE']));
  const either = await components('Problem', 'Enabled');
  expect(either.has('AuthCtrlr') && either.has('EVSE')).toBe(true);
  const limited = await report(b, {
    componentCriteria: ['Problem'],
    componentVariable: [{ component: { name: 'EVSE' }, variable: { name: 'Problem' } }],
  });
  expect(names(limited.data)).toEqual(['EVSE#1/Problem']);
});

test('B08.FR.15 nothing fits: EmptyResultSet and no report', async () => {
  const b = await bench().booted();
  const { status, parts } = await report(b, { componentVariable: [{ component: { name: 'Coffee' } }] });
  expect(status).toBe('EmptyResultSet');
  expect(parts).toEqual([]);
  expect((await report(b, { componentCriteria: ['Problem'] })).status).toBe('EmptyResultSet');
});

test('B08.FR.17 B08.FR.18 too many entries or bytes get a CALLERROR', async () => {
  const b = await bench({
    variables: { 'DeviceDataCtrlr.ItemsPerMessage[GetReport]': '2', 'DeviceDataCtrlr.BytesPerMessage[GetReport]': '100' },
  }).booted();
  const one = { component: { name: 'TxCtrlr' } };
  expect(await b.refused('GetReport', { requestId: 1, componentVariable: [one, one, one] })).toBe('OccurrenceConstraintViolation');
  expect(
    await b.refused('GetReport', {
      requestId: 1,
      componentVariable: [{ component: { name: 'TxCtrlr' }, variable: { name: 'x'.repeat(50) } }],
    }),
  ).toBe('FormatViolation');
});

test('B08.FR.20 B08.FR.21 B08.FR.22 B08.FR.23 B08.FR.24 B08.FR.25 what is left out means every', async () => {
  const topology = {
    evses: [
      { power: 1, connectors: [{ type: 'sType2' }, { type: 'cType2' }] },
      { power: 1, connectors: [{ type: 'sType2' }] },
    ],
  };
  const b = await bench({ topology }).booted();
  const ask = async (component: Ocpp.ComponentType, variable?: Ocpp.VariableType) => {
    const { data } = await report(b, { componentVariable: [{ component, ...(variable ? { variable } : {}) }] });
    return names(data);
  };
  expect((await ask({ name: 'TxCtrlr' })).length).toBeGreaterThan(5);
  expect(await ask({ name: 'DeviceDataCtrlr' }, { name: 'ItemsPerMessage' })).toHaveLength(3);
  expect(await ask({ name: 'Connector', evse: { id: 1 } }, { name: 'ConnectorType' })).toEqual([
    'Connector#1.1/ConnectorType',
    'Connector#1.2/ConnectorType',
  ]);
  expect(await ask({ name: 'Connector' }, { name: 'ConnectorType' })).toHaveLength(3);
  expect(await ask({ name: 'TxCtrlr', instance: 'second' }, { name: 'TxStartPoint' })).toEqual([]);
  expect(await ask({ name: 'TxCtrlr' }, { name: 'TxStartPoint' })).toEqual(['TxCtrlr/TxStartPoint']);
});

test('a report is split by items and by bytes, and loses nothing', () => {
  const data = Array.from(
    { length: 23 },
    (_, n): Ocpp.ReportDataType => ({
      component: { name: 'C' },
      variable: { name: `${n}`.padStart(20, 'x') },
      variableAttribute: [{ value: 'v' }],
    }),
  );
  const bytesOf = (entry: Ocpp.ReportDataType): number => JSON.stringify(entry).length;
  expect(split(data, bytesOf, { maxItems: 5, maxBytes: 1e9 }).map((part) => part.length)).toEqual([5, 5, 5, 5, 3]);
  const parts = split(data, bytesOf, { maxItems: 100, maxBytes: 300 });
  expect(parts.flat()).toEqual(data);
  expect(Math.max(...parts.map((part) => JSON.stringify(part).length))).toBeLessThanOrEqual(302);
});
