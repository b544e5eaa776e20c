import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeyFacts, KeyKind, KeyPair } from '../../crypto.ts';
import { Secret } from '../../log.ts';

export function generateKey(kind: KeyKind): KeyPair {
  const pair = kind === 'ecP256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey: new Secret(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    publicKey: publicPem(pair.publicKey),
  };
}

export const publicPem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime192v1: 192,
  secp224r1: 224,
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
};

export function keyFacts(key: KeyObject): KeyFacts {
  const details = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'rsa-pss') return { kind: 'rsa', bits: details.modulusLength ?? 0 };
  if (key.asymmetricKeyType === 'ec') return { kind: 'ec', bits: CURVE_BITS[details.namedCurve ?? ''] ?? 0 };
  return { kind: 'other', bits: 0 };
}

/** A00.FR.502, A00.FR.503: RSA of 2048 and elliptic curves of 224 bits are the least that counts as safe. */
export const isWeak = ({ kind, bits }: KeyFacts): boolean => kind === 'other' || bits < (kind === 'rsa' ? 2048 : 224);

export function publicKeyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined; // not a key that OpenSSL knows
  }
}

export const privateKeyOf = (key: Secret): KeyObject => createPrivateKey(key.reveal());
