import type { TestAuthority } from '../authority.ts';
import { rule } from '../field.ts';
import type { Received } from '../link.ts';
import { SERIAL, type StationTest } from '../station-test.ts';
import type { SutStation } from '../sut-station.ts';

/** Asks for a new certificate of the station's own and takes its request, whose form and key are judged. */
export async function asksForCertificate(t: StationTest, station: SutStation, step: number): Promise<Received<'SignCertificate'>> {
  await station.call(step, 'TriggerMessage', { requestedMessage: 'SignChargingStationCertificate' }, { status: 'Accepted' }, 'F06.FR.10');
  return requested(t, station, step + 2);
}

/** The next SignCertificate, judged. */
export async function requested(t: StationTest, station: SutStation, step: number, within?: number): Promise<Received<'SignCertificate'>> {
  const crypto = await t.outside.crypto();
  const good = rule('a PKCS#10 request as PEM with a strong key', (value) => {
    const reading = typeof value === 'string' ? crypto.readRequest(value) : undefined;
    if (reading?.kind !== 'request') return false;
    return reading.key.kind === 'rsa' ? reading.key.bits >= 2048 : reading.key.kind === 'ec' && reading.key.bits >= 224;
  });
  return station.take(
    step,
    'SignCertificate',
    { csr: good },
    { requirements: ['A02.FR.02', 'A02.FR.03'], ...(within === undefined ? {} : { within }) },
  );
}

/** Signs what the station asked for. */
export async function signed(t: StationTest, authority: TestAuthority, csr: string): Promise<string> {
  const reading = (await t.outside.crypto()).readRequest(csr);
  if (reading.kind !== 'request') return t.inconclusive('the request cannot be read');
  return authority.issue({ subject: { commonName: SERIAL, ...reading.subject }, publicKey: reading.publicKey }).pem;
}

/** RenewChargingStationCertificate; returns the new certificate. The station comes back with it at once (errata 6.2.122). */
export async function certificateRenewed(t: StationTest, station: SutStation, authority: TestAuthority, step = 0): Promise<string> {
  const request = await asksForCertificate(t, station, step);
  const certificateChain = await signed(t, authority, request.payload.csr);
  await station.call(
    step + 4,
    'CertificateSigned',
    { certificateChain, certificateType: 'ChargingStationCertificate' },
    { status: 'Accepted' },
    'A02.FR.06',
  );
  return certificateChain;
}
