import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pepper } from '@busbar/csms';

/** A file only its owner can read. */
export function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}

/** The key of all password hashes. It lies beside the database, not in it: a stolen database alone opens nothing. */
export function pepperOf(folder: string): Pepper {
  const path = join(folder, 'pepper');
  if (!existsSync(path)) writeSecret(path, `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}\n`);
  const [id = '', key = ''] = readFileSync(path, 'utf8').trim().split(':');
  return { id, key: Buffer.from(key, 'base64url') };
}

export const apiKeyPath = (folder: string): string => join(folder, 'api-key');

/** The first API key: given, or made at the first start and kept where only the owner reads it. */
export function firstApiKey(folder: string, given: string | undefined): { key: string; made: boolean } {
  if (given !== undefined) return { key: given, made: false };
  const path = apiKeyPath(folder);
  if (existsSync(path)) return { key: readFileSync(path, 'utf8').trim(), made: false };
  return { key: newApiKey(folder), made: true };
}

/** Another first key, in place of the one that lies there. */
export function newApiKey(folder: string): string {
  const key = `bb_${randomBytes(24).toString('base64url')}`;
  writeSecret(apiKeyPath(folder), `${key}\n`);
  return key;
}
