const HEX = /^(?:[0-9a-f]{2})+$/i;
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;

/** A SubjectPublicKeyInfo in DER begins with a SEQUENCE. */
const isDer = (bytes: Uint8Array): boolean => bytes[0] === 0x30 && bytes.length > 20;

/**
 * The DER of a public key in the spellings of the field: `oca:base16:asn1:…` as OCPP has it, hexadecimal, base64 or PEM, each
 * either as it is or once more in base64.
 */
export function publicKeyDer(text: string): Uint8Array | undefined {
  const direct = spelled(text.trim());
  if (direct !== undefined) return direct;
  return BASE64.test(text) ? spelled(Buffer.from(text, 'base64').toString('latin1').trim()) : undefined;
}

function spelled(text: string): Uint8Array | undefined {
  const [, base, oca] = /^oca:base(16|64):asn1:(.+)$/is.exec(text) ?? [];
  const [, pem] = /-----BEGIN PUBLIC KEY-----(.+?)-----END PUBLIC KEY-----/s.exec(text) ?? [];
  const body = (oca ?? pem ?? text).replaceAll(/\s/g, '');
  const bytes = base === '16' || (base === undefined && HEX.test(body)) ? hex(body) : base64(body);
  return bytes !== undefined && isDer(bytes) ? bytes : undefined;
}

const hex = (text: string): Uint8Array | undefined => (HEX.test(text) ? Buffer.from(text, 'hex') : undefined);
const base64 = (text: string): Uint8Array | undefined => (BASE64.test(text) ? Buffer.from(text, 'base64') : undefined);
