import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@busbar/runtime';
import { demoTopologies } from '@busbar/station/hardware';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readServeConfig } from './config-examine.ts';
import { type RunningCsms, startCsms } from './serve.ts';
import { type HostedStation, StationHost } from './station-host.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const closers: (() => Promise<void> | void)[] = [];
let folder: string;
let csms: RunningCsms;
let host: StationHost;
const begin = (): Promise<RunningCsms> =>
  startCsms(
    readServeConfig(
      { data: join(folder, 'data'), ocppPort: '0', httpPort: '0', ocppTlsPort: '0', logLevel: 'silent', onboardingInventory: 'no' },
      {},
    ),
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-secure-'));
  csms = await begin();
  host = new StationHost(join(folder, 'stations'), silentLog, { synchronous: 'OFF' });
});
afterAll(async () => {
  await host.close();
  await csms.close();
  for (const close of closers.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function api(method: string, path: string, body?: object): Promise<{ status: number; body: never }> {
  const answer = await fetch(`http://127.0.0.1:${csms.ports.http}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${csms.apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as never };
}
const accepted = ({ station }: HostedStation) => vi.waitUntil(() => station.facts().registration === 'accepted', 60_000);
const url = (secure: boolean): string => (secure ? `wss://127.0.0.1:${csms.ports.ocppTls}/ocpp` : `ws://127.0.0.1:${csms.ports.ocpp}/ocpp`);
const FAST = {
  'OCPPCommCtrlr.RetryBackOffWaitMinimum': '1',
  'OCPPCommCtrlr.RetryBackOffRandomRange': '0',
  'OCPPCommCtrlr.RetryBackOffRepeatTimes': '0',
};

test('A00.FR.601 A00.FR.602 A00.FR.603 the authority is made once, its keys are only their owner’s to read, nothing of them is told', async () => {
  const ca = join(folder, 'data', 'ca');
  expect(readdirSync(ca).sort()).toEqual([
    'intermediate.key',
    'intermediate.pem',
    'root.key',
    'root.pem',
    'server-ecP256.key',
    'server-ecP256.pem',
    'server-rsa2048.key',
    'server-rsa2048.pem',
  ]);
  for (const name of readdirSync(ca).filter((entry) => entry.endsWith('.key'))) expect(statSync(join(ca, name)).mode & 0o777).toBe(0o600);
  expect(statSync(ca).mode & 0o777).toBe(0o700);
  const { body } = await api('GET', '/trust/csms');
  expect(body).toMatchObject({ certificates: [{ pem: readFileSync(join(ca, 'root.pem'), 'utf8') }] });
});

test('A00.FR.306 A00.FR.307 A00.FR.409 A00.FR.410 TC_A_04_CSMS TC_A_07_CSMS D15 D16 real TLS: profile 2, then 3 over REST, on one port; a restart of the CSMS changes nothing', async () => {
  const { body: created } = await api('POST', '/stations', { id: 'TLS-1', serialNumber: 'DEMO-AC1' });
  const { password } = created as { password: string };
  const root = readFileSync(join(folder, 'data', 'ca', 'root.pem'), 'utf8');
  const made = host.add({
    id: 'TLS-1',
    url: url(true),
    password,
    versions: ['ocpp2.0.1'],
    deflate: true,
    topology: demoTopologies.acSinglePhase,
    variables: FAST,
    delivery: { roots: [{ kind: 'CSMSRoot', pem: root }] },
  });
  made.station.start();
  await accepted(made);
  expect((await api('GET', '/stations/TLS-1')).body).toMatchObject({ securityProfile: 2, linkSecurityProfile: 2 });
  const { status, body } = await api('POST', '/stations/TLS-1/upgrade-profile', { securityProfile: 3 });
  expect(status).toBe(202);
  const { jobId } = body as { jobId: string };
  await vi.waitUntil(async () => (await api('GET', `/jobs/${jobId}`)).body['state'] !== 'running', { timeout: 60_000, interval: 200 });
  expect((await api('GET', `/jobs/${jobId}`)).body).toMatchObject({ state: 'done' });
  expect((await api('GET', '/stations/TLS-1')).body).toMatchObject({ securityProfile: 3, linkSecurityProfile: 3, connected: true });
  expect((await api('GET', '/stations/TLS-1/certificates')).body).toMatchObject({ issued: [{ state: 'installed', subject: 'DEMO-AC1' }] });
  expect(made.station.facts()).toMatchObject({ securityProfile: 3, activeNetworkProfile: 2 });
  // A00.FR.704: revoked, the door is shut before the 101.
  const issued = (await api('GET', '/stations/TLS-1/certificates')).body as { issued: { serialNumber: string }[] };
  await api('POST', `/stations/TLS-1/certificates/${issued.issued[0]?.serialNumber}/revoke`, { reason: 'test' });
  await vi.waitUntil(
    async () => ((await api('GET', '/refused-handshakes')).body as { reason: string }[])[0]?.reason.includes('revoked') === true,
    30_000,
  );
  await made.station.stop();
});

test('a station that trusts somebody else does not give its password away, and tells the event later', async () => {
  const { body: created } = await api('POST', '/stations', { id: 'TLS-2' });
  const { password } = created as { password: string };
  const made = host.add({
    id: 'TLS-2',
    url: url(true),
    password,
    versions: ['ocpp2.0.1'],
    deflate: false,
    topology: demoTopologies.acSinglePhase,
    variables: FAST,
    delivery: { roots: [] },
  });
  made.station.start();
  await vi.waitUntil(() => made.station.facts().queuedSecurityEvents === 2, 20_000);
  expect(((await api('GET', '/refused-handshakes')).body as { stationId: string }[]).some(({ stationId }) => stationId === 'TLS-2')).toBe(
    false,
  );
  await made.station.provision({
    url: url(true),
    roots: [{ kind: 'CSMSRoot', pem: readFileSync(join(folder, 'data', 'ca', 'root.pem'), 'utf8') }],
  });
  await accepted(made);
  await vi.waitUntil(() => made.station.facts().queuedSecurityEvents === 0, 20_000);
  const { body } = await api('GET', '/stations/TLS-2/security-events');
  expect((body as { type: string }[]).map(({ type }) => type)).toContain('InvalidCsmsCertificate');
  await made.station.stop();
});

test('A00.FR.505 A00.FR.510 OpenSSL’s own client sees what the documents ask for: suites, both keys, a CN, no TLS 1.1', async () => {
  const root = join(folder, 'data', 'ca', 'root.pem');
  const ask = async (...args: string[]): Promise<string> => {
    const client = execFile('openssl', ['s_client', '-connect', `127.0.0.1:${csms.ports.ocppTls}`, '-CAfile', root, ...args]);
    let text = '';
    client.stdout?.on('data', (data) => (text += String(data)));
    client.stdin?.end();
    await new Promise((resolve) => client.once('close', resolve));
    return text;
  };
  for (const suite of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384']) {
    const text = await ask('-tls1_2', '-cipher', suite);
    expect(text).toContain(`Cipher is ${suite}`);
    expect(text).toContain('Verify return code: 0 (ok)');
    expect(text).toMatch(/CN ?= ?127\.0\.0\.1/);
  }
  expect(await ask('-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0')).toContain('Cipher is (NONE)');
});
