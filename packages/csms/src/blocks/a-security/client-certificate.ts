import type { CertificateFacts, Crypto, Instant } from '@busbar/runtime';
import type { Kernel } from '../../kernel.ts';
import type { Station } from '../../stations.ts';

/** Why a station may only renew its certificate for now (A00.FR.406, A00.FR.429, A00.FR.807). */
export type Restriction = 'expiredCertificate' | 'factoryCertificate';

export type CertificateVerdict =
  | {
      readonly kind: 'fine';
      readonly facts: CertificateFacts;
      /** Fingerprint of the certificate that signed it. */
      readonly issuer: string;
      readonly restriction: Restriction | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): CertificateVerdict => ({ kind: 'refused', reason });

/**
 * D16, A00.FR.403–405, A00.FR.407: chain, owner, and that it belongs to this station, before the 101. An expired one passes
 * where the operator said so for this station; one of the manufacturer passes to be replaced.
 */
export async function judgeClientCertificate(kernel: Kernel, station: Station, chain: string): Promise<CertificateVerdict> {
  const { clock, config, read } = kernel;
  const crypto = await kernel.crypto();
  const stationRoots = await rootsFor(kernel, 'station');
  const at = clock.now();
  const verdict = judgeChain(crypto, chain, stationRoots, at, station.settings.acceptExpiredCertificate === true);
  if ('path' in verdict) {
    const [leaf, issuer] = verdict.path;
    if (!leaf || !issuer) return refused('client certificate: nobody signed it');
    if (await read.isRevoked(issuer.fingerprint, leaf.serialNumber))
      return refused(`client certificate revoked: serial ${leaf.serialNumber}`); // A00.FR.705
    const wrong = wrongOwner(leaf, station, config.organization);
    if (wrong !== undefined) return refused(wrong);
    return { kind: 'fine', facts: leaf, issuer: issuer.fingerprint, restriction: verdict.expired ? 'expiredCertificate' : undefined };
  }
  const manufacturer = await rootsFor(kernel, 'manufacturer');
  const factory = manufacturer.length === 0 ? verdict : judgeChain(crypto, chain, manufacturer, at, true);
  const [leaf, issuer] = 'path' in factory ? factory.path : [];
  if (!leaf || !issuer) return refused(verdict.reason);
  const foreign = wrongName(leaf, station);
  return foreign === undefined
    ? { kind: 'fine', facts: leaf, issuer: issuer.fingerprint, restriction: 'factoryCertificate' }
    : refused(foreign);
}

type Judged = { readonly path: readonly CertificateFacts[]; readonly expired: boolean } | { readonly reason: string };

function judgeChain(crypto: Crypto, chain: string, roots: readonly string[], at: Instant, evenExpired: boolean): Judged {
  const verdict = crypto.verifyChain({ chain, roots, at });
  if (verdict.kind === 'valid') return { path: verdict.path, expired: false };
  const reason = `client certificate ${verdict.fault}: ${verdict.reason}`;
  if (verdict.fault !== 'expired' || !evenExpired || !verdict.certificate) return { reason };
  // Everything but its end must be right: judged as it was in its last moment.
  const then = crypto.verifyChain({ chain, roots, at: Math.min(at, verdict.certificate.notAfter) });
  return then.kind === 'valid' ? { path: then.path, expired: true } : { reason };
}

function wrongOwner(leaf: CertificateFacts, station: Station, organization: string): string | undefined {
  const { organization: given } = leaf.subject;
  if (given !== organization) return `client certificate of ${given ?? 'no organization'}, not of ${organization} (A00.FR.404)`;
  return wrongName(leaf, station);
}

/** Until a serial number is pinned, the station's id takes its place: any certificate would be too many. */
function wrongName({ subject }: CertificateFacts, { record }: Station): string | undefined {
  const wanted = record.serialNumber ?? record.identity;
  if (subject.commonName === wanted) return undefined;
  return `client certificate for ${subject.commonName ?? 'nobody'}, not for the serial number ${wanted} (A00.FR.405)`;
}

/** The operator's roots of this kind, and our own. */
export async function rootsFor({ read, authority }: Kernel, kind: 'station' | 'manufacturer' | 'v2g' | 'csms'): Promise<readonly string[]> {
  const known = (await read.trust(kind)).map(({ pem }) => pem);
  return authority && kind !== 'manufacturer' ? [authority.root, ...known] : known;
}
