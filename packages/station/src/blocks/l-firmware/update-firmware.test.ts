import type { RequestOf } from '@busbar/protocol';
import type { Crypto } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { VirtualClock } from '@busbar/runtime/virtual';
import { beforeAll, expect, test } from 'vitest';
import { demoTopologies } from '../../hardware/index.ts';
import { type Bench, type BenchOptions, bench } from '../../testing/bench.ts';
import { FileHost } from '../../testing/file-host.ts';
import { type Manufacturer, manufacturer } from '../../testing/manufacturer.ts';

let crypto: Crypto;
let maker: Manufacturer;
beforeAll(async () => {
  crypto = await loadCrypto();
  maker = manufacturer(crypto, new VirtualClock().now());
});

/** A station of this manufacturer, and a server with the image. */
async function station(options: BenchOptions = {}, by: Manufacturer = maker): Promise<{ b: Bench; files: FileHost }> {
  const config = { roots: [{ kind: 'ManufacturerRoot', pem: by.root }], ...options.config } as const;
  const b = await bench({ ...options, crypto, config }).booted();
  const files = new FileHost();
  b.files.listen('http://files', files.serve);
  files.stored.set('/image', by.image);
  return { b, files };
}

type Firmware = RequestOf<'UpdateFirmware'>['firmware'];
const PAST = '2001-01-01T00:00:00Z';
const request = (firmware: Partial<Firmware> = {}, more: Partial<RequestOf<'UpdateFirmware'>> = {}): RequestOf<'UpdateFirmware'> => ({
  requestId: 9,
  firmware: {
    location: 'http://files/image',
    retrieveDateTime: PAST,
    signingCertificate: maker.signingCertificate,
    signature: maker.signature,
    ...firmware,
  },
  ...more,
});
const inSeconds = (b: Bench, seconds: number): string => new Date(b.clock.now() + seconds * 1_000).toISOString();
const statuses = (b: Bench): string[] =>
  b.csms.of('FirmwareStatusNotification').map(({ status, requestId }) => `${status} ${requestId ?? '-'}`);
const names = (b: Bench): string[] => b.csms.of('FirmwareStatusNotification').map(({ status }) => status);
const security = (b: Bench): string[] => b.csms.of('SecurityEventNotification').map(({ type }) => type);
const HAPPY = ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting', 'Installed'];

test('TC_L_01_CS L01.FR.01 L01.FR.04 L01.FR.05 L01.FR.10 L01.FR.15 L01.FR.20 L01.FR.28 L01.FR.31 L01.FR.32 the new image runs after the reboot and says so', async () => {
  const { b } = await station();
  expect((await b.ask('UpdateFirmware', request())).status).toBe('Accepted');
  await b.wait(60);
  expect(statuses(b)).toEqual(HAPPY.map((status) => `${status} 9`));
  const [first, second] = b.csms.of('BootNotification');
  expect(first?.chargingStation.firmwareVersion).toBe('1.0.0');
  expect(second).toMatchObject({ reason: 'FirmwareUpdate', chargingStation: { firmwareVersion: '2.0.0' } });
  expect(security(b)).toContain('FirmwareUpdated');
  const actions = b.csms.calls.map(({ action, payload }) => `${action} ${'status' in payload ? String(payload['status']) : ''}`.trim());
  expect(actions.indexOf('FirmwareStatusNotification InstallRebooting')).toBeLessThan(actions.lastIndexOf('BootNotification'));
  expect(actions.indexOf('FirmwareStatusNotification Installed')).toBeGreaterThan(actions.lastIndexOf('BootNotification'));
  expect(b.csms.faults).toEqual([]);
});

test('TC_L_05_CS L01.FR.02 L01.FR.12 L01.FR.21 L01.FR.22 a certificate of somebody else, an old one or none: InvalidCertificate, nothing is fetched', async () => {
  const { b, files } = await station();
  const stranger = manufacturer(crypto, b.clock.now());
  const old = { ...stranger, signingCertificate: manufacturer(crypto, b.clock.now(), { notAfter: b.clock.now() - 1 }).signingCertificate };
  for (const signingCertificate of [stranger.signingCertificate, old.signingCertificate, 'nonsense', undefined]) {
    b.csms.forget();
    const firmware = { ...request().firmware, ...(signingCertificate === undefined ? {} : { signingCertificate }) };
    if (signingCertificate === undefined) delete firmware.signingCertificate;
    expect((await b.ask('UpdateFirmware', { requestId: 9, firmware })).status).toBe('InvalidCertificate');
    await b.wait(10);
    expect(security(b)).toEqual(['InvalidFirmwareSigningCertificate']);
    expect(statuses(b)).toEqual([]);
  }
  expect(files.asked).toEqual([]);
});

test('L01.FR.12 an expired certificate of the right manufacturer is not valid either', async () => {
  const at = new VirtualClock().now();
  const lapsing = manufacturer(crypto, at, { notAfter: at + 3_600_000 });
  const { b } = await station({}, lapsing);
  const firmware = { signingCertificate: lapsing.signingCertificate, signature: lapsing.signature };
  await b.wait(3_700);
  expect((await b.ask('UpdateFirmware', request(firmware))).status).toBe('InvalidCertificate');
});

test('TC_L_06_CS L01.FR.03 L01.FR.04 L01.FR.12 one flipped bit in the image: InvalidSignature, the old image stays', async () => {
  const { b, files } = await station();
  const flipped = Buffer.from(maker.image);
  flipped[40_000] = (flipped[40_000] ?? 0) ^ 1;
  files.stored.set('/image', flipped);
  await b.ask('UpdateFirmware', request());
  await b.wait(60);
  expect(names(b)).toEqual(['Downloading', 'Downloaded', 'InvalidSignature']);
  expect(security(b)).toContain('InvalidFirmwareSignature');
  expect(b.csms.of('BootNotification')).toHaveLength(1);
  expect(b.hardware.layout.firmwareVersion).toBe('1.0.0');
});

test('L01.FR.04 a signature of another algorithm, of nothing or none at all is no signature (D21)', async () => {
  for (const signature of [maker.sign(maker.image, 'rsaPkcs1Sha256'), 'AAAA', '%%%', undefined]) {
    const { b } = await station();
    const { firmware } = request();
    await b.ask('UpdateFirmware', { requestId: 9, firmware: signature === undefined ? without(firmware) : { ...firmware, signature } });
    await b.wait(60);
    expect(names(b).at(-1)).toBe('InvalidSignature');
  }
  const { b } = await station({ config: { firmwareSignatures: ['rsaPssSha256', 'rsaPkcs1Sha256'] } });
  await b.ask('UpdateFirmware', request({ signature: maker.sign(maker.image, 'rsaPkcs1Sha256') }));
  await b.wait(60);
  expect(names(b).at(-1)).toBe('Installed');
});

test('L01.FR.04 an EC key is believed only where ECDSA is switched on; the reason says so', async () => {
  const maker2 = manufacturer(crypto, new VirtualClock().now(), { kind: 'ecP256' });
  const firmware = { signingCertificate: maker2.signingCertificate, signature: maker2.signature };
  const { b } = await station({}, maker2);
  await b.ask('UpdateFirmware', request(firmware));
  await b.wait(60);
  expect(names(b).at(-1)).toBe('InvalidSignature');
  expect(b.csms.of('SecurityEventNotification').at(-1)?.techInfo).toContain('only RSA-PSS');
  const { b: other } = await station({ config: { firmwareSignatures: ['ecdsaSha256'] } }, maker2);
  await other.ask('UpdateFirmware', request(firmware));
  await other.wait(60);
  expect(names(other).at(-1)).toBe('Installed');
});

test('TC_L_07_CS L01.FR.30 no attempt left: DownloadFailed, once', async () => {
  const { b, files } = await station();
  await b.ask('UpdateFirmware', request({ location: 'http://files/missing' }, { retries: 2, retryInterval: 10 }));
  await b.wait(120);
  expect(statuses(b)).toEqual(['Downloading 9', 'DownloadFailed 9']);
  expect(files.asked).toEqual(['GET /missing', 'GET /missing', 'GET /missing']);
});

test('L01.FR.14 a line that breaks pauses the download; it goes on at the byte where it stopped', async () => {
  const { b, files } = await station();
  b.files.breakAfter = 20_000;
  await b.ask('UpdateFirmware', request({}, { retries: 1, retryInterval: 30 }));
  await b.wait(120);
  expect(names(b)).toEqual(['Downloading', 'DownloadPaused', ...HAPPY]);
  expect(files.headers[1]?.['range']).toMatch(/^bytes=(16384|20000)-$/);
});

test('L01.FR.04 L01.FR.14 a server that knows no ranges sends all of it again, and the signature is judged over one image', async () => {
  const { b, files } = await station();
  files.whole = true;
  b.files.breakAfter = 20_000;
  await b.ask('UpdateFirmware', request({}, { retries: 1, retryInterval: 30 }));
  await b.wait(120);
  expect(names(b)).toEqual(['Downloading', 'DownloadPaused', ...HAPPY]);
  expect(b.hardware.layout.firmwareVersion).toBe('2.0.0');
});

test('L01.FR.24 a newer request that comes while the older one is about to install: one of them is installed, and both are answered truly', async () => {
  for (let afterMs = 0; afterMs <= 60; afterMs += 1) {
    const { b } = await station({ commitMs: 3 });
    b.csms.call('UpdateFirmware', request({}, { requestId: 1 })).catch(() => undefined);
    await b.clock.advance(afterMs);
    const second = b.csms.call('UpdateFirmware', request({}, { requestId: 2 }));
    await b.wait(60);
    const { status } = await second;
    const wanted = status === 'Rejected' ? 1 : 2;
    expect([afterMs, status, statuses(b).at(-1)]).toEqual([afterMs, status, `Installed ${wanted}`]);
    expect(b.csms.of('BootNotification')).toHaveLength(2);
    expect(statuses(b).filter((line) => line.startsWith('Installing'))).toHaveLength(1);
  }
});

test('L01.FR.07 AllowNewSessionsPendingFirmwareUpdate counts from the moment it is set', async () => {
  const { b } = await station({ topology: demoTopologies.acThreePhase });
  await b.charging(1);
  await b.ask('UpdateFirmware', request());
  await b.wait(30);
  expect(b.evse(2).connectors[0]?.status).toBe('Unavailable');
  await b.set('ChargingStation', 'AllowNewSessionsPendingFirmwareUpdate', 'true');
  expect(b.evse(2).connectors[0]?.status).toBe('Available');
  await b.set('ChargingStation', 'AllowNewSessionsPendingFirmwareUpdate', 'false');
  expect(b.evse(2).connectors[0]?.status).toBe('Unavailable');
});

test('TC_L_03_CS L01.FR.13 a date in the future schedules the download', async () => {
  const { b, files } = await station();
  await b.ask('UpdateFirmware', request({ retrieveDateTime: inSeconds(b, 600) }));
  await b.wait(580);
  expect(names(b)).toEqual(['DownloadScheduled']);
  expect(files.asked).toEqual([]);
  await b.wait(100);
  expect(names(b)).toEqual(['DownloadScheduled', ...HAPPY]);
});

test('TC_L_02_CS L01.FR.16 a later installation waits for its time, also across a power cut; drivers are not hindered', async () => {
  const { b } = await station();
  await b.ask('UpdateFirmware', request({ installDateTime: inSeconds(b, 3_000) }));
  await b.wait(60);
  expect(names(b)).toEqual(['Downloading', 'Downloaded', 'SignatureVerified', 'InstallScheduled']);
  b.cut();
  b.restore();
  await b.wait(60);
  await b.charging();
  await b.card();
  b.hardware.unplug(1);
  await b.wait(2_500);
  expect(names(b).at(-1)).toBe('InstallScheduled');
  await b.wait(600);
  expect(names(b).slice(-3)).toEqual(['Installing', 'InstallRebooting', 'Installed']);
});

test.each([
  ['verifyFails', 'InstallVerificationFailed'],
  ['installFails', 'InstallationFailed'],
] as const)('TC_L_08_CS L01.FR.29 the hardware refuses (%s): %s, and the next attempt may succeed', async (next, status) => {
  const { b } = await station();
  b.hardware.nextInstallation(next);
  await b.ask('UpdateFirmware', request());
  await b.wait(60);
  expect(names(b).at(-1)).toBe(status);
  expect(b.csms.of('BootNotification')).toHaveLength(1);
  expect((await b.ask('UpdateFirmware', request())).status).toBe('Accepted');
  await b.wait(60);
  expect(names(b).at(-1)).toBe('Installed');
});

test('TC_L_15_CS L01.FR.06 L01.FR.07 L01.FR.33 L01.FR.34 the installation waits for the last driver; free EVSEs are Unavailable meanwhile, and so is each that becomes free', async () => {
  const { b } = await station({ topology: demoTopologies.acThreePhase });
  await b.charging(1);
  await b.ask('UpdateFirmware', request());
  await b.wait(60);
  expect(names(b)).toEqual(['Downloading', 'Downloaded', 'SignatureVerified', 'InstallScheduled']);
  const connector = (evse: number): string | undefined => b.evse(evse).connectors[0]?.status;
  expect([connector(1), connector(2)]).toEqual(['Occupied', 'Unavailable']);
  await b.plug(2);
  await b.card({ idToken: 'SECOND', type: 'ISO14443' }, 2);
  expect(b.evse(2).transaction).toBeUndefined();
  b.hardware.unplug(2);
  await b.wait(5);
  await b.card();
  b.hardware.unplug(1);
  await b.wait(2);
  expect(connector(1)).toBe('Unavailable');
  await b.wait(60);
  expect(names(b).slice(-3)).toEqual(['Installing', 'InstallRebooting', 'Installed']);
  expect([connector(1), connector(2)]).toEqual(['Available', 'Available']);
});

test('TC_L_14_CS L01.FR.06 L01.FR.07 AllowNewSessionsPendingFirmwareUpdate lets drivers begin while it waits', async () => {
  const { b } = await station({ topology: demoTopologies.acThreePhase });
  expect(await b.set('ChargingStation', 'AllowNewSessionsPendingFirmwareUpdate', 'true')).toBe('Accepted');
  await b.charging(1);
  await b.ask('UpdateFirmware', request());
  await b.wait(60);
  await b.charging(2, { idToken: 'SECOND', type: 'ISO14443' });
  await b.card();
  b.hardware.unplug(1);
  await b.wait(60);
  expect(names(b).at(-1)).toBe('InstallScheduled');
  await b.card({ idToken: 'SECOND', type: 'ISO14443' });
  b.hardware.unplug(2);
  await b.wait(60);
  expect(names(b).at(-1)).toBe('Installed');
});

test('TC_L_10_CS L01.FR.24 a newer request takes the place of one that downloads, waits for its time or for a driver', async () => {
  const { b } = await station();
  b.files.latencyMs = () => 2_000;
  await b.ask('UpdateFirmware', request({}, { requestId: 1 }));
  await b.wait(3);
  expect((await b.ask('UpdateFirmware', request({ retrieveDateTime: inSeconds(b, 900) }, { requestId: 2 }))).status).toBe(
    'AcceptedCanceled',
  );
  await b.wait(10);
  expect((await b.ask('UpdateFirmware', request({ installDateTime: inSeconds(b, 900) }, { requestId: 3 }))).status).toBe(
    'AcceptedCanceled',
  );
  await b.wait(60);
  expect((await b.ask('UpdateFirmware', request({}, { requestId: 4 }))).status).toBe('AcceptedCanceled');
  await b.wait(120);
  expect(statuses(b)).toEqual([
    'Downloading 1',
    'DownloadScheduled 2',
    ...['Downloading', 'Downloaded', 'SignatureVerified', 'InstallScheduled'].map((status) => `${status} 3`),
    ...HAPPY.map((status) => `${status} 4`),
  ]);
});

test('TC_L_11_CS L01.FR.27 B11.FR.06 an installation cannot be cancelled, nor can the station be reset in it', async () => {
  const { b } = await station();
  await b.ask('UpdateFirmware', request());
  await b.clock.until('it installs', () => names(b).at(-1) === 'Installing');
  const answer = await b.ask('UpdateFirmware', request({}, { requestId: 10 }));
  expect(answer).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode: 'FwUpdateInProgress' } });
  expect((await b.ask('Reset', { type: 'Immediate' })).status).toBe('Rejected');
  await b.wait(60);
  expect(names(b)).toEqual(HAPPY);
});

test('B12.FR.01 a reset on idle waits for a download', async () => {
  const { b } = await station();
  b.files.latencyMs = () => 2_000;
  await b.ask('UpdateFirmware', request({ installDateTime: inSeconds(b, 3_600) }));
  expect((await b.ask('Reset', { type: 'OnIdle' })).status).toBe('Scheduled');
  await b.wait(60);
  expect(names(b).at(-1)).toBe('InstallScheduled');
  expect(b.csms.of('BootNotification').at(-1)?.reason).toBe('ScheduledReset');
});

test('L01.FR.25 L01.FR.26 F06.FR.16 a triggered status is Idle before any update and after Installed, else the last one', async () => {
  const { b } = await station();
  const triggered = async (): Promise<unknown> => {
    expect((await b.ask('TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' })).status).toBe('Accepted');
    return b.csms.last('FirmwareStatusNotification');
  };
  expect(await triggered()).toEqual({ status: 'Idle' });
  await b.ask('UpdateFirmware', request({ retrieveDateTime: inSeconds(b, 100) }));
  expect(await triggered()).toEqual({ status: 'DownloadScheduled', requestId: 9 });
  await b.wait(200);
  expect(await triggered()).toEqual({ status: 'Idle' });
  await b.ask('UpdateFirmware', request({ location: 'http://files/missing' }, { retries: 0 }));
  await b.wait(10);
  expect(await triggered()).toEqual({ status: 'DownloadFailed', requestId: 9 });
});

test('L01.FR.10 L01.FR.28 L01.FR.32 a power cut at any moment: the update ends under its id, and the station runs one whole image', async () => {
  for (const at of HAPPY) {
    const { b } = await station();
    await b.ask('UpdateFirmware', request());
    await b.clock.until(at, () => names(b).includes(at));
    b.cut();
    await b.wait(1);
    b.restore();
    await b.wait(120);
    expect(statuses(b).at(-1)).toBe('Installed 9');
    expect(b.hardware.layout.firmwareVersion).toBe('2.0.0');
    expect(b.csms.of('SecurityEventNotification').filter(({ type }) => type === 'FirmwareUpdated')).toHaveLength(1);
  }
});

test('L01.FR.01 what happened without a link is told when it is back, in order', async () => {
  const { b } = await station();
  await b.ask('UpdateFirmware', request());
  await b.offline();
  await b.wait(60);
  await b.online();
  await b.wait(60);
  expect(names(b)).toEqual(HAPPY);
});

test('L01.FR.08 other protocols and addresses that are none are Rejected with the reason', async () => {
  const { b } = await station();
  for (const [location, reasonCode] of [
    ['ftp://files/image', 'UnsupportedParam'],
    ['nonsense', 'InvalidURL'],
  ] as const) {
    expect(await b.ask('UpdateFirmware', request({ location }))).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode } });
  }
});

test('UpdateFirmware on a station without certificates is Rejected: it could believe nobody', async () => {
  const b = await bench().booted();
  expect((await b.ask('UpdateFirmware', request())).status).toBe('Rejected');
});

function without(firmware: Firmware): Firmware {
  const { signature: _none, ...rest } = firmware;
  return rest;
}
