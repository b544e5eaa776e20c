import { isIP } from 'node:net';
import { type KeyKind, type KeyPair, Secret } from '@busbar/runtime';
import { loadCrypto } from '@busbar/runtime/node';

const crypto = await loadCrypto();

/** What tests over TLS need: certificates made on the spot, so that none lies in the repository and grows old. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly name: string;
}

export interface TestCertificateWish {
  readonly commonName: string;
  readonly organization?: string;
  /** DNS names and addresses of the subjectAltName. */
  readonly names?: readonly string[];
  /** RFC 3339; from yesterday to in ten years when left out. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Signed by itself when left out; then it is a root, unless it has names. */
  readonly issuer?: TestCertificate;
  readonly keyKind?: KeyKind;
}

let serial = 1;

export function makeTestCertificate(wish: TestCertificateWish): TestCertificate {
  const key: KeyPair = crypto.generateKey(wish.keyKind ?? 'ecP256');
  const day = 86_400_000;
  serial += 1;
  const certificate = crypto.issueCertificate({
    subject: { commonName: wish.commonName, ...(wish.organization === undefined ? {} : { organization: wish.organization }) },
    publicKey: key.publicKey,
    issuer: wish.issuer ? { certificate: wish.issuer.certificate, key: new Secret(wish.issuer.key) } : { key: key.privateKey },
    serialNumber: serial.toString(16),
    notBefore: wish.notBefore === undefined ? Date.now() - day : Date.parse(wish.notBefore),
    notAfter: wish.notAfter === undefined ? Date.now() + 3650 * day : Date.parse(wish.notAfter),
    ...(wish.issuer || wish.names ? {} : { ca: {} }),
    names: {
      dns: (wish.names ?? []).filter((name) => isIP(name) === 0),
      addresses: (wish.names ?? []).filter((name) => isIP(name) !== 0),
    },
  });
  return { certificate, key: key.privateKey.reveal(), name: wish.commonName };
}
