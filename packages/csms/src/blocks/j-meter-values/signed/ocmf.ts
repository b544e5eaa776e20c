import { type Crypto, isRecord } from '@busbar/runtime';
import { milliWattHours } from '../../../ledger/meter.ts';
import { publicKeyDer } from './public-key.ts';

/** What a check of a signed reading came to. Not checkable says nothing about the reading. */
export interface Verdict {
  readonly state: 'valid' | 'invalid' | 'notCheckable';
  readonly reason: string;
}

/** A reading within the signed text. */
export interface OcmfReading {
  readonly time: string | null;
  /** B = begin, E = end, C = while charging, … */
  readonly transaction: string | null;
  readonly mWh: number | null;
}

export interface Ocmf {
  /** The signed bytes: the payload, exactly as it stands between the bars. */
  readonly payload: Uint8Array;
  readonly readings: readonly OcmfReading[];
  readonly algorithm: string;
  readonly signature: Uint8Array | undefined;
}

/** OpenSSL's names of the curves that OCMF names. */
const CURVES: Readonly<Record<string, string>> = {
  secp192k1: 'secp192k1',
  secp192r1: 'prime192v1',
  secp256k1: 'secp256k1',
  secp256r1: 'prime256v1',
  secp384r1: 'secp384r1',
  secp521r1: 'secp521r1',
  brainpool256r1: 'brainpoolP256r1',
  brainpoolP256r1: 'brainpoolP256r1',
  brainpool384r1: 'brainpoolP384r1',
  brainpoolP384r1: 'brainpoolP384r1',
};
const DEFAULT_ALGORITHM = 'ECDSA-secp256r1-SHA256';

/** Reads `OCMF|{payload}|{signature}`, also where it is wrapped in base64 as OCPP asks for; undefined when it is none. */
export function readOcmf(data: string): Ocmf | undefined {
  const bytes = data.startsWith('OCMF|') ? Buffer.from(data, 'utf8') : Buffer.from(data, 'base64');
  if (bytes.subarray(0, 5).toString('latin1') !== 'OCMF|') return undefined;
  const bar = bytes.lastIndexOf('|');
  const payload = bytes.subarray(5, Math.max(bar, 5));
  const [body, sign] = [parsed(payload), parsed(bytes.subarray(bar + 1))];
  if (body === undefined || sign === undefined) return undefined;
  const { SA: algorithm = DEFAULT_ALGORITHM, SE: encoding = 'hex', SD: signature } = sign;
  return {
    payload,
    readings: readingsOf(body['RD']),
    algorithm: String(algorithm),
    signature: typeof signature === 'string' ? decoded(signature, encoding) : undefined,
  };
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // no JSON: the text is damaged
  }
}

function decoded(signature: string, encoding: unknown): Uint8Array | undefined {
  if (encoding === 'hex') return /^(?:[0-9a-f]{2})+$/i.test(signature) ? Buffer.from(signature, 'hex') : undefined;
  if (encoding === 'base64') return /^[A-Za-z0-9+/]+=*$/.test(signature) ? Buffer.from(signature, 'base64') : undefined;
  return undefined;
}

function readingsOf(list: unknown): readonly OcmfReading[] {
  if (!Array.isArray(list)) return [];
  let [time, transaction]: [string | null, string | null] = [null, null];
  return list.filter(isRecord).map(({ TM, TX, RV, RU }) => {
    // What a reading leaves out is as in the one before it.
    if (typeof TM === 'string') time = TM;
    if (typeof TX === 'string') transaction = TX;
    const isEnergy = (RU === 'Wh' || RU === 'kWh') && typeof RV === 'number';
    return { time, transaction, mWh: isEnergy ? milliWattHours(RV, RU, 0) : null };
  });
}

/** Checks the signature of an OCMF text with a key as OCPP tells it. It says nothing about whose key that is. */
export function verifyOcmf(data: string, publicKey: string | undefined, crypto: Pick<Crypto, 'verifyEcdsa'>): Verdict {
  const ocmf = readOcmf(data);
  if (ocmf === undefined) return { state: 'invalid', reason: 'the text is not OCMF|{payload}|{signature}' };
  const [, curve = '', bits = ''] = /^ECDSA-(\w+)-SHA(256|384|512)$/i.exec(ocmf.algorithm) ?? [];
  const name = CURVES[curve];
  if (name === undefined) return notCheckable(`the algorithm ${ocmf.algorithm.slice(0, 60)} is not known`);
  if (ocmf.signature === undefined) return { state: 'invalid', reason: 'the signature (SD) cannot be decoded' };
  if (publicKey === undefined) return notCheckable('no public key is known');
  const key = publicKeyDer(publicKey);
  if (key === undefined) return notCheckable('the public key cannot be read');
  const verdict = crypto.verifyEcdsa({ publicKey: key, curve: name, hash: `sha${bits}`, bytes: ocmf.payload, signature: ocmf.signature });
  switch (verdict) {
    case 'valid':
      return { state: 'valid', reason: `${ocmf.algorithm} with the key given` };
    case 'invalid':
      return { state: 'invalid', reason: 'the signature is not of this text and this key' };
    case 'noKey':
      return notCheckable('the public key cannot be read');
    case 'otherCurve':
      return notCheckable(`the key lies on another curve than ${ocmf.algorithm} says`);
    case 'unsupported':
      return notCheckable(`${ocmf.algorithm} cannot be computed here`);
  }
}

const notCheckable = (reason: string): Verdict => ({ state: 'notCheckable', reason });
