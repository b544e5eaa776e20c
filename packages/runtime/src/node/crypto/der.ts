import { fromBER, Sequence } from 'asn1js';

/** The bytes of a part as they stand in the outer text: hashes and signatures are over these, not over a fresh encoding. */
export function partsOf(der: Uint8Array): readonly Uint8Array[] | undefined {
  const read = fromBER(der);
  if (read.offset < 0 || !(read.result instanceof Sequence)) return undefined;
  return read.result.valueBlock.value.map((part) => new Uint8Array(part.valueBeforeDecodeView));
}

/** The content octets: without tag and length. */
export function contentOf(der: Uint8Array): Uint8Array {
  const first = der[1] ?? 0;
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}

export const hexOf = (bytes: ArrayBuffer | Uint8Array): string =>
  Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString('hex');

/** As OCPP writes serial numbers: no leading zeros. */
export const trimmedHex = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '');

export function pemText(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The first block with this label; anything that is not base64 inside makes it undefined. */
export function derOfPem(label: string, pem: string): Uint8Array | undefined {
  const [, body] = new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`).exec(pem) ?? [];
  const text = body?.replaceAll(/\s/g, '');
  if (text === undefined || text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** An ArrayBuffer of exactly these bytes, which is what the ASN.1 library takes. */
export const bufferOf = (bytes: Uint8Array): ArrayBuffer => {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
};
