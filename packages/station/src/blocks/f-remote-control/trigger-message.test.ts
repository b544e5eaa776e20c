import type { Ocpp } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, bench } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;
async function trigger(b: Bench, requestedMessage: Ocpp.MessageTriggerEnumType, evse?: Ocpp.EVSEType) {
  b.csms.forget();
  const { status } = await b.ask('TriggerMessage', { requestedMessage, ...(evse ? { evse } : {}) });
  await b.wait(3);
  return status;
}

test('F06.FR.04 F06.FR.05 F06.FR.10 the answer goes first, then what was accepted', async () => {
  const b = await bench().booted();
  b.trace.length = 0;
  expect(await trigger(b, 'Heartbeat')).toBe('Accepted');
  const frames = b.trace.flatMap((event) => (event.kind === 'frame' && event.direction === 'out' ? [event.text] : []));
  expect(frames[0]).toContain('"Accepted"');
  expect(frames[1]).toContain('"Heartbeat"');
});

test('F06.FR.03 an EVSE that means nothing to the message is ignored', async () => {
  const b = await bench().booted();
  expect(await trigger(b, 'Heartbeat', { id: 1 })).toBe('Accepted');
  expect(b.csms.of('Heartbeat')).toHaveLength(1);
});

test('F06.FR.06 F06.FR.11 P85 MeterValues: the Aligned measurands as they are now, of one EVSE or of all', async () => {
  const b = await bench({
    topology: TWO,
    variables: { 'AlignedDataCtrlr.Measurands': 'Energy.Active.Import.Register,Power.Active.Import' },
  }).booted();
  expect(await trigger(b, 'MeterValues', { id: 2 })).toBe('Accepted');
  expect(b.csms.of('MeterValues')).toMatchObject([{ evseId: 2, meterValue: [{ sampledValue: [{ context: 'Trigger' }, {}] }] }]);
  expect(await trigger(b, 'MeterValues')).toBe('Accepted');
  expect(b.csms.of('MeterValues').map((request) => request.evseId)).toEqual([0, 1, 2]);
});

test('F06.FR.07 F06.FR.09 F06.FR.11 P85 TransactionEvent: trigger, state and the Updated measurands of now', async () => {
  const b = await bench({
    topology: TWO,
    variables: { 'SampledDataCtrlr.TxUpdatedMeasurands': 'Energy.Active.Import.Register', 'SampledDataCtrlr.TxUpdatedInterval': '0' },
  }).booted();
  expect(await trigger(b, 'TransactionEvent')).toBe('Rejected');
  await b.charging(1);
  await b.charging(2, { idToken: 'SECOND', type: 'ISO14443' });
  await b.wait(100);
  expect(await trigger(b, 'TransactionEvent', { id: 1 })).toBe('Accepted');
  const [event] = b.events;
  expect(event).toMatchObject({ eventType: 'Updated', triggerReason: 'Trigger', transactionInfo: { chargingState: 'Charging' } });
  expect(b.clock.now() - Date.parse(event?.meterValue?.[0]?.timestamp ?? '')).toBeLessThan(10_000);
  expect(await trigger(b, 'TransactionEvent')).toBe('Accepted');
  expect(b.events).toHaveLength(2);
});

test('F06.FR.08 what is not implemented says so', async () => {
  const b = await bench().booted();
  for (const message of [
    'SignChargingStationCertificate', // this one was built without certificates
    'SignCombinedCertificate',
    'PublishFirmwareStatusNotification',
  ] as const) {
    expect(await trigger(b, message)).toBe('NotImplemented');
    expect(b.csms.calls).toEqual([]);
  }
});

test('F06.FR.12 StatusNotification needs a connector', async () => {
  const b = await bench({ topology: TWO }).booted();
  expect(await trigger(b, 'StatusNotification')).toBe('Rejected');
  expect(await trigger(b, 'StatusNotification', { id: 1 })).toBe('Rejected');
  expect(await trigger(b, 'StatusNotification', { id: 2, connectorId: 1 })).toBe('Accepted');
  expect(b.csms.of('StatusNotification')).toMatchObject([{ evseId: 2, connectorId: 1, connectorStatus: 'Available' }]);
  expect(await trigger(b, 'StatusNotification', { id: 2, connectorId: 9 })).toBe('Rejected');
});

test('F06.FR.17 BootNotification is Rejected once the last one was Accepted', async () => {
  const b = await bench().booted();
  expect(await trigger(b, 'BootNotification')).toBe('Rejected');
  expect(b.csms.calls).toEqual([]);
});
