import { type Crypto, type Instant, joinPem, type KeyKind, type KeyPair, type Random, type Secret } from '@busbar/runtime';

const DAY_MS = 86_400_000;
/** A clock of the other side that is a little behind must not find a certificate of the future (errata 2.9). */
const CLOCK_SLACK_MS = 5 * 60_000;

/** The operator's own certificate authority: a root that only signs the intermediate, and the intermediate that signs everything else (A00.FR.602). */
export interface Authority {
  readonly organization: string;
  readonly root: string;
  readonly intermediate: string;
  /** The intermediate's key. */
  readonly key: Secret;
}

export interface Signed {
  /** Leaf and intermediate. */
  readonly chain: string;
  readonly serial: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** 63 random bits: positive and never twice. */
export function newSerial(random: Random): string {
  const bytes = random.bytes(8);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

/** A new authority, with the key of its root: whoever keeps it, keeps it well (A00.FR.603). */
export function makeAuthority(
  { crypto, random, now }: { readonly crypto: Crypto; readonly random: Random; readonly now: Instant },
  organization: string,
): { readonly authority: Authority; readonly rootKey: Secret } {
  const rootKey = crypto.generateKey('ecP256');
  const key = crypto.generateKey('ecP256');
  const from = { notBefore: now - CLOCK_SLACK_MS };
  const root = crypto.issueCertificate({
    subject: { commonName: `${organization} Root CA`, organization },
    publicKey: rootKey.publicKey,
    issuer: { key: rootKey.privateKey },
    serialNumber: newSerial(random),
    ...from,
    notAfter: now + 20 * 365 * DAY_MS,
    ca: { pathLength: 1 },
  });
  const intermediate = crypto.issueCertificate({
    subject: { commonName: `${organization} Sub CA`, organization },
    publicKey: key.publicKey,
    issuer: { certificate: root, key: rootKey.privateKey },
    serialNumber: newSerial(random),
    ...from,
    notAfter: now + 10 * 365 * DAY_MS,
    ca: { pathLength: 0 },
  });
  return { authority: { organization, root, intermediate, key: key.privateKey }, rootKey: rootKey.privateKey };
}

/** The CSMS's own certificate for its TLS port (A00.FR.510). */
export function issueServerCertificate(
  authority: Authority,
  { crypto, random, now }: { readonly crypto: Crypto; readonly random: Random; readonly now: Instant },
  wish: {
    readonly host: string;
    readonly names: { readonly dns: readonly string[]; readonly addresses: readonly string[] };
    readonly kind: KeyKind;
    readonly days: number;
  },
): { readonly chain: string; readonly key: KeyPair } {
  const key = crypto.generateKey(wish.kind);
  const leaf = crypto.issueCertificate({
    subject: { commonName: wish.host, organization: authority.organization },
    publicKey: key.publicKey,
    issuer: { certificate: authority.intermediate, key: authority.key },
    serialNumber: newSerial(random),
    notBefore: now - CLOCK_SLACK_MS,
    notAfter: now + wish.days * DAY_MS,
    names: wish.names,
  });
  return { chain: joinPem([leaf, authority.intermediate]), key };
}

/** Signs a request that was judged before. Valid from a little before now on: a start in the future would be refused (D18). */
export function signRequest(
  authority: Authority,
  { crypto, random, now }: { readonly crypto: Crypto; readonly random: Random; readonly now: Instant },
  csr: string,
  days: number,
): Signed | undefined {
  const request = crypto.readRequest(csr);
  if (request.kind !== 'request') return undefined;
  const serial = newSerial(random);
  const [notBefore, notAfter] = [now - CLOCK_SLACK_MS, now + days * DAY_MS];
  const leaf = crypto.issueCertificate({
    subject: request.subject,
    publicKey: request.publicKey,
    issuer: { certificate: authority.intermediate, key: authority.key },
    serialNumber: serial,
    notBefore,
    notAfter,
  });
  return { chain: joinPem([leaf, authority.intermediate]), serial, notBefore, notAfter };
}
