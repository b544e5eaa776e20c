import { stationCase } from '../../case.ts';
import { oneOf } from '../../field.ts';
import type { TlsSetting } from '../../outside.ts';
import { booted, boots } from '../../states/station.ts';
import { SERIAL, type StationTest } from '../../station-test.ts';
import { type Secure, type SutStation, serverTls } from '../../sut-station.ts';

/** TLS as the station speaks it: versions, suites, the server's certificate, its own (A00). */

const SUITES = {
  ec: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  rsa: ['AES128-GCM-SHA256', 'AES256-GCM-SHA384'],
} as const;

async function secureStation(t: StationTest, securityProfile: 2 | 3, attempts: number): Promise<{ station: SutStation; secure: Secure }> {
  const station = await booted(t, { securityProfile, variables: { 'OCPPCommCtrlr.NetworkProfileConnectionAttempts': String(attempts) } });
  return { station, secure: station.secure ?? t.inconclusive('no TLS') };
}

/** Shows another face and hangs up; true when the station comes in, false when its handshake breaks. */
async function comesIn(station: SutStation, secure: Secure, tls: TlsSetting): Promise<boolean> {
  secure.door.renew(tls);
  const [knocks, failures] = [station.knocks.length, station.tlsFailures.length];
  if (station.connected) station.disconnect();
  return station.knockOrFailure(knocks, failures, 30_000);
}

/** At least the two suites of one kind of key have to work (A00.FR.319, A00.FR.422). */
async function suites(t: StationTest, step: number, station: SutStation, secure: Secure, requirement: string): Promise<void> {
  const working: string[] = [];
  for (const [kind, names] of Object.entries(SUITES))
    for (const ciphers of names) {
      const tls = serverTls(secure.authority, secure.door.host, 'now', kind === 'rsa' ? 'rsa2048' : 'ecP256');
      if (await comesIn(station, secure, { ...tls, ciphers, maxVersion: 'TLSv1.2' })) working.push(ciphers);
    }
  const both = (names: readonly string[]): boolean => names.every((name) => working.includes(name));
  t.that(step, 'the two suites with ECDSA or the two with RSA are supported', both(SUITES.ec) || both(SUITES.rsa), working, [requirement]);
  t.reading(`cipher suites: ${working.join(', ')}`);
  secure.door.renew(secure.tls);
  if (!station.connected) await station.connects(step, 60_000);
}

function modern(t: StationTest, step: number, station: SutStation, requirement: string): void {
  const knock = station.knocks.at(-1);
  const protocol = knock?.handshake.tls?.protocol;
  t.that(
    step,
    'TLS 1.2 or newer is spoken',
    protocol === 'TLSv1.2' || protocol === 'TLSv1.3',
    protocol,
    [requirement],
    knock && { entry: knock.entry, path: 'handshake.tls.protocol' },
  );
}

/** Resets and waits for the boot, over whatever the door shows. */
async function restarts(t: StationTest, station: SutStation, step: number): Promise<void> {
  station.forget();
  await station.call(0, 'Reset', { type: 'Immediate' }, { status: 'Accepted' }, 'B11.FR.01');
  await station.comesBack(step, 60_000, 'A00.FR.309');
  modern(t, 2, station, 'A00.FR.313');
  await boots(t, station, step + 6);
}

const FLAWS = ['a stranger’s certificate', 'an expired certificate', 'a certificate for another name'] as const;

async function flawed(t: StationTest, secure: Secure, flaw: (typeof FLAWS)[number]): Promise<TlsSetting> {
  switch (flaw) {
    case 'a stranger’s certificate':
      return serverTls(await t.authority('a stranger'), secure.door.host);
    case 'an expired certificate':
      return serverTls(secure.authority, secure.door.host, 'expired');
    case 'a certificate for another name':
      return serverTls(secure.authority, 'another.example');
  }
}

export const stationTls = [
  stationCase('TC_A_04_CS', 'A good server certificate is accepted, over TLS 1.2 at least', async (t) => {
    const { station, secure } = await secureStation(t, 2, 3);
    await suites(t, 2, station, secure, 'A00.FR.319');
    await restarts(t, station, 1);
  }),
  stationCase('TC_A_05_CS', 'Server certificates that are not good are refused, and that is told', async (t) => {
    const { station, secure } = await secureStation(t, 2, 2);
    for (const flaw of FLAWS) {
      const came = await comesIn(station, secure, await flawed(t, secure, flaw));
      t.that(3, `${flaw} is refused`, !came, 'the station connected', ['A00.FR.309', 'A00.FR.310'], { entry: t.trace.entries.length - 1 });
      secure.door.renew(secure.tls);
      if (!station.connected) await station.connects(9, 60_000, 'A00.FR.311');
      await station.take(14, 'SecurityEventNotification', {}, { where: { type: 'InvalidCsmsCertificate' }, requirements: ['A00.FR.310'] });
    }
  }),
  stationCase(
    'TC_A_06_CS',
    'A server that speaks TLS 1.1 is refused',
    async (t) => {
      const { station, secure } = await secureStation(t, 2, 1);
      const old: TlsSetting = { ...secure.tls, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' };
      secure.door.renew(old);
      const broken = station.tlsFailures.length;
      const proof = await t.tls({ url: secure.door.wss, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
      if (!proof.payload.done || proof.payload.protocol !== 'TLSv1.1') return t.inconclusive('the kit itself cannot speak TLS 1.1 here');
      // The kit's own client hung up: that must not pass for the station's refusal.
      await station.knockOrFailure(station.knocks.length, broken, t.settings.stepMs);
      const came = await comesIn(station, secure, old);
      t.that(3, 'a server that speaks TLS 1.1 only is refused', !came, 'the station connected', ['A00.FR.314', 'A00.FR.316'], {
        entry: t.trace.entries.length - 1,
      });
      secure.door.renew(secure.tls);
      if (!station.connected) await station.connects(9, 60_000, 'A00.FR.314');
      const told = await station.maybe('SecurityEventNotification', { type: 'InvalidTLSVersion' }, t.settings.silenceS * 1000);
      t.reading(told ? 'InvalidTLSVersion is told' : 'InvalidTLSVersion is not told (optional)');
      await restarts(t, station, 4);
      await station.take(
        14,
        'SecurityEventNotification',
        {},
        { where: { type: oneOf('StartupOfTheDevice', 'ResetOrReboot') }, requirements: ['A04.FR.01'] },
      );
    },
    { note: 'the kit proves with a client of its own that its server speaks TLS 1.1 before it judges (D19)' },
  ),
  stationCase('TC_A_07_CS', 'A station shows a good certificate of its own', async (t) => {
    const { station, secure } = await secureStation(t, 3, 3);
    await suites(t, 4, station, secure, 'A00.FR.422');
    await restarts(t, station, 1);
    const knock = station.knocks.at(-1);
    const crypto = await t.outside.crypto();
    const shown = crypto.readCertificate(knock?.handshake.clientCertificate ?? '');
    const evidence = knock && { entry: knock.entry, path: 'handshake.certificate' };
    if (shown === undefined)
      return t.stop(4, 'the station shows an X.509 certificate', knock?.handshake.clientCertificate, ['A00.FR.402'], evidence);
    const strong = shown.key.kind === 'rsa' ? shown.key.bits >= 2048 : shown.key.kind === 'ec' && shown.key.bits >= 224;
    t.that(4, 'its key is strong enough', strong, shown.key, ['A00.FR.502', 'A00.FR.503'], evidence);
    t.that(4, 'it has a serial number', shown.serialNumber !== '', shown.serialNumber, ['A00.FR.508'], evidence);
    t.that(4, 'its CN is the serial number of the station', shown.subject.commonName === SERIAL, shown.subject, ['A00.FR.511'], evidence);
    const boot = station.all('BootNotification').at(-1);
    if (boot?.payload.chargingStation.serialNumber !== undefined)
      t.check(4, boot, { 'chargingStation.serialNumber': shown.subject.commonName ?? '' }, 'A00.FR.511');
    t.that(
      4,
      'no password goes with it',
      knock?.handshake.authorization === undefined,
      knock?.handshake.authorization,
      ['A00.FR.401'],
      knock && { entry: knock.entry, path: 'handshake.authorization' },
    );
  }),
];
