import { limits } from '@busbar/runtime';
import { expect, test } from 'vitest';
import { TestCsms } from '../../testing/test-csms.ts';
import { maskSecrets, newPassword } from './password-change.ts';

const DAY = 86_400_000;
const RENEWING = { automations: { onboardingInventory: false, gapQuery: false, bootQuery: false, certRenewal: true, runningCost: false } };

test('A03 certRenewal: a station whose certificate ends within a month is asked once a day, until it has another one', async () => {
  const csms = await TestCsms.start(RENEWING);
  const station = await csms.station('CS1');
  station.script = { TriggerMessage: () => ({ status: 'Accepted' }) };
  const certificate = {
    station: csms.row('CS1'),
    use: 'ChargingStationCertificate',
    serial: 'ab',
    issuer: 'i',
    subject: 'CS1',
    notBefore: 0,
    notAfter: csms.clock.now() + 30 * DAY + 3_600_000,
    chain: '',
    state: 'installed',
    issuedAt: 0,
  } as const;
  await csms.settle(csms.csms.kernel.queue.commit([{ k: 'certificatePut', certificate }]));
  await csms.clock.advance(30 * 60_000);
  expect(station.heard).toEqual([]);
  await csms.clock.advance(DAY);
  expect(station.heard).toEqual([{ action: 'TriggerMessage', request: { requestedMessage: 'SignChargingStationCertificate' } }]);
  await csms.clock.advance(DAY);
  expect(station.heard).toHaveLength(2);
  await csms.settle(
    csms.csms.kernel.queue.commit([
      { k: 'certificatePut', certificate: { ...certificate, serial: 'ac', notAfter: certificate.notAfter + 300 * DAY } },
    ]),
  );
  await csms.clock.advance(3 * DAY);
  expect(station.heard).toHaveLength(2);
}, 30_000); // six virtual days

test('A03 certRenewal is switched off like every automation', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  const certificate = {
    station: csms.row('CS1'),
    use: 'ChargingStationCertificate',
    serial: 'ab',
    issuer: 'i',
    subject: 'CS1',
    notBefore: 0,
  } as const;
  await csms.settle(
    csms.csms.kernel.queue.commit([
      {
        k: 'certificatePut',
        certificate: { ...certificate, notAfter: csms.clock.now() + DAY, chain: '', state: 'installed', issuedAt: 0 },
      },
    ]),
  );
  await csms.clock.advance(2 * DAY);
  expect(station.heard).toEqual([]);
});

test('A04.FR.03 a station that floods us with security events is answered and marked, and keeps nobody from reading', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  for (let n = 0; n < limits.securityEventsPerHour + 20; n += 1)
    expect(
      await station.call('SecurityEventNotification', {
        type: 'StartupOfTheDevice',
        timestamp: `2026-01-01T00:00:00.${`${n}`.padStart(3, '0')}Z`,
      }),
    ).toEqual({});
  const stored = await csms.csms.kernel.read.securityEvents({ station: csms.row('CS1'), limit: 1_000 });
  expect(stored).toHaveLength(limits.securityEventsPerHour);
  expect(csms.csms.kernel.stations.get('CS1')?.record.anomalies).toContain('securityEventFlood');
  await csms.clock.advance(3_600_001);
  await station.call('SecurityEventNotification', { type: 'TamperDetectionActivated', timestamp: '2026-01-02T00:00:00Z' });
  expect(await csms.csms.kernel.read.securityEvents({ station: csms.row('CS1'), limit: 1 })).toMatchObject([
    { type: 'TamperDetectionActivated' },
  ]);
});

test('A04 an event nobody knows counts as critical', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  await station.call('SecurityEventNotification', { type: 'VendorAlarm', timestamp: '2026-01-01T00:00:00Z', techInfo: 'x' });
  await station.call('SecurityEventNotification', { type: 'InvalidMessages', timestamp: '2026-01-01T00:00:01Z' });
  const stored = await csms.csms.kernel.read.securityEvents({ limit: 9 });
  expect(stored.map(({ type, critical }) => [type, critical])).toEqual([
    ['InvalidMessages', false],
    ['VendorAlarm', true],
  ]);
  expect(csms.csms.kernel.live.since(0)?.filter(({ event }) => event.type === 'security')).toHaveLength(2);
});

test('A02.FR.12 without anybody who signs a request is Rejected', async () => {
  const csms = await TestCsms.start();
  const station = await csms.station('CS1');
  expect(await station.call('SignCertificate', { csr: 'x' })).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode: 'NoSigner' } });
});

test('A01.FR.08 A01.FR.09 what is stored of a request holds no secret, whatever its spelling', () => {
  const secret = { component: { name: 'securityctrlr' }, variable: { name: 'BASICAUTHPASSWORD' }, attributeValue: 'geheim-geheim-geheim' };
  const other = { component: { name: 'TxCtrlr' }, variable: { name: 'EVConnectionTimeOut' }, attributeValue: '60' };
  const payload = { setVariableData: [other, secret] };
  expect(newPassword(payload)?.reveal()).toBe('geheim-geheim-geheim');
  expect(newPassword({ setVariableData: [other] })).toBeUndefined();
  expect(newPassword({ setVariableData: 'x' })).toBeUndefined();
  expect(maskSecrets(payload)).toEqual({ setVariableData: [other, { ...secret, attributeValue: '(secret)' }] });
  expect(
    JSON.stringify(
      maskSecrets({
        connectionData: { basicAuthPassword: 'geheim', vpn: { key: 'geheim', password: 'geheim' }, apn: { apnPassword: 'geheim' } },
      }),
    ),
  ).not.toContain('geheim');
  expect(maskSecrets({ evseId: 1 })).toEqual({ evseId: 1 });
});
