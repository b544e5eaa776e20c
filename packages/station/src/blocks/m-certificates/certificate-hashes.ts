import type { Ocpp } from '@busbar/protocol';
import { type CertificateHash, type Crypto, type HashAlgorithm, splitPem } from '@busbar/runtime';
import type { TrustedRoot } from './trust-store.ts';

/** With which algorithm the station reports; it recognises all of them (M04.FR.07). */
export const REPORTED_ALGORITHM: HashAlgorithm = 'SHA256';

/** A root is hashed with its own issuer, which it mostly is itself; a cross-signed one names another that may be here. */
export function rootHash(
  crypto: Crypto,
  root: TrustedRoot,
  others: readonly TrustedRoot[],
  algorithm: HashAlgorithm,
): CertificateHash | undefined {
  const issuer = crypto.isIssuedBy(root.pem, root.pem) ? root : others.find((other) => crypto.isIssuedBy(root.pem, other.pem));
  return crypto.certificateHash(root.pem, (issuer ?? root).pem, algorithm);
}

/** The hashes of a chain, leaf first; the issuer of its last certificate comes from the roots. */
export function chainHashes(
  crypto: Crypto,
  chain: string,
  roots: readonly TrustedRoot[],
  algorithm: HashAlgorithm,
): readonly CertificateHash[] {
  const pems = splitPem(chain);
  return pems.flatMap((pem) => {
    const issuer = [...pems, ...roots.map((root) => root.pem)].find((candidate) => candidate !== pem && crypto.isIssuedBy(pem, candidate));
    return crypto.certificateHash(pem, issuer ?? pem, algorithm) ?? [];
  });
}

/** Hexadecimal is compared as numbers are: without case, without leading zeros. */
export const sameHash = (hash: CertificateHash | undefined, wanted: Ocpp.CertificateHashDataType): boolean =>
  hash !== undefined &&
  hash.hashAlgorithm === wanted.hashAlgorithm &&
  hash.issuerNameHash === wanted.issuerNameHash.toLowerCase() &&
  hash.issuerKeyHash === wanted.issuerKeyHash.toLowerCase() &&
  hash.serialNumber === wanted.serialNumber.toLowerCase().replace(/^0+(?=.)/, '');
