import type { Ocpp } from '@busbar/protocol';
import { expect, test } from 'vitest';
import { type Bench, bench } from '../../testing/bench.ts';
import { ScriptedCsms } from '../../testing/scripted-csms.ts';

const profile = (url: string, more: Partial<Ocpp.NetworkConnectionProfileType> = {}): Ocpp.NetworkConnectionProfileType => ({
  ocppCsmsUrl: url,
  ocppVersion: 'OCPP20',
  ocppTransport: 'JSON',
  ocppInterface: 'Wired0',
  messageTimeout: 30,
  securityProfile: 1,
  ...more,
});
const set = (b: Bench, configurationSlot: number, connectionData: Ocpp.NetworkConnectionProfileType) =>
  b.ask('SetNetworkProfile', { configurationSlot, connectionData });
const priority = (b: Bench, value: string): Promise<string> => b.set('OCPPCommCtrlr', 'NetworkConfigurationPriority', value);
const BACK_OFF = {
  'OCPPCommCtrlr.RetryBackOffWaitMinimum': '10',
  'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
  'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0',
  'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '2',
};
/** Where it dialled, in order. */
const dials = (b: Bench): string[] =>
  b.trace.flatMap((event) => (event.kind === 'link' && event.state === 'dialling' ? [new URL(event.detail).host] : []));
const moved = async (b: Bench): Promise<ScriptedCsms> => {
  const other = new ScriptedCsms(b.clock, b.network, 'ws://other');
  await set(b, 2, profile('ws://other/ocpp'));
  expect(await priority(b, '2,1')).toBe('Accepted');
  return other;
};

test('B09.FR.01 a valid profile is stored and survives a power cut; the live link stays (P111)', async () => {
  const b = await bench().booted();
  expect(await set(b, 2, profile('ws://other/ocpp'))).toEqual({ status: 'Accepted' });
  expect(b.csms.handshakes).toHaveLength(1);
  b.cut();
  b.restore();
  await b.wait(5);
  expect(await priority(b, '2,1')).toBe('Accepted');
});

test.each([
  [2, profile('http://other'), 'InvalidNetworkConf'],
  [2, profile('ws://other/ocpp?x=1'), 'InvalidNetworkConf'],
  [2, profile('ws://other', { ocppTransport: 'SOAP' }), 'InvalidNetworkConf'],
  [2, profile('ws://other', { messageTimeout: 0 }), 'InvalidNetworkConf'],
  [2, profile('ws://other', { securityProfile: 2 }), 'InvalidNetworkConf'],
  [2, profile('wss://other', { securityProfile: 7 }), 'InvalidNetworkConf'],
  [2, profile('ws://other', { securityProfile: 0 }), 'NoSecurityDowngrade'],
  [0, profile('ws://other'), 'InvalidConfSlot'],
  [99, profile('ws://other'), 'InvalidConfSlot'],
] as const)('B09.FR.02 B09.FR.04 B09.FR.05 TC_B_43_CS slot %i with %o is Rejected as %s', async (slot, given, reasonCode) => {
  const b = await bench().booted();
  expect(await set(b, slot, given)).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode } });
  expect(b.csms.faults).toEqual([]);
});

test('B09.FR.05 B09.FR.06 the slots stand in the list of values of NetworkConfigurationPriority', async () => {
  const b = await bench().booted();
  expect(await b.get('OCPPCommCtrlr', 'NetworkConfigurationPriority')).toBe('1');
  await b.ask('GetReport', {
    requestId: 1,
    componentVariable: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' } }],
  });
  expect(b.csms.last('NotifyReport').reportData?.[0]?.variableCharacteristics?.valuesList).toBe('1,2,3,4');
});

test('B10.FR.02 an order with an empty slot is Rejected', async () => {
  const b = await bench().booted();
  expect(await priority(b, '3')).toBe('Rejected');
  expect(await priority(b, '1,3')).toBe('Rejected');
  expect(await priority(b, '')).toBe('Rejected');
});

test('B10.FR.01 B10.FR.04 B10.FR.06 TC_B_45_CS after a reset the first entry is tried, the old link is left before', async () => {
  const b = await bench({ variables: BACK_OFF }).booted();
  const other = await moved(b);
  expect(b.csms.connected).toBe(true);
  expect(other.handshakes).toEqual([]);
  expect(await b.get('OCPPCommCtrlr', 'ActiveNetworkProfile')).toBe('1');
  await b.ask('Reset', { type: 'Immediate' });
  await b.wait(60);
  expect([b.csms.connected, other.connected]).toEqual([false, true]);
  expect(other.last('BootNotification').reason).toBe('RemoteReset');
  expect(b.station.facts().activeNetworkProfile).toBe(2);
});

test('B10.FR.03 B10.FR.07 B10.FR.10 TC_B_46_CS so many attempts on the first entry, then the next one, with a BootNotification', async () => {
  const b = await bench({ variables: BACK_OFF }).booted();
  const other = await moved(b);
  other.accepting = false;
  b.trace.length = 0;
  b.csms.forget();
  await b.ask('Reset', { type: 'Immediate' });
  await b.wait(120);
  expect(dials(b)).toEqual(['other', 'other', 'csms']);
  expect(b.csms.of('BootNotification')).toHaveLength(1);
  expect(b.station.facts()).toMatchObject({ activeNetworkProfile: 1, registration: 'accepted' });
});

test('B10.FR.03 B10.FR.10 after a loss the attempts begin where it was, then go to the others; another profile means a new boot', async () => {
  const b = await bench({ variables: BACK_OFF }).booted();
  const other = await moved(b);
  b.trace.length = 0;
  b.csms.accepting = false;
  b.csms.close();
  await b.wait(120);
  expect(dials(b)).toEqual(['csms', 'csms', 'other']);
  expect(other.of('BootNotification')).toMatchObject([{ reason: 'Unknown' }]);
  expect(b.station.facts().registration).toBe('accepted');
});

test('B10.FR.07 B10.FR.08 B10.FR.09 when all failed: the last that worked, then all again, without end', async () => {
  const b = await bench({ variables: BACK_OFF }).booted();
  const other = await moved(b);
  other.accepting = false;
  b.csms.accepting = false;
  b.trace.length = 0;
  await b.ask('Reset', { type: 'Immediate' });
  await b.wait(300);
  expect(dials(b).slice(0, 12)).toEqual([
    'other',
    'other',
    'csms',
    'csms',
    'csms',
    'csms',
    'other',
    'other',
    'csms',
    'csms',
    'csms',
    'csms',
  ]);
  other.accepting = true;
  await b.wait(120);
  expect(other.connected).toBe(true);
});

test('the time-out of the profile is the one that counts on it', async () => {
  const b = await bench({ variables: BACK_OFF }).booted();
  const other = new ScriptedCsms(b.clock, b.network, 'ws://other');
  other.always('BootNotification', 'silence');
  await set(b, 2, profile('ws://other/ocpp', { messageTimeout: 5 }));
  await priority(b, '2');
  await b.ask('Reset', { type: 'Immediate' });
  await b.clock.until('a boot', () => other.of('BootNotification').length > 0);
  await b.wait(66);
  expect(other.of('BootNotification').length).toBe(2);
});

test('2.1: identity and password of a profile are those of its link', async () => {
  const b = await bench({ variables: BACK_OFF, version: 'ocpp2.1' }).booted();
  const other = new ScriptedCsms(b.clock, b.network, 'ws://other');
  await set(b, 2, profile('ws://other/ocpp/', { identity: 'ELSEWHERE', basicAuthPassword: 'another-password-1' }));
  await priority(b, '2,1');
  await b.ask('Reset', { type: 'Immediate' });
  await b.wait(60);
  expect(other.handshakes[0]).toMatchObject({
    path: '/ocpp/ELSEWHERE',
    authorization: `Basic ${Buffer.from('ELSEWHERE:another-password-1').toString('base64')}`,
  });
});
