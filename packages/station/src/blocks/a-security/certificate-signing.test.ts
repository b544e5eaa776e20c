import { type Crypto, type Instant, splitPem } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { beforeAll, expect, test } from 'vitest';
import { type Bench, bench } from '../../testing/bench.ts';
import { TestAuthority } from '../../testing/certificates.ts';
import { ScriptedCsms } from '../../testing/scripted-csms.ts';

const DAY = 86_400_000;
let crypto: Crypto;
let ca: TestAuthority;
beforeAll(async () => {
  crypto = await loadCrypto();
  ca = new TestAuthority(crypto, bench().clock.now());
});

const FAST = {
  'OCPPCommCtrlr.RetryBackOffWaitMinimum': '10',
  'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
  'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0',
  'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '2',
};

/** A station on profile 3 and its CSMS, which accepts requests and does nothing about them. */
async function profile3(wish: { notAfter?: Instant; variables?: Record<string, string> } = {}): Promise<Bench & { first: string }> {
  const at = bench().clock.now();
  const made = ca.issue({ commonName: 'DEMO-AC1', organization: 'Busbar' }, { notAfter: wish.notAfter ?? at + 300 * DAY });
  const b = bench({
    crypto,
    variables: { ...FAST, ...wish.variables },
    config: {
      csmsUrl: 'wss://csms/ocpp',
      roots: [{ kind: 'CSMSRoot', pem: ca.root.pem }],
      clientCertificate: { chain: made.pem, key: made.key.privateKey },
    },
  });
  const csms = new ScriptedCsms(b.clock, b.network, 'wss://csms', () => ca.issue({ commonName: 'csms' }).pem);
  csms.always('SignCertificate', { status: 'Accepted' });
  Object.assign(b, { csms });
  await b.booted();
  return Object.assign(b, { first: made.pem });
}
const trigger = async (b: Bench): Promise<string> =>
  (await b.ask('TriggerMessage', { requestedMessage: 'SignChargingStationCertificate' })).status;
const csrOf = (b: Bench): string => b.csms.last('SignCertificate').csr;
const deliver = (b: Bench, certificateChain: string) =>
  b.ask('CertificateSigned', { certificateChain, certificateType: 'ChargingStationCertificate' });
const shown = (b: Bench): string | undefined => b.csms.handshakes.at(-1)?.clientCertificate;
const events = (b: Bench): string[] =>
  b.csms
    .of('SecurityEventNotification')
    .map(({ type }) => type)
    .filter((type) => type !== 'StartupOfTheDevice');

test('A02.FR.02 A02.FR.03 A02.FR.13 A03.FR.13 TC_A_11_CS a triggered request: a new key, the serial number as its name, PEM', async () => {
  const b = await profile3();
  expect(await trigger(b)).toBe('Accepted');
  expect(b.csms.of('SignCertificate')).toMatchObject([{ certificateType: 'ChargingStationCertificate' }]);
  const first = crypto.readRequest(csrOf(b));
  expect(first).toMatchObject({
    kind: 'request',
    subject: { commonName: 'DEMO-AC1', organization: 'Busbar' },
    key: { kind: 'ec', bits: 256 },
  });
  await trigger(b);
  const second = crypto.readRequest(csrOf(b));
  expect(first.kind === 'request' && second.kind === 'request' && first.publicKey !== second.publicKey).toBe(true);
  expect(b.csms.faults).toEqual([]);
});

test('A02.FR.06 A02.FR.08 A02.FR.10 A03.FR.08 A03.FR.10 TC_A_11_CS a valid certificate: Accepted, then it comes back with it at once, and the old one is gone', async () => {
  const b = await profile3();
  await trigger(b);
  const chain = ca.sign(csrOf(b));
  expect(await deliver(b, chain)).toEqual({ status: 'Accepted' });
  await b.wait(20);
  expect(shown(b)).toBe(chain);
  expect(b.csms.of('BootNotification')).toHaveLength(1); // a reconnect, no reset
  expect(await b.get('SecurityCtrlr', 'CertificateEntries')).toBe('2'); // the root and one of its own
  b.cut();
  b.restore();
  await b.wait(20);
  expect(shown(b)).toBe(chain);
});

test.each([
  ['expired', (csr: string, at: Instant) => ca.sign(csr, { notAfter: at - DAY })],
  ['notYetValid', (csr: string, at: Instant) => ca.sign(csr, { notBefore: at + DAY })],
  ['badSignature', (csr: string, at: Instant) => new TestAuthority(crypto, at).sign(csr)],
  ['unknownIssuer', (csr: string, at: Instant) => new TestAuthority(crypto, at, 'Stranger').sign(csr)],
  ['for nobody', (csr: string) => ca.sign(csr, { subject: { organization: 'Busbar' } })],
  ['organization', (csr: string) => ca.sign(csr, { subject: { commonName: 'DEMO-AC1', organization: 'Others' } })],
  ['a CA certificate', (csr: string) => ca.sign(csr, { ca: {} })],
  ['another key', () => ca.issue({ commonName: 'DEMO-AC1', organization: 'Busbar' }).pem],
  ['malformed', () => 'no certificate'],
])('A02.FR.06 A02.FR.07 A02.FR.20 A03.FR.06 A03.FR.07 TC_A_14_CS %s: Rejected, an event, no more requests', async (why, make) => {
  const b = await profile3({ variables: { 'SecurityCtrlr.CertSigningWaitMinimum': '20' } });
  await trigger(b);
  const answer = await deliver(b, make(csrOf(b), b.clock.now()));
  expect(answer).toMatchObject({ status: 'Rejected', statusInfo: { additionalInfo: expect.stringContaining(why) } });
  await b.wait(200);
  expect(events(b)).toEqual(['InvalidChargingStationCertificate']);
  expect(b.csms.of('SignCertificate')).toHaveLength(1);
  expect(b.csms.handshakes).toHaveLength(1);
  expect(b.csms.faults).toEqual([]);
});

test('A02.FR.16 A03.FR.16 longer than MaxCertificateChainSize is Rejected', async () => {
  const b = await profile3();
  const size = Number(await b.get('SecurityCtrlr', 'MaxCertificateChainSize'));
  expect(b.station.setActual({ name: 'SecurityCtrlr' }, { name: 'MaxCertificateChainSize' }, '500')).toBe(true);
  expect(size).toBe(10_000);
  await trigger(b);
  expect(await deliver(b, ca.sign(csrOf(b)))).toMatchObject({ status: 'Rejected' });
});

test('a certificate that nobody asked for is Rejected', async () => {
  const b = await profile3();
  expect(await deliver(b, b.first)).toMatchObject({ status: 'Rejected' });
});

test('A02.FR.12 TC_A_15_CS the CSMS rejects the request: it stays as it is', async () => {
  const b = await profile3({ variables: { 'SecurityCtrlr.CertSigningWaitMinimum': '20' } });
  b.csms.always('SignCertificate', { status: 'Rejected' });
  await trigger(b);
  await b.wait(200);
  expect(b.csms.of('SignCertificate')).toHaveLength(1);
  expect(shown(b)).toBe(b.first);
});

test('A02.FR.17 A02.FR.18 A02.FR.19 A03.FR.17 A03.FR.18 A03.FR.19 TC_A_23_CS no certificate comes: asked again after 20, 40 s, then not any more until it is triggered', async () => {
  const b = await profile3({ variables: { 'SecurityCtrlr.CertSigningWaitMinimum': '20', 'SecurityCtrlr.CertSigningRepeatTimes': '2' } });
  await trigger(b);
  await b.wait(600);
  const times = b.csms.calls.filter(({ action }) => action === 'SignCertificate').map(({ at }) => Math.round(at / 1000));
  expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([20, 40]);
  await trigger(b);
  expect(b.csms.of('SignCertificate')).toHaveLength(4);
});

test('A03.FR.02 A03.FR.03 a certificate that ends within a month: the station asks by itself', async () => {
  const b = await profile3({ notAfter: bench().clock.now() + 31 * DAY });
  expect(b.csms.of('SignCertificate')).toEqual([]);
  await b.wait(2 * 24 * 3600);
  expect(b.csms.of('SignCertificate').length).toBeGreaterThan(0);
  await deliver(b, ca.sign(csrOf(b)));
  await b.wait(20);
  b.csms.forget();
  await b.wait(2 * 24 * 3600);
  expect(b.csms.of('SignCertificate')).toEqual([]);
});

test('A02.FR.28 A02.FR.29 A03.FR.24 A03.FR.25 B10.FR.09 the new certificate works nowhere: back to the old one, the new one is discarded and reported', async () => {
  const b = await profile3();
  await trigger(b);
  const chain = ca.sign(csrOf(b));
  b.csms.judge = ({ clientCertificate }) => clientCertificate === b.first;
  expect(await deliver(b, chain)).toEqual({ status: 'Accepted' });
  await b.wait(120);
  const tried = b.csms.handshakes.map(({ clientCertificate }) => (clientCertificate === chain ? 'new' : 'old'));
  expect(tried).toEqual(['old', 'new', 'new', 'old']);
  expect(events(b)).toEqual(['DiscardedRenewedClientCertificate']);
  b.csms.close();
  await b.wait(20);
  expect(shown(b)).toBe(b.first);
});

test('A02.FR.05 A03.FR.05 the private key is nowhere in what the station sends or shows', async () => {
  const b = await profile3();
  await trigger(b);
  await b.ask('GetBaseReport', { requestId: 1, reportBase: 'FullInventory' });
  await b.wait(30);
  expect(JSON.stringify([b.csms.calls, b.trace, b.station.facts()])).not.toContain('PRIVATE KEY');
  expect(splitPem(csrOf(b))).toEqual([]);
});

test('A02.FR.01 a power cut between request and certificate: the key is still there', async () => {
  const b = await profile3();
  await trigger(b);
  const chain = ca.sign(csrOf(b));
  b.cut();
  b.restore();
  await b.wait(20);
  expect(await deliver(b, chain)).toEqual({ status: 'Accepted' });
});

test('OrganizationName is the name in the request and the one a certificate must have; without one nothing is asked for', async () => {
  const b = await profile3();
  expect(await b.set('SecurityCtrlr', 'OrganizationName', 'Other Operator')).toBe('Accepted');
  await trigger(b);
  expect(crypto.readRequest(csrOf(b))).toMatchObject({ subject: { organization: 'Other Operator' } });
  expect(await deliver(b, ca.sign(csrOf(b), { subject: { commonName: 'DEMO-AC1', organization: 'Busbar' } }))).toMatchObject({
    status: 'Rejected',
  });
  expect(await b.set('SecurityCtrlr', 'OrganizationName', '')).toBe('Accepted');
  expect(await trigger(b)).toBe('Rejected');
});
