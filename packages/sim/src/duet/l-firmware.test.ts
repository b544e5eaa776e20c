import { createHash } from 'node:crypto';
import { FirmwareUseCases } from '@busbar/csms';
import type { Crypto, KeyPair } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { VirtualClock } from '@busbar/runtime/virtual';
import { demoTopologies } from '@busbar/station/hardware';
import { beforeAll, describe, expect, test } from 'vitest';
import { Duet, type DuetOptions } from '../duet.ts';

const ACTOR = { actor: 'test' };
const HAPPY = ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting', 'Installed'];
const DAY = 86_400_000;

let crypto: Crypto;
let maker: { root: string; certificate: string; key: KeyPair };
const image = Buffer.concat([Buffer.from('BUSBAR-FIRMWARE 2.0.0\n'), Buffer.alloc(60_000, 'firmware')]);
const sign = (bytes: Uint8Array): string => Buffer.from(crypto.sign(maker.key.privateKey, 'rsaPssSha256', bytes)).toString('base64');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  crypto = await loadCrypto();
  const at = new VirtualClock().now();
  const rootKey = crypto.generateKey('ecP256');
  const key = crypto.generateKey('rsa2048');
  const common = { serialNumber: '1', notBefore: at - DAY, notAfter: at + 365 * DAY };
  const subject = { commonName: 'Firmware Root', organization: 'Nord' };
  const root = crypto.issueCertificate({ ...common, subject, publicKey: rootKey.publicKey, issuer: { key: rootKey.privateKey }, ca: {} });
  const issuer = { certificate: root, key: rootKey.privateKey };
  const certificate = crypto.issueCertificate({ ...common, subject: { commonName: 'Signer' }, publicKey: key.publicKey, issuer });
  maker = { root, certificate, key };
});

const start = (options: DuetOptions): Promise<Duet> =>
  Duet.start({ crypto, ...options, station: { roots: [{ kind: 'ManufacturerRoot', pem: maker.root }], ...options.station } });
const firmware = (duet: Duet): FirmwareUseCases => new FirmwareUseCases(duet.useCases);
const wish = (more: object = {}) => ({
  version: '2.0.0',
  sha256: sha256(image),
  signature: sign(image),
  signingCertificate: maker.certificate,
  image: image.toString('base64'),
  ...more,
});
async function added(duet: Duet, more: object = {}): Promise<number> {
  const { id, state } = await duet.settle(firmware(duet).add(wish(more), 'test'));
  expect(state).toBe('ready');
  return id;
}
async function update(duet: Duet, more: Partial<Parameters<FirmwareUseCases['update']>[1]> = {}, forMs = 60_000) {
  const firmwareId = more.firmwareId ?? (await added(duet));
  const view = await duet.settle(firmware(duet).update('CS-1', { ...more, firmwareId }, ACTOR));
  await duet.clock.advance(forMs);
  return view;
}
const steps = async (duet: Duet, requestId: number): Promise<string[]> =>
  (await firmware(duet).updateRecord('CS-1', requestId)).statuses.map(({ status }) => status);
const securityEvents = async (duet: Duet): Promise<string[]> =>
  (await duet.log()).flatMap(({ text }) => /"SecurityEventNotification",\{"type":"(\w+)"/.exec(text)?.[1] ?? []);
const later = (duet: Duet, ms: number): string => new Date(duet.clock.now() + ms).toISOString();

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (version) => {
  test('TC_L_01_CSMS L01.FR.01 L01.FR.10 L01.FR.11 L01.FR.28 L01.FR.31 L01.FR.32 an image goes from the CSMS into the station, and the new version boots', async () => {
    const duet = await start({ version });
    const { requestId, response } = await update(duet);
    expect(response).toMatchObject({ status: 'Accepted' });
    expect(await steps(duet, requestId)).toEqual(HAPPY);
    expect(duet.csms.kernel.stations.get('CS-1')?.record).toMatchObject({ firmwareVersion: '2.0.0', bootReason: 'FirmwareUpdate' });
    expect((await securityEvents(duet)).includes('FirmwareUpdated')).toBe(true);
    expect((await duet.log()).find(({ text }) => text.includes('UpdateFirmware'))?.text).toContain('BEGIN CERTIFICATE');
    expect(duet.errors).toEqual([]);
  });

  test('TC_L_06_CSMS L01.FR.03 L01.FR.04 one bit that flips on the disk of the CSMS: InvalidSignature, and the old version goes on', async () => {
    const duet = await start({ version });
    const firmwareId = await added(duet);
    const [[name, content] = []] = duet.fileStore.files;
    const flipped = Buffer.from(content ?? []);
    flipped[33_333] = (flipped[33_333] ?? 0) ^ 4;
    duet.fileStore.files.set(name ?? '', flipped);
    const { requestId } = await update(duet, { firmwareId });
    expect(await steps(duet, requestId)).toEqual(['Downloading', 'Downloaded', 'InvalidSignature']);
    expect((await securityEvents(duet)).includes('InvalidFirmwareSignature')).toBe(true);
    expect(duet.hardware.layout.firmwareVersion).toBe('1.0.0');
  });

  test('TC_L_05_CSMS L01.FR.21 L01.FR.22 a station of another manufacturer answers InvalidCertificate, which is kept', async () => {
    const duet = await start({ version, station: { roots: [] } });
    const { requestId, response } = await update(duet);
    expect(response).toMatchObject({ status: 'InvalidCertificate' });
    expect(await firmware(duet).updateRecord('CS-1', requestId)).toMatchObject({ answer: 'InvalidCertificate', statuses: [] });
  });

  test('TC_L_02_CSMS TC_L_03_CSMS L01.FR.13 L01.FR.16 download and installation at their times, across a restart of the CSMS', async () => {
    const duet = await start({ version });
    const more = { retrieveDateTime: later(duet, 2 * DAY), installDateTime: later(duet, 2 * DAY + 3_600_000) };
    const { requestId } = await update(duet, more, 60_000);
    expect(await steps(duet, requestId)).toEqual(['DownloadScheduled']);
    duet.cutCsms();
    await duet.startCsms();
    await duet.clock.advance(2 * DAY);
    expect((await steps(duet, requestId)).at(-1)).toBe('InstallScheduled');
    await duet.clock.advance(3_700_000);
    expect(await steps(duet, requestId)).toEqual(['DownloadScheduled', ...HAPPY.slice(0, 3), 'InstallScheduled', ...HAPPY.slice(3)]);
  });

  test('TC_L_08_CSMS TC_L_09_CSMS L01.FR.29 what the hardware says is kept', async () => {
    const duet = await start({ version });
    const firmwareId = await added(duet);
    duet.hardware.nextInstallation('verifyFails');
    expect((await steps(duet, (await update(duet, { firmwareId })).requestId)).at(-1)).toBe('InstallVerificationFailed');
    duet.hardware.nextInstallation('installFails');
    expect((await steps(duet, (await update(duet, { firmwareId })).requestId)).at(-1)).toBe('InstallationFailed');
  });

  test('TC_L_07_CSMS TC_L_10_CSMS TC_L_11_CSMS L01.FR.24 L01.FR.30 a removed image fails the download; a second update cancels the first', async () => {
    const duet = await start({ version });
    const firmwareId = await added(duet);
    const first = await update(duet, { firmwareId, retrieveDateTime: later(duet, 600_000) }, 1_000);
    const second = await update(duet, { firmwareId, retrieveDateTime: later(duet, 600_000), retries: 0 }, 1_000);
    expect(second.response).toMatchObject({ status: 'AcceptedCanceled' });
    await duet.settle(firmware(duet).remove(firmwareId, 'test'));
    await duet.clock.advance(700_000);
    expect(await steps(duet, first.requestId)).toEqual(['DownloadScheduled']);
    expect(await steps(duet, second.requestId)).toEqual(['DownloadScheduled', 'Downloading', 'DownloadFailed']);
  });

  test('TC_L_13_CSMS L01.FR.06 L01.FR.07 a driver is never interrupted: his session is billed whole, then the station updates', async () => {
    const duet = await start({ version, topology: demoTopologies.acThreePhase });
    await duet.charge(1);
    const { requestId } = await update(duet);
    expect((await steps(duet, requestId)).at(-1)).toBe('InstallScheduled');
    expect(await duet.connectorStatus(2)).toBe('Unavailable');
    await duet.clock.advance(1_800_000);
    await duet.stop(1);
    await duet.clock.advance(60_000);
    expect((await steps(duet, requestId)).at(-1)).toBe('Installed');
    expect((await duet.newest()).bill).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: duet.worldMWh() });
    expect(await duet.connectorStatus(2)).toBe('Available');
  });

  test('L01.FR.14 a line that breaks again and again: the station fetches each byte once', async () => {
    const duet = await start({ version });
    duet.files.chunkBytes = 4_000;
    duet.files.breakAfter = 30_000;
    const { requestId } = await update(duet, { retries: 2, retryInterval: 30 }, 120_000);
    expect(await steps(duet, requestId)).toEqual(['Downloading', 'DownloadPaused', ...HAPPY]);
    const ranges = duet.files.requests.map(({ headers }) => headers['range']);
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=(28000|30000)-$/)]);
  });
});

test('L01.FR.09 an image is offered only when checksum, signature and certificate fit; what does not fit says why', async () => {
  const duet = await start({});
  const add = async (more: object) => duet.settle(firmware(duet).add(wish(more), 'test'));
  const other = Buffer.concat([image, Buffer.from('x')]);
  expect(await add({ sha256: sha256(other) })).toMatchObject({ state: 'invalid', reason: expect.stringContaining('SHA-256') });
  expect(await add({ image: other.toString('base64') })).toMatchObject({ state: 'invalid', reason: expect.stringContaining('SHA-256') });
  expect(await add({ signature: sign(other) })).toMatchObject({ state: 'invalid', reason: expect.stringContaining('signature') });
  expect(await add({ image: '' })).toMatchObject({ state: 'invalid', reason: 'the image is empty' });
  await expect(add({ signingCertificate: 'nonsense' })).rejects.toThrow('cannot be read');
  const broken = await add({ image: other.toString('base64') });
  await expect(duet.settle(firmware(duet).update('CS-1', { firmwareId: broken.id }, ACTOR))).rejects.toThrow('cannot be offered');
  // The right bytes may still be put; then it cannot be changed any more.
  const bytes = async function* (): AsyncIterable<Uint8Array> {
    yield image;
  };
  expect(await duet.settle(firmware(duet).putImage(broken.id, bytes(), 'test'))).toMatchObject({ state: 'ready', bytes: image.length });
  await expect(duet.settle(firmware(duet).putImage(broken.id, bytes(), 'test'))).rejects.toThrow('already');
  const foreign = await added(duet, { models: ['Another'] });
  await expect(duet.settle(firmware(duet).update('CS-1', { firmwareId: foreign }, ACTOR))).rejects.toThrow('is for Another');
  expect([...duet.fileStore.files.keys()].filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('A00.FR.707 a signing certificate is judged by the roots of manufacturers, where any are known, when it comes and when it is offered', async () => {
  const duet = await start({});
  const firmwareId = await added(duet);
  expect(await firmware(duet).signingChain(maker.certificate)).toMatchObject({ state: 'noRoots' });
  const { root: foreign } = (await start({})).authority;
  await duet.settle(duet.useCases.addTrust('manufacturer', foreign, 'test'));
  expect(await firmware(duet).signingChain(maker.certificate)).toMatchObject({
    state: 'untrusted',
    reason: expect.stringContaining('unknownIssuer'),
  });
  await expect(duet.settle(firmware(duet).update('CS-1', { firmwareId }, ACTOR))).rejects.toThrow('cannot be trusted');
  await expect(duet.settle(firmware(duet).add(wish(), 'test'))).rejects.toThrow('cannot be trusted: unknownIssuer');
  await duet.settle(duet.useCases.addTrust('manufacturer', maker.root, 'test'));
  expect(await firmware(duet).signingChain(maker.certificate)).toEqual({ state: 'trusted', reason: null });
  expect((await steps(duet, (await update(duet, { firmwareId })).requestId)).at(-1)).toBe('Installed');
  duet.cutStation();
  await duet.clock.advance(366 * DAY);
  await expect(duet.settle(firmware(duet).update('CS-1', { firmwareId }, ACTOR))).rejects.toThrow('expired');
});

test('L01.FR.13 many stations are updated in waves; who is away gets the command when he comes, and a refusal stops nobody', async () => {
  const duet = await start({});
  for (const id of ['CS-2', 'CS-3', 'CS-4']) await duet.settle(duet.useCases.createStation({ id }, 'test'));
  const firmwareId = await added(duet);
  const options = { ...ACTOR, waitMs: 0, offline: 'queue', expiresS: 7 * 86_400 } as const;
  const rollout = firmware(duet).rollout(
    firmwareId,
    { perWave: 2, waveInterval: 600, stationIds: ['CS-2', 'NOBODY', 'CS-1', 'CS-3', 'CS-4'] },
    options,
  );
  const entries = await duet.settle(rollout);
  expect(entries.map(({ stationId }) => stationId)).toEqual(['CS-2', 'NOBODY', 'CS-1', 'CS-3', 'CS-4']);
  expect(entries[1]).toHaveProperty('refused');
  const at = entries.flatMap((entry) => ('retrieveDateTime' in entry ? [Date.parse(entry.retrieveDateTime)] : []));
  expect(at.map((time) => (time - (at[0] ?? 0)) / 1_000)).toEqual([0, 0, 600, 600]);
  await duet.clock.advance(60_000);
  const updates = await duet.csms.kernel.read.updatesOfFirmware(firmwareId, 10);
  expect(updates).toHaveLength(4);
  const [entry] = entries.filter((one) => one.stationId === 'CS-1');
  expect(entry && 'requestId' in entry ? (await steps(duet, entry.requestId)).at(-1) : '').toBe('Installed');
  // Without a list: all that fit and do not run it yet.
  const again = await duet.settle(firmware(duet).rollout(firmwareId, {}, options));
  expect(again.map(({ stationId }) => stationId)).toEqual(['CS-2', 'CS-3', 'CS-4']);
});
