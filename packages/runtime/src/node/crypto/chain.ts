import type { ChainFault, ChainVerdict, Subject } from '../../crypto.ts';
import { formatInstant, type Instant } from '../../instant.ts';
import { limits } from '../../limits.ts';
import { splitPem } from '../../pem.ts';
import { type Opened, openCertificate, rawNames } from './certificates.ts';
import { isWeak } from './keys.ts';
import { isStrongSignature } from './signatures.ts';

const KEY_CERT_SIGN = 32;

const fault = (kind: ChainFault, certificate: Opened | undefined, reason: string): ChainVerdict => ({
  kind: 'fault',
  fault: kind,
  certificate: certificate?.facts,
  reason,
});

/** RFC 5280, 6 as far as certificates of this world go: signatures, validity, CA bit, path length, key sizes. No policies, no name constraints. */
export function verifyChain(wish: { readonly chain: string; readonly roots: readonly string[]; readonly at: Instant }): ChainVerdict {
  const pems = splitPem(wish.chain);
  if (pems.length > limits.chainCertificates) return fault('tooLong', undefined, `${pems.length} certificates`);
  const opened = pems.flatMap((pem) => openCertificate(pem) ?? []);
  const [leaf, ...intermediates] = opened;
  if (!leaf || opened.length !== pems.length) return fault('malformed', undefined, 'a certificate cannot be read');
  const roots = wish.roots.flatMap((root) => splitPem(root)).flatMap((pem) => openCertificate(pem) ?? []);
  const path = pathFrom(leaf, intermediates, roots);
  return Array.isArray(path) ? judge(path, wish.at) : path;
}

function pathFrom(leaf: Opened, intermediates: readonly Opened[], roots: readonly Opened[]): Opened[] | ChainVerdict {
  const path = [leaf];
  for (let last = leaf; !roots.some((root) => same(root, last)); ) {
    const named = [...roots, ...intermediates].filter((candidate) => names(candidate, last) && !path.includes(candidate));
    const issuer = named.find((candidate) => last.x509.verify(candidate.x509.publicKey));
    if (!issuer) {
      const subject = text(last.facts.issuer);
      return named.length > 0
        ? fault('badSignature', last, `the signature of ${text(last.facts.subject)} is not that of ${subject}`)
        : fault('unknownIssuer', last, `${subject} is not trusted here`);
    }
    path.push(issuer);
    last = issuer;
  }
  return path;
}

const same = (one: Opened, other: Opened): boolean => one.facts.fingerprint === other.facts.fingerprint;
const names = (issuer: Opened, certificate: Opened): boolean =>
  Buffer.compare(rawNames(issuer.x509).subject, rawNames(certificate.x509).issuer) === 0;

function judge(path: readonly Opened[], at: Instant): ChainVerdict {
  for (const [depth, opened] of path.entries()) {
    const { facts } = opened;
    const who = text(facts.subject);
    const anchor = depth === path.length - 1;
    if (at < facts.notBefore) return fault('notYetValid', opened, `${who} is valid from ${formatInstant(facts.notBefore)}`);
    if (at > facts.notAfter) return fault('expired', opened, `${who} expired at ${formatInstant(facts.notAfter)}`);
    if (isWeak(facts.key)) return fault('weakKey', opened, `${who} has a key of ${facts.key.bits} bits`);
    if (!anchor && !isStrongSignature(opened.signatureOid)) return fault('weakSignature', opened, `${who} is signed with a broken digest`);
    if (depth === 0) continue;
    if (!facts.isCa || (opened.keyUsage !== undefined && (opened.keyUsage & KEY_CERT_SIGN) === 0))
      return fault('notCa', opened, `${who} may not sign certificates`);
    const below = path.slice(1, depth).filter((other) => !other.facts.selfIssued).length;
    if (opened.pathLength !== undefined && below > opened.pathLength)
      return fault('pathLength', opened, `${who} allows ${opened.pathLength} certificates between`);
  }
  return { kind: 'valid', path: path.map(({ facts }) => facts) };
}

const text = ({ commonName, organization }: Subject): string => commonName ?? organization ?? 'a certificate without name';
