import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { pemOf } from './pem.ts';

/** What tests over TLS need: certificates made on the spot, so that none lies in the repository and grows old. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly keyObject: KeyObject;
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
  /** Signed by itself when left out. */
  readonly issuer?: TestCertificate;
}

let serial = 1;

export function makeTestCertificate(wish: TestCertificateWish): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const day = 86_400_000;
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer((serial += 1)),
    algorithm,
    distinguished(wish.issuer?.name ?? wish.commonName, wish.issuer ? undefined : wish.organization),
    sequence(
      time(wish.notBefore ?? new Date(Date.now() - day).toISOString()),
      time(wish.notAfter ?? new Date(Date.now() + 3650 * day).toISOString()),
    ),
    distinguished(wish.commonName, wish.organization),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(wish))),
  );
  const signature = sign('sha256', body, wish.issuer?.keyObject ?? privateKey);
  return {
    certificate: pemOf(sequence(body, algorithm, tagged(0x03, Buffer.from([0]), signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyObject: privateKey,
    name: wish.commonName,
  };
}

function extensions({ names = [], issuer }: TestCertificateWish): Buffer[] {
  const authority = tagged(0x30, ...(issuer ? [] : [tagged(0x01, Buffer.from([0xff]))]));
  const all = [sequence(oid('2.5.29.19'), tagged(0x04, authority))];
  if (names.length > 0) {
    const alternatives = names.map((name) =>
      isIP(name) === 4 ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name)),
    );
    all.push(sequence(oid('2.5.29.17'), tagged(0x04, sequence(...alternatives))));
  }
  return all;
}

const distinguished = (commonName: string, organization?: string): Buffer =>
  sequence(...(organization === undefined ? [] : [attribute('2.5.4.10', organization)]), attribute('2.5.4.3', commonName));
const attribute = (type: string, value: string): Buffer => tagged(0x31, sequence(oid(type), tagged(0x0c, Buffer.from(value))));
const sequence = (...content: Buffer[]): Buffer => tagged(0x30, ...content);
const time = (at: string): Buffer => tagged(0x18, Buffer.from(`${at.replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
const integer = (value: number): Buffer => {
  const hex = value.toString(16);
  return tagged(0x02, Buffer.from(hex.length % 2 === 1 ? `0${hex}` : Number.parseInt(hex.slice(0, 2), 16) > 127 ? `00${hex}` : hex, 'hex'));
};

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(128 + (left % 128));
    bytes.push(...digits);
  }
  return tagged(0x06, Buffer.from(bytes));
}

function tagged(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}
