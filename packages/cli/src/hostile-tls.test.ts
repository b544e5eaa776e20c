import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TLSSocket, type ConnectionOptions as TlsOptions, connect as tlsConnect } from 'node:tls';
import type { Authority } from '@busbar/csms';
import { wsListen } from '@busbar/protocol/node';
import { type CertificateWish, type Crypto, type KeyPair, silentLog } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { demoTopologies } from '@busbar/station/hardware';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readServeConfig } from './config-examine.ts';
import { type RunningCsms, startCsms } from './serve.ts';
import { type HostedStation, StationHost } from './station-host.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

type ConnectionOptions = TlsOptions & { readonly localAddress?: string };
const DAY = 86_400_000;
const HANDSHAKE_MS = 1_000;
const UNFINISHED = 20;
const SERIAL = 'SN-VICTIM';

let folder: string;
let csms: RunningCsms;
let crypto: Crypto;
let authority: Authority;
let host: StationHost;
let neighbour: HostedStation;
let own: { chain: string; key: KeyPair };
const open = new Set<{ destroy(): void }>();

beforeAll(async () => {
  crypto = await loadCrypto();
  folder = mkdtempSync(join(tmpdir(), 'busbar-hostile-'));
  const flags = {
    data: join(folder, 'data'),
    ocppPort: '0',
    httpPort: '0',
    ocppTlsPort: '0',
    logLevel: 'silent',
    onboardingInventory: 'no',
    gapQuery: 'no',
    bootQuery: 'no',
  };
  csms = await startCsms(readServeConfig(flags, {}), { door: { handshakeTimeoutMs: HANDSHAKE_MS, maxUnfinished: UNFINISHED } });
  const found = csms.csms.kernel.authority;
  if (!found) throw new Error('the CSMS has no authority');
  authority = found;
  own = issue({});
  await api('POST', '/stations', { id: 'VICTIM', serialNumber: SERIAL, securityProfile: 3 });
  host = new StationHost(folder, silentLog, { synchronous: 'OFF' });
  neighbour = await station('NEIGHBOUR');
  neighbour.station.start();
  await vi.waitUntil(() => neighbour.station.facts().registration === 'accepted', 20_000);
});

afterEach(async () => {
  for (const socket of open) socket.destroy();
  open.clear();
  await neighbourAnswers();
});

/** Whatever was tried: on the connection it had before. */
async function neighbourAnswers(): Promise<void> {
  const answer = await api('POST', '/stations/NEIGHBOUR/calls/TriggerMessage?wait=5', { requestedMessage: 'Heartbeat' });
  expect(answer).toMatchObject({ status: 200, body: { response: { status: 'Accepted' } } });
  expect((await api('GET', '/stations/NEIGHBOUR/connections')).body).toHaveLength(1);
}

afterAll(async () => {
  await host.close();
  await csms.close();
  rmSync(folder, { recursive: true, force: true });
});

async function raw(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${csms.ports.http}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${csms.apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, text: await answer.text() };
}
async function api(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const { status, text } = await raw(method, path, body);
  return { status, body: text === '' ? undefined : JSON.parse(text) };
}

/** Over TLS with a password, delivered with the root of the CSMS. */
async function station(id: string, url = `wss://127.0.0.1:${csms.ports.ocppTls}/ocpp`): Promise<HostedStation> {
  const { password = '' } = await csms.http.useCases.createStation({ id }, 'test');
  return host.add({
    id,
    url,
    password,
    versions: ['ocpp2.0.1'],
    deflate: false,
    topology: demoTopologies.acSinglePhase,
    variables: {
      'OCPPCommCtrlr.RetryBackOffWaitMinimum': '1',
      'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
      'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0',
    },
    delivery: { roots: [{ kind: 'CSMSRoot', pem: authority.root }] },
  });
}

function issue(wish: Partial<CertificateWish>, by: Pick<Authority, 'intermediate' | 'key'> = authority): { chain: string; key: KeyPair } {
  const key = crypto.generateKey('ecP256');
  const pem = crypto.issueCertificate({
    subject: { commonName: SERIAL, organization: 'Busbar' },
    publicKey: key.publicKey,
    issuer: { certificate: by.intermediate, key: by.key },
    serialNumber: '4711',
    notBefore: Date.now() - DAY,
    notAfter: Date.now() + DAY,
    ...wish,
  });
  return { chain: pem + by.intermediate, key };
}

function selfSigned(names: CertificateWish['names'] = {}): { chain: string; key: KeyPair } {
  const key = crypto.generateKey('ecP256');
  const wish = { publicKey: key.publicKey, issuer: { key: key.privateKey }, serialNumber: '1', names };
  const subject = { commonName: SERIAL, organization: 'Busbar' };
  return { chain: crypto.issueCertificate({ ...wish, subject, notBefore: Date.now() - DAY, notAfter: Date.now() + DAY }), key };
}

/** An authority with the names of ours and other keys. */
function foreignAuthority(): Pick<Authority, 'intermediate' | 'key'> {
  const key = crypto.generateKey('ecP256');
  const subject = { commonName: 'Busbar Sub CA', organization: 'Busbar' };
  const wish = { publicKey: key.publicKey, issuer: { key: key.privateKey }, serialNumber: '1', ca: {} };
  return {
    intermediate: crypto.issueCertificate({ ...wish, subject, notBefore: Date.now() - DAY, notAfter: Date.now() + DAY }),
    key: key.privateKey,
  };
}

/** The signature's last bytes are others: a certificate that is whole and that nobody signed. */
function withBrokenSignature({ chain, key }: { chain: string; key: KeyPair }): { chain: string; key: KeyPair } {
  const [, base64 = ''] = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END/.exec(chain) ?? [];
  const der = Buffer.from(base64, 'base64');
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  return { chain: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n${authority.intermediate}`, key };
}

const upgrade = (id: string, basic?: string): string =>
  [
    `GET /ocpp/${id} HTTP/1.1`,
    'Host: csms',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: ocpp2.0.1',
    ...(basic === undefined ? [] : [`Authorization: Basic ${Buffer.from(`${id}:${basic}`).toString('base64')}`]),
    '\r\n',
  ].join('\r\n');

function shaken(options: ConnectionOptions = {}): { socket: TLSSocket; said: Promise<string>; secure: Promise<void> } {
  const socket = tlsConnect({ host: '127.0.0.1', port: csms.ports.ocppTls, rejectUnauthorized: false, ...options });
  open.add(socket);
  let text = '';
  const said = new Promise<string>((resolve) => {
    socket.on('data', (bytes) => (text += String(bytes)));
    socket.once('error', (error: Error & { code?: string }) => resolve(`${text}${error.code ?? error.message}`));
    socket.once('close', () => resolve(text));
  });
  return { socket, said, secure: new Promise((resolve) => socket.once('secureConnect', () => resolve())) };
}

/** What the CSMS answers to a handshake. */
async function knock(id: string, options: ConnectionOptions = {}, basic?: string): Promise<string> {
  const { socket, said } = shaken(options);
  socket.once('secureConnect', () => socket.write(upgrade(id, basic)));
  return said;
}

interface Listed {
  readonly stationId: string;
  readonly status: number;
  readonly reason: string;
  readonly times: number;
}
interface Logged {
  readonly type: string;
  readonly source: string;
  readonly stationId: string | null;
  readonly techInfo: string;
}
const refused = async (): Promise<readonly Listed[]> => JSON.parse((await raw('GET', '/refused-handshakes')).text);
const logged = async (path = '/security-events'): Promise<readonly Logged[]> => JSON.parse((await raw('GET', path)).text);
/** Waits for a line in the list and in the security log. */
async function toldOf(reason: RegExp): Promise<{ listed: Listed; event: Logged }> {
  return vi.waitFor(
    async () => {
      const listed = (await refused()).find((line) => reason.test(line.reason));
      const event = (await logged()).find(({ techInfo, source }) => source === 'csms' && reason.test(techInfo));
      if (!listed || !event) throw new Error(`nothing about ${reason} in ${JSON.stringify(await refused())}`);
      return { listed, event };
    },
    { timeout: 8_000, interval: 50 },
  );
}

const NOW = Date.now();
describe('A00.FR.403 A00.FR.404 A00.FR.405 A00.FR.408 A00.FR.704 a station that shows', () => {
  test.each<[string, () => { chain: string; key: KeyPair }, RegExp]>([
    ['an expired certificate', () => issue({ notBefore: NOW - 3 * DAY, notAfter: NOW - DAY }), /certificate expired/],
    ['one of tomorrow', () => issue({ notBefore: NOW + DAY, notAfter: NOW + 2 * DAY }), /notYetValid/],
    ['one it signed itself', () => selfSigned(), /unknownIssuer|badSignature/],
    ['one of another authority', () => issue({}, foreignAuthority()), /unknownIssuer|badSignature/],
    [
      'one for another station',
      () => issue({ subject: { commonName: 'SN-OTHER', organization: 'Busbar' } }),
      /not for the serial number SN-VICTIM/,
    ],
    ['one of another operator', () => issue({ subject: { commonName: SERIAL, organization: 'Others' } }), /of Others, not of Busbar/],
    ['one whose signature is damaged', () => withBrokenSignature(issue({})), /badSignature/],
  ])('%s', async (_what, make, reason) => {
    const { chain, key } = make();
    const answer = await knock('VICTIM', { cert: chain, key: key.privateKey.reveal() });
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toMatch(reason);
    const { listed, event } = await toldOf(reason);
    expect(listed).toMatchObject({ stationId: 'VICTIM', status: 401 });
    expect(event).toMatchObject({ type: 'InvalidChargingStationCertificate', stationId: 'VICTIM', source: 'csms' });
  });

  test('one that was revoked, while its other one is as good as before', async () => {
    const { chain, key } = issue({ serialNumber: 'dead' });
    expect(await knockOnce({ cert: chain, key: key.privateKey.reveal() })).toMatch(/^HTTP\/1.1 101 /);
    const issuer = { certificate: authority.intermediate, key: authority.key };
    const crl = crypto.makeRevocationList({ issuer, serialNumbers: ['dead'], thisUpdate: NOW, nextUpdate: NOW + DAY });
    expect((await api('POST', '/revocations', { crl, issuer: authority.intermediate })).body).toEqual({ revoked: 1 });
    expect(await knock('VICTIM', { cert: chain, key: key.privateKey.reveal() })).toContain('client certificate revoked: serial dead');
    expect((await toldOf(/revoked: serial dead/)).event.type).toBe('InvalidChargingStationCertificate');
    expect(await knockOnce({ cert: own.chain, key: own.key.privateKey.reveal() })).toMatch(/^HTTP\/1.1 101 /);
  });

  const knockOnce = async (options: ConnectionOptions): Promise<string> => {
    const { socket } = shaken(options);
    socket.once('secureConnect', () => socket.write(upgrade('VICTIM')));
    return new Promise((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
  };
});

/** Stands between two ends of TLS 1.2, where certificates travel in the clear, and changes those that one side shows. */
async function meddler(
  port: number,
  side: 'client' | 'server',
  change: (chain: Buffer) => Buffer,
): Promise<{ port: number; close(): void }> {
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pass = (from: Socket, to: Socket, rewrite: boolean): void => {
      let kept = Buffer.alloc(0);
      from.on('data', (bytes: Buffer) => {
        kept = Buffer.concat([kept, bytes]);
        while (kept.length >= 5 && kept.length >= 5 + kept.readUInt16BE(3)) {
          const length = 5 + kept.readUInt16BE(3);
          const record = kept.subarray(0, length);
          kept = kept.subarray(length);
          to.write(rewrite && record[0] === 22 && record[5] === 11 ? rewritten(record, change) : record);
        }
      });
      from.on('error', () => to.destroy());
      from.once('close', () => to.end());
    };
    pass(near, far, side === 'client');
    pass(far, near, side === 'server');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const close = { destroy: () => proxy.close() };
  open.add(close);
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close: () => proxy.close() };
}

/** A Certificate message: record header 5, type and length 4, length of the list 3, then each with its length. */
function rewritten(record: Buffer, change: (chain: Buffer) => Buffer): Buffer {
  const messageEnd = 9 + record.readUIntBE(6, 3);
  const list = change(record.subarray(12, messageEnd));
  const message = Buffer.concat([Buffer.from([11, 0, 0, 0, 0, 0, 0]), list]);
  message.writeUIntBE(list.length + 3, 1, 3);
  message.writeUIntBE(list.length, 4, 3);
  const rest = record.subarray(messageEnd);
  const header = Buffer.from([22, 3, 3, 0, 0]);
  header.writeUInt16BE(message.length + rest.length, 3);
  return Buffer.concat([header, message, rest]);
}

const entry = (der: Buffer): Buffer => Buffer.concat([Buffer.from([0, der.length >> 8, der.length & 255]), der]);
const derOf = (chain: string): Buffer => Buffer.from(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END/.exec(chain)?.[1] ?? '', 'base64');
const truncated = (chain: Buffer): Buffer => entry(chain.subarray(3, 3 + chain.readUIntBE(0, 3) - 40));

describe('a line on which certificates are meddled with', () => {
  test('a truncated certificate ends the handshake', async () => {
    const proxy = await meddler(csms.ports.ocppTls ?? 0, 'client', truncated);
    const options = { port: proxy.port, cert: own.chain, key: own.key.privateKey.reveal(), maxVersion: 'TLSv1.2' } as const;
    expect(await knock('VICTIM', options)).toMatch(/ALERT|ECONNRESET/);
    const { listed, event } = await toldOf(/asn1|too long|decode|bad certificate|not enough data|header too long|length/i);
    expect(listed).toMatchObject({ stationId: '', status: 0 });
    expect(event).toMatchObject({ type: 'FailedTlsHandshake', stationId: null });
  });

  test('the certificate of another without its key ends the handshake', async () => {
    const stolen = entry(derOf(own.chain));
    const proxy = await meddler(csms.ports.ocppTls ?? 0, 'client', () => stolen);
    const thief = issue({ subject: { commonName: 'THIEF', organization: 'Busbar' } });
    const options = { port: proxy.port, cert: thief.chain, key: thief.key.privateKey.reveal(), maxVersion: 'TLSv1.2' } as const;
    expect(await knock('VICTIM', options)).toMatch(/ALERT|ECONNRESET/);
    expect((await toldOf(/provider signature failure|bad signature/)).event.type).toBe('FailedTlsHandshake');
  });
});

test('A00.FR.315 A00.FR.418 TLS 1.1 gets an alert, is listed and logged', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  expect(await knock('VICTIM', old)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  expect((await toldOf(/unsupported protocol/)).event.type).toBe('InvalidTLSVersion');
});

describe('half-open TLS', () => {
  const hello = Buffer.from('16030100c8010000c40303', 'hex');
  const silent = (bytes?: Buffer): Promise<number> => {
    const socket = connect(csms.ports.ocppTls ?? 0, '127.0.0.1', () => bytes && socket.write(bytes));
    open.add(socket);
    const from = performance.now();
    return new Promise((resolve) => {
      socket.on('error', () => undefined);
      socket.resume();
      socket.once('close', () => resolve(performance.now() - from));
    });
  };

  test('who says nothing, or stops within its first message, is cut after the time for handshakes', async () => {
    const lasted = await Promise.all([silent(), silent(hello)]);
    for (const ms of lasted) {
      expect(ms).toBeGreaterThan(HANDSHAKE_MS - 100);
      expect(ms).toBeLessThan(HANDSHAKE_MS * 5);
    }
    const { listed, event } = await toldOf(/handshake was not finished within/);
    expect(listed).toMatchObject({ stationId: '', status: 0, times: expect.any(Number) });
    await vi.waitUntil(async () => ((await refused()).find(({ reason }) => /not finished/.test(reason))?.times ?? 0) >= 2, 5_000);
    expect(event).toMatchObject({ type: 'UnfinishedTlsHandshake', stationId: null });
  });

  test('who shakes hands and asks for nothing is cut too', async () => {
    const { said } = shaken();
    expect(await said).toMatch(/^HTTP\/1.1 408 /);
    expect((await toldOf(/no request within/)).event.type).toBe('UnfinishedTlsHandshake');
  });

  test('many of them: so many are held and no more, the oldest make room, and whoever means it comes in at once', async () => {
    const cut = Array.from({ length: 3 * UNFINISHED }, () => silent(hello));
    const late = await station('LATE');
    const from = performance.now();
    late.station.start();
    await vi.waitUntil(() => late.station.facts().registration === 'accepted', 5_000);
    expect(performance.now() - from).toBeLessThan(2_000);
    const lasted = (await Promise.all(cut)).toSorted((a, b) => a - b);
    expect(lasted[UNFINISHED - 1]).toBeLessThan(HANDSHAKE_MS - 100);
    expect((await toldOf(/the oldest made room/)).event.type).toBe('UnfinishedTlsHandshake');
    await late.station.stop();
  });
});

describe('renegotiation', () => {
  test.each(['before', 'after'] as const)('%s the upgrade ends the connection', async (when) => {
    const options = { cert: own.chain, key: own.key.privateKey.reveal(), maxVersion: 'TLSv1.2' } as const;
    const { socket, said, secure } = shaken(options);
    await secure;
    if (when === 'after') {
      const upgraded = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
      socket.write(upgrade('VICTIM'));
      expect(await upgraded).toMatch(/^HTTP\/1.1 101 /);
    }
    const before = (await refused()).find(({ reason }) => /negotiate anew/.test(reason))?.times ?? 0;
    socket.renegotiate({}, () => undefined);
    await said;
    expect(socket.destroyed).toBe(true);
    expect((await toldOf(/negotiate anew/)).event.type).toBe('TlsRenegotiationRefused');
    await vi.waitUntil(
      async () => ((await refused()).find(({ reason }) => /negotiate anew/.test(reason))?.times ?? 0) === before + 1,
      5_000,
    );
  });
});

test('A00.FR.205 guessing passwords is slowed per station and address, and the station itself comes in meanwhile', async () => {
  const guessed = await station('GUESSED');
  const answers: string[] = [];
  for (let n = 0; n < 15; n += 1)
    answers.push((await knock('GUESSED', { localAddress: '127.0.0.2' }, `a-wrong-password-${n}`)).slice(9, 12));
  expect(answers).toEqual([...Array.from({ length: 10 }, () => '401'), ...Array.from({ length: 5 }, () => '429')]);
  guessed.station.start();
  await vi.waitUntil(() => guessed.station.facts().registration === 'accepted', 5_000);
  const mine = (await refused()).filter(({ stationId }) => stationId === 'GUESSED');
  expect(mine.map(({ status, times }) => [status, times])).toEqual([
    [429, 5],
    [401, 1],
    [401, 9],
  ]);
  const events = (await logged('/stations/GUESSED/security-events')).filter(({ source }) => source === 'csms');
  expect(events).toHaveLength(10);
  expect(events[0]).toMatchObject({ type: 'FailedToAuthenticateAtCsms', techInfo: expect.stringContaining('every 5 s (from 127.0.0.2)') });
  await guessed.station.stop();
});

test('who knocks without end fills neither the list nor what the station itself may report', async () => {
  const { chain, key } = issue({ subject: { commonName: 'SN-FLOOD', organization: 'Busbar' } });
  const options = { cert: chain, key: key.privateKey.reveal() };
  for (let n = 0; n < 11; n += 1) await Promise.all(Array.from({ length: 20 }, () => knock('VICTIM', options)));
  const listed = (await refused()).filter(({ reason }) => reason.includes('SN-FLOOD'));
  expect(listed).toMatchObject([{ times: 220 }]);
  const stored = await logged('/stations/VICTIM/security-events?limit=1000');
  expect(stored).toHaveLength(200);
  expect(stored[0]?.techInfo).toMatch(/^no more of this hour are stored/);
  expect(csms.csms.kernel.stations.get('VICTIM')?.securityFlood(Date.now())).toBe(false);
});

describe('A00.FR.308 A00.FR.309 A00.FR.310 A00.FR.311 A00.FR.411 A00.FR.412 A00.FR.413 A00.FR.414 a station whose CSMS shows', () => {
  const names = { addresses: ['127.0.0.1'] };
  const csmsName = { commonName: '127.0.0.1', organization: 'Busbar' };
  let n = 0;

  test.each<[string, () => { chain: string; key: KeyPair }, RegExp, 'truncated'?]>([
    ['an expired certificate', () => issue({ subject: csmsName, names, notBefore: NOW - 3 * DAY, notAfter: NOW - DAY }), /expired/],
    [
      'one of tomorrow',
      () => issue({ subject: csmsName, names, notBefore: NOW + DAY, notAfter: NOW + 2 * DAY }),
      /not yet valid|notYetValid/,
    ],
    ['one it signed itself', () => selfSigned(names), /self.signed/i],
    ['one of another authority', () => issue({ subject: csmsName, names }, foreignAuthority()), /unable to|self.signed|signature/i],
    ['one for another host', () => issue({ subject: { ...csmsName, commonName: 'elsewhere.example' } }), /wrongName/],
    ['one whose signature is damaged', () => withBrokenSignature(issue({ subject: csmsName, names })), /signature/],
    ['a truncated one', () => issue({ subject: csmsName, names }), /.+/, 'truncated'],
  ])('%s keeps its password, and tells once why', async (_what, make, reason, cut) => {
    const { chain, key } = make();
    n += 1;
    const knocks: string[] = [];
    const listener = await wsListen({
      host: '127.0.0.1',
      port: 0,
      tls: { key: key.privateKey.reveal(), cert: chain, ...(cut ? { offers: { maxVersion: 'TLSv1.2' } } : {}) },
      acceptor: async ({ path }) => {
        knocks.push(path);
        return { kind: 'refuse', status: 401, reason: 'never' };
      },
    });
    const port = cut ? (await meddler(listener.port, 'server', truncated)).port : listener.port;
    const made = await station(`JUDGE-${n}`, `wss://127.0.0.1:${port}/ocpp`);
    made.station.start();
    await vi.waitUntil(() => made.station.facts().queuedSecurityEvents === 2, 10_000);
    await made.station.provision({ url: `wss://127.0.0.1:${csms.ports.ocppTls}/ocpp` });
    await vi.waitUntil(() => made.station.facts().registration === 'accepted' && made.station.facts().queuedSecurityEvents === 0, 10_000);
    const events = (await logged(`/stations/JUDGE-${n}/security-events`)).filter(({ type }) => type === 'InvalidCsmsCertificate');
    expect(events).toMatchObject([{ source: 'station', techInfo: expect.stringMatching(reason) }]);
    expect(knocks).toEqual([]);
    await made.station.stop();
    await listener.close();
  });
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a station that wants to resume its %s session shows its whole chain again',
  async (maxVersion) => {
    const options = { cert: own.chain, key: own.key.privateKey.reveal(), maxVersion } as const;
    const first = shaken(options);
    const session = new Promise<Buffer>((resolve) => first.socket.once('session', resolve));
    await first.secure;
    first.socket.write(upgrade('VICTIM'));
    const { socket } = shaken({ ...options, session: await session });
    socket.once('secureConnect', () => socket.write(upgrade('VICTIM')));
    expect(await new Promise((resolve) => socket.once('data', (bytes) => resolve(String(bytes))))).toMatch(/^HTTP\/1.1 101 /);
    expect(socket.isSessionReused()).toBe(false);
  },
);
