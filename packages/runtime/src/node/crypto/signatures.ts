import {
  constants,
  createPublicKey,
  createVerify,
  getCurves,
  getHashes,
  type KeyObject,
  sign as nodeSign,
  X509Certificate,
} from 'node:crypto';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { Crypto, EcVerdict, SignatureCheck, SignatureScheme } from '../../crypto.ts';
import type { Secret } from '../../log.ts';
import { privateKeyOf } from './keys.ts';

/** What signs certificates, requests and revocation lists; others are not accepted (SHA-1 is broken). */
const DIGEST_OF: Readonly<Record<string, { readonly digest: string; readonly kind: 'ec' | 'rsa' }>> = {
  '1.2.840.113549.1.1.11': { digest: 'sha256', kind: 'rsa' },
  '1.2.840.113549.1.1.12': { digest: 'sha384', kind: 'rsa' },
  '1.2.840.113549.1.1.13': { digest: 'sha512', kind: 'rsa' },
  '1.2.840.10045.4.3.2': { digest: 'sha256', kind: 'ec' },
  '1.2.840.10045.4.3.3': { digest: 'sha384', kind: 'ec' },
  '1.2.840.10045.4.3.4': { digest: 'sha512', kind: 'ec' },
};
export const RSA_PSS = '1.2.840.113549.1.1.10';
export const isStrongSignature = (oid: string): boolean => oid === RSA_PSS || DIGEST_OF[oid] !== undefined;

const NULL = new Uint8Array([5, 0]).buffer;

export const algorithmFor = (key: KeyObject): AlgorithmIdentifier =>
  key.asymmetricKeyType === 'ec'
    ? new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })
    : new AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: NULL });

/** Whether the bytes carry this key's signature of the algorithm that stands beside it. */
export function isSigned(bytes: Uint8Array, oid: string, key: KeyObject, signature: Uint8Array): boolean {
  const known = DIGEST_OF[oid];
  if (!known || (known.kind === 'ec') !== (key.asymmetricKeyType === 'ec')) return false;
  return verified(createVerify(known.digest).update(bytes), { key }, signature);
}

export const signBytes = (bytes: Uint8Array, key: KeyObject): ArrayBuffer => new Uint8Array(nodeSign('sha256', bytes, key)).buffer;

const optionsOf = (scheme: SignatureScheme, key: KeyObject) =>
  scheme === 'rsaPssSha256'
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    : scheme === 'rsaPkcs1Sha256'
      ? { key, padding: constants.RSA_PKCS1_PADDING }
      : { key };

export function checkSignature(pem: string, scheme: SignatureScheme): SignatureCheck | undefined {
  const key = keyOf(pem);
  if (!key) return undefined;
  const fits = key.asymmetricKeyType === (scheme === 'ecdsaSha256' ? 'ec' : 'rsa');
  const check = createVerify('sha256');
  return {
    update: (bytes) => void check.update(bytes),
    verify: (signature) => fits && verified(check, optionsOf(scheme, key), signature),
  };
}

export function sign(key: Secret, scheme: SignatureScheme, bytes: Uint8Array): Uint8Array {
  const options = optionsOf(scheme, privateKeyOf(key));
  return new Uint8Array(nodeSign('sha256', bytes, scheme === 'rsaPssSha256' ? { ...options, saltLength: 32 } : options));
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
  } catch {
    return undefined; // neither a certificate nor a key
  }
}

function verified(check: ReturnType<typeof createVerify>, options: ReturnType<typeof optionsOf>, signature: Uint8Array): boolean {
  try {
    return check.verify(options, signature);
  } catch {
    return false; // a signature that is no signature at all
  }
}

export function verifyEcdsa({ publicKey, curve, hash, bytes, signature }: Parameters<Crypto['verifyEcdsa']>[0]): EcVerdict {
  if (!getCurves().includes(curve) || !getHashes().includes(hash)) return 'unsupported';
  const key = ecKeyOf(publicKey);
  if (key === undefined) return 'noKey';
  if (key.asymmetricKeyDetails?.namedCurve !== curve) return 'otherCurve';
  return verified(createVerify(hash).update(bytes), { key }, signature) ? 'valid' : 'invalid';
}

function ecKeyOf(der: Uint8Array): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' ? key : undefined;
  } catch {
    return undefined; // no SubjectPublicKeyInfo, or of a curve that is not known
  }
}
