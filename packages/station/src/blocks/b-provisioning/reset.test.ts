import { expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { bench, CARD } from '../../testing/bench.ts';

const TWO = demoTopologies.acThreePhase;

test('B11.FR.01 B11.FR.03 B11.FR.04 an idle station answers Accepted, restarts and boots again with the reason', async () => {
  const b = await bench().booted();
  expect((await b.ask('Reset', { type: 'OnIdle' })).status).toBe('Accepted');
  await b.wait(10);
  expect(b.csms.of('BootNotification').map((boot) => boot.reason)).toEqual(['PowerUp', 'RemoteReset']);
  expect(b.csms.of('StatusNotification')).toHaveLength(2);
});

test('B11.FR.02 B12.FR.06 G01.FR.02 what was Inoperative is Unavailable after the reset', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.ask('ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 2 } });
  await b.ask('Reset', { type: 'Immediate', evseId: 2 });
  expect(b.evse(2).connectors[0]?.status).toBe('Unavailable');
  b.csms.forget();
  await b.ask('Reset', { type: 'Immediate' });
  await b.wait(10);
  expect(b.csms.of('StatusNotification').map((s) => s.connectorStatus)).toEqual(['Available', 'Unavailable']);
});

test('B11.FR.07 B12.FR.01 B12.FR.03 OnIdle during a transaction is Scheduled: free EVSEs close, the transaction ends as usual, then it restarts', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.charging(1);
  expect((await b.ask('Reset', { type: 'OnIdle' })).status).toBe('Scheduled');
  expect(b.evse(2).connectors[0]?.status).toBe('Unavailable');
  await b.wait(300);
  expect(b.csms.of('BootNotification')).toHaveLength(1);
  await b.card(CARD, 1);
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', transactionInfo: { stoppedReason: 'Local' } });
  await b.wait(15);
  expect(b.csms.last('BootNotification').reason).toBe('ScheduledReset');
  expect(b.csms.of('StatusNotification').at(-1)?.connectorStatus).toBe('Available');
});

test('B11.FR.07 errata 2.14: a driver on the way to his vehicle or a cable that is kept locked is not idle either', async () => {
  const b = await bench().booted();
  await b.card();
  expect((await b.ask('Reset', { type: 'OnIdle' })).status).toBe('Scheduled');
});

test('B12.FR.02 B12.FR.04 Immediate ends every transaction with ResetCommand and ImmediateReset before it restarts', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.charging(1);
  await b.charging(2, { idToken: 'SECOND', type: 'ISO14443' });
  expect((await b.ask('Reset', { type: 'Immediate' })).status).toBe('Accepted');
  await b.wait(10);
  const ended = b.events.filter((event) => event.eventType === 'Ended');
  expect(ended).toHaveLength(2);
  expect(ended.every((event) => event.triggerReason === 'ResetCommand' && event.transactionInfo.stoppedReason === 'ImmediateReset')).toBe(
    true,
  );
  const order = b.csms.calls.map((call) => call.action);
  expect(order.lastIndexOf('TransactionEvent')).toBeLessThan(order.lastIndexOf('BootNotification'));
});

test('B12.FR.05 an Ended without answer is kept and sent again after the reboot', async () => {
  const b = await bench().booted();
  await b.charging();
  b.csms.always('TransactionEvent', 'silence');
  await b.ask('Reset', { type: 'Immediate' });
  await b.clock.until('the station came back', () => b.csms.of('BootNotification').length === 2, 120_000);
  b.csms.always('TransactionEvent', {});
  b.csms.forget();
  await b.wait(20);
  expect(b.events).toMatchObject([{ eventType: 'Ended', offline: true, transactionInfo: { stoppedReason: 'ImmediateReset' } }]);
});

test('B11.FR.08 B12.FR.08 one EVSE is reset alone: its transaction ends, the other one goes on, nothing boots', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.charging(1);
  await b.charging(2, { idToken: 'SECOND', type: 'ISO14443' });
  expect((await b.ask('Reset', { type: 'Immediate', evseId: 2 })).status).toBe('Accepted');
  await b.wait(5);
  expect(b.events.filter((event) => event.eventType === 'Ended')).toMatchObject([
    { triggerReason: 'ResetCommand', transactionInfo: { stoppedReason: 'ImmediateReset' } },
  ]);
  expect(b.evse(1).transaction).toBeDefined();
  expect(b.csms.of('BootNotification')).toHaveLength(1);
});

test('B12.FR.07 an OnIdle reset of one EVSE waits for its transaction only', async () => {
  const b = await bench({ topology: TWO }).booted();
  await b.charging(1);
  await b.charging(2, { idToken: 'SECOND', type: 'ISO14443' });
  expect((await b.ask('Reset', { type: 'OnIdle', evseId: 2 })).status).toBe('Scheduled');
  await b.card({ idToken: 'SECOND', type: 'ISO14443' }, 2);
  await b.wait(5);
  expect(b.lastEvent).toMatchObject({ eventType: 'Ended', transactionInfo: { stoppedReason: 'Local' } });
  expect(b.evse(1).transaction).toBeDefined();
  expect(b.csms.of('BootNotification')).toHaveLength(1);
});

test('B11.FR.09 B11.FR.10 B12.FR.09 an EVSE that cannot be reset alone says so and rejects', async () => {
  const b = await bench({ config: { evseReset: false } }).booted();
  await b.charging();
  expect((await b.ask('Reset', { type: 'Immediate', evseId: 1 })).status).toBe('Rejected');
  expect((await b.ask('Reset', { type: 'OnIdle', evseId: 1 })).status).toBe('Rejected');
  const allow = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'AllowReset' } };
  expect((await b.ask('GetVariables', { getVariableData: [allow] })).getVariableResult[0]?.attributeValue).toBe('false');
  const able = await bench().booted();
  expect((await able.ask('GetVariables', { getVariableData: [allow] })).getVariableResult[0]?.attributeValue).toBe('true');
});

test('B11.FR.06 B12.FR.10 a second reset while one is under way is Rejected', async () => {
  const b = await bench().booted();
  await b.charging();
  b.csms.always('TransactionEvent', 'silence');
  await b.ask('Reset', { type: 'Immediate' });
  expect((await b.ask('Reset', { type: 'Immediate' })).status).toBe('Rejected');
});

test('E06.FR.10 E07.FR.07 a scheduled reset that comes before the lock has opened does not trap the cable', async () => {
  const b = await bench().booted();
  await b.charging();
  await b.ask('Reset', { type: 'OnIdle' });
  b.hardware.presentToken(CARD);
  await b.wait(20);
  expect(b.csms.last('BootNotification').reason).toBe('ScheduledReset');
  expect(b.hardware.unplug(1)).toBe(true);
  await b.wait();
  expect(b.evse().connectors[0]?.status).toBe('Available');
});
