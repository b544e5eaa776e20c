import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench, CARD } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;
const start = (points: string, more: Record<string, string> = {}) => ({ 'TxCtrlr.TxStartPoint': points, ...more });
const short = (b: Bench): string[] =>
  b.events.map((event) => `${event.eventType} ${event.triggerReason} ${event.transactionInfo.chargingState ?? ''}`);

test('E01.FR.01 E01.FR.15 ParkingBayOccupancy: a vehicle in the bay starts it', async () => {
  const b = await bench({ topology: TWO, variables: start('ParkingBayOccupancy') }).booted();
  b.hardware.bay(1, true);
  await b.wait();
  expect(short(b)).toEqual(['Started EVDetected Idle']);
  expect(b.events[0]?.evse).toEqual({ id: 1 });
});

test('E01.FR.02 E02.FR.05 E02.FR.06 E01.FR.16 EVConnected: the cable starts it, the connector is Occupied', async () => {
  const b = await bench({ variables: start('EVConnected') }).booted();
  await b.plug();
  expect(short(b)).toEqual(['Started CablePluggedIn EVConnected']);
  expect(b.events[0]?.evse).toEqual({ id: 1, connectorId: 1 });
  expect(b.csms.last('StatusNotification').connectorStatus).toBe('Occupied');
});

test('E01.FR.03 E01.FR.10 E03.FR.01 Authorized: the token starts it and is in the first event', async () => {
  const b = await bench({ variables: start('Authorized') }).booted();
  await b.card();
  expect(short(b)).toEqual(['Started Authorized Idle']);
  expect(b.events[0]?.idToken).toEqual(CARD);
});

test('E01.FR.04 DataSigned: the first signed reading starts it, before energy flows', async () => {
  const topology = demoTopologies.dc150;
  const b = await bench({ topology, variables: start('DataSigned', { 'SampledDataCtrlr.SignReadings': 'true' }) }).booted();
  await b.charging();
  expect(short(b)).toEqual(['Started SignedDataReceived EVConnected', 'Updated ChargingStateChanged Charging']);
  const unsigned = await bench({ topology, variables: start('DataSigned') }).booted();
  await unsigned.plug();
  await unsigned.card();
  expect(short(unsigned)).toEqual(['Started ChargingStateChanged Charging']); // no energy outside a transaction, whatever the points are
});

test('E01.FR.05 PowerPathClosed: authorized and connected, in either order', async () => {
  const b = await bench({ variables: start('PowerPathClosed') }).booted();
  await b.plug();
  expect(b.events).toEqual([]);
  await b.card();
  expect(short(b)).toEqual(['Started Authorized EVConnected', 'Updated ChargingStateChanged Charging']);
  const other = await bench({ variables: start('PowerPathClosed') }).booted();
  await other.card();
  expect(other.events).toEqual([]);
  await other.plug();
  expect(short(other)).toEqual(['Started CablePluggedIn EVConnected', 'Updated ChargingStateChanged Charging']);
  expect(other.events[0]?.idToken).toEqual(CARD);
});

test('E01.FR.06 EnergyTransfer: the first energy starts it', async () => {
  const b = await bench({ variables: start('EnergyTransfer') }).booted();
  await b.charging();
  expect(short(b)).toEqual(['Started ChargingStateChanged Charging']);
});

test('E01.FR.02 E01.FR.03 P58 the points are a set: whichever comes first starts it, once', async () => {
  const b = await bench({ variables: start('EVConnected,Authorized,EnergyTransfer') }).booted();
  await b.charging();
  expect(b.events.filter((event) => event.eventType === 'Started')).toHaveLength(1);
  expect(short(b)[0]).toBe('Started CablePluggedIn EVConnected');
});

test('E01.FR.07 E02.FR.07 E03.FR.06 E05.FR.04 E06.FR.14 E07.FR.11 numbers start at 0 and grow by one to the end', async () => {
  const b = await bench({ variables: start('EVConnected', { 'SampledDataCtrlr.TxUpdatedInterval': '10' }) }).booted();
  await b.charging();
  await b.wait(60);
  await b.card();
  expect(b.lastEvent.eventType).toBe('Ended');
  expect(b.events.map((event) => event.seqNo)).toEqual(b.events.map((_, index) => index));
});

test('E01.FR.08 E02.FR.08 every transaction has an id of its own, also after a power cut', async () => {
  const b = await bench().booted();
  const ids = new Set<string>();
  for (let n = 0; n < 3; n += 1) {
    ids.add(await b.charging());
    await b.card();
    b.hardware.unplug(1);
    await b.wait();
    b.cut();
    b.restore();
    await b.wait(5);
  }
  expect(ids.size).toBe(3);
});

test('E01.FR.09 E02.FR.09 E03.FR.07 E05.FR.05 E04.FR.05 F01.FR.14 F02.FR.02 Started carries its own measurands with context Transaction.Begin', async () => {
  const measurands = { 'SampledDataCtrlr.TxStartedMeasurands': 'Energy.Active.Import.Register,Voltage' };
  const b = await bench({ variables: measurands }).booted();
  await b.charging();
  const values = b.events[0]?.meterValue?.[0]?.sampledValue ?? [];
  expect(values.map((value) => value.measurand)).toEqual(['Energy.Active.Import.Register', 'Voltage']);
  expect(values.every((value) => value.context === 'Transaction.Begin')).toBe(true);
  const remote = await bench({ variables: { ...measurands, 'TxCtrlr.TxStartPoint': 'Authorized' } }).booted();
  await remote.ask('RequestStartTransaction', { evseId: 1, idToken: CARD, remoteStartId: 1 });
  await remote.wait(5);
  expect(remote.events[0]).toMatchObject({ eventType: 'Started', meterValue: [{ sampledValue: [{ context: 'Transaction.Begin' }, {}] }] });
});

test('E01.FR.17 E02.FR.21 E03.FR.11 E04.FR.11 E05.FR.08 where the EVSE was not known at the start, its first reading comes when charging starts', async () => {
  const b = await bench({ topology: TWO, variables: start('Authorized') }).booted();
  await b.card();
  expect(b.events[0]).toMatchObject({ eventType: 'Started', triggerReason: 'Authorized' });
  expect(b.events[0]).not.toHaveProperty('evse');
  expect(b.events[0]).not.toHaveProperty('meterValue');
  await b.plug(2);
  await b.wait(5);
  const charging = b.events.find((event) => event.transactionInfo.chargingState === 'Charging');
  expect(charging?.meterValue?.[0]?.sampledValue[0]?.context).toBe('Transaction.Begin');
  expect(b.events[1]).toMatchObject({ triggerReason: 'CablePluggedIn', evse: { id: 2, connectorId: 1 } });
  expect(new Set(b.events.map((event) => event.transactionInfo.transactionId)).size).toBe(1);
});

test('E01.FR.14 P79 one transaction per EVSE, whatever the connector', async () => {
  const topology = { evses: [{ power: '11 kW', connectors: [{ type: 'sType2' }, { type: 'cType2' }] }] };
  const b = await bench({ topology, variables: start('EVConnected') }).booted();
  await b.charging();
  expect(b.hardware.plug(1, 2)).toBe(false);
  await b.wait();
  expect(b.events.filter((event) => event.eventType === 'Started')).toHaveLength(1);
});

test('E01.FR.16 P63 evse and idToken travel once, not in every event', async () => {
  const b = await bench({
    variables: start('ParkingBayOccupancy,Authorized', { 'SampledDataCtrlr.TxUpdatedInterval': '10' }),
    topology: TWO,
  }).booted();
  b.hardware.bay(1, true);
  await b.wait();
  await b.charging();
  await b.wait(60);
  expect(b.events.filter((event) => event.evse !== undefined).map((event) => event.evse)).toEqual([{ id: 1 }, { id: 1, connectorId: 1 }]);
  expect(b.events.filter((event) => event.idToken !== undefined)).toHaveLength(1);
});

test('E01.FR.18 E02.FR.13 E01.FR.19 E01.FR.20 each change of the charging state is told; a vehicle that pauses is SuspendedEV', async () => {
  const b = await bench({ variables: start('EVConnected') }).booted();
  await b.charging();
  b.hardware.evState(1, 'suspended');
  await b.wait();
  b.hardware.evState(1, 'charging');
  await b.wait();
  b.hardware.limit(1, 0);
  await b.wait();
  b.hardware.limit(1, null);
  await b.wait();
  b.hardware.evState(1, 'notReady');
  await b.wait();
  expect(b.events.map((event) => event.transactionInfo.chargingState)).toEqual([
    'EVConnected',
    'EVConnected',
    'Charging',
    'SuspendedEV',
    'Charging',
    'SuspendedEVSE',
    'Charging',
    'SuspendedEV',
  ]);
});

test('E02.FR.01 E02.FR.20 E02.FR.15 E02.FR.16 E02.FR.17 a running transaction is told of the authorization at once, with the token', async () => {
  const b = await bench({ variables: start('EVConnected') }).booted();
  await b.plug();
  await b.card();
  expect(b.events[1]).toMatchObject({ eventType: 'Updated', triggerReason: 'Authorized', idToken: CARD });
  expect(b.events[0]).not.toHaveProperty('idToken');
  b.csms.once('Authorize', { idTokenInfo: { status: 'Invalid' } });
});

test('E02.FR.10 E03.FR.08 E04.FR.06 F01.FR.15 F02.FR.03 E11.FR.03 E12.FR.03 Updated events carry TxUpdatedMeasurands', async () => {
  const b = await bench({
    variables: {
      'SampledDataCtrlr.TxUpdatedMeasurands': 'Power.Active.Import,Energy.Active.Import.Register',
      'SampledDataCtrlr.TxUpdatedInterval': '10',
    },
  }).booted();
  await b.charging();
  await b.wait(15);
  const updates = b.events.filter((event) => event.eventType === 'Updated');
  expect(updates.length).toBeGreaterThan(1);
  for (const update of updates) {
    const names = update.meterValue?.[0]?.sampledValue.map((value) => value.measurand) ?? [];
    expect(new Set(names)).toEqual(new Set(['Energy.Active.Import.Register', 'Power.Active.Import']));
  }
});

test('E02.FR.18 E02.FR.19 E03.FR.13 E03.FR.14 the number of phases is told when energy starts and when it changes', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.charging();
  const told = (): (number | undefined)[] => b.events.map((event) => event.numberOfPhasesUsed);
  expect(told()).toEqual([undefined, 3]);
  b.hardware.evState(1, 'suspended');
  await b.wait();
  Object.assign(b.hardware, { phasesUsed: () => 1 });
  b.hardware.evState(1, 'charging');
  await b.wait();
  expect(told()).toEqual([undefined, 3, undefined, 1]);
});

test('E02.FR.14 E03.FR.10 E04.FR.10 E05.FR.06 E07.FR.12 E08.FR.12 E09.FR.08 E10.FR.07 E11.FR.08 E12.FR.10 J02.FR.21 with SampledDataSignReadings every register reading is signed', async () => {
  const b = await bench({
    topology: demoTopologies.dc150,
    variables: { 'SampledDataCtrlr.SignReadings': 'true', 'SampledDataCtrlr.TxUpdatedInterval': '10' },
  }).booted();
  await b.charging();
  await b.wait(15);
  await b.offline();
  await b.wait(15);
  await b.card();
  await b.online();
  expect(b.lastEvent.eventType).toBe('Ended');
  for (const event of b.events) {
    for (const value of event.meterValue?.flatMap((entry) => entry.sampledValue) ?? []) {
      const signed = value.measurand === 'Energy.Active.Import.Register';
      expect(value.signedMeterValue !== undefined).toBe(signed);
    }
  }
  const keys = b.events.flatMap(
    (event) => event.meterValue?.flatMap((entry) => entry.sampledValue.map((value) => value.signedMeterValue?.publicKey)) ?? [],
  );
  expect(keys.filter((key) => key !== undefined && key !== '')).toHaveLength(1);
});

test('PublicKeyWithSignedMeterValue Never and EveryMeterValue', async () => {
  for (const [setting, expected] of [
    ['Never', 0],
    ['EveryMeterValue', 3],
  ] as const) {
    const b = await bench({
      topology: demoTopologies.dc150,
      variables: { 'SampledDataCtrlr.SignReadings': 'true', 'OCPPCommCtrlr.PublicKeyWithSignedMeterValue': setting },
    }).booted();
    await b.charging();
    const keys = b.events.flatMap(
      (event) => event.meterValue?.flatMap((entry) => entry.sampledValue.map((value) => value.signedMeterValue?.publicKey)) ?? [],
    );
    expect(keys.filter((key) => key !== undefined && key !== '').length).toBeGreaterThanOrEqual(Math.min(expected, 2));
    expect(keys.some((key) => key !== undefined && key !== '')).toBe(expected > 0);
  }
});

test('E03.FR.05 F02.FR.07 nobody plugs in: Ended with EVConnectTimeout and Timeout', async () => {
  const b = await bench({
    variables: start('Authorized', { 'TxCtrlr.TxStopPoint': 'EVConnected', 'TxCtrlr.EVConnectionTimeOut': '30' }),
  }).booted();
  await b.ask('RequestStartTransaction', { evseId: 1, idToken: CARD, remoteStartId: 3 });
  await b.wait(40);
  expect(b.lastEvent).toMatchObject({
    eventType: 'Ended',
    triggerReason: 'EVConnectTimeout',
    transactionInfo: { stoppedReason: 'Timeout' },
  });
  expect(b.evse().transaction).toBeUndefined();
});

test('E03.FR.15 F02.FR.08 with ParkingBayOccupancy as the stop point the time-out only takes the authorization', async () => {
  const b = await bench({
    topology: TWO,
    variables: start('ParkingBayOccupancy', { 'TxCtrlr.TxStopPoint': 'ParkingBayOccupancy', 'TxCtrlr.EVConnectionTimeOut': '30' }),
  }).booted();
  b.hardware.bay(1, true);
  await b.card(CARD, 1);
  await b.wait(35);
  expect(b.lastEvent).toMatchObject({ eventType: 'Updated', triggerReason: 'EVConnectTimeout' });
  expect(b.evse(1)).toMatchObject({ authorized: false });
  b.hardware.bay(1, false);
  await b.wait();
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', triggerReason: 'EVDeparted', transactionInfo: { stoppedReason: 'Timeout' } });
});

test('E03.FR.12 a cable that is plugged in is CablePluggedIn, not ChargingStateChanged; energy afterwards is an event of its own', async () => {
  const b = await bench({ variables: start('Authorized') }).booted();
  await b.card();
  await b.plug();
  expect(short(b)).toEqual(['Started Authorized Idle', 'Updated CablePluggedIn EVConnected', 'Updated ChargingStateChanged Charging']);
});

test('TC_E_38_CS a vehicle that does not become ready is told as SuspendedEV', async () => {
  const b = await bench({ variables: start('EVConnected') }).booted();
  await b.plug(1, { readyAfterS: 10_000 });
  await b.card();
  await b.wait(15);
  expect(b.lastEvent).toMatchObject({ triggerReason: 'ChargingStateChanged', transactionInfo: { chargingState: 'SuspendedEV' } });
});
