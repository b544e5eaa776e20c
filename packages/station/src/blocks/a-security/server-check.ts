import type { CertificateFacts, Crypto, Instant, ServerCertificate } from '@busbar/runtime';

export interface ServerCheck {
  readonly crypto: Crypto;
  readonly server: ServerCertificate;
  /** Nothing but the CSMS roots of the station's own store (D19). */
  readonly roots: readonly string[];
  readonly at: Instant;
  readonly wildcards: boolean;
}

/** A00.FR.308–310, A00.FR.411–413: why this is not the CSMS, or undefined. The platform's own check is looser about names (D19). */
export function serverFault({ crypto, server, roots, at, wildcards }: ServerCheck): string | undefined {
  const verdict = crypto.verifyChain({ chain: server.chain, roots, at });
  if (verdict.kind === 'fault') return `${verdict.fault}: ${verdict.reason}`;
  const [leaf] = verdict.path;
  if (!leaf) return 'malformed: no certificate';
  return names(leaf).some((name) => fits(name.toLowerCase(), server.host.toLowerCase(), wildcards))
    ? undefined
    : `wrongName: the certificate is for ${names(leaf).join(', ') || 'nobody'}, not for ${server.host}`;
}

/** The commonName, and what the subjectAltName says besides (A00.FR.511). */
const names = ({ subject, names: alternatives }: CertificateFacts): readonly string[] => [
  ...(subject.commonName === undefined ? [] : [subject.commonName]),
  ...(alternatives?.dns ?? []),
  ...(alternatives?.addresses ?? []),
];

/** Errata 2.62: a wildcard only where it is allowed, for exactly one label. */
function fits(name: string, host: string, wildcards: boolean): boolean {
  if (!name.startsWith('*.')) return name === host;
  return wildcards && host.includes('.') && name.slice(2) === host.slice(host.indexOf('.') + 1);
}
