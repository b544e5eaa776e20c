import { type Crypto, type Instant, type KeyKind, type KeyPair, type Secret, type Subject } from '@busbar/runtime';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

export type Life = 'now' | 'expired' | 'future';

export interface Leaf {
  readonly pem: string;
  readonly key: Secret;
}

export interface LeafWish {
  /** The organization is the operator's unless given. */
  readonly subject: Subject;
  readonly names?: { readonly dns?: readonly string[]; readonly addresses?: readonly string[] };
  readonly kind?: KeyKind;
  /** Where its life lies: now, over already, not begun. */
  readonly life?: Life;
  /** For this key instead of a new one (a CSR). */
  readonly publicKey?: string;
}

export interface AuthorityOptions {
  readonly crypto: Crypto;
  readonly now: Instant;
  /** Another serial number each time, hexadecimal. */
  readonly serial: () => string;
  readonly organization: string;
  readonly name: string;
  readonly life?: Life;
  readonly signer?: { readonly certificate: string; readonly key: Secret };
}

/** A certificate authority that the kit makes for a case: it can also make what a good one never would. */
export class TestAuthority {
  readonly root: string;
  readonly #crypto: Crypto;
  readonly #key: KeyPair;
  readonly #now: Instant;
  readonly #serial: () => string;
  readonly #organization: string;

  constructor({ crypto, now, serial, organization, name, life = 'now', signer }: AuthorityOptions) {
    this.#crypto = crypto;
    this.#now = now;
    this.#serial = serial;
    this.#organization = organization;
    this.#key = crypto.generateKey('ecP256');
    const [notBefore, notAfter] = this.#lifeOf(life);
    this.root = crypto.issueCertificate({
      subject: { commonName: name, organization },
      publicKey: this.#key.publicKey,
      issuer: signer ?? { key: this.#key.privateKey },
      serialNumber: serial(),
      notBefore,
      notAfter,
      ca: {},
    });
  }

  /** A leaf with its key; with `publicKey` the returned key is of no use. */
  issue({ subject, names, kind = 'ecP256', life = 'now', publicKey }: LeafWish): Leaf {
    const key = this.#crypto.generateKey(kind);
    const [notBefore, notAfter] = this.#lifeOf(life);
    const pem = this.#crypto.issueCertificate({
      subject: { organization: this.#organization, ...subject },
      publicKey: publicKey ?? key.publicKey,
      issuer: { certificate: this.root, key: this.#key.privateKey },
      serialNumber: this.#serial(),
      notBefore,
      notAfter,
      ...(names ? { names } : {}),
    });
    return { pem, key: key.privateKey };
  }

  /** A new root that this one has signed: what AdditionalRootCertificateCheck wants a new root to be (M05.FR.10). */
  successor(name: string): TestAuthority {
    return new TestAuthority({
      crypto: this.#crypto,
      now: this.#now,
      serial: this.#serial,
      organization: this.#organization,
      name,
      signer: { certificate: this.root, key: this.#key.privateKey },
    });
  }

  #lifeOf(life: Life): readonly [Instant, Instant] {
    switch (life) {
      case 'now':
        return [this.#now - HOUR_MS, this.#now + YEAR_MS];
      case 'expired':
        return [this.#now - YEAR_MS, this.#now - HOUR_MS];
      case 'future':
        return [this.#now + 24 * HOUR_MS, this.#now + YEAR_MS];
    }
  }
}
