import { generatePassword } from '@busbar/csms';
import type { Crypto } from '@busbar/runtime';
import { Secret } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';
import { seededRandom } from '@busbar/runtime/virtual';
import { beforeAll, describe, expect, test } from 'vitest';
import { Duet, type DuetOptions } from '../duet.ts';

let crypto: Crypto;
beforeAll(async () => {
  crypto = await loadCrypto();
});
const start = (options: DuetOptions = {}): Promise<Duet> => Duet.start({ crypto, ...options });
const record = (duet: Duet) => duet.csms.kernel.stations.get(duet.identity)?.record;
const refused = (duet: Duet): string[] => duet.csms.kernel.stations.refusedHandshakes().map(({ reason }) => reason);
const security = async (duet: Duet): Promise<string[]> => {
  const events = await duet.csms.kernel.read.securityEvents({ station: duet.row, limit: 100 });
  return events.map(({ type, source }) => (source === 'csms' ? `csms: ${type}` : type)).toReversed();
};
/** Moves the station up and waits for the end of the job. */
async function upgrade(duet: Duet, target: 2 | 3): Promise<{ state: string; reason: string | null; step: string }> {
  const { id } = await duet.settle(duet.useCases.upgradeProfile(duet.identity, target, 'test'));
  const ended = async (): Promise<boolean> => (await duet.csms.kernel.read.job(id))?.state !== 'running';
  for (let minutes = 0; minutes < 60 && !(await ended()); minutes += 1) await duet.clock.advance(60_000);
  const { state, reason, step } = (await duet.csms.kernel.read.job(id)) ?? { state: 'gone', reason: null, step: '' };
  return { state, reason, step };
}

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (version) => {
  test('A01.FR.08 A01.FR.09 A01.FR.10 A01.FR.01 A01.FR.02 A01.FR.03 TC_A_09_CSMS TC_A_09_CS a new password: the station comes back with it, the old one is worth nothing', async () => {
    const duet = await start({ version });
    const password = 'a-new-password-of-28-letters';
    const done = await duet.settle(duet.useCases.changePassword(duet.identity, password, 'test'));
    expect(done).toMatchObject({ status: 'Accepted' });
    await duet.clock.advance(30_000);
    expect(duet.station.facts()).toMatchObject({ link: 'open', registration: 'accepted' });
    expect(record(duet)?.pendingPassword).toBeNull();
    await expect(duet.impostor()).rejects.toThrow('wrong password');
    duet.cutStation();
    duet.startStation(); // the station still knows it after a power cut
    await duet.clock.advance(60_000);
    expect(duet.station.facts()).toMatchObject({ link: 'open', registration: 'accepted' });
    expect(record(duet)?.password).toMatch(/^scrypt\$/);
    expect(JSON.stringify([await duet.log(), await duet.csms.kernel.read.commands(duet.row, 50), duet.trace])).not.toContain(password);
    expect(duet.errors).toEqual([]);
  });

  test('A02.FR.01 A03.FR.01 A02.FR.11 A03.FR.11 A02.FR.14 A03.FR.14 TC_A_11_CSMS on request: signed by our own authority, installed, used', async () => {
    const duet = await start({ version });
    expect(await upgrade(duet, 2)).toMatchObject({ state: 'done' });
    expect(await upgrade(duet, 3)).toMatchObject({ state: 'done' });
    const before = await duet.csms.kernel.read.certificates(duet.row);
    expect(before).toMatchObject([{ use: 'ChargingStationCertificate', state: 'installed', subject: 'DEMO-AC1' }]);
    await duet.settle(duet.useCases.renewCertificate(duet.identity, 'ChargingStationCertificate', 'test'));
    await duet.clock.advance(60_000);
    const [now] = await duet.csms.kernel.read.certificates(duet.row);
    expect(now).toMatchObject({ state: 'installed' });
    const session = duet.csms.kernel.stations.get(duet.identity)?.session;
    expect(session?.admission).toMatchObject({ securityProfile: 3, certificate: { serial: now?.serial } });
    expect(duet.errors).toEqual([]);
  });
});

test('A00.FR.001 A00.FR.002 A00.FR.006 A05.FR.04 A05.FR.05 A05.FR.06 A05.FR.07 TC_A_19_CSMS TC_A_19_CS from 1 to 2 to 3; what is lower is refused from then on', async () => {
  const duet = await start();
  expect(record(duet)?.securityProfile).toBe(1);
  expect(await upgrade(duet, 2)).toMatchObject({ state: 'done', reason: null });
  expect(record(duet)?.securityProfile).toBe(2);
  expect(duet.station.facts()).toMatchObject({ securityProfile: 2, link: 'open', registration: 'accepted' });
  await expect(duet.impostor()).rejects.toThrow('security profile 1 is lower than 2');
  expect(await upgrade(duet, 3)).toMatchObject({ state: 'done', reason: null });
  expect(record(duet)?.securityProfile).toBe(3);
  expect(duet.station.facts()).toMatchObject({ securityProfile: 3, link: 'open' });
  // A00.FR.407: the same password over TLS is not enough any more.
  const basic = { user: duet.identity, password: new Secret('duet-password-of-24-char') };
  const dialled = duet.network.dial({
    url: `wss://csms/ocpp/${duet.identity}`,
    subprotocols: ['ocpp2.0.1'],
    basic,
    deflate: false,
    timeoutMs: 5_000,
  });
  await expect(duet.settle(dialled)).rejects.toThrow('security profile 2 is lower than 3');
  // A power cut of both ends later it is still so.
  duet.cutStation();
  duet.cutCsms();
  await duet.startCsms();
  duet.startStation();
  await duet.clock.until('the station is back', () => duet.station.facts().registration === 'accepted', 300_000);
  expect(record(duet)?.securityProfile).toBe(3);
  expect(duet.errors).toEqual([]);
});

test('A05.FR.08 from 3 to 2 where the station allows it; the record follows down', async () => {
  const duet = await start();
  await upgrade(duet, 2);
  await upgrade(duet, 3);
  expect(await upgrade(duet, 2)).toMatchObject({ state: 'failed', reason: expect.stringContaining('SetNetworkProfile: Rejected') });
  expect(await duet.set('SecurityCtrlr', 'AllowSecurityProfileDowngrade', 'true')).toBe('Accepted');
  expect(await upgrade(duet, 2)).toMatchObject({ state: 'done' });
  expect(record(duet)?.securityProfile).toBe(2);
  expect(duet.station.facts()).toMatchObject({ securityProfile: 2, link: 'open' });
});

test('A05.FR.02 D17 the TLS side is not what it says: the station falls back, the job fails, the order is as before', async () => {
  const duet = await start({ variables: { 'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '2' } });
  duet.showServerChain('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  expect(await upgrade(duet, 2)).toMatchObject({ state: 'failed', reason: expect.stringContaining('fellBack') });
  expect(record(duet)?.securityProfile).toBe(1);
  expect(duet.station.facts()).toMatchObject({ securityProfile: 1, link: 'open', registration: 'accepted' });
  const [priority] = await duet.settle(
    duet.useCases.getVariables(
      duet.identity,
      [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' } }],
      'test',
    ),
  );
  expect(priority?.attributeValue).toBe('1');
  expect(await security(duet)).toContain('InvalidCsmsCertificate');
});

test('D17 a restart of the CSMS in the middle: the job goes on where it was', async () => {
  const duet = await start();
  const { id } = await duet.settle(duet.useCases.upgradeProfile(duet.identity, 3, 'test'));
  for (let cuts = 0; cuts < 4; cuts += 1) {
    await duet.clock.advance(700);
    duet.cutCsms();
    await duet.startCsms();
  }
  const job = async () => duet.csms.kernel.read.job(id);
  for (let minutes = 0; minutes < 60 && (await job())?.state === 'running'; minutes += 1) await duet.clock.advance(60_000);
  expect(await job()).toMatchObject({ state: 'done' });
  expect(record(duet)?.securityProfile).toBe(3);
});

test('A00.FR.403 A00.FR.404 A00.FR.405 A00.FR.407 A00.FR.408 A00.FR.427 TC_A_08_CSMS certificates of others are refused, each with its reason', async () => {
  const duet = await start();
  await upgrade(duet, 2);
  await upgrade(duet, 3);
  await duet.offline();
  const key = crypto.generateKey('ecP256');
  const issue = (subject: { commonName: string; organization: string }, from = -1, to = 1, by = duet.authority): string =>
    crypto.issueCertificate({
      subject,
      publicKey: key.publicKey,
      issuer: { certificate: by.intermediate, key: by.key },
      serialNumber: '4711',
      notBefore: duet.clock.now() + from * 86_400_000,
      notAfter: duet.clock.now() + to * 86_400_000,
    }) + by.intermediate;
  const dial = async (certificate: string): Promise<string> => {
    const request = {
      url: `wss://csms/ocpp/${duet.identity}`,
      subprotocols: ['ocpp2.0.1'],
      deflate: false,
      timeoutMs: 5_000,
      tls: { certificate },
    };
    return duet.settle(duet.network.dial(request)).then(
      () => 'let in',
      (error: Error) => error.message,
    );
  };
  const own = { commonName: 'DEMO-AC1', organization: 'Busbar' };
  expect(await dial(issue(own))).toBe('let in');
  expect(await dial(issue({ ...own, commonName: 'OTHER' }))).toContain('A00.FR.405');
  expect(await dial(issue({ ...own, organization: 'Others' }))).toContain('A00.FR.404');
  expect(await dial(issue(own, -3, -1))).toContain('expired');
  expect(await dial(issue(own, 1, 3))).toContain('notYetValid');
  const stranger = (await start()).authority;
  expect(await dial(issue(own, -1, 1, stranger))).toMatch(/unknownIssuer|badSignature/);
  expect(await dial('nonsense')).toContain('malformed');
  expect((await security(duet)).filter((type) => type === 'csms: InvalidChargingStationCertificate')).toHaveLength(6);
  expect(refused(duet).length).toBeGreaterThanOrEqual(6);
});

test('A00.FR.702 A00.FR.704 A00.FR.705 a revoked certificate opens nothing, and its link is closed', async () => {
  const duet = await start();
  await upgrade(duet, 2);
  await upgrade(duet, 3);
  const [certificate] = await duet.csms.kernel.read.certificates(duet.row);
  await duet.settle(duet.useCases.revokeCertificate(duet.identity, certificate?.serial ?? '', 'key lost', 'test'));
  await duet.clock.advance(120_000);
  expect(duet.station.facts().link).toBe('closed');
  expect(refused(duet)[0]).toContain('revoked');
});

test('A00.FR.429 A00.FR.430 an expired certificate, where the operator allows it: Pending, renewed at once, then as ever', async () => {
  const duet = await start({ config: { clientCertificateDays: 400 } });
  await upgrade(duet, 2);
  await upgrade(duet, 3);
  duet.cutStation();
  await duet.clock.advance(401 * 86_400_000);
  duet.startStation();
  await duet.clock.advance(120_000);
  expect(duet.station.facts().link).toBe('closed');
  expect(refused(duet)[0]).toContain('expired');
  await duet.settle(duet.useCases.patchStation(duet.identity, { acceptExpiredCertificate: true }, 'test'));
  await duet.clock.until('the station is accepted', () => duet.station.facts().registration === 'accepted', 1_800_000);
  expect(duet.csms.kernel.stations.get(duet.identity)?.session?.admission.restriction).toBeUndefined();
  expect((await duet.csms.kernel.read.certificates(duet.row)).map(({ state }) => state)).toEqual(['installed', 'installed']);
});

test('A00.FR.509 A00.FR.511 A02.FR.12 A03.FR.12 TC_A_14_CSMS requests for others, with weak or wrong signatures, are Rejected', async () => {
  const duet = await start();
  const { socket, heard } = await duet.impostor();
  let n = 0;
  const ask = async (csr: string): Promise<unknown> => {
    n += 1;
    socket.send(JSON.stringify([2, `r${n}`, 'SignCertificate', { csr, certificateType: 'ChargingStationCertificate' }]));
    await duet.clock.advance(2_000);
    return JSON.parse(heard.find((text) => text.startsWith(`[3,"r${n}"`)) ?? 'null')?.[2]?.status;
  };
  const key = crypto.generateKey('ecP256');
  expect(await ask(crypto.makeRequest({ subject: { commonName: 'OTHER', organization: 'Busbar' }, key }))).toBe('Rejected');
  expect(await ask(crypto.makeRequest({ subject: { commonName: 'DEMO-AC1', organization: 'Others' }, key }))).toBe('Rejected');
  const stolen = { privateKey: crypto.generateKey('ecP256').privateKey, publicKey: key.publicKey };
  expect(await ask(crypto.makeRequest({ subject: { commonName: 'DEMO-AC1', organization: 'Busbar' }, key: stolen }))).toBe('Rejected');
  expect(await ask('nonsense')).toBe('Rejected');
  const told = await duet.csms.kernel.read.securityEvents({ station: duet.row, limit: 10 });
  const reasons = told.filter(({ type }) => type === 'CertificateRequestRefused').map(({ techInfo }) => techInfo);
  expect(reasons.toReversed()).toEqual([
    'the commonName is OTHER, not DEMO-AC1',
    'the organization is Others, not Busbar',
    'the request is badSignature',
    'the request is malformed',
  ]);
  expect(await ask(crypto.makeRequest({ subject: { commonName: 'DEMO-AC1', organization: 'Busbar' }, key }))).toBe('Accepted');
});

test('A00.FR.703 A02.FR.04 A03.FR.04 an extension signs instead of us; when it fails, nothing is sent and the station asks again', async () => {
  let answers = 0;
  let duet: Duet | undefined;
  const extensions = {
    signCertificate: {
      sign: async ({ csr }: { csr: string }): Promise<string> => {
        answers += 1;
        if (answers === 1 || !duet) throw new Error('the signer is away');
        const request = crypto.readRequest(csr);
        if (request.kind !== 'request') throw new Error('no request');
        const { intermediate, key } = duet.authority;
        const wish = {
          subject: request.subject,
          publicKey: request.publicKey,
          issuer: { certificate: intermediate, key },
          serialNumber: '77',
        };
        return (
          crypto.issueCertificate({ ...wish, notBefore: duet.clock.now() - 1000, notAfter: duet.clock.now() + 86_400_000_0 }) + intermediate
        );
      },
    },
  };
  duet = await start({ extensions });
  await duet.settle(duet.useCases.renewCertificate(duet.identity, 'ChargingStationCertificate', 'test'));
  await duet.clock.advance(120_000);
  expect(answers).toBe(2);
  expect(await duet.csms.kernel.read.certificates(duet.row)).toMatchObject([{ serial: '77', state: 'installed' }]);
  expect(duet.errors).toHaveLength(1);
});

test('A01.FR.04 A01.FR.05 TC_A_10_CSMS the station does not take the password: the old one stays', async () => {
  const duet = await start();
  const done = await duet.settle(
    duet.useCases.changePassword(duet.identity, 'x'.repeat(64) + 'y', 'test').catch((error: Error) => error.message),
  );
  expect(done).toContain('to 64 characters');
  const set = duet.call('SetVariables', {
    setVariableData: [{ component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' }, attributeValue: 'short' }],
  });
  await set;
  expect(record(duet)?.pendingPassword).toBeNull();
  duet.network.breakAll();
  await duet.clock.advance(60_000);
  expect(duet.station.facts().link).toBe('open');
});

test('D17 the answer about the password is lost: both are valid until one is used', async () => {
  const duet = await start();
  const changing = duet.useCases.changePassword(duet.identity, generatePassword(seededRandom(3)), 'test').catch(() => undefined);
  await duet.clock.until('it is on its way', () => record(duet)?.pendingPassword !== null, 5_000);
  duet.network.breakAll();
  await duet.settle(changing);
  expect(record(duet)?.pendingPassword).not.toBeNull();
  await duet.clock.advance(120_000);
  expect(duet.station.facts().link).toBe('open');
  expect(record(duet)?.pendingPassword).toBeNull();
});

test('A04.FR.01 A04.FR.03 A04.FR.02 security events are stored once, in order, also those of an outage', async () => {
  const duet = await start();
  await duet.offline();
  await duet.clock.advance(60_000);
  duet.cutStation();
  await duet.clock.advance(5_000);
  duet.startStation();
  await duet.clock.advance(60_000);
  expect(await security(duet)).toEqual(['StartupOfTheDevice', 'StartupOfTheDevice']);
  const [newest] = await duet.csms.kernel.read.securityEvents({ station: duet.row, limit: 1 });
  expect(newest).toMatchObject({ critical: true, source: 'station', techInfo: 'PowerUp' });
});

test('A03.FR.02 A03.FR.11 a certificate that ends within a month: the station asks for the next one by itself', async () => {
  const duet = await start({ config: { clientCertificateDays: 31 } });
  await upgrade(duet, 2);
  await upgrade(duet, 3);
  expect(await duet.csms.kernel.read.certificates(duet.row)).toHaveLength(1);
  await duet.clock.advance(2 * 86_400_000);
  const all = await duet.csms.kernel.read.certificates(duet.row);
  expect(all.length).toBeGreaterThan(1);
  expect(all[0]).toMatchObject({ state: 'installed' });
  expect(duet.csms.kernel.stations.get(duet.identity)?.session?.admission.certificate?.serial).toBe(all[0]?.serial);
}, 30_000);

test('A00.FR.406 A00.FR.806 A00.FR.807 a certificate of the manufacturer lets it in as Pending, to be replaced by one of ours', async () => {
  const other = await start();
  const maker = other.authority;
  const key = crypto.generateKey('ecP256');
  const factory = crypto.issueCertificate({
    subject: { commonName: 'DEMO-AC1', organization: 'Maker' },
    publicKey: key.publicKey,
    issuer: { certificate: maker.intermediate, key: maker.key },
    serialNumber: '31',
    notBefore: 0,
    notAfter: other.clock.now(), // A00.FR.807: even when it has expired
  });
  const clientCertificate = { chain: factory + maker.intermediate, key: key.privateKey };
  const duet = await start({ untilAccepted: false, station: { csmsUrl: 'wss://csms/ocpp', clientCertificate } });
  await duet.clock.advance(30_000);
  expect(duet.station.facts().link).toBe('closed');
  await duet.settle(duet.useCases.patchStation(duet.identity, { serialNumber: 'DEMO-AC1' }, 'test'));
  await duet.settle(duet.useCases.addTrust('manufacturer', maker.root, 'test'));
  await duet.clock.until('it is in', () => duet.station.facts().registration === 'pending', 600_000);
  await duet.clock.until('it is accepted', () => duet.station.facts().registration === 'accepted', 600_000);
  expect(duet.csms.kernel.stations.get(duet.identity)?.session?.admission).toMatchObject({ securityProfile: 3, restriction: undefined });
  expect(await duet.csms.kernel.read.certificates(duet.row)).toMatchObject([{ state: 'installed' }]);
});

test('B01.FR.11 B01.FR.12 on profile 3 the serial number of the boot is that of the certificate', async () => {
  const duet = await start();
  const key = crypto.generateKey('ecP256');
  const certificate =
    crypto.issueCertificate({
      subject: { commonName: duet.identity, organization: 'Busbar' },
      publicKey: key.publicKey,
      issuer: { certificate: duet.authority.intermediate, key: duet.authority.key },
      serialNumber: '32',
      notBefore: duet.clock.now() - 1000,
      notAfter: duet.clock.now() + 86_400_000,
    }) + duet.authority.intermediate;
  await duet.offline();
  await duet.settle(duet.useCases.patchStation(duet.identity, { serialNumber: null }, 'test'));
  const request = {
    url: `wss://csms/ocpp/${duet.identity}`,
    subprotocols: ['ocpp2.0.1'],
    deflate: false,
    timeoutMs: 5_000,
    tls: { certificate },
  };
  const socket = await duet.settle(duet.network.dial(request));
  const heard: string[] = [];
  let closed: number | undefined;
  socket.handle({
    text: (text) => heard.push(text),
    binary: () => undefined,
    alive: () => undefined,
    closed: (code) => {
      closed = code;
    },
  });
  const chargingStation = { vendorName: 'V', model: 'M', serialNumber: 'ANOTHER' };
  socket.send(JSON.stringify([2, 'b', 'BootNotification', { reason: 'PowerUp', chargingStation }]));
  await duet.clock.advance(5_000);
  expect(heard[0]).toContain('Rejected');
  expect(closed).toBe(1008);
  expect(record(duet)?.serialNumber).toBeNull();
});

test('A05.FR.02 A05.FR.04 D17 the job brings the root that is missing, before anything depends on it', async () => {
  const duet = await start({ station: { roots: [] } });
  expect(await upgrade(duet, 2)).toMatchObject({ state: 'done' });
  expect(duet.station.facts()).toMatchObject({ securityProfile: 2, link: 'open' });
});

test('D17 a charging station is moved when it has become idle; a link that only flaps meanwhile decides nothing', async () => {
  const duet = await start();
  await duet.charge();
  const { id } = await duet.settle(duet.useCases.upgradeProfile(duet.identity, 2, 'test'));
  await duet.clock.advance(60_000);
  expect(await duet.csms.kernel.read.job(id)).toMatchObject({ state: 'running', step: 'waitForBoot' });
  duet.network.breakAll();
  await duet.clock.advance(3_600_000);
  expect(await duet.csms.kernel.read.job(id)).toMatchObject({ state: 'running', step: 'waitForBoot' });
  await duet.stop();
  await duet.clock.advance(600_000);
  expect(await duet.csms.kernel.read.job(id)).toMatchObject({ state: 'done' });
  const transaction = await duet.newest();
  expect(transaction.bill).toMatchObject({ bill: 'final', completeness: 'complete' });
});
