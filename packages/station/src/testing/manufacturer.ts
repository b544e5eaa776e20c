import type { Crypto, SignatureScheme } from '@busbar/runtime';

/** Who makes a station: a root, a certificate for signing firmware, and images. */
export interface Manufacturer {
  readonly root: string;
  readonly signingCertificate: string;
  readonly image: Buffer;
  readonly signature: string;
  sign(image: Uint8Array, scheme?: SignatureScheme): string;
}

const YEAR = 365 * 86_400_000;

export function manufacturer(
  crypto: Crypto,
  at: number,
  wish: { readonly kind?: 'rsa2048' | 'ecP256'; readonly version?: string; readonly bytes?: number; readonly notAfter?: number } = {},
): Manufacturer {
  const root = crypto.generateKey('ecP256');
  const subject = { commonName: 'Firmware Root', organization: 'Nord' };
  const rootPem = crypto.issueCertificate({
    subject,
    publicKey: root.publicKey,
    issuer: { key: root.privateKey },
    serialNumber: '1',
    notBefore: at - YEAR,
    notAfter: at + 10 * YEAR,
    ca: {},
  });
  const key = crypto.generateKey(wish.kind ?? 'rsa2048');
  const signingCertificate = crypto.issueCertificate({
    subject: { commonName: 'Firmware', organization: 'Nord' },
    publicKey: key.publicKey,
    issuer: { certificate: rootPem, key: root.privateKey },
    serialNumber: '2a',
    notBefore: at - YEAR,
    notAfter: wish.notAfter ?? at + YEAR,
  });
  const body = Buffer.alloc(wish.bytes ?? 50_000, 'x');
  const image = Buffer.concat([Buffer.from(`BUSBAR-FIRMWARE ${wish.version ?? '2.0.0'}\n`), body]);
  const sign = (bytes: Uint8Array, scheme: SignatureScheme = wish.kind === 'ecP256' ? 'ecdsaSha256' : 'rsaPssSha256'): string =>
    Buffer.from(crypto.sign(key.privateKey, scheme, bytes)).toString('base64');
  return { root: rootPem, signingCertificate, image, signature: sign(image), sign };
}
