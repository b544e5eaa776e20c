import type { Ocpp } from '@busbar/protocol';
import type { Crypto } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { beforeAll, expect, test } from 'vitest';
import { type Bench, type BenchOptions, bench } from '../../testing/bench.ts';
import { TestAuthority } from '../../testing/certificates.ts';
import { ScriptedCsms } from '../../testing/scripted-csms.ts';

let crypto: Crypto;
let ca: TestAuthority;
beforeAll(async () => {
  crypto = await loadCrypto();
  ca = new TestAuthority(crypto, bench().clock.now());
});

const profile = (securityProfile: number): Ocpp.NetworkConnectionProfileType => ({
  ocppCsmsUrl: securityProfile > 1 ? 'wss://csms/ocpp' : 'ws://csms/ocpp',
  ocppVersion: 'OCPP20',
  ocppTransport: 'JSON',
  ocppInterface: 'Wired0',
  messageTimeout: 30,
  securityProfile,
});
const set = (b: Bench, slot: number, securityProfile: number) =>
  b.csms.call('SetNetworkProfile', { configurationSlot: slot, connectionData: profile(securityProfile) });
const priority = (b: Bench, value: string): Promise<string> => b.set('OCPPCommCtrlr', 'NetworkConfigurationPriority', value);
const root = { kind: 'CSMSRoot', pem: '' } as const;
const withRoot = () => ({ roots: [{ ...root, pem: ca.root.pem }] });
const withCertificate = () => {
  const made = ca.issue({ commonName: 'DEMO-AC1', organization: 'Busbar' });
  return { ...withRoot(), clientCertificate: { chain: made.pem, key: made.key.privateKey } };
};
const built = async (config: BenchOptions['config'] = {}): Promise<Bench & { secure: ScriptedCsms }> => {
  const b = bench({ crypto, config });
  const secure = new ScriptedCsms(b.clock, b.network, 'wss://csms', () => ca.issue({ commonName: 'csms' }).pem);
  if (config.csmsUrl?.startsWith('wss:') === true) Object.assign(b, { csms: secure });
  await b.booted();
  return Object.assign(b, { secure });
};
const ask = async <T>(b: Bench, answer: Promise<T>): Promise<T> => {
  await b.wait();
  return answer;
};

test('A05.FR.02 TC_A_20_CS no CSMS root, no profile 2: Rejected when the order is set', async () => {
  const b = await built();
  expect(await ask(b, set(b, 2, 2))).toMatchObject({ status: 'Accepted' });
  expect(await priority(b, '2,1')).toBe('Rejected');
  expect(await b.get('OCPPCommCtrlr', 'NetworkConfigurationPriority')).toBe('1');
});

test('A05.FR.03 TC_A_21_CS no client certificate, no profile 3', async () => {
  const b = await built(withRoot());
  await ask(b, set(b, 2, 3));
  expect(await priority(b, '2,1')).toBe('Rejected');
});

test.each([
  [2, withRoot],
  [3, withCertificate],
] as const)(
  'A05.FR.04 A05.FR.05 A05.FR.06 TC_A_19_CS up to profile %i: reached with the first accepted link, then what is lower goes',
  async (wanted, config) => {
    const b = await built(config());
    expect(await b.get('SecurityCtrlr', 'SecurityProfile')).toBe('1');
    await ask(b, set(b, 2, wanted));
    expect(await priority(b, '2,1')).toBe('Accepted');
    expect(await b.get('SecurityCtrlr', 'SecurityProfile')).toBe('1');
    await b.ask('Reset', { type: 'OnIdle' });
    await b.wait(30);
    expect(b.secure.connected).toBe(true);
    expect(b.station.facts()).toMatchObject({ securityProfile: wanted, activeNetworkProfile: 2, registration: 'accepted' });
    Object.assign(b, { csms: b.secure });
    expect(await b.get('OCPPCommCtrlr', 'NetworkConfigurationPriority')).toBe('2');
    // TC_A_22_CS: no way back.
    expect(await ask(b, set(b, 1, 1))).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode: 'NoSecurityDowngrade' } });
    expect(await priority(b, '1')).toBe('Rejected');
    b.cut();
    b.restore();
    await b.wait(30);
    expect(b.station.facts()).toMatchObject({ securityProfile: wanted, link: 'open' });
  },
);

test('A05.FR.10 B09.FR.04 A00.FR.005 without AllowSecurityProfileDowngrade nothing lower is taken', async () => {
  const b = await built({ ...withCertificate(), csmsUrl: 'wss://csms/ocpp', networkProfiles: [{ slot: 3, profile: profile(2) }] });
  expect(await ask(b, set(b, 2, 2))).toMatchObject({ status: 'Rejected' });
  expect(await priority(b, '3,1')).toBe('Rejected');
});

test('A05.FR.08 A05.FR.09 B09.FR.31 with it: from 3 to 2, never to 1', async () => {
  const b = await built({ ...withCertificate(), csmsUrl: 'wss://csms/ocpp' });
  expect(await b.set('SecurityCtrlr', 'AllowSecurityProfileDowngrade', 'true')).toBe('Accepted');
  expect(await ask(b, set(b, 3, 1))).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode: 'NoSecurityDowngrade' } });
  expect(await ask(b, set(b, 2, 2))).toMatchObject({ status: 'Accepted' });
  expect(await priority(b, '2,1')).toBe('Accepted');
  await b.ask('Reset', { type: 'OnIdle' });
  await b.wait(30);
  expect(b.station.facts()).toMatchObject({ securityProfile: 2, activeNetworkProfile: 2 });
  expect(b.secure.handshakes.at(-1)).toMatchObject({ authorization: expect.stringMatching(/^Basic/) });
  // On 2 it is not a matter of 3 any more.
  expect(await ask(b, set(b, 3, 1))).toMatchObject({ status: 'Rejected' });
});

test('a station that was provisioned anew forgets its old trust, slots and password', async () => {
  const b = await built(withCertificate());
  await ask(b, set(b, 2, 2));
  const other = new TestAuthority(crypto, b.clock.now(), 'Other Root');
  const chain = other.issue({ commonName: 'new' }).pem;
  const csms = new ScriptedCsms(b.clock, b.network, 'wss://new', () => chain);
  const done = b.station.provision({
    url: 'wss://new/ocpp',
    identity: 'NEW-1',
    password: 'password-of-the-new',
    securityProfile: 2,
    roots: [{ kind: 'CSMSRoot', pem: other.root.pem }],
    clientCert: null,
  });
  await b.wait(30);
  await done;
  expect(csms.handshakes).toMatchObject([
    { path: '/ocpp/NEW-1', authorization: `Basic ${Buffer.from('NEW-1:password-of-the-new').toString('base64')}` },
  ]);
  expect(b.station.facts()).toMatchObject({ identity: 'NEW-1', securityProfile: 2, registration: 'accepted' });
  Object.assign(b, { csms });
  expect(await priority(b, '2')).toBe('Rejected');
  expect(await b.get('SecurityCtrlr', 'CertificateEntries')).toBe('1');
});
