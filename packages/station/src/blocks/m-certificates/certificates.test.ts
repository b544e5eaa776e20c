import type { Ocpp } from '@busbar/protocol';
import { type Crypto, type KeyPair, limits } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { VirtualClock } from '@busbar/runtime/virtual';
import { beforeAll, expect, test } from 'vitest';
import { type Bench, type BenchOptions, bench } from '../../testing/bench.ts';
import { ScriptedCsms } from '../../testing/scripted-csms.ts';

let crypto: Crypto;
beforeAll(async () => {
  crypto = await loadCrypto();
});

interface Made {
  readonly pem: string;
  readonly key: KeyPair;
}
const YEAR = 365 * 86_400_000;
const NOW = new VirtualClock().now();
let serial = 0x100;
function make(commonName: string, wish: { issuer?: Made; ca?: boolean; from?: number; to?: number } = {}): Made {
  const key = crypto.generateKey('ecP256');
  const pem = crypto.issueCertificate({
    subject: { commonName, organization: 'Nord' },
    publicKey: key.publicKey,
    issuer: wish.issuer ? { certificate: wish.issuer.pem, key: wish.issuer.key.privateKey } : { key: key.privateKey },
    serialNumber: (serial += 1).toString(16),
    notBefore: wish.from ?? NOW - YEAR,
    notAfter: wish.to ?? NOW + YEAR,
    ...(wish.ca === false ? {} : { ca: {} }),
  });
  return { pem, key };
}

const station = (options: BenchOptions = {}): Promise<Bench> => bench({ ...options, crypto }).booted();
const install = async (b: Bench, certificate: string, certificateType: Ocpp.InstallCertificateUseEnumType = 'CSMSRootCertificate') =>
  (await b.ask('InstallCertificate', { certificateType, certificate })).status;
const installed = (b: Bench, ...certificateType: Ocpp.GetCertificateIdUseEnumType[]) =>
  b.ask('GetInstalledCertificateIds', certificateType.length === 0 ? {} : { certificateType });
const types = async (b: Bench): Promise<string[]> =>
  ((await installed(b)).certificateHashDataChain ?? []).map(({ certificateType }) => certificateType);
const hashOf = (made: Made, issuer: Made = made, algorithm: 'SHA256' | 'SHA384' | 'SHA512' = 'SHA256'): Ocpp.CertificateHashDataType => {
  const hash = crypto.certificateHash(made.pem, issuer.pem, algorithm);
  if (!hash) throw new Error('no hash');
  return hash;
};
const remove = async (b: Bench, certificateHashData: Ocpp.CertificateHashDataType) =>
  (await b.ask('DeleteCertificate', { certificateHashData })).status;

test('TC_M_01_CS TC_M_12_CS M05.FR.01 M05.FR.02 M03.FR.01 M03.FR.03 M03.FR.04 a root of each kind is installed, told with its hash, and still there after a power cut', async () => {
  const b = await station();
  const kinds = ['CSMSRootCertificate', 'ManufacturerRootCertificate', 'V2GRootCertificate', 'MORootCertificate'] as const;
  const roots = kinds.map((kind) => make(kind));
  for (const [index, kind] of kinds.entries()) expect(await install(b, roots[index]?.pem ?? '', kind)).toBe('Accepted');
  b.cut();
  b.restore();
  await b.wait(10);
  const { status, certificateHashDataChain: all = [] } = await installed(b);
  expect(status).toBe('Accepted');
  expect(new Set(all.map(({ certificateType }) => certificateType))).toEqual(new Set(kinds));
  for (const [index, kind] of kinds.entries()) {
    const root = roots[index];
    expect(all.find(({ certificateType }) => certificateType === kind)?.certificateHashData).toEqual(root && hashOf(root));
  }
  expect((await installed(b, 'V2GRootCertificate', 'MORootCertificate')).certificateHashDataChain).toHaveLength(2);
  expect(await b.get('SecurityCtrlr', 'CertificateEntries')).toBe('4');
});

test('TC_M_19_CS M03.FR.02 nothing of that kind: NotFound without a list', async () => {
  const b = await station();
  expect(await installed(b)).toEqual({ status: 'NotFound' });
  await install(b, make('Root').pem);
  expect(await installed(b, 'V2GCertificateChain')).toEqual({ status: 'NotFound' });
});

test('TC_M_15_CS M03.FR.05 M04.FR.08 a V2G chain is told with its sub-CAs below the leaf', async () => {
  const root = make('V2G Root');
  const sub1 = make('Sub A', { issuer: root });
  const subB = make('Sub B', { issuer: sub1 });
  const leaf = make('SECC', { issuer: subB, ca: false });
  const b = bench({ crypto });
  const chain = { chain: `${leaf.pem}${subB.pem}${sub1.pem}`, key: leaf.key.privateKey.reveal() };
  b.disk.durable.set('own/V2GCertificate/current', JSON.stringify(chain));
  b.restore();
  await b.booted();
  await install(b, root.pem, 'V2GRootCertificate');
  const [found] = (await installed(b, 'V2GCertificateChain')).certificateHashDataChain ?? [];
  expect(found).toEqual({
    certificateType: 'V2GCertificateChain',
    certificateHashData: hashOf(leaf, subB),
    childCertificateHashData: [hashOf(subB, sub1), hashOf(sub1, root)],
  });
  // M04.FR.08: without one of its certificates the chain is of no use.
  expect(await remove(b, hashOf(subB, sub1))).toBe('Accepted');
  expect((await installed(b, 'V2GCertificateChain')).status).toBe('NotFound');
});

test('M05.FR.07 what is no certificate, expired, not valid yet, no authority, or more than one is Rejected with the reason', async () => {
  const b = await station();
  const bad = [
    'nonsense',
    '',
    make('Old', { to: NOW - 1_000 }).pem,
    make('Young', { from: NOW + YEAR / 2 }).pem,
    make('Leaf', { ca: false }).pem,
    `${make('One').pem}${make('Two').pem}`,
    make('Cut').pem.slice(0, 200),
  ];
  for (const pem of bad) {
    const answer = await b.ask('InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate: pem });
    expect(answer).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode: 'InvalidCertificate' } });
  }
  expect(await types(b)).toEqual([]);
});

test('M05.FR.06 a full store takes no further root, but the same one again', async () => {
  const b = await station();
  const first = make('First');
  await install(b, first.pem);
  for (let n = 1; n < limits.trustedRoots; n += 1) await install(b, make(`Root ${n}`).pem, 'V2GRootCertificate');
  expect(await b.get('SecurityCtrlr', 'CertificateEntries')).toBe(`${limits.trustedRoots}`);
  expect(await install(b, make('One too many').pem)).toBe('Rejected');
  expect(await install(b, first.pem)).toBe('Accepted'); // M05.FR.17
  expect(await types(b)).toHaveLength(limits.trustedRoots);
});

test('A04.FR.04 what changes in the store stands in the security log', async () => {
  const b = await station();
  const root = make('Root');
  await install(b, root.pem, 'V2GRootCertificate');
  await install(b, 'nonsense', 'V2GRootCertificate');
  await remove(b, hashOf(root));
  const lines = [...b.disk.durable].filter(([key]) => key.startsWith('security/log/')).map(([, value]) => value);
  expect(lines.filter((line) => line.includes('ReconfigurationOfSecurityParameters'))).toEqual([
    expect.stringContaining('InstallCertificate V2GRootCertificate'),
    expect.stringContaining('DeleteCertificate V2GRoot'),
  ]);
});

test('M05.FR.17 a certificate that is there already is Accepted and there once', async () => {
  const b = await station();
  const root = make('Root');
  expect(await install(b, root.pem)).toBe('Accepted');
  expect(await install(b, root.pem)).toBe('Accepted');
  expect(await types(b)).toHaveLength(1);
  expect(await install(b, root.pem, 'ManufacturerRootCertificate')).toBe('Accepted');
  expect(await types(b)).toHaveLength(2);
});

test('TC_M_20_CS TC_M_22_CS M04.FR.01 M04.FR.02 M04.FR.04 M04.FR.07 a root is deleted by its hash in any algorithm; a second time it is NotFound', async () => {
  const b = await station();
  for (const algorithm of ['SHA256', 'SHA384', 'SHA512'] as const) {
    const root = make('Root');
    await install(b, root.pem, 'ManufacturerRootCertificate');
    const hash = hashOf(root, root, algorithm);
    expect(await remove(b, { ...hash, issuerKeyHash: hash.issuerKeyHash.replace(/^./, 'x') })).toBe('NotFound');
    expect(await remove(b, { ...hash, serialNumber: `00${hash.serialNumber.toUpperCase()}` })).toBe('Accepted');
    expect(await remove(b, hash)).toBe('NotFound');
  }
  expect(await types(b)).toEqual([]);
});

test('TC_M_23_CS M04.FR.03 M04.FR.06 the own certificate of the station and the last root a secure link rests on are not deleted', async () => {
  const root = make('CSMS Root');
  const own = make('DEMO-AC1', { issuer: root, ca: false });
  const server = make('csms', { issuer: root, ca: false });
  const other = make('Other Root');
  const clientCertificate = { chain: own.pem, key: own.key.privateKey };
  const b = bench({ crypto, config: { csmsUrl: 'wss://csms/ocpp', roots: [{ kind: 'CSMSRoot', pem: root.pem }], clientCertificate } });
  const csms = new ScriptedCsms(b.clock, b.network, 'wss://csms', () => server.pem);
  await b.on();
  await b.wait(5);
  const deleting = async (certificateHashData: Ocpp.CertificateHashDataType): Promise<string> => {
    const answer = csms.call('DeleteCertificate', { certificateHashData });
    await b.wait();
    return (await answer).status;
  };
  expect(await deleting(hashOf(own, root))).toBe('Failed');
  expect(await deleting(hashOf(root))).toBe('Failed');
  const installing = csms.call('InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate: other.pem });
  await b.wait();
  expect((await installing).status).toBe('Accepted');
  expect(await deleting(hashOf(root))).toBe('Accepted');
});

test('M05.FR.09 M05.FR.10 M05.FR.11 M05.FR.12 with AdditionalRootCertificateCheck a new CSMS root is signed by the old one, which stays as the only fallback', async () => {
  const b = await station({ variables: { 'SecurityCtrlr.AdditionalRootCertificateCheck': 'true' } });
  const first = make('First');
  const second = make('Second', { issuer: first });
  const third = make('Third', { issuer: second });
  expect(await install(b, first.pem)).toBe('Accepted');
  expect(await install(b, make('Stranger').pem)).toBe('Rejected');
  expect(await install(b, second.pem)).toBe('Accepted');
  expect(await types(b)).toHaveLength(2);
  expect(await install(b, make('Of the first', { issuer: first }).pem)).toBe('Rejected');
  expect(await install(b, third.pem)).toBe('Accepted');
  const hashes = ((await installed(b)).certificateHashDataChain ?? []).map(({ certificateHashData }) => certificateHashData.serialNumber);
  expect(new Set(hashes)).toEqual(new Set([hashOf(second, first).serialNumber, hashOf(third, second).serialNumber]));
  expect(await install(b, make('Maker').pem, 'ManufacturerRootCertificate')).toBe('Accepted'); // other kinds are free
});

test('a station without certificates says so to everything about them', async () => {
  const b = await bench().booted();
  expect(await install(b, 'x')).toBe('Rejected');
  expect(await installed(b)).toEqual({ status: 'NotFound' });
  expect(await remove(b, { hashAlgorithm: 'SHA256', issuerNameHash: '0', issuerKeyHash: '0', serialNumber: '1' })).toBe('NotFound');
});
