import type { Ocpp } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;
const DOUBLE = {
  evses: [
    { power: '11 kW', connectors: [{ type: 'sType2' }, { type: 'cType2' }] },
    { power: '11 kW', connectors: [{ type: 'sType2' }] },
  ],
};
const change = async (b: Bench, operationalStatus: Ocpp.OperationalStatusEnumType, evse?: Ocpp.EVSEType) =>
  (await b.ask('ChangeAvailability', { operationalStatus, ...(evse ? { evse } : {}) })).status;
const told = (b: Bench): string[] => b.csms.of('StatusNotification').map((s) => `${s.evseId}.${s.connectorId} ${s.connectorStatus}`);
const states = (b: Bench): string[] =>
  b.station.facts().evses.flatMap((evse) => evse.connectors.map((connector) => `${evse.id}.${connector.id} ${connector.status}`));

test('G01.FR.01 G01.FR.03 G01.FR.04 E02.FR.05 plugging in and out is Occupied and Available', async () => {
  const b = await bench().booted();
  b.csms.forget();
  await b.plug();
  b.hardware.unplug(1);
  await b.wait();
  expect(told(b)).toEqual(['1.1 Occupied', '1.1 Available']);
});

test('G01.FR.03 D11 on a 2.1 link, or where it is configured, the state travels as NotifyEvent', async () => {
  for (const options of [{ version: 'ocpp2.1' }, { config: { connectorStatusBy: 'NotifyEvent' } }] as const) {
    const b = await bench(options).booted();
    b.csms.forget();
    await b.plug();
    expect(b.csms.of('StatusNotification')).toEqual([]);
    expect(b.csms.last('NotifyEvent')).toMatchObject({
      seqNo: 0,
      eventData: [
        {
          trigger: 'Delta',
          actualValue: 'Occupied',
          component: { name: 'Connector', evse: { id: 1, connectorId: 1 } },
          variable: { name: 'AvailabilityState' },
        },
      ],
    });
    expect(b.csms.faults).toEqual([]);
  }
});

test('G01.FR.05 P25 scheduled during a transaction: Occupied, then Unavailable, never Available', async () => {
  const b = await bench().booted();
  await b.charging();
  b.csms.forget();
  expect(await change(b, 'Inoperative', { id: 1 })).toBe('Scheduled');
  b.hardware.unplug(1, 1, 'ev');
  await b.wait();
  b.hardware.unplug(1);
  await b.wait();
  expect(told(b)).toEqual(['1.1 Unavailable']);
});

test('G01.FR.08 P27 the sibling connector of an occupied one is not told', async () => {
  const b = await bench({ topology: DOUBLE }).booted();
  b.csms.forget();
  await b.plug(1);
  expect(told(b)).toEqual(['1.1 Occupied']);
});

test('G01.FR.02 G03.FR.08 G04.FR.09 B01.FR.07 P22 Unavailable survives a power cut on all three levels', async () => {
  for (const evse of [undefined, { id: 1 }, { id: 1, connectorId: 2 }] as const) {
    const b = await bench({ topology: DOUBLE }).booted();
    await change(b, 'Inoperative', evse);
    const before = states(b);
    expect(before.some((state) => state.endsWith('Unavailable'))).toBe(true);
    b.cut();
    b.csms.forget();
    b.restore();
    await b.wait(5);
    expect(states(b)).toEqual(before);
    expect(told(b)).toEqual(before);
  }
});

test('G01.FR.07 G03.FR.01 G03.FR.02 G03.FR.04 G03.FR.06 an EVSE becomes Unavailable with all its connectors, and each is told', async () => {
  const b = await bench({ topology: DOUBLE }).booted();
  b.csms.forget();
  expect(await change(b, 'Inoperative', { id: 1 })).toBe('Accepted');
  expect(told(b)).toEqual(['1.1 Unavailable', '1.2 Unavailable']);
  expect(await change(b, 'Inoperative', { id: 9 })).toBe('Rejected');
  await b.plug(1);
  await b.card(undefined, 1);
  expect(b.evse(1).authorized).toBe(false);
});

test('G03.FR.03 G04.FR.04 P24 the state it is in already is Accepted, also during a transaction', async () => {
  const b = await bench({ topology: TWO }).booted();
  expect(await change(b, 'Operative', { id: 1 })).toBe('Accepted');
  await b.charging();
  expect(await change(b, 'Operative', { id: 1 })).toBe('Accepted');
  expect(await change(b, 'Operative')).toBe('Accepted');
  await change(b, 'Inoperative', { id: 2 });
  expect(await change(b, 'Inoperative', { id: 2 })).toBe('Accepted');
});

test('G03.FR.05 G04.FR.06 P24 during a transaction it is Scheduled and happens at its end', async () => {
  for (const evse of [undefined, { id: 1 }, { id: 1, connectorId: 1 }] as const) {
    const b = await bench({ topology: TWO }).booted();
    await b.charging(1);
    expect(await change(b, 'Inoperative', evse)).toBe('Scheduled');
    expect(b.evse(1).flow).toBe('flowing');
    await b.card(undefined, 1);
    b.hardware.unplug(1);
    await b.wait();
    expect(states(b)[0]).toBe('1.1 Unavailable');
  }
});

test('a scheduled change survives a power cut, and asking for Operative takes it back', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.charging(1);
  await change(b, 'Inoperative', { id: 1 });
  b.cut();
  b.restore();
  await b.wait(10);
  await b.card(undefined, 1);
  expect(states(b)[0]).toBe('1.1 Unavailable');
  const taken = await bench({ topology: TWO }).booted();
  await taken.charging(1);
  await change(taken, 'Inoperative', { id: 1 });
  expect(await change(taken, 'Operative', { id: 1 })).toBe('Accepted');
  await taken.card(undefined, 1);
  taken.hardware.unplug(1);
  await taken.wait();
  expect(states(taken)[0]).toBe('1.1 Available');
});

test('G03.FR.05 P22 a power cut between the end of the transaction and the scheduled change loses nothing', async () => {
  const b = await bench({ topology: TWO }).booted();
  b.disk.durable.set('scheduled/1', '"Inoperative"');
  b.cut();
  b.csms.forget();
  b.restore();
  await b.wait(5);
  expect(told(b)).toEqual(['1.1 Unavailable', '2.1 Available']);
});

test('G03.FR.07 G04.FR.08 P26 Operative again restores what each connector was', async () => {
  const b = await bench({ topology: DOUBLE }).booted();
  await change(b, 'Inoperative', { id: 1, connectorId: 2 });
  await change(b, 'Inoperative', { id: 1 });
  await change(b, 'Operative', { id: 1 });
  expect(states(b)).toEqual(['1.1 Available', '1.2 Unavailable', '2.1 Available']);
  await change(b, 'Inoperative');
  await b.plug(2);
  expect(states(b)).toEqual(['1.1 Unavailable', '1.2 Unavailable', '2.1 Unavailable']);
  await change(b, 'Operative');
  expect(states(b)).toEqual(['1.1 Available', '1.2 Unavailable', '2.1 Occupied']);
});

test('G04.FR.01 G04.FR.02 G04.FR.03 G04.FR.05 G04.FR.07 without an EVSE the whole station changes, and every connector is told', async () => {
  const b = await bench({ topology: DOUBLE }).booted();
  b.csms.forget();
  expect(await change(b, 'Inoperative')).toBe('Accepted');
  expect(told(b)).toEqual(['1.1 Unavailable', '1.2 Unavailable', '2.1 Unavailable']);
});

test('G03.FR.06 a faulted connector stays Faulted', async () => {
  const b = await bench({ topology: TWO }).booted();
  b.hardware.injectFault({ evse: 1 }, 'ground-fault');
  await b.wait();
  await change(b, 'Inoperative');
  expect(states(b)).toEqual(['1.1 Faulted', '2.1 Unavailable']);
  b.hardware.clearFault({ evse: 1 });
  await b.wait();
  expect(states(b)[0]).toBe('1.1 Unavailable');
});

test('G02.FR.02 G02.FR.05 a heartbeat comes after a silence; anything else that is sent starts it again', async () => {
  const b = await bench({ variables: { 'SampledDataCtrlr.TxUpdatedInterval': '50', 'AlignedDataCtrlr.Interval': '0' } }).booted();
  expect(await b.set('OCPPCommCtrlr', 'HeartbeatInterval', '60')).toBe('Accepted');
  b.csms.forget();
  await b.wait(125);
  expect(b.csms.of('Heartbeat')).toHaveLength(2);
  await b.charging();
  b.csms.forget();
  await b.wait(600);
  expect(b.csms.of('Heartbeat')).toEqual([]);
});

test('G02.FR.07 P18 where heartbeats carry the clock, one comes every 24 hours whatever else is sent', async () => {
  const b = await bench({ variables: { 'AlignedDataCtrlr.Interval': '120' } }).booted();
  b.csms.forget();
  await b.wait(24 * 3600 - 100);
  expect(b.csms.of('Heartbeat')).toEqual([]);
  await b.wait(200);
  expect(b.csms.of('Heartbeat')).toHaveLength(1);
});

test('G05.FR.01 G05.FR.02 G05.FR.04 P76 a lock that fails: no energy, a Problem event, a word to the driver', async () => {
  const b = await bench().booted();
  b.hardware.lockState(1, 1, 'fail');
  await b.plug();
  await b.card();
  await b.wait(30);
  expect(b.hardware.facts().evses[0]?.contactor).toBe('open');
  expect(b.csms.last('NotifyEvent').eventData[0]).toMatchObject({
    component: { name: 'ConnectorPlugRetentionLock', evse: { id: 1, connectorId: 1 } },
    variable: { name: 'Problem' },
    actualValue: 'true',
  });
  expect(b.hardware.facts().evses[0]?.display[0]).toContain('locked');
  expect(b.csms.faults).toEqual([]);
});

test('G03.FR.06 an EVSE that is closed between card and energy gives nothing away', async () => {
  const variables = { 'TxCtrlr.TxStartPoint': 'EnergyTransfer', 'TxCtrlr.TxStopPoint': 'PowerPathClosed' };
  const closed = { operationalStatus: 'Inoperative', evse: { id: 1 } } as const;
  // The power path is closed already, the vehicle decides later: what it takes is a transaction.
  const b = await bench({ variables }).booted();
  await b.plug();
  b.hardware.evState(1, 'suspended');
  await b.card();
  expect((await b.ask('ChangeAvailability', closed)).status).toBe('Accepted');
  b.hardware.evState(1, 'charging');
  await b.wait(60);
  expect(b.hardware.readMeter(1).importMWh).toBeGreaterThan(0);
  expect(b.events.map((event) => event.eventType)).toContain('Started');
  // The vehicle was not ready yet: nothing flows.
  const c = await bench({ variables }).booted();
  await c.plug(1, { readyAfterS: 20 });
  await c.card();
  expect((await c.ask('ChangeAvailability', closed)).status).toBe('Accepted');
  await c.wait(60);
  expect(c.hardware.readMeter(1).importMWh).toBe(0);
  expect(c.events).toEqual([]);
});

test('G04.FR.06 while the whole station waits for a transaction, the EVSEs without one are Unavailable already', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.charging();
  b.csms.forget();
  expect(await change(b, 'Inoperative')).toBe('Scheduled');
  await b.wait();
  expect(told(b)).toEqual(['2.1 Unavailable']);
  expect(await change(b, 'Operative')).toBe('Accepted');
  await b.wait();
  expect(told(b)).toEqual(['2.1 Unavailable', '2.1 Available']);
});
