import type { Crypto } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { beforeAll, expect, test } from 'vitest';
import { type Bench, bench } from '../../testing/bench.ts';
import { type Made, TestAuthority } from '../../testing/certificates.ts';
import { ScriptedCsms } from '../../testing/scripted-csms.ts';

let crypto: Crypto;
let old: TestAuthority;
let fresh: Made;
/** A server's certificate of the new root. */
let ofFresh: string;
beforeAll(async () => {
  crypto = await loadCrypto();
  const at = bench().clock.now();
  old = new TestAuthority(crypto, at);
  fresh = old.issue({ commonName: 'New Root', organization: 'Busbar' }, { ca: {} });
  ofFresh = crypto.issueCertificate({
    subject: { commonName: 'csms', organization: 'Busbar' },
    publicKey: crypto.generateKey('ecP256').publicKey,
    issuer: { certificate: fresh.pem, key: fresh.key.privateKey },
    serialNumber: '77',
    notBefore: at - 86_400_000,
    notAfter: at + 86_400_000 * 365,
  });
});

const FAST = {
  'SecurityCtrlr.AdditionalRootCertificateCheck': 'true',
  'OCPPCommCtrlr.RetryBackOffWaitMinimum': '10',
  'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
  'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0',
  'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '2',
};

/** A station of the old root whose CSMS has installed the new one. */
async function succeeded(): Promise<{ b: Bench; csms: ScriptedCsms; show: (chain: string) => void; entries: () => Promise<number> }> {
  const config = { csmsUrl: 'wss://csms/ocpp', roots: [{ kind: 'CSMSRoot', pem: old.root.pem }] } as const;
  const b = bench({ crypto, variables: FAST, config });
  let chain = old.issue({ commonName: 'csms', organization: 'Busbar' }).pem;
  const csms = new ScriptedCsms(b.clock, b.network, 'wss://csms', () => chain);
  await b.on();
  await b.wait(5);
  const installing = csms.call('InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate: fresh.pem });
  await b.wait();
  expect((await installing).status).toBe('Accepted');
  const entries = async (): Promise<number> => {
    const asking = csms.call('GetInstalledCertificateIds', {});
    await b.wait();
    return ((await asking).certificateHashDataChain ?? []).length;
  };
  return {
    b,
    csms,
    entries,
    show: (next) => {
      chain = next;
    },
  };
}

test('M05.FR.12 M05.FR.13 once the station is accepted through the new root, the old one goes', async () => {
  const { b, csms, show, entries } = await succeeded();
  expect(await entries()).toBe(2);
  show(ofFresh);
  csms.close();
  await b.wait(20);
  expect(await entries()).toBe(1);
  // What stood on the old root alone is not believed any more.
  show(old.issue({ commonName: 'csms', organization: 'Busbar' }).pem);
  const before = csms.handshakes.length;
  csms.close();
  await b.wait(60);
  expect(csms.handshakes).toHaveLength(before);
});

test('TC_M_31_CS M05.FR.14 a server that still stands on the old root is believed at the second attempt, and then both stay', async () => {
  const { b, csms, entries } = await succeeded();
  const failed = (): number => b.trace.filter((event) => event.kind === 'link' && event.state === 'failed').length;
  csms.close();
  await b.wait(12);
  expect([failed(), b.station.facts().link]).toEqual([1, 'closed']);
  await b.wait(15);
  expect(failed()).toBe(1);
  expect(await entries()).toBe(2);
  expect(b.station.facts().registration).toBe('accepted');
});

test('M05.FR.15 M05.FR.16 while it migrates only the new root counts; after the attempts it goes home, where the old one still does', async () => {
  const { b, csms } = await succeeded();
  const other = new ScriptedCsms(b.clock, b.network, 'wss://other', () => old.issue({ commonName: 'other', organization: 'Busbar' }).pem);
  const connectionData = {
    ocppCsmsUrl: 'wss://other/ocpp',
    ocppInterface: 'Wired0',
    ocppTransport: 'JSON',
    ocppVersion: 'OCPP20',
    messageTimeout: 30,
    securityProfile: 2,
  } as const;
  const set = csms.call('SetNetworkProfile', { configurationSlot: 2, connectionData });
  await b.wait();
  expect((await set).status).toBe('Accepted');
  const order = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' }, attributeValue: '2,1' };
  const ordering = csms.call('SetVariables', { setVariableData: [order] });
  await b.wait();
  expect((await ordering).setVariableResult[0]?.attributeStatus).toMatch(/Accepted|RebootRequired/);
  const before = csms.handshakes.length;
  const reset = csms.call('Reset', { type: 'Immediate' });
  await b.wait();
  await reset;
  await b.wait(120);
  expect(other.handshakes).toEqual([]);
  expect(csms.handshakes.length).toBeGreaterThan(before);
  expect(b.station.facts()).toMatchObject({ registration: 'accepted', activeNetworkProfile: 1 });
});
