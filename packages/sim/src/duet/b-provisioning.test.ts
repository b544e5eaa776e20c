import type { VariableRow } from '@busbar/csms/store';
import type { Ocpp } from '@busbar/protocol';
import { demoTopologies } from '@busbar/station/hardware';
import { describe, expect, test } from 'vitest';
import { CARD, Duet, OTHER_CARD } from '../duet.ts';

const VERSIONS = ['ocpp2.0.1', 'ocpp2.1'] as const;
const TWO = demoTopologies.acThreePhase;
const ONBOARDING = { automations: { onboardingInventory: true, gapQuery: true, bootQuery: true, certRenewal: false, runningCost: false } };

const variable = (component: string, name: string, instance?: string): Ocpp.GetVariableDataType => ({
  component: { name: component },
  variable: { name, ...(instance === undefined ? {} : { instance }) },
});

/** Values that live: they are different each time somebody looks. */
const LIVE = new Set(['ClockCtrlr.DateTime', 'AuthCacheCtrlr.Storage']);
const keyOf = (row: VariableRow): string =>
  JSON.stringify([row.component, row.evse, row.connector, row.variable, row.instance, row.attribute]);
const valuesOf = (rows: readonly VariableRow[]): Record<string, string | undefined> =>
  Object.fromEntries(rows.filter((row) => !LIVE.has(`${row.component}.${row.variable}`)).map((row) => [keyOf(row), row.value]));

describe.each(VERSIONS)('%s', (version) => {
  test('TC_B_01_CSMS B01.FR.02 B01.FR.04 the boot is accepted with time and heartbeat interval, and every connector is told (B01.FR.05)', async () => {
    const duet = await Duet.start({ version, topology: TWO });
    const record = duet.csms.kernel.stations.get('CS-1')?.record;
    expect(record).toMatchObject({ registration: 'Accepted', bootReason: 'PowerUp', model: 'Twin 22', serialNumber: 'DEMO-AC3' });
    expect(await duet.connectorStatus(1)).toBe('Available');
    expect(await duet.connectorStatus(2)).toBe('Available');
    expect((await duet.heard()).slice(0, 1)).toEqual(['BootNotification']);
    await duet.clock.advance(301_000);
    expect(await duet.heard('Heartbeat')).toHaveLength(1);
  });

  test('B02.FR.01 B02.FR.02 B02.FR.06 the inventory is fetched while the station is Pending; then it is asked to boot and is Accepted', async () => {
    const duet = await Duet.start({ version, config: ONBOARDING });
    const [first, ...rest] = await duet.heard();
    expect(first).toBe('BootNotification');
    const second = rest.indexOf('BootNotification');
    expect(second).toBeGreaterThan(0);
    expect(new Set(rest.slice(0, second))).toEqual(new Set(['NotifyReport']));
    expect(duet.csms.kernel.stations.get('CS-1')?.record).toMatchObject({ registration: 'Accepted', anomalies: [] });
    expect((await duet.csms.kernel.read.variables(duet.row)).length).toBeGreaterThan(80);
    const opened = duet.trace.filter((event) => event.kind === 'link' && event.state === 'open');
    expect(opened).toHaveLength(1); // B02.FR.06: the same link all the time
  });

  test('TC_B_03_CS B03.FR.02 B03.FR.03 B03.FR.08 a rejected station keeps quiet for the interval and gets nothing; then it boots again', async () => {
    const nextBoot = [{ status: 'Rejected', interval: 120, times: 1 } as const];
    const duet = await Duet.start({ version, nextBoot, untilAccepted: false });
    await duet.clock.advance(100_000);
    expect(duet.station.facts().registration).toBe('rejected');
    expect(await duet.heard()).toEqual(['BootNotification']);
    expect(await duet.call('GetVariables', { getVariableData: [variable('OCPPCommCtrlr', 'HeartbeatInterval')] })).toMatchObject({
      state: 'notSent',
      reason: 'not-accepted',
    });
    await duet.clock.advance(30_000);
    expect(duet.station.facts().registration).toBe('accepted');
  });

  test('TC_B_02_CSMS B01.FR.10 B02.FR.05 a pending station is asked and answers, starts nothing, and is accepted later', async () => {
    const nextBoot = [{ status: 'Pending', interval: 90, times: 1 } as const];
    const duet = await Duet.start({ version, nextBoot, untilAccepted: false });
    await duet.clock.advance(10_000);
    expect(duet.station.facts().registration).toBe('pending');
    const [got] = await duet.settle(duet.useCases.getVariables('CS-1', [variable('OCPPCommCtrlr', 'HeartbeatInterval')], 'test'));
    expect(got?.attributeValue).toBe('300');
    expect(await duet.status('RequestStartTransaction', { idToken: CARD, evseId: 1 })).toBe('Rejected');
    await duet.clock.advance(90_000);
    expect(duet.station.facts().registration).toBe('accepted');
  });

  test('TC_B_13_CSMS B07.FR.01 B07.FR.10 B07.FR.11 the base report is stored whole, and the device model here is the one of the station', async () => {
    const duet = await Duet.start({ version, variables: { 'DeviceDataCtrlr.ItemsPerMessage[GetReport]': '7' } });
    const view = await duet.call('GetBaseReport', { reportBase: 'FullInventory' });
    const { requestId } = (await duet.csms.kernel.read.command(view.commandId)) ?? {};
    await duet.clock.advance(30_000);
    const report = await duet.csms.kernel.read.report(duet.row, requestId ?? -1);
    expect(report.complete).toBe(true);
    expect(report.parts).toBeGreaterThan(10);
    const known = await duet.csms.kernel.read.variables(duet.row);
    expect(valuesOf(known)).toEqual(valuesOf(report.rows));
    // Asked one by one, in as many messages as it takes, the station says the same.
    const asked = known
      .filter((row) => row.attribute === 'Actual' && row.mutability !== 'WriteOnly' && row.evse === undefined)
      .filter((row) => !LIVE.has(`${row.component}.${row.variable}`));
    const answers = await duet.settle(
      duet.useCases.getVariables(
        'CS-1',
        asked.map((row) => variable(row.component, row.variable, row.instance)),
        'test',
      ),
    );
    expect(answers.map(({ attributeValue }) => attributeValue)).toEqual(asked.map(({ value }) => value ?? ''));
  });

  test('B08.FR.01 B08.FR.06 a report of chosen components is stored under its own requestId', async () => {
    const duet = await Duet.start({ version });
    const view = await duet.call('GetReport', { requestId: 77, componentVariable: [{ component: { name: 'TxCtrlr' } }] });
    expect(view.response).toMatchObject({ status: 'Accepted' });
    const report = await duet.csms.kernel.read.report(duet.row, 77);
    expect(report.complete).toBe(true);
    expect(new Set(report.rows.map((row) => row.component))).toEqual(new Set(['TxCtrlr']));
    expect(await duet.status('GetReport', { requestId: 78, componentCriteria: ['Problem'] })).toBe('EmptyResultSet');
  });

  test('TC_B_07_CSMS TC_B_10_CSMS B05.FR.01 B05.FR.11 B06.FR.01 B06.FR.05 many variables travel in messages as large as ItemsPerMessage allows', async () => {
    const variables = { 'DeviceDataCtrlr.ItemsPerMessage[GetVariables]': '3', 'DeviceDataCtrlr.ItemsPerMessage[SetVariables]': '2' };
    const duet = await Duet.start({ version, variables });
    const limitsAsked = [
      variable('DeviceDataCtrlr', 'ItemsPerMessage', 'GetVariables'),
      variable('DeviceDataCtrlr', 'ItemsPerMessage', 'SetVariables'),
    ];
    await duet.settle(duet.useCases.getVariables('CS-1', limitsAsked, 'test'));
    const names = [
      'EVConnectionTimeOut',
      'MaxEnergyOnInvalidId',
      'StopTxOnInvalidId',
      'TxStartPoint',
      'TxStopPoint',
      'Nonsense',
      'StopTxOnEVSideDisconnect',
    ];
    const got = await duet.settle(
      duet.useCases.getVariables(
        'CS-1',
        names.map((name) => variable('TxCtrlr', name)),
        'test',
      ),
    );
    expect(got.map((result) => result.attributeStatus)).toEqual(
      names.map((name) => (name === 'Nonsense' ? 'UnknownVariable' : 'Accepted')),
    );
    const wanted = [
      ['TxCtrlr', 'EVConnectionTimeOut', '45'],
      ['TxCtrlr', 'StopTxOnInvalidId', 'perhaps'],
      ['OCPPCommCtrlr', 'OfflineThreshold', '30'],
      ['SampledDataCtrlr', 'TxUpdatedInterval', '20'],
      ['TxCtrlr', 'TxStopPoint', 'DataSigned'],
    ] as const;
    const set = await duet.settle(
      duet.useCases.setVariables(
        'CS-1',
        wanted.map(([component, name, attributeValue]) => ({ ...variable(component, name), attributeValue })),
        'test',
      ),
    );
    expect(set.map((result) => result.attributeStatus)).toEqual(['Accepted', 'Rejected', 'Accepted', 'Accepted', 'Rejected']);
    const out = (await duet.log()).filter(({ direction, text }) => direction === 'out' && /^\[2,"[^"]*","[GS]etVariables"/.test(text));
    const sizes = out
      .map(({ text }) => JSON.parse(text))
      .map(([, , action, body]) => [action, (body.getVariableData ?? body.setVariableData).length]);
    expect(sizes).toEqual([
      ['GetVariables', 2],
      ['GetVariables', 3],
      ['GetVariables', 3],
      ['GetVariables', 1],
      ['SetVariables', 2],
      ['SetVariables', 2],
      ['SetVariables', 1],
    ]);
    const known = await duet.csms.kernel.read.variables(duet.row);
    expect(known.find((row) => row.variable === 'EVConnectionTimeOut')?.value).toBe('45');
    expect(known.find((row) => row.variable === 'StopTxOnInvalidId')?.value).toBe('true');
  });

  test('TC_B_22_CSMS B12.FR.02 B12.FR.04 B12.FR.05 Immediate ends the transaction; its Ended is stored, after the reboot if the link died with it', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    await duet.clock.advance(600_000);
    const resetting = duet.call('Reset', { type: 'Immediate' });
    await duet.clock.until('the last event is on its way', () =>
      duet.trace.some((event) => event.kind === 'frame' && event.direction === 'out' && event.text.includes('"Ended"')),
    );
    duet.network.breakAll(); // the Ended is not answered any more before the station restarts
    expect(await resetting).toMatchObject({ state: 'answered', response: { status: 'Accepted' } });
    await duet.clock.until('it lives again', () => duet.station.facts().registration === 'accepted');
    await duet.delivered();
    const record = await duet.newest();
    expect(record.bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
    expect(record.row.stoppedReason).toBe('ImmediateReset');
    expect((await duet.events(record)).at(-1)).toMatchObject({ eventType: 'Ended', triggerReason: 'ResetCommand' });
    expect(duet.csms.kernel.stations.get('CS-1')?.record.bootReason).toBe('RemoteReset');
  });

  test('TC_B_21_CSMS B12.FR.01 B12.FR.03 OnIdle waits for the driver, then the station boots with ScheduledReset', async () => {
    const duet = await Duet.start({ version });
    await duet.charge();
    expect(await duet.status('Reset', { type: 'OnIdle' })).toBe('Scheduled');
    await duet.clock.advance(600_000);
    expect(await duet.heard('BootNotification')).toHaveLength(1);
    await duet.present(CARD);
    await duet.clock.advance(30_000);
    expect(duet.hardware.unplug(1)).toBe(true);
    await duet.clock.advance(5_000);
    expect(await duet.heard('BootNotification')).toHaveLength(2);
    expect(duet.csms.kernel.stations.get('CS-1')?.record.bootReason).toBe('ScheduledReset');
    expect((await duet.newest()).row.stoppedReason).toBe('Local');
    expect(await duet.connectorStatus()).toBe('Available');
  });

  test('TC_B_20_CSMS B11.FR.01 B11.FR.03 an idle station resets at once and every connector is told again', async () => {
    const duet = await Duet.start({ version, topology: TWO });
    expect(await duet.status('Reset', { type: 'OnIdle' })).toBe('Accepted');
    await duet.clock.advance(20_000);
    expect(duet.station.facts().registration).toBe('accepted');
    expect(await duet.heard('BootNotification')).toHaveLength(2);
    expect(await duet.connectorStatus(2)).toBe('Available');
  });

  test('TC_B_27_CSMS B12.FR.08 B11.FR.08 one EVSE resets, its neighbour charges on', async () => {
    const duet = await Duet.start({ version, topology: TWO });
    await duet.token({ ...OTHER_CARD, status: 'Accepted' });
    await duet.charge(1);
    await duet.plug(2);
    await duet.present(OTHER_CARD, 2);
    expect(await duet.status('Reset', { type: 'Immediate', evseId: 2 })).toBe('Accepted');
    await duet.clock.advance(10_000);
    const all = await duet.transactions();
    expect(Object.fromEntries(all.map(({ row }) => [row.evse, row.state]))).toEqual({ 1: 'active', 2: 'ended' });
    expect(duet.evse(1).flow).toBe('flowing');
    expect(await duet.heard('BootNotification')).toHaveLength(1);
  });
});

test('B09.FR.01 B09.FR.02 TC_B_42_CSMS TC_B_44_CSMS a network profile goes out, and its answer is kept with the command, without its secrets', async () => {
  const duet = await Duet.start({ version: 'ocpp2.1' });
  const connectionData = {
    ocppVersion: 'OCPP20',
    ocppTransport: 'JSON',
    ocppCsmsUrl: 'ws://csms/ocpp',
    messageTimeout: 30,
    securityProfile: 1,
    ocppInterface: 'Wired0',
    basicAuthPassword: 'a-secret-of-the-profile',
    apn: { apn: 'operator', apnPassword: 'a-secret-of-the-apn', apnAuthentication: 'PAP' },
    vpn: { server: 'v', user: 'u', password: 'a-secret-of-the-vpn', key: 'a-secret-key', type: 'IKEv2' },
  } as const;
  expect(await duet.status('SetNetworkProfile', { configurationSlot: 2, connectionData })).toBe('Accepted');
  expect(await duet.status('SetNetworkProfile', { configurationSlot: 9, connectionData })).toBe('Rejected');
  const [rejected, accepted] = await duet.csms.kernel.read.commands(duet.row, 2);
  expect([accepted?.result, rejected?.result]).toEqual([expect.stringContaining('Accepted'), expect.stringContaining('InvalidConfSlot')]);
  const kept = JSON.stringify([await duet.csms.kernel.read.commands(duet.row, 10), await duet.log(), duet.trace]);
  expect(kept).not.toContain('a-secret');
});
