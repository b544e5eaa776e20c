import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { CertificateFacts, CertificateHash, CertificateWish, HashAlgorithm } from '../../crypto.ts';
import { bufferOf, contentOf, hexOf, partsOf, pemText, trimmedHex } from './der.ts';
import { nameOf, subjectOf } from './distinguished-name.ts';
import { keyFacts, privateKeyOf, publicPem } from './keys.ts';
import { algorithmFor, signBytes } from './signatures.ts';

/** A certificate as OpenSSL reads it and as the ASN.1 library does. */
export interface Opened {
  readonly x509: X509Certificate;
  readonly tbs: TBSCertificate;
  readonly signatureOid: string;
  readonly pathLength: number | undefined;
  /** Undefined without the extension, which allows everything. */
  readonly keyUsage: number | undefined;
  readonly facts: CertificateFacts;
}

export function openCertificate(pem: string): Opened | undefined {
  try {
    const x509 = new X509Certificate(pem);
    const { tbsCertificate: tbs, signatureAlgorithm } = AsnConvert.parse(bufferOf(x509.raw), Certificate);
    const constraints = extension(tbs, '2.5.29.19', BasicConstraints);
    return {
      x509,
      tbs,
      signatureOid: signatureAlgorithm.algorithm,
      pathLength: constraints?.pathLenConstraint,
      keyUsage: extension(tbs, '2.5.29.15', KeyUsage)?.toNumber(),
      facts: factsOf(x509, tbs, constraints?.cA ?? false),
    };
  } catch {
    return undefined; // both libraries say so by throwing
  }
}

function factsOf(x509: X509Certificate, tbs: TBSCertificate, isCa: boolean): CertificateFacts {
  const names = extension(tbs, '2.5.29.17', SubjectAlternativeName);
  const { issuer, subject } = rawNames(x509);
  return {
    pem: pemText('CERTIFICATE', x509.raw),
    subject: subjectOf(tbs.subject),
    issuer: subjectOf(tbs.issuer),
    serialNumber: trimmedHex(hexOf(tbs.serialNumber)),
    notBefore: tbs.validity.notBefore.getTime().getTime(),
    notAfter: tbs.validity.notAfter.getTime().getTime(),
    names: names && {
      dns: names.flatMap(({ dNSName }) => dNSName ?? []),
      addresses: names.flatMap(({ iPAddress }) => iPAddress ?? []),
    },
    isCa,
    selfIssued: Buffer.compare(issuer, subject) === 0,
    key: keyFacts(x509.publicKey),
    publicKey: publicPem(x509.publicKey),
    fingerprint: createHash('sha256').update(x509.raw).digest('hex'),
  };
}

function extension<T>(tbs: TBSCertificate, oid: string, type: new () => T): T | undefined {
  const found = tbs.extensions?.find(({ extnID }) => extnID === oid);
  return found && AsnConvert.parse(found.extnValue.buffer, type);
}

/** The names as they stand in the certificate; a version field stands before them unless it is a v1 certificate. */
export function rawNames(x509: X509Certificate): { readonly issuer: Uint8Array; readonly subject: Uint8Array; readonly spki: Uint8Array } {
  const [body] = partsOf(x509.raw) ?? [];
  const parts = (body && partsOf(body)) ?? [];
  const first = parts[0]?.[0] === 0xa0 ? 1 : 0;
  const nothing = new Uint8Array();
  return { issuer: parts[first + 2] ?? nothing, subject: parts[first + 4] ?? nothing, spki: parts[first + 5] ?? nothing };
}

export function certificateHash(pem: string, issuerPem: string, algorithm: HashAlgorithm): CertificateHash | undefined {
  const certificate = openCertificate(pem);
  const issuer = openCertificate(issuerPem);
  if (!certificate || !issuer) return undefined;
  const digest = (bytes: Uint8Array): string => createHash(algorithm.toLowerCase()).update(bytes).digest('hex');
  const [, bits = new Uint8Array()] = partsOf(rawNames(issuer.x509).spki) ?? [];
  return {
    hashAlgorithm: algorithm,
    issuerNameHash: digest(rawNames(certificate.x509).issuer),
    issuerKeyHash: digest(contentOf(bits).subarray(1)), // RFC 6960, 4.1.1: without the count of unused bits
    serialNumber: certificate.facts.serialNumber,
  };
}

export function issueCertificate(wish: CertificateWish): string {
  const signer = privateKeyOf(wish.issuer.key);
  const issuer = wish.issuer.certificate === undefined ? undefined : new X509Certificate(wish.issuer.certificate);
  const subject = nameOf(wish.subject);
  const spki = createPublicKey(wish.publicKey).export({ type: 'spki', format: 'der' });
  const subjectPublicKeyInfo = AsnConvert.parse(bufferOf(spki), SubjectPublicKeyInfo);
  const own = keyIdentifier(subjectPublicKeyInfo);
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: bufferOf(positive(wish.serialNumber)),
    signature: algorithmFor(signer),
    issuer: issuer ? AsnConvert.parse(bufferOf(rawNames(issuer).subject), Name) : subject,
    // oxlint-disable-next-line eslint/no-restricted-globals -- a given instant, no clock is read
    validity: new Validity({ notBefore: new Date(wish.notBefore), notAfter: new Date(wish.notAfter) }),
    subject,
    subjectPublicKeyInfo,
    extensions: new Extensions(extensionsFor(wish, own, issuer ? identifierOf(issuer) : own)),
  });
  const signature = signBytes(new Uint8Array(AsnConvert.serialize(tbs)), signer);
  const certificate = new Certificate({ tbsCertificate: tbs, signatureAlgorithm: algorithmFor(signer), signatureValue: signature });
  return pemText('CERTIFICATE', new Uint8Array(AsnConvert.serialize(certificate)));
}

function extensionsFor(wish: CertificateWish, own: ArrayBuffer, issuer: ArrayBuffer): Extension[] {
  const usage = wish.ca
    ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : KeyUsageFlags.digitalSignature | (isRsa(wish.publicKey) ? KeyUsageFlags.keyEncipherment : 0); // D15; no EKU (A00.FR.514)
  const all = [
    part('2.5.29.19', true, new BasicConstraints(wish.ca ? constraintsOf(wish.ca) : {})),
    part('2.5.29.15', true, new KeyUsage(usage)),
    part('2.5.29.14', false, new SubjectKeyIdentifier(own)),
    part('2.5.29.35', false, new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(issuer) })),
  ];
  const names = [
    ...(wish.names?.dns ?? []).map((dNSName) => new GeneralName({ dNSName })),
    ...(wish.names?.addresses ?? []).map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  return names.length === 0 ? all : [...all, part('2.5.29.17', false, new SubjectAlternativeName(names))];
}

const constraintsOf = ({ pathLength }: { readonly pathLength?: number }): Partial<BasicConstraints> => ({
  cA: true,
  ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
});

const part = (extnID: string, critical: boolean, value: object): Extension =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });

const isRsa = (pem: string): boolean => createPublicKey(pem).asymmetricKeyType === 'rsa';

// RFC 5280, 4.2.1.2: only a name for the key, no safety rests on it.
const keyIdentifier = ({ subjectPublicKey }: SubjectPublicKeyInfo): ArrayBuffer =>
  bufferOf(createHash('sha1').update(new Uint8Array(subjectPublicKey)).digest());

export function identifierOf(issuer: X509Certificate): ArrayBuffer {
  const { tbsCertificate: tbs } = AsnConvert.parse(bufferOf(issuer.raw), Certificate);
  return extension(tbs, '2.5.29.14', SubjectKeyIdentifier)?.buffer ?? keyIdentifier(tbs.subjectPublicKeyInfo);
}

/** A DER integer that is not negative. */
export function positive(hex: string): Uint8Array {
  const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex');
  return (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}
