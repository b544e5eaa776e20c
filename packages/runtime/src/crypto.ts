import type { Instant } from './instant.ts';
import type { Secret } from './log.ts';

/** What keys we make ourselves. */
export type KeyKind = 'ecP256' | 'rsa2048';

export interface KeyFacts {
  readonly kind: 'ec' | 'rsa' | 'other';
  readonly bits: number;
}

export interface KeyPair {
  /** PKCS#8 as PEM. */
  readonly privateKey: Secret;
  /** SubjectPublicKeyInfo as PEM. */
  readonly publicKey: string;
}

/** The parts of a distinguished name that anything here asks for. */
export interface Subject {
  readonly country?: string;
  readonly state?: string;
  readonly locality?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly domainComponent?: string;
  readonly serialNumber?: string;
  readonly commonName?: string;
}

export interface CertificateFacts {
  readonly pem: string;
  readonly subject: Subject;
  readonly issuer: Subject;
  /** Hexadecimal, lower case, without leading zeros. */
  readonly serialNumber: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** The subjectAltName; undefined when the certificate has none. */
  readonly names: { readonly dns: readonly string[]; readonly addresses: readonly string[] } | undefined;
  readonly isCa: boolean;
  readonly selfIssued: boolean;
  readonly key: KeyFacts;
  readonly publicKey: string;
  /** SHA-256 of the DER, hexadecimal. */
  readonly fingerprint: string;
}

export interface CertificateWish {
  readonly subject: Subject;
  /** The subject's key as PEM. */
  readonly publicKey: string;
  /** Signed with this; `certificate` is left out for a self-signed root, whose key it then is. */
  readonly issuer: { readonly certificate?: string; readonly key: Secret };
  /** Hexadecimal, at most 20 bytes. */
  readonly serialNumber: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly ca?: { readonly pathLength?: number };
  readonly names?: { readonly dns?: readonly string[]; readonly addresses?: readonly string[] };
}

export type RequestReading =
  | { readonly kind: 'request'; readonly subject: Subject; readonly key: KeyFacts; readonly publicKey: string }
  | { readonly kind: 'fault'; readonly fault: 'malformed' | 'badSignature' };

export type HashAlgorithm = 'SHA256' | 'SHA384' | 'SHA512';

/** CertificateHashDataType without its enumerations: all hexadecimal, lower case. */
export interface CertificateHash {
  readonly hashAlgorithm: HashAlgorithm;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export type ChainFault =
  | 'malformed'
  | 'tooLong'
  | 'unknownIssuer'
  | 'badSignature'
  | 'expired'
  | 'notYetValid'
  | 'notCa'
  | 'pathLength'
  | 'weakKey'
  | 'weakSignature';

export type ChainVerdict =
  /** From the leaf to the root. */
  | { readonly kind: 'valid'; readonly path: readonly CertificateFacts[] }
  /** `certificate` is the one at fault, when it could be read. */
  | { readonly kind: 'fault'; readonly fault: ChainFault; readonly certificate: CertificateFacts | undefined; readonly reason: string };

export type SignatureScheme = 'rsaPssSha256' | 'rsaPkcs1Sha256' | 'ecdsaSha256';

/** A signature checked over bytes that come in parts. */
export interface SignatureCheck {
  update(bytes: Uint8Array): void;
  /** Ends the check. A key of another kind than the scheme's is false. */
  verify(signature: Uint8Array): boolean;
}

/** What a meter's signature says about its reading. `otherCurve`: the key lies on another curve than the signature claims. */
export type EcVerdict = 'valid' | 'invalid' | 'noKey' | 'otherCurve' | 'unsupported';

/** Revoked certificates of one issuer (RFC 5280, 5). */
export interface RevocationList {
  readonly issuer: Subject;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant | undefined;
  readonly serialNumbers: readonly string[];
}

/**
 * Keys, certificates and signatures. Everything is synchronous: a simulated run on virtual time may wait for no thread.
 * Nothing here throws for what came from outside; a text that is no certificate is `undefined` or a fault.
 */
export interface Crypto {
  generateKey(kind: KeyKind): KeyPair;
  /** A PKCS#10 request as PEM, signed with the key (A02.FR.02). */
  makeRequest(wish: { readonly subject: Subject; readonly key: KeyPair }): string;
  readRequest(pem: string): RequestReading;
  issueCertificate(wish: CertificateWish): string;
  /** The first certificate of the text. */
  readCertificate(pem: string): CertificateFacts | undefined;
  /** What the documents call CertificateHashData: the issuer's certificate is needed, of a root itself. */
  certificateHash(pem: string, issuerPem: string, algorithm: HashAlgorithm): CertificateHash | undefined;
  /** Whether this certificate carries that issuer's signature. */
  isIssuedBy(pem: string, issuerPem: string): boolean;
  /** Whether the private key belongs to the certificate. */
  keyFits(pem: string, key: Secret): boolean;
  /** The leaf first, its intermediates in any order; the root comes from `roots` only. */
  verifyChain(wish: { readonly chain: string; readonly roots: readonly string[]; readonly at: Instant }): ChainVerdict;
  /** With a certificate's or a public key's PEM; undefined when it is neither. */
  checkSignature(pem: string, scheme: SignatureScheme): SignatureCheck | undefined;
  /** ECDSA over some curve and hash, with a SubjectPublicKeyInfo in DER; the signature is DER too. */
  verifyEcdsa(wish: {
    readonly publicKey: Uint8Array;
    /** Its OpenSSL name. */
    readonly curve: string;
    readonly hash: string;
    readonly bytes: Uint8Array;
    readonly signature: Uint8Array;
  }): EcVerdict;
  sign(key: Secret, scheme: SignatureScheme, bytes: Uint8Array): Uint8Array;
  /** Hexadecimal. */
  sha256(bytes: Uint8Array): string;
  makeRevocationList(wish: {
    readonly issuer: { readonly certificate: string; readonly key: Secret };
    readonly serialNumbers: readonly string[];
    readonly thisUpdate: Instant;
    readonly nextUpdate: Instant;
  }): string;
  /** Undefined when it is unreadable or not signed by the issuer. */
  readRevocationList(pem: string, issuerPem: string): RevocationList | undefined;
}
