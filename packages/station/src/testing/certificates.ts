import type { CertificateWish, Crypto, Instant, KeyPair, Secret, Subject } from '@busbar/runtime';

const YEAR = 365 * 86_400_000;

export interface Made {
  readonly pem: string;
  readonly key: KeyPair;
}

/** A certificate authority for tests, on the bench's own calendar. */
export class TestAuthority {
  readonly root: Made;
  readonly #crypto: Crypto;
  readonly #at: Instant;
  #serial = 16;

  constructor(crypto: Crypto, at: Instant, name = 'Operator Root') {
    this.#crypto = crypto;
    this.#at = at;
    this.root = this.#make({ commonName: name, organization: 'Busbar' }, crypto.generateKey('ecP256'), undefined, { ca: {} });
  }

  /** For a key of ours. */
  issue(subject: Subject, wish: Partial<CertificateWish> = {}): Made {
    return this.#make(subject, this.#crypto.generateKey('ecP256'), this.root, wish);
  }

  /** For the key of a request. */
  sign(csr: string, wish: Partial<CertificateWish> = {}): string {
    const request = this.#crypto.readRequest(csr);
    if (request.kind !== 'request') throw new Error(`the request is ${request.fault}`);
    return this.#issue(request.subject, request.publicKey, { certificate: this.root.pem, key: this.root.key.privateKey }, wish);
  }

  #make(subject: Subject, key: KeyPair, issuer: Made | undefined, wish: Partial<CertificateWish>): Made {
    const by = issuer ? { certificate: issuer.pem, key: issuer.key.privateKey } : { key: key.privateKey };
    return { pem: this.#issue(subject, key.publicKey, by, wish), key };
  }

  #issue(subject: Subject, publicKey: string, issuer: { certificate?: string; key: Secret }, wish: Partial<CertificateWish>): string {
    this.#serial += 1;
    return this.#crypto.issueCertificate({
      subject,
      publicKey,
      issuer,
      serialNumber: this.#serial.toString(16),
      notBefore: this.#at - 86_400_000,
      notAfter: this.#at + 2 * YEAR,
      ...wish,
    });
  }
}
