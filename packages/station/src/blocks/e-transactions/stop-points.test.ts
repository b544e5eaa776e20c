import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench, CARD, OTHER_CARD } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;
const stop = (points: string, more: Record<string, string> = {}) => ({ 'TxCtrlr.TxStopPoint': points, ...more });
const ended = (b: Bench) => {
  const event = b.lastEvent;
  return `${event.eventType} ${event.triggerReason} ${event.transactionInfo.stoppedReason ?? '-'} ${event.transactionInfo.chargingState}`;
};
const lockOf = (b: Bench) => b.hardware.facts().evses[0]?.connectors[0]?.lock;

test('E06.FR.01 ParkingBayOccupancy: the vehicle leaves the bay', async () => {
  const b = await bench({ topology: TWO, variables: stop('ParkingBayOccupancy') }).booted();
  b.hardware.bay(1, true);
  await b.charging();
  await b.card(CARD, 1);
  b.hardware.unplug(1);
  await b.wait();
  expect(b.lastEvent.eventType).toBe('Updated');
  b.hardware.bay(1, false);
  await b.wait();
  expect(ended(b)).toBe('Ended EVDeparted Local Idle');
});

test('E06.FR.02 F03.FR.02 EVConnected: RemoteStop or a token take the energy, the cable ends it', async () => {
  const b = await bench({ variables: stop('EVConnected') }).booted();
  const transactionId = await b.charging();
  expect((await b.ask('RequestStopTransaction', { transactionId })).status).toBe('Accepted');
  await b.wait();
  expect(ended(b)).toBe('Updated RemoteStop - EVConnected');
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  b.hardware.unplug(1);
  await b.wait();
  expect(ended(b)).toBe('Ended EVCommunicationLost Remote Idle');
});

test('E06.FR.03 E06.FR.09 E07.FR.02 E07.FR.04 E07.FR.05 Authorized: the driver stops with his token, reason Local', async () => {
  const b = await bench({ variables: stop('Authorized') }).booted();
  await b.charging();
  await b.card();
  expect(ended(b)).toBe('Ended StopAuthorized Local EVConnected');
  expect(b.lastEvent.idToken).toEqual(CARD);
});

test('E06.FR.04 E05.FR.10 Authorized: the CSMS refuses the token', async () => {
  const b = await bench({ variables: stop('Authorized', { 'TxCtrlr.TxStartPoint': 'EVConnected' }) }).booted();
  await b.plug();
  b.csms.once('TransactionEvent', { idTokenInfo: { status: 'Invalid' } });
  await b.card();
  await b.wait(5);
  expect(ended(b)).toBe('Ended Deauthorized DeAuthorized EVConnected');
});

test('E06.FR.06 PowerPathClosed: the cable or the authorization, whichever goes first', async () => {
  const b = await bench({ variables: stop('PowerPathClosed') }).booted();
  await b.charging();
  await b.card();
  expect(ended(b)).toBe('Ended StopAuthorized Local EVConnected');
  const other = await bench({ variables: stop('PowerPathClosed') }).booted();
  await other.charging();
  other.hardware.unplug(1, 1, 'ev');
  await other.wait();
  expect(ended(other)).toBe('Ended EVCommunicationLost EVDisconnected Idle');
});

test('E06.FR.07 EnergyTransfer: no more energy ends it, and nothing flows afterwards', async () => {
  const b = await bench({ variables: stop('EnergyTransfer') }).booted();
  await b.charging();
  b.hardware.evState(1, 'suspended');
  await b.wait();
  expect(ended(b)).toBe('Ended ChargingStateChanged StoppedByEV EVConnected');
  b.hardware.evState(1, 'charging');
  await b.wait(10);
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
});

test('E06.FR.08 E07.FR.06 an end that the driver did not cause names its reason', async () => {
  const reasons = new Set<string | undefined>();
  for (const cause of ['fault', 'unplug', 'remote'] as const) {
    const b = await bench().booted();
    const transactionId = await b.charging();
    if (cause === 'fault') b.hardware.injectFault({ evse: 1 }, 'over-current');
    if (cause === 'unplug') b.hardware.unplug(1, 1, 'ev');
    if (cause === 'remote') await b.ask('RequestStopTransaction', { transactionId });
    await b.wait();
    reasons.add(b.lastEvent.transactionInfo.stoppedReason);
  }
  expect(reasons).toEqual(new Set(['OvercurrentFault', 'EVDisconnected', 'Remote']));
});

test('E06.FR.10 E07.FR.07 E08.FR.03 the cable is locked while charging and free after a normal end', async () => {
  const b = await bench().booted();
  await b.charging();
  expect(lockOf(b)).toBe('locked');
  await b.card();
  expect(lockOf(b)).toBe('unlocked');
  const kept = await bench({ variables: stop('EVConnected') }).booted();
  await kept.charging();
  await kept.card();
  expect(lockOf(kept)).toBe('unlocked');
});

test('E06.FR.11 E07.FR.08 E08.FR.09 E09.FR.05 E10.FR.04 E12.FR.07 F03.FR.04 Ended carries the readings of begin, in between and end', async () => {
  const b = await bench({
    variables: { 'SampledDataCtrlr.TxEndedInterval': '20', 'SampledDataCtrlr.TxEndedMeasurands': 'Energy.Active.Import.Register' },
  }).booted();
  await b.charging();
  await b.wait(70);
  await b.card();
  const contexts = b.lastEvent.meterValue?.map((value) => value.sampledValue[0]?.context);
  expect(contexts).toEqual(['Transaction.Begin', 'Sample.Periodic', 'Sample.Periodic', 'Sample.Periodic', 'Transaction.End']);
  const registers = b.lastEvent.meterValue?.map((value) => value.sampledValue[0]?.value ?? 0) ?? [];
  expect([...registers].sort((x, y) => x - y)).toEqual(registers);
  expect([...b.disk.durable.keys()].filter((key) => key.startsWith('sample/'))).toEqual([]);
});

test('E06.FR.12 E06.FR.13 E07.FR.09 E07.FR.10 E08.FR.10 E08.FR.11 E09.FR.06 E09.FR.07 E10.FR.05 E10.FR.06 E12.FR.08 E12.FR.09 F03.FR.05 F03.FR.06 J02.FR.20 too many samples lose inner ones, never the first or the last', async () => {
  const b = await bench({ variables: { 'SampledDataCtrlr.TxEndedInterval': '1', 'SampledDataCtrlr.TxUpdatedInterval': '0' } }).booted();
  await b.charging();
  await b.wait(2_000);
  await b.card();
  const values = b.lastEvent.meterValue ?? [];
  expect(values.length).toBeLessThan(1_450);
  expect(values.length).toBeGreaterThan(500);
  expect(values[0]?.sampledValue[0]?.context).toBe('Transaction.Begin');
  expect(values.at(-1)?.sampledValue[0]?.context).toBe('Transaction.End');
  const gaps = values.slice(2, 20).map((value, index) => Date.parse(value.timestamp) - Date.parse(values[index + 1]?.timestamp ?? ''));
  expect(new Set(gaps)).toEqual(new Set([2_000]));
});

test.each([
  ['ground-fault', 'GroundFault'],
  ['over-current', 'OvercurrentFault'],
  ['emergency-stop', 'EmergencyStop'],
  ['something-else', 'Other'],
])('E06.FR.15 E06.FR.16 P76 a fault (%s) ends it with AbnormalCondition and %s, whatever the stop points are', async (code, reason) => {
  const b = await bench({ variables: stop('EVConnected') }).booted();
  await b.charging();
  b.hardware.injectFault({ evse: 1 }, code);
  await b.wait();
  expect(ended(b)).toBe(`Ended AbnormalCondition ${reason} EVConnected`);
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  expect(b.csms.last('StatusNotification').connectorStatus).toBe('Faulted');
});

test('E08.FR.01 E08.FR.04 E08.FR.05 E08.FR.06 E08.FR.07 E08.FR.08 offline the same token stops the energy; everything is told later, in order and marked', async () => {
  const b = await bench().booted();
  await b.charging();
  await b.offline();
  await b.card();
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  b.csms.forget();
  await b.online();
  expect(ended(b)).toBe('Ended StopAuthorized Local EVConnected');
  expect(b.events.every((event) => event.offline === true)).toBe(true);
  expect(b.events.map((event) => event.seqNo)).toEqual([2]);
});

test('E08.FR.02 E08.FR.03 offline a cached token of the same group stops and frees the cable', async () => {
  const b = await bench().booted();
  const group = { idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'G', type: 'Central' } } } as const;
  b.csms.always('Authorize', group);
  await b.card(OTHER_CARD);
  await b.card(OTHER_CARD);
  await b.charging();
  await b.offline();
  await b.card(OTHER_CARD);
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  expect(lockOf(b)).toBe('unlocked');
});

test('E09.FR.01 E09.FR.02 E09.FR.04 cable out at the vehicle: deauthorized, cable freed, plugging in again resumes nothing', async () => {
  const b = await bench({ variables: stop('Authorized', { 'OCPPCommCtrlr.UnlockOnEVSideDisconnect': 'true' }) }).booted();
  await b.charging();
  b.hardware.unplug(1, 1, 'ev');
  await b.wait();
  expect(ended(b)).toBe('Ended EVCommunicationLost EVDisconnected Idle');
  expect(lockOf(b)).toBe('unlocked');
  await b.plug();
  await b.wait(10);
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  expect(b.events.map((event) => event.seqNo)).toEqual(b.events.map((_, index) => index));
});

test('E09.FR.03 UnlockOnEVSideDisconnect false: the cable stays locked until the driver shows the token', async () => {
  const b = await bench({ variables: stop('Authorized', { 'OCPPCommCtrlr.UnlockOnEVSideDisconnect': 'false' }) }).booted();
  await b.charging();
  b.hardware.unplug(1, 1, 'ev');
  await b.wait(120);
  expect(lockOf(b)).toBe('locked');
  await b.card(OTHER_CARD);
  expect(lockOf(b)).toBe('locked');
  await b.card();
  expect(lockOf(b)).toBe('unlocked');
  expect(b.hardware.unplug(1, 1, 'evse')).toBe(true);
  await b.wait();
  expect(b.csms.last('StatusNotification').connectorStatus).toBe('Available');
});

const SUSPEND = stop('Authorized,ParkingBayOccupancy', {
  'TxCtrlr.StopTxOnEVSideDisconnect': 'false',
  'TxCtrlr.EVConnectionTimeOut': '40',
  'SampledDataCtrlr.TxUpdatedInterval': '0',
});

test('E10.FR.01 E10.FR.03 StopTxOnEVSideDisconnect false: suspended and locked; the vehicle comes back and charging goes on', async () => {
  const b = await bench({ topology: TWO, variables: SUSPEND }).booted();
  await b.charging();
  b.hardware.unplug(1, 1, 'ev');
  await b.wait(100);
  expect(ended(b)).toBe('Updated EVCommunicationLost - Idle');
  expect(lockOf(b)).toBe('locked');
  await b.plug();
  expect(b.events.slice(-2).map((event) => `${event.triggerReason} ${event.transactionInfo.chargingState}`)).toEqual([
    'CablePluggedIn EVConnected',
    'ChargingStateChanged Charging',
  ]);
  b.hardware.unplug(1, 1, 'ev');
  await b.wait();
  await b.card(CARD, 1);
  expect(ended(b)).toBe('Ended StopAuthorized Local Idle');
  expect(lockOf(b)).toBe('unlocked');
  expect(b.events.map((event) => event.seqNo)).toEqual(b.events.map((_, index) => index));
});

test('E10.FR.02 TC_E_27_CS a fixed cable that is not plugged in again in time ends the authorization', async () => {
  const topology = { evses: [{ power: '11 kW', connectors: [{ type: 'cType2' }], parkingSensor: true }] };
  const b = await bench({ topology, variables: SUSPEND }).booted();
  await b.charging();
  b.hardware.unplug(1, 1, 'ev');
  await b.wait(45);
  expect(ended(b)).toBe('Ended EVConnectTimeout Timeout Idle');
});

test('TC_E_20_CS EVConnected with StopTxOnEVSideDisconnect false ends with EVDisconnected', async () => {
  const b = await bench({ variables: stop('EVConnected', { 'TxCtrlr.StopTxOnEVSideDisconnect': 'false' }) }).booted();
  await b.charging();
  b.hardware.unplug(1, 1, 'ev');
  await b.wait();
  expect(ended(b)).toBe('Ended EVCommunicationLost EVDisconnected Idle');
});

test('P75 the vehicle ends the session: StopAuthorized, StoppedByEV', async () => {
  const b = await bench().booted();
  await b.charging();
  b.hardware.evStop(1);
  await b.wait();
  expect(ended(b)).toBe('Ended StopAuthorized StoppedByEV EVConnected');
});

test('P60 a transaction without any fact left does not stay open for ever', async () => {
  const b = await bench({ variables: stop('Authorized', { 'TxCtrlr.TxStartPoint': 'EVConnected' }) }).booted();
  await b.plug();
  b.hardware.unplug(1);
  await b.wait();
  expect(ended(b)).toBe('Ended EVCommunicationLost EVDisconnected Idle');
});
