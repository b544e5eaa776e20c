import { createHmac, hash as digest, scryptSync, timingSafeEqual } from 'node:crypto';
import { type Random, Secret } from '@busbar/runtime';

/** The key that makes stored password hashes useless without this installation. It lies outside the database. */
export interface Pepper {
  readonly id: string;
  readonly key: Uint8Array;
}

/** How slow hashes are computed: really on a thread pool, in tests at once. Same result as scrypt(N=16384, r=8, p=1, 32 bytes). */
export type SlowHash = (input: Uint8Array, salt: Uint8Array) => Promise<Uint8Array>;
export const scryptParameters = { N: 16_384, r: 8, p: 1 } as const;
export const inlineSlowHash: SlowHash = (input, salt) => Promise.resolve(scryptSync(input, salt, 32, scryptParameters));

/** As long as this nobody can guess: at least 20 characters out of 62. */
const GENERATED_LENGTH = 24;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function generatePassword(random: Random): string {
  let out = '';
  while (out.length < GENERATED_LENGTH)
    for (const byte of random.bytes(32)) if (byte < 248 && out.length < GENERATED_LENGTH) out += ALPHABET[byte % 62] ?? '';
  return out;
}

/** Of what nobody can guess: keys, cookies, addresses of files. Quick, for it is asked with every request. */
export const hashToken = (token: string): string => digest('sha256', token, 'hex');

const hmac = (key: Uint8Array, ...parts: (string | Uint8Array)[]): Buffer => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const bytes = (encoded: string): Uint8Array => Buffer.from(encoded, 'base64url');

/** `alg$keyId$salt$hash`. A generated password gets a fast keyed hash, a chosen one a slow one: slowness protects only what can be guessed. */
export async function hashPassword(
  stationId: string,
  password: Secret,
  kind: 'generated' | 'chosen',
  pepper: Pepper,
  random: Random,
  slow: SlowHash,
): Promise<string> {
  const salt = random.bytes(16);
  const clear = password.reveal();
  if (kind === 'generated') return `hs256$${pepper.id}$${text(salt)}$${text(hmac(pepper.key, salt, `${stationId}\0${clear}`))}`;
  return `scrypt$${pepper.id}$${text(salt)}$${text(await slow(hmac(pepper.key, clear), salt))}`;
}

/** Verifies presented passwords in constant time; remembers (in memory only) which chosen one was right, so that a reconnect is cheap. */
export class PasswordVerifier {
  readonly #pepper: Pepper;
  readonly #slow: SlowHash;
  readonly #processKey: Uint8Array;
  readonly #proven = new Map<string, Buffer>();

  constructor(pepper: Pepper, slow: SlowHash, random: Random) {
    this.#pepper = pepper;
    this.#slow = slow;
    this.#processKey = random.bytes(32);
  }

  async verify(stationId: string, record: string, presented: Secret): Promise<boolean> {
    const [algorithm, keyId, salt = '', hash = ''] = record.split('$');
    if (keyId !== this.#pepper.id) return false; // hashed with a pepper we do not have: the password must be set anew
    const clear = presented.reveal();
    if (algorithm === 'hs256') return equal(hmac(this.#pepper.key, bytes(salt), `${stationId}\0${clear}`), bytes(hash));
    const tag = hmac(this.#processKey, `${record}\0${clear}`);
    const proven = this.#proven.get(stationId);
    if (proven !== undefined && equal(proven, tag)) return true;
    const right = equal(await this.#slow(hmac(this.#pepper.key, clear), bytes(salt)), bytes(hash));
    if (right) this.#proven.set(stationId, tag);
    return right;
  }
}

/** The letters that nobody takes for another: 32 of them, 5 bits each. */
const READABLE = '0123456789abcdefghjkmnpqrstvwxyz';

/** For a person to read and type: 100 bits in five groups. */
export const readablePassword = (random: Random): string =>
  Array.from(random.bytes(20), (byte) => READABLE[byte % 32])
    .join('')
    .replaceAll(/(.{4})(?=.)/g, '$1-');

/** A person's password as it is stored: always slow. */
export const hashPersonPassword = (password: Secret, pepper: Pepper, random: Random, slow: SlowHash): Promise<string> =>
  hashPassword('', new Secret(password.reveal().normalize('NFC')), 'chosen', pepper, random, slow);

/** Where there is none it takes as long as where there is one: how long says nothing about who exists. */
export async function isPersonPassword(record: string | null, presented: Secret, pepper: Pepper, slow: SlowHash): Promise<boolean> {
  const [algorithm, keyId, salt = '', hash = ''] = record === null ? [] : record.split('$');
  const made = await slow(hmac(pepper.key, presented.reveal().normalize('NFC')), record === null ? new Uint8Array(16) : bytes(salt));
  return equal(made, bytes(hash)) && algorithm === 'scrypt' && keyId === pepper.id;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
