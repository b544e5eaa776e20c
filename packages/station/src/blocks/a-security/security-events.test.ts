import { SECURITY_EVENTS } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { bench } from '../../testing/bench.ts';

const types = (b: ReturnType<typeof bench>): string[] => b.csms.of('SecurityEventNotification').map(({ type }) => type);

test('A04.FR.01 that it started is told; a restart on command besides', async () => {
  const b = await bench().booted();
  expect(types(b)).toEqual(['StartupOfTheDevice']);
  await b.ask('Reset', { type: 'Immediate' });
  await b.wait(30);
  expect(types(b)).toEqual(['StartupOfTheDevice', 'StartupOfTheDevice', 'ResetOrReboot']);
  expect(b.csms.faults).toEqual([]);
});

test('A04.FR.02 an event without an answer is told again, over power cuts, in order', async () => {
  const b = bench();
  b.csms.always('SecurityEventNotification', 'silence');
  await b.booted();
  expect(b.station.facts().queuedSecurityEvents).toBe(1);
  b.cut();
  await b.wait();
  b.csms.always('SecurityEventNotification', {});
  b.csms.forget();
  b.restore();
  await b.wait(10);
  expect(types(b)).toEqual(['StartupOfTheDevice', 'StartupOfTheDevice']);
  expect(b.station.facts().queuedSecurityEvents).toBe(0);
});

test('A04.FR.02 one whose answer is lost on a living link is told again as well', async () => {
  const b = bench();
  b.csms.once('SecurityEventNotification', 'silence');
  await b.booted();
  await b.wait(120);
  expect(types(b)).toEqual(['StartupOfTheDevice', 'StartupOfTheDevice']);
  expect(b.station.facts().queuedSecurityEvents).toBe(0);
});

test('A04.FR.02 QueueAllMessages has no say in it: offline they are kept whatever it is', async () => {
  const b = await bench().booted();
  await b.offline();
  b.csms.forget();
  const done = b.station.reboot('Watchdog');
  await b.wait(20);
  await done;
  expect(types(b)).toEqual([]);
  await b.online();
  expect(types(b)).toEqual(['StartupOfTheDevice', 'ResetOrReboot']);
});

test('A04.FR.04 A01.FR.11 A01.FR.12 what is not critical is in the log only, without the password', async () => {
  const b = await bench().booted();
  b.csms.forget();
  expect(await b.set('SecurityCtrlr', 'BasicAuthPassword', 'new-password-of-24-chars')).toBe('Accepted');
  await b.wait(10);
  expect(types(b)).toEqual([]);
  expect(b.station.securityLog()).toMatchObject([
    { type: 'StartupOfTheDevice' },
    { type: 'ReconfigurationOfSecurityParameters', techInfo: 'BasicAuthPassword' },
  ]);
  expect(JSON.stringify([b.station.securityLog(), b.trace])).not.toContain('new-password');
});

test('a CSMS that refuses the credentials is a line in the log, once for the run', async () => {
  const b = await bench().booted();
  b.csms.refusal = { kind: 'refuse', status: 401, reason: 'wrong password' };
  await b.offline();
  await b.wait(120);
  const refused = b.station.securityLog().filter(({ type }) => type === 'FailedToAuthenticateAtCsms');
  expect(SECURITY_EVENTS.FailedToAuthenticateAtCsms).toBe(false);
  expect(refused).toHaveLength(1);
});

test('A04.FR.01 SettingSystemTime: a step above TimeAdjustmentReportingThreshold is told, a smaller one is not', async () => {
  const set: number[] = [];
  const b = await bench({ config: { setClock: (at) => set.push(at) } }).booted();
  b.csms.forget();
  const step = async (seconds: number): Promise<void> => {
    b.csms.once('Heartbeat', { currentTime: formatInstant(b.clock.now() + seconds * 1_000) });
    await b.ask('TriggerMessage', { requestedMessage: 'Heartbeat' });
  };
  await step(10);
  expect(types(b)).toEqual([]);
  await step(3_600);
  expect(types(b)).toEqual(['SettingSystemTime']);
  expect(await b.set('ClockCtrlr', 'TimeAdjustmentReportingThreshold', '5')).toBe('Accepted');
  await step(10);
  expect(types(b)).toEqual(['SettingSystemTime', 'SettingSystemTime']);
  expect(set.length).toBeGreaterThanOrEqual(3);
});

test('A04.FR.01 TamperDetectionActivated: somebody opened the lid', async () => {
  const b = await bench().booted();
  b.csms.forget();
  b.hardware.injectFault({}, 'TamperDetectionActivated');
  await b.wait();
  expect(types(b)).toEqual(['TamperDetectionActivated']);
});

test('A04.FR.04 InvalidMessages: what is no message is a line in the log', async () => {
  const b = await bench().booted();
  expect(await b.refused('Reset', { type: 'Sideways' })).toBe('PropertyConstraintViolation');
  expect(b.station.securityLog().at(-1)).toMatchObject({ type: 'InvalidMessages', techInfo: 'Reset: PropertyConstraintViolation' });
});

test('A04.FR.04 the log rolls: the oldest lines go', async () => {
  const b = await bench().booted();
  for (let n = 0; n < 1_010; n += 1) {
    void b.csms.callRaw('Reset', { type: `${n}` });
    await b.clock.advance(100);
  }
  const log = b.station.securityLog();
  expect(log).toHaveLength(1_000);
  expect(log[0]?.type).toBe('InvalidMessages');
}, 30_000);

test('MemoryExhaustion: the queue of transaction events is full', async () => {
  const b = await bench({ variables: { 'SampledDataCtrlr.TxUpdatedInterval': '1' } }).booted();
  await b.charging();
  await b.offline();
  await b.wait(1_200);
  expect(b.station.securityLog().filter(({ type }) => type === 'MemoryExhaustion')).toHaveLength(1);
}, 60_000);
