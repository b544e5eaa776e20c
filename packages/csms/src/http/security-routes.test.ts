import { type Crypto, silentLog } from '@busbar/runtime';
import { loadCrypto, systemClock, systemRandom } from '@busbar/runtime/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authority, makeAuthority } from '../authority.ts';
import { createCsms } from '../csms.ts';
import { inlineSlowHash } from '../passwords.ts';
import { DirectStore, memoryDatabase } from '../store/direct-store.ts';
import { TEST_CONFIG } from '../testing/test-csms.ts';
import { createHttpServer, type HttpServer, hashKey } from './index.ts';

const KEY = 'key-for-tests';
let server: HttpServer;
let stop: () => Promise<void>;
let crypto: Crypto;
let authority: Authority;

beforeAll(async () => {
  crypto = await loadCrypto();
  ({ authority } = makeAuthority({ crypto, random: systemRandom, now: Date.now() }, 'Busbar'));
  const csms = await createCsms({
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    store: new DirectStore(memoryDatabase(), systemClock, () => 0),
    config: TEST_CONFIG,
    pepper: { id: 'p', key: new Uint8Array(32) },
    slowHash: inlineSlowHash,
    crypto: loadCrypto,
    authority,
  });
  await csms.kernel.queue.commit([{ k: 'apiKey', name: 'first', hash: hashKey(KEY), at: 0 }]);
  server = await createHttpServer({ csms, console: { page: '', assets: new Map() }, hosts: [], trustProxy: false });
  await server.useCases.createStation({ id: 'CS1' }, 'test');
  stop = async () => {
    await server.close();
    await csms.close();
  };
});
afterAll(() => stop());

async function api(method: 'GET' | 'POST' | 'DELETE' | 'PATCH', path: string, body?: object) {
  const headers = { host: 'localhost', authorization: `Bearer ${KEY}` };
  const answer = await server.app.inject({ method, url: `/api/v1${path}`, headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}
const root = (name: string): string => {
  const key = crypto.generateKey('ecP256');
  const wish = { subject: { commonName: name }, publicKey: key.publicKey, issuer: { key: key.privateKey }, serialNumber: '1f', ca: {} };
  return crypto.issueCertificate({ ...wish, notBefore: Date.now(), notAfter: Date.now() + 1e10 });
};

test('GET /trust/csms shows what stations need to trust: the root of our own authority', async () => {
  const { status, body } = await api('GET', '/trust/csms');
  expect(status).toBe(200);
  expect(body.certificates).toMatchObject([
    { subject: 'Busbar Root CA, Busbar', hashData: { hashAlgorithm: 'SHA256' }, pem: authority.root },
  ]);
  expect(JSON.stringify(body)).not.toContain('PRIVATE');
  expect((await api('GET', '/trust/manufacturer')).body).toEqual({ certificates: [] });
});

test('roots are added, one or a whole chain, listed and removed; the same one twice is one', async () => {
  const [one, two] = [root('One'), root('Two')];
  const added = await api('POST', '/trust/manufacturer', { pem: one + two });
  expect([added.status, added.body.certificates.map(({ subject }: { subject: string }) => subject)]).toEqual([201, ['One', 'Two']]);
  await api('POST', '/trust/manufacturer', { pem: one });
  expect((await api('GET', '/trust/manufacturer')).body.certificates).toHaveLength(2);
  expect((await api('DELETE', `/trust/manufacturer/${added.body.certificates[0].hash}`)).status).toBe(204);
  expect((await api('GET', '/trust/manufacturer')).body.certificates).toMatchObject([{ subject: 'Two' }]);
  expect((await api('DELETE', `/trust/manufacturer/${added.body.certificates[0].hash}`)).status).toBe(404);
});

test.each([
  ['POST', '/trust/manufacturer', { pem: 'no certificate' }, 422],
  ['POST', '/trust/manufacturer', { pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, 422],
  ['POST', '/trust/manufacturer', {}, 422],
  ['POST', '/trust/nonsense', { pem: 'x' }, 422],
  ['GET', '/trust/nonsense', undefined, 422],
  ['DELETE', '/trust/csms/short', undefined, 422],
  ['POST', '/stations/CS1/upgrade-profile', { securityProfile: 1 }, 422],
  ['POST', '/stations/CS1/upgrade-profile', { securityProfile: 2 }, 409], // nobody said where the TLS port is
  ['POST', '/stations/CS1/password', { password: 'short' }, 422],
  ['POST', '/stations/CS1/password', {}, 409], // not connected
  ['POST', '/stations/CS1/renew-certificate', { use: 'Anything' }, 422],
  ['POST', '/stations/CS1/renew-certificate', {}, 200],
  ['POST', '/stations/NOBODY/renew-certificate', {}, 404],
  ['POST', '/stations/CS1/certificates/ff/revoke', { reason: 'x' }, 404],
  ['POST', '/stations/CS1/certificates/ff/revoke', {}, 422],
  ['GET', '/stations/NOBODY/certificates', undefined, 404],
  ['GET', '/jobs/none', undefined, 404],
  ['GET', '/security-events?limit=0', undefined, 422],
  ['POST', '/revocations', { crl: 'x', issuer: 'y' }, 422],
  ['PATCH', '/stations/CS1', { securityProfile: 4 }, 422],
] as const)('%s %s with %o is answered %i', async (method, path, body, status) => {
  expect((await api(method, path, body)).status).toBe(status);
});

test('A00.FR.705 the revocation list of another issuer is taken over', async () => {
  const issuer = { certificate: authority.intermediate, key: authority.key };
  const crl = crypto.makeRevocationList({ issuer, serialNumbers: ['ab', 'cd'], thisUpdate: Date.now(), nextUpdate: Date.now() + 1e9 });
  expect((await api('POST', '/revocations', { crl, issuer: authority.intermediate })).body).toEqual({ revoked: 2 });
  const fingerprint = crypto.readCertificate(authority.intermediate)?.fingerprint ?? '';
  const { read } = server.useCases.kernel;
  expect([await read.isRevoked(fingerprint, 'ab'), await read.isRevoked(fingerprint, 'ac')]).toEqual([true, false]);
});

test('A04 security events of all stations and of one, newest first, in pages', async () => {
  const row = server.useCases.station('CS1').record.row;
  const event = { k: 'securityEvent', station: row, receivedAt: 5, critical: true, source: 'station' } as const;
  await server.useCases.kernel.queue.commit([
    { ...event, at: 1, type: 'StartupOfTheDevice' },
    { ...event, at: 2, type: 'TamperDetectionActivated', techInfo: 'lid' },
  ]);
  const all = await api('GET', '/security-events');
  expect(all.body).toMatchObject([
    { type: 'TamperDetectionActivated', stationId: 'CS1', techInfo: 'lid', critical: true },
    { type: 'StartupOfTheDevice' },
  ]);
  expect((await api('GET', `/stations/CS1/security-events?limit=5&before=${all.body[0].id}`)).body).toMatchObject([
    { type: 'StartupOfTheDevice' },
  ]);
});

test('a station is let in with an expired certificate, or told its lowest profile, by a person', async () => {
  const { body } = await api('PATCH', '/stations/CS1', { acceptExpiredCertificate: true, securityProfile: 2 });
  expect(body).toMatchObject({ acceptExpiredCertificate: true, securityProfile: 2, linkSecurityProfile: null });
});
