import { csmsCase } from '../../case.ts';
import type { CsmsTest } from '../../csms-test.ts';
import { atLeast, type Field, oneOf, present, rule } from '../../field.ts';
import type { TlsProbe } from '../../outside.ts';
import { byTls, ownCertificate, trustedAuthority } from '../../states/client-certificate.ts';
import { bootedAgain } from '../../states/csms.ts';
import type { ConnectOptions, ToolStation } from '../../tool-station.ts';

/** TLS as the CSMS speaks it: versions, suites, its own certificates, those of stations (A00). */

/** OpenSSL's names of the four suites that a CSMS has to know. */
const SUITES = {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_RSA_WITH_AES_128_GCM_SHA256: 'AES128-GCM-SHA256',
  TLS_RSA_WITH_AES_256_GCM_SHA384: 'AES256-GCM-SHA384',
} as const;

const MODERN = oneOf('TLSv1.2', 'TLSv1.3');

function server(t: CsmsTest): Pick<TlsProbe, 'url' | 'roots'> {
  const { wss, roots } = t.address;
  return { url: wss ?? t.inconclusive('no address of the CSMS for TLS'), ...(roots ? { roots } : {}) };
}

/** Every suite by itself, over TLS 1.2, where a suite says which certificate is shown. */
async function suites(t: CsmsTest, step: number, options: ConnectOptions, requirement: string): Promise<void> {
  const reached = server(t);
  for (const [name, ciphers] of Object.entries(SUITES)) {
    const seen = await t.tls({ ...reached, ...ownOf(options), maxVersion: 'TLSv1.2', ciphers });
    t.check(step, seen, { done: true, cipher: name }, requirement);
    t.check(step, seen, certificate(reached.url), 'A00.FR.306');
  }
}

function certificate(url: string): Readonly<Record<string, Field>> {
  const { hostname } = new URL(url);
  const strong = rule('an RSA key of 2048 bits or an EC key of 224 bits at least', (key) => {
    if (typeof key !== 'object' || key === null || !('type' in key) || !('bits' in key)) return false;
    return atLeast(key.type === 'ec' ? 224 : 2048).holds(key.bits);
  });
  return {
    trusted: true,
    key: strong,
    serialNumber: rule('present', (value) => typeof value === 'string' && value !== ''),
    commonName: rule(`the name of the server (${hostname})`, (value) => value === hostname),
  };
}

/** Connects by TLS and boots. */
async function boots(t: CsmsTest, station: ToolStation, step: number, options: ConnectOptions, requirement: string): Promise<void> {
  await station.connect(step, options, requirement);
  await bootedAgain(t, station, step + 1);
}

const passwordOrCertificate = (t: CsmsTest): 2 | 3 => (t.settings.securityProfile === 3 ? 3 : 2);

const FLAWS = ['of an unknown authority', 'that has expired', 'of another station'] as const;

export const csmsTls = [
  csmsCase('TC_A_04_CSMS', 'The CSMS shows good certificates and knows the four suites', async (t) => {
    const profile = passwordOrCertificate(t);
    const station = await t.station({ securityProfile: profile });
    const options = await byTls(t, station, profile);
    const seen = await t.tls({ ...server(t), ...ownOf(options) });
    t.check(3, seen, { done: true, protocol: MODERN, cipher: present }, 'A00.FR.312');
    await suites(t, 3, options, 'A00.FR.318');
    await boots(t, station, 6, options, 'A00.FR.307');
  }),
  csmsCase(
    'TC_A_06_CSMS',
    'A station that speaks TLS 1.1 only is not let in',
    async (t) => {
      const profile = passwordOrCertificate(t);
      const station = await t.station({ securityProfile: profile });
      const options = await byTls(t, station, profile);
      const old = await t.tls({ ...server(t), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
      const { payload } = old;
      if (!payload.done && payload.reason.includes('no protocols available'))
        return t.inconclusive('the kit itself cannot speak TLS 1.1 here');
      t.check(2, old, { done: false }, 'A00.FR.314', 'A00.FR.417');
      await boots(t, station, 8, options, 'A00.FR.314');
    },
    { note: 'the probe is at TLS 1.1; that this client can speak it is checked, so that a refusal is the CSMS’s own' },
  ),
  csmsCase('TC_A_07_CSMS', 'A station is let in by its certificate', async (t) => {
    const station = await t.station({ securityProfile: 3 });
    const options = await byTls(t, station, 3);
    const seen = await t.tls({ ...server(t), ...ownOf(options) });
    t.check(3, seen, { done: true, protocol: MODERN }, 'A00.FR.416');
    await suites(t, 3, options, 'A00.FR.421');
    await boots(t, station, 6, options, 'A00.FR.409');
  }),
  csmsCase(
    'TC_A_08_CSMS',
    'A station whose certificate is not good is not let in',
    async (t) => {
      const station = await t.station({ securityProfile: 3 });
      const authority = await trustedAuthority(t);
      for (const flaw of FLAWS) {
        const wrong = await flawed(t, station, authority, flaw);
        await station.refused(4, { securityProfile: 3, ...wrong }, `a certificate ${flaw} opens nothing`, 'A00.FR.405', 'A00.FR.407');
      }
      await boots(t, station, 10, { securityProfile: 3, ...ownCertificate(station, authority) }, 'A00.FR.409');
    },
    { note: 'all three kinds of invalid certificates in one run' },
  ),
];

const ownOf = ({ certificate: cert, key }: ConnectOptions) => (cert === undefined || key === undefined ? {} : { certificate: cert, key });

async function flawed(
  t: CsmsTest,
  station: ToolStation,
  authority: Awaited<ReturnType<typeof trustedAuthority>>,
  flaw: (typeof FLAWS)[number],
) {
  const { serialNumber } = station.identity;
  switch (flaw) {
    case 'of an unknown authority':
      return ownCertificate(station, await t.authority('a stranger'));
    case 'that has expired': {
      const { pem, key } = authority.issue({ subject: { commonName: serialNumber }, life: 'expired' });
      return { certificate: pem, key: key.reveal() };
    }
    case 'of another station': {
      const { pem, key } = authority.issue({ subject: { commonName: `${serialNumber}-other` } });
      return { certificate: pem, key: key.reveal() };
    }
  }
}
