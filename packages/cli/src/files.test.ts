import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileUseCases } from '@busbar/csms';
import { type Crypto, silentLog, TransferError } from '@busbar/runtime';
import { httpFiles, listenFiles, loadCrypto } from '@busbar/runtime/node';
import { demoTopologies } from '@busbar/station/hardware';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readServeConfig } from './config-examine.ts';
import { type RunningCsms, startCsms } from './serve.ts';
import { type HostedStation, StationHost } from './station-host.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const closers: (() => Promise<void> | void)[] = [];
let folder: string;
let csms: RunningCsms;
let crypto: Crypto;
let hosted: HostedStation;
let host: StationHost;
let password: string;
let maker: { root: string; certificate: string; sign: (bytes: Uint8Array) => string };

const DAY = 86_400_000;

async function api(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown>; text: string }> {
  const bytes = body instanceof Uint8Array;
  const answer = await fetch(`http://127.0.0.1:${csms.ports.http}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${csms.apiKey}`,
      ...(body === undefined ? {} : { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: bytes ? Buffer.from(body) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : {} };
}

/** Asks until the answer fits; real time passes here. */
async function until(path: string, fits: (body: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { body } = await api('GET', path);
    if (fits(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${path} did not become what was waited for`);
}

function station(): HostedStation {
  return host.add({
    id: 'FILES-1',
    url: `ws://127.0.0.1:${csms.ports.ocpp}/ocpp`,
    password,
    versions: ['ocpp2.0.1'],
    deflate: false,
    topology: demoTopologies.acSinglePhase,
    delivery: { roots: [{ kind: 'ManufacturerRoot', pem: maker.root }] },
  });
}

beforeAll(async () => {
  crypto = await loadCrypto();
  folder = mkdtempSync(join(tmpdir(), 'busbar-files-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const flags = {
    data: join(folder, 'data'),
    ocppPort: '0',
    httpPort: '0',
    logLevel: 'silent',
    onboardingInventory: false,
    logFileBytes: 200_000,
  };
  csms = await startCsms(readServeConfig(flags, {}));
  closers.push(() => csms.close());
  const [rootKey, key] = [crypto.generateKey('ecP256'), crypto.generateKey('rsa2048')];
  const common = { serialNumber: '1', notBefore: Date.now() - DAY, notAfter: Date.now() + DAY };
  const root = crypto.issueCertificate({
    ...common,
    subject: { commonName: 'Maker' },
    publicKey: rootKey.publicKey,
    issuer: { key: rootKey.privateKey },
    ca: {},
  });
  const issuer = { certificate: root, key: rootKey.privateKey };
  const certificate = crypto.issueCertificate({ ...common, subject: { commonName: 'Signer' }, publicKey: key.publicKey, issuer });
  maker = { root, certificate, sign: (bytes) => Buffer.from(crypto.sign(key.privateKey, 'rsaPssSha256', bytes)).toString('base64') };
  password = (await csms.http.useCases.createStation({ id: 'FILES-1' }, 'test')).password ?? '';
  host = new StationHost(folder, silentLog);
  closers.push(() => host.close());
  hosted = station();
  hosted.station.start();
  await until('/stations/FILES-1', ({ registration, connected }) => registration === 'Accepted' && connected === true);
});
afterAll(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

test('N01.FR.02 N01.FR.09 N01.FR.14 over real HTTP: the log of a station lies in the data folder and is read by REST', async () => {
  const asked = await api('POST', '/stations/FILES-1/get-log', { logType: 'SecurityLog' });
  expect(asked).toMatchObject({ status: 200, body: { state: 'answered', response: { status: 'Accepted' } } });
  const path = `/stations/FILES-1/logs/${String(asked.body['requestId'])}`;
  const log = await until(path, ({ status }) => status === 'Uploaded');
  const { text } = await api('GET', `${path}/content`);
  expect(text).toMatch(/^SecurityLog of FILES-1, Busbar Wall 7, firmware 1\.0\.0/);
  expect(text).toContain('StartupOfTheDevice');
  expect(log['bytes']).toBe(Buffer.byteLength(text));
  expect(readdirSync(join(folder, 'data', 'files'))).toEqual([expect.stringMatching(/^log-/)]);
  expect((await api('GET', '/stations/FILES-1/logs')).text).toContain('"status":"Uploaded"');
});

test('L01.FR.01 L01.FR.04 L01.FR.28 over real HTTP: an image of 3 MB goes from REST through the disk into the station, which boots with it', async () => {
  const image = Buffer.concat([Buffer.from('BUSBAR-FIRMWARE 3.1.4\n'), Buffer.alloc(3 << 20, 'firmware')]);
  const sha256 = createHash('sha256').update(image).digest('hex');
  const added = await api('POST', '/firmware', {
    version: '3.1.4',
    models: ['Wall 7'],
    sha256,
    signature: maker.sign(image),
    signingCertificate: maker.certificate,
  });
  expect(added).toMatchObject({ status: 201, body: { state: 'awaitingImage', bytes: null } });
  const firmware = `/firmware/${String(added.body['id'])}`;
  expect(await api('POST', '/stations/FILES-1/update-firmware', { firmwareId: added.body['id'] })).toMatchObject({ status: 409 });
  const wrong = Buffer.from(image);
  wrong[9] = 0;
  expect((await api('PUT', `${firmware}/image`, wrong)).body).toMatchObject({
    state: 'invalid',
    reason: expect.stringContaining('SHA-256'),
  });
  expect((await api('PUT', `${firmware}/image`, image)).body).toMatchObject({ state: 'ready', bytes: image.length, reason: null });
  expect(await api('PUT', `${firmware}/image`, image)).toMatchObject({ status: 409 });
  const asked = await api('POST', '/stations/FILES-1/update-firmware', { firmwareId: added.body['id'], retries: 1, retryInterval: 1 });
  expect(asked.body).toMatchObject({ response: { status: 'Accepted' } });
  const done = await until(`/stations/FILES-1/firmware-updates/${String(asked.body['requestId'])}`, ({ status }) => status === 'Installed');
  expect(done).toMatchObject({ firmwareId: added.body['id'], answer: 'Accepted' });
  expect(await api('GET', '/stations/FILES-1')).toMatchObject({ body: { firmwareVersion: '3.1.4', bootReason: 'FirmwareUpdate' } });
  expect((await api('GET', `${firmware}/updates`)).text).toContain('"stationId":"FILES-1"');
  expect((await api('DELETE', firmware)).status).toBe(204);
  expect((await api('GET', firmware)).status).toBe(404);
  expect(readdirSync(join(folder, 'data', 'files')).filter((name) => name.startsWith('firmware'))).toEqual([]);
});

test('what is no address of ours, too large, or sent by another method is refused on the listener of the files, which knows no API', async () => {
  const base = `http://127.0.0.1:${csms.ports.files}`;
  const status = async (method: string, path: string, body?: string): Promise<number> =>
    (await fetch(`${base}${path}`, { method, ...(body === undefined ? {} : { body }) })).status;
  expect(await status('GET', '/api/v1/stations')).toBe(404);
  expect(await status('GET', '/')).toBe(404);
  expect(await status('DELETE', `/files/${'a'.repeat(43)}`)).toBe(405);
  expect(await status('PUT', `/files/${'a'.repeat(43)}`, 'x')).toBe(404);
  const address = await csms.csms.kernel.files.address(
    csms.http.useCases.station('FILES-1'),
    { kind: 'log', file: 'log-test', requestId: 900, maxBytes: 200_000 },
    Date.now() + 60_000,
  );
  const { pathname } = new URL(address);
  expect(await status('PUT', pathname, 'x'.repeat(300_000))).toBe(413);
  const body = [Buffer.alloc(150_000), Buffer.alloc(150_000)];
  const upload = httpFiles().upload({ url: address, method: 'POST', headers: {}, body, length: 300_000, stallMs: 5_000 });
  expect(await upload.catch((error: unknown) => (error instanceof TransferError ? error.status : error))).toBe(413);
  expect(await status('PUT', pathname, 'fits')).toBe(201);
  expect(await api('GET', '/stations/FILES-1/logs/900/content')).toMatchObject({ status: 200, text: 'fits' });
});

test('a client that vanishes in the middle leaves what it brought, and the next one goes on', async () => {
  const { files } = csms.csms.kernel;
  const wish = { kind: 'log', file: 'log-half', requestId: 901, maxBytes: 200_000 } as const;
  const address = await files.address(csms.http.useCases.station('FILES-1'), wish, Date.now() + 60_000);
  const { pathname, port, hostname } = new URL(address);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`PUT ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n${'a'.repeat(40)}`, () =>
        setTimeout(() => socket.destroy(), 200),
      );
    });
    socket.on('close', () => resolve());
  });
  const place = { url: address, stallMs: 5_000 };
  let has: number | undefined;
  for (let tries = 0; tries < 100 && has !== 40; tries += 1) has = await httpFiles().uploaded(place);
  expect(has).toBe(40);
  const rest = Buffer.alloc(60, 'b');
  await httpFiles().upload({ ...place, method: 'PUT', headers: { 'content-range': 'bytes 40-99/100' }, body: [rest], length: 60 });
  expect((await api('GET', '/stations/FILES-1/logs/901/content')).text).toBe('a'.repeat(40) + 'b'.repeat(60));
});

test('N01.FR.15 N01.FR.16 HTTPS: a server of a root that is given is believed, one of nobody is not', async () => {
  const key = crypto.generateKey('ecP256');
  const rootKey = crypto.generateKey('ecP256');
  const common = { notBefore: Date.now() - DAY, notAfter: Date.now() + DAY };
  const root = crypto.issueCertificate({
    ...common,
    serialNumber: '1',
    subject: { commonName: 'Files Root' },
    publicKey: rootKey.publicKey,
    issuer: { key: rootKey.privateKey },
    ca: {},
  });
  const cert = crypto.issueCertificate({
    ...common,
    serialNumber: '2',
    subject: { commonName: 'localhost' },
    publicKey: key.publicKey,
    issuer: { certificate: root, key: rootKey.privateKey },
    names: { dns: ['localhost'], addresses: ['127.0.0.1'] },
  });
  const listener = await listenFiles({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    tls: { cert, key: key.privateKey.reveal() },
    server: async () => ({ status: 200, headers: { 'upload-offset': '5' } }),
  });
  try {
    const place = { url: `https://127.0.0.1:${listener.port}/x`, stallMs: 5_000 };
    expect(await httpFiles().uploaded({ ...place, roots: [root] })).toBe(5);
    const refused = httpFiles().uploaded({ ...place, roots: [maker.root] });
    expect(await refused.catch((error: unknown) => (error instanceof TransferError ? error.failure : error))).toBe('tls');
  } finally {
    await listener.close();
  }
});

test('N01.FR.15 a station that trusts our own root brings its log over HTTPS, one that does not tells UploadFailure', async () => {
  const flags = {
    data: join(folder, 'tls'),
    ocppPort: '0',
    httpPort: '0',
    ocppTlsPort: '0',
    filesTls: true,
    logLevel: 'silent',
    onboardingInventory: false,
  };
  const secure = await startCsms(readServeConfig(flags, {}));
  const stations = new StationHost(mkdtempSync(join(folder, 'tls-')), silentLog);
  try {
    const root = secure.csms.kernel.authority?.root ?? '';
    for (const [id, trusted, status] of [
      ['TLS-1', root, 'Uploaded'],
      ['TLS-2', maker.root, 'UploadFailure'],
    ] as const) {
      const made = await secure.http.useCases.createStation({ id }, 'test');
      const delivery = { roots: [{ kind: 'CSMSRoot', pem: trusted }] } as const;
      const url = `ws://127.0.0.1:${secure.ports.ocpp}/ocpp`;
      const spec = {
        id,
        url,
        password: made.password ?? '',
        versions: ['ocpp2.0.1'],
        deflate: false,
        topology: demoTopologies.acSinglePhase,
        delivery,
      } as const;
      stations.add(spec).station.start();
      const known = secure.http.useCases.station(id);
      for (let tries = 0; tries < 200 && known.record.registration !== 'Accepted'; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const files = new FileUseCases(secure.http.useCases);
      const { requestId } = await files.getLog(id, { logType: 'DiagnosticsLog', retries: 0 }, { actor: 'test' });
      let last: string | undefined;
      for (let tries = 0; tries < 200 && last !== status; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        last = (await files.log(id, requestId)).statuses.at(-1)?.status;
      }
      expect([id, last]).toEqual([id, status]);
    }
  } finally {
    await stations.close();
    await secure.close();
  }
});

test('bad bodies of the routes about files are 422, strangers 404', async () => {
  const known = { version: '1', sha256: 'a'.repeat(64), signature: 'x', signingCertificate: 'x' };
  for (const [method, path, body, status] of [
    ['POST', '/stations/FILES-1/get-log', { logType: 'Everything' }, 422],
    ['POST', '/stations/FILES-1/get-log', {}, 422],
    ['POST', '/stations/FILES-1/get-log', { logType: 'SecurityLog', oldestTimestamp: 'yesterday' }, 422],
    ['POST', '/stations/NOBODY/get-log', { logType: 'SecurityLog' }, 404],
    ['GET', '/stations/FILES-1/logs/77777', undefined, 404],
    ['GET', '/stations/FILES-1/logs/x', undefined, 422],
    ['GET', '/stations/FILES-1/logs/77777/content', undefined, 404],
    ['POST', '/stations/FILES-1/customer-information', { report: true, clear: false }, 422],
    ['POST', '/stations/FILES-1/customer-information', { report: 'yes', clear: false, customerIdentifier: 'x' }, 422],
    ['POST', '/firmware', { ...known, sha256: 'short' }, 422],
    ['POST', '/firmware', known, 422],
    ['POST', '/firmware', {}, 422],
    ['GET', '/firmware/77777', undefined, 404],
    ['PUT', '/firmware/77777/image', new Uint8Array(3), 404],
    ['POST', '/firmware/77777/rollout', {}, 404],
    ['POST', '/stations/FILES-1/update-firmware', { firmwareId: 77_777 }, 404],
    ['POST', '/stations/FILES-1/update-firmware', { firmwareId: 'one' }, 422],
    ['GET', '/stations/FILES-1/firmware-updates/77777', undefined, 404],
  ] as const) {
    expect([path, (await api(method, path, body)).status]).toEqual([path, status]);
  }
  expect(await api('GET', '/stations/FILES-1/customer-information/77777')).toMatchObject({
    status: 200,
    body: { parts: 0, complete: false },
  });
  expect(existsSync(join(folder, 'data', 'files', 'firmware-'))).toBe(false);
});
