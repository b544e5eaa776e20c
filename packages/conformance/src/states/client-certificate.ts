import type { TestAuthority } from '../authority.ts';
import type { CsmsTest } from '../csms-test.ts';
import { rule } from '../field.ts';
import type { ConnectOptions, ToolStation } from '../tool-station.ts';

/** Certificates of the station that the kit plays (A00, A02). */

export type OwnCertificate = Required<Pick<ConnectOptions, 'certificate' | 'key'>>;

/** An authority whose station certificates the CSMS trusts. */
export async function trustedAuthority(t: CsmsTest): Promise<TestAuthority> {
  const authority = await t.authority(`${t.caseId} stations`);
  await t.perform({ do: 'trustStations', pem: authority.root });
  return authority;
}

export function ownCertificate(station: ToolStation, authority: TestAuthority): OwnCertificate {
  const { pem, key } = authority.issue({ subject: { commonName: station.identity.serialNumber } });
  return { certificate: pem, key: key.reveal() };
}

/** How the station connects by TLS in this run: with its password, or with a certificate the CSMS trusts. */
export async function byTls(t: CsmsTest, station: ToolStation, securityProfile: 2 | 3): Promise<ConnectOptions> {
  if (securityProfile === 2) return { securityProfile };
  return { securityProfile, ...ownCertificate(station, await trustedAuthority(t)) };
}

/** RenewChargingStationCertificate, steps 1 to 6 from `step`: asked for, requested, signed, delivered, answered. */
export async function renewed(t: CsmsTest, station: ToolStation, step: number, accepted = true): Promise<OwnCertificate> {
  const crypto = await t.outside.crypto();
  const pair = crypto.generateKey('ecP256');
  const subject = { commonName: station.identity.serialNumber, organization: t.settings.organization };
  const csr = crypto.makeRequest({ subject, key: pair });

  const asked = station.awaits(step, 'TriggerMessage', {
    where: { requestedMessage: 'SignChargingStationCertificate' },
    requirements: ['A02.FR.11', 'F06.FR.01'],
    answer: { status: 'Accepted' },
  });
  await Promise.all([asked, t.perform({ do: 'renewCertificate', stationId: station.id })]);

  const fits = rule('a certificate of this station, for the key of its request, valid now', (value) => {
    const leaf = typeof value === 'string' ? crypto.readCertificate(value) : undefined;
    return (
      leaf !== undefined &&
      crypto.keyFits(leaf.pem, pair.privateKey) &&
      leaf.subject.commonName === subject.commonName &&
      leaf.notBefore <= t.now &&
      t.now < leaf.notAfter
    );
  });
  const delivered = station.awaits(step + 4, 'CertificateSigned', {
    expect: { certificateChain: fits },
    requirements: ['A02.FR.14'],
    answer: { status: accepted ? 'Accepted' : 'Rejected' },
  });
  const answer = await station.send(step + 2, 'SignCertificate', { csr, certificateType: 'ChargingStationCertificate' });
  t.check(step + 3, answer, { status: 'Accepted' }, 'A02.FR.04');
  const { payload } = await delivered;
  return { certificate: payload.certificateChain, key: pair.privateKey.reveal() };
}
