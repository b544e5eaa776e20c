import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { BusbarError, type Secret } from '@busbar/runtime';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

/** 64 MiB and about a fifth of a second per guess. */
const COST = { N: 65_536, r: 8, p: 1 } as const;
const MOST_COST = 2 ** 20;
const TAG = 16;

/** The first line of a file of secrets; it is part of what the cipher vouches for. */
const Head = Type.Object({
  busbarSecrets: Type.Literal(1),
  kdf: Type.Literal('scrypt'),
  N: Type.Integer({ minimum: 2, maximum: MOST_COST }),
  r: Type.Integer({ minimum: 1, maximum: 32 }),
  p: Type.Integer({ minimum: 1, maximum: 16 }),
  salt: Type.String(),
  cipher: Type.Literal('aes-256-gcm'),
  iv: Type.String(),
});
const Files = Type.Record(Type.String(), Type.String());

/** Files by name, as text. */
export type SecretFiles = Readonly<Record<string, string>>;

export function seal(files: SecretFiles, passphrase: Secret): Buffer {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const head = { busbarSecrets: 1, kdf: 'scrypt', ...COST, salt: text(salt), cipher: 'aes-256-gcm', iv: text(iv) };
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  const cipher = createCipheriv('aes-256-gcm', key(passphrase, salt, COST), iv, { authTagLength: TAG });
  cipher.setAAD(line);
  return Buffer.concat([line, cipher.update(JSON.stringify(files)), cipher.final(), cipher.getAuthTag()]);
}

export function unseal(sealed: Buffer, passphrase: Secret): SecretFiles {
  const end = sealed.indexOf(0x0a) + 1;
  const head = parsed(sealed.subarray(0, end).toString());
  if (end === 0 || !Value.Check(Head, head) || sealed.length < end + TAG)
    throw new BusbarError('backup-damaged', 'This is no file of secrets of Busbar.');
  try {
    const iv = Buffer.from(head.iv, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key(passphrase, Buffer.from(head.salt, 'base64url'), head), iv, {
      authTagLength: TAG,
    });
    decipher.setAAD(sealed.subarray(0, end));
    decipher.setAuthTag(sealed.subarray(-TAG));
    const files = parsed(Buffer.concat([decipher.update(sealed.subarray(end, -TAG)), decipher.final()]).toString());
    if (Value.Check(Files, files)) return files;
  } catch (error) {
    throw new BusbarError('wrong-passphrase', 'The passphrase is another one, or the file of secrets is damaged.', { cause: error });
  }
  throw new BusbarError('backup-damaged', 'The file of secrets holds something else.');
}

const text = (bytes: Buffer): string => bytes.toString('base64url');

function key(passphrase: Secret, salt: Uint8Array, { N, r, p }: { readonly N: number; readonly r: number; readonly p: number }): Buffer {
  return scryptSync(passphrase.reveal().normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * N * r });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
