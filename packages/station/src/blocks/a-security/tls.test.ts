import { type Crypto, DialError } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { beforeAll, expect, test } from 'vitest';
import { type Bench, type BenchOptions, bench } from '../../testing/bench.ts';
import { TestAuthority } from '../../testing/certificates.ts';
import { ScriptedCsms } from '../../testing/scripted-csms.ts';
import type { OwnCertificate } from './own-certificates.ts';

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
};
const own = (serial = 'DEMO-AC1'): OwnCertificate => {
  const made = ca.issue({ commonName: serial, organization: 'Busbar' });
  return { chain: made.pem, key: made.key.privateKey };
};

/** A station delivered for TLS, and its CSMS on wss. */
function secured(options: BenchOptions & { serverName?: string } = {}): { b: Bench; csms: ScriptedCsms; show: (chain: string) => void } {
  const { config, serverName, ...rest } = options;
  const b = bench({
    crypto,
    variables: FAST,
    config: { csmsUrl: 'wss://csms/ocpp', roots: [{ kind: 'CSMSRoot', pem: ca.root.pem }], ...config },
    ...rest,
  });
  let chain = ca.issue({ commonName: serverName ?? 'csms', organization: 'Busbar' }).pem;
  const csms = new ScriptedCsms(b.clock, b.network, 'wss://csms', () => chain);
  return {
    b,
    csms,
    show: (next) => {
      chain = next;
    },
  };
}

test('A00.FR.001 A00.FR.004 A00.FR.301 A00.FR.302 A00.FR.306 TC_A_04_CS profile 2: the server is checked, the password goes over TLS', async () => {
  const { b, csms } = secured();
  await b.on();
  await b.wait(5);
  expect(csms.handshakes).toMatchObject([{ secure: true, authorization: expect.stringMatching(/^Basic /) }]);
  expect(csms.handshakes[0]).not.toHaveProperty('clientCertificate');
  expect(b.station.facts()).toMatchObject({ securityProfile: 2, registration: 'accepted' });
});

test('A00.FR.401 A00.FR.402 TC_A_07_CS profile 3: the client certificate is shown, no password', async () => {
  const certificate = own();
  const { b, csms } = secured({ config: { clientCertificate: certificate } });
  await b.on();
  await b.wait(5);
  expect(csms.handshakes).toMatchObject([{ secure: true, authorization: undefined, clientCertificate: certificate.chain }]);
  expect(b.station.facts().securityProfile).toBe(3);
});

test('A00.FR.310 A00.FR.311 A00.FR.316 A04.FR.02 TC_A_05_CS a server it cannot trust gets nothing; one event for the whole run, told when the link is back', async () => {
  const { b, csms, show } = secured({ serverName: 'other' });
  await b.on();
  await b.wait(65);
  expect(csms.handshakes).toEqual([]);
  show(ca.issue({ commonName: 'csms' }).pem);
  await b.wait(20);
  const invalid = csms.of('SecurityEventNotification').filter(({ type }) => type === 'InvalidCsmsCertificate');
  expect(invalid).toMatchObject([{ techInfo: expect.stringContaining('wrongName') }]);
  // A new run of failures is a new event.
  show(new TestAuthority(crypto, b.clock.now()).issue({ commonName: 'csms' }).pem);
  csms.close();
  await b.wait(30);
  show(ca.issue({ commonName: 'csms' }).pem);
  await b.wait(30);
  expect(csms.of('SecurityEventNotification').filter(({ type }) => type === 'InvalidCsmsCertificate')).toHaveLength(2);
});

test('AllowCSMSTLSWildcards lets a wildcard certificate through', async () => {
  const { b, csms } = secured({ serverName: '*.example', config: { csmsUrl: 'wss://csms.example/ocpp' } });
  const wild = new ScriptedCsms(b.clock, b.network, 'wss://csms.example', () => ca.issue({ commonName: '*.example' }).pem);
  await b.on();
  await b.wait(25);
  expect([csms.handshakes, wild.handshakes]).toEqual([[], []]);
  expect(b.station.setActual({ name: 'SecurityCtrlr' }, { name: 'AllowCSMSTLSWildcards' }, 'true')).toBe(true);
  await b.wait(15);
  expect(wild.handshakes).toHaveLength(1);
});

test('A00.FR.430 with an expired client certificate it still tries: the CSMS decides', async () => {
  const made = ca.issue({ commonName: 'DEMO-AC1', organization: 'Busbar' }, { notAfter: bench().clock.now() - 1 });
  const { b, csms } = secured({ config: { clientCertificate: { chain: made.pem, key: made.key.privateKey } } });
  await b.on();
  await b.wait(5);
  expect(csms.handshakes[0]?.clientCertificate).toBe(made.pem);
});

test('a station that was built without certificates says so and goes on trying', async () => {
  const b = bench({ variables: FAST, config: { csmsUrl: 'wss://csms/ocpp' } });
  await b.on();
  await b.wait(25);
  const failed = b.trace.filter((event) => event.kind === 'link' && event.state === 'failed');
  expect(failed.length).toBeGreaterThan(1);
  expect(failed[0]).toMatchObject({ detail: expect.stringContaining('without certificates') });
});

test.each([
  ['version', 'InvalidTLSVersion'],
  ['cipher', 'InvalidTLSCipherSuite'],
  ['certificate', 'InvalidCsmsCertificate'],
] as const)(
  'A00.FR.316 A00.FR.323 A00.FR.419 A00.FR.426 a handshake that breaks on the %s is told as %s, once for the run',
  async (fault, type) => {
    const { b, csms } = secured();
    const good = b.network.dial.bind(b.network);
    b.network.dial = async () => {
      throw new DialError('tls', 'broken', undefined, undefined, fault);
    };
    await b.on();
    await b.wait(65);
    b.network.dial = good;
    await b.wait(30);
    const told = csms.of('SecurityEventNotification').map((event) => event.type);
    expect(told).toEqual(['StartupOfTheDevice', type]);
  },
);
