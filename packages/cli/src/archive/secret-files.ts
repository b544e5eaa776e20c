import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusbarError } from '@busbar/runtime';
import { writeSecret } from '../keys.ts';
import type { SecretFiles } from './sealed.ts';

/** What the data folder holds besides database and files, and what is lost without it. */
const WHAT: Readonly<Record<string, string>> = {
  pepper: 'without it no station logs in with its Basic password: each must get a new one',
  'api-key': 'without it a new first API key is made at the next start',
  ca: 'without it no certificate that this CSMS signed is good any more, and stations do not know the new one of the CSMS',
};
const ALLOWED = /^(pepper|api-key|ca\/[\w-][\w.-]*)$/;

export function readSecretFiles(data: string): SecretFiles {
  const names = ['pepper', 'api-key'].filter((name) => existsSync(join(data, name)));
  const authority = existsSync(join(data, 'ca')) ? readdirSync(join(data, 'ca')).map((name) => `ca/${name}`) : [];
  return Object.fromEntries([...names, ...authority].map((name) => [name, readFileSync(join(data, name), 'utf8')]));
}

/** The ones that are there, each with what it is for. */
export const presentSecrets = (data: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(WHAT).filter(([name]) => existsSync(join(data, name))));

export function writeSecretFiles(data: string, files: SecretFiles): void {
  for (const [name, content] of Object.entries(files)) {
    if (!ALLOWED.test(name))
      throw new BusbarError('backup-damaged', `The file of secrets holds ${JSON.stringify(name)}, which is none of ours.`);
    if (name.startsWith('ca/')) {
      mkdirSync(join(data, 'ca'), { recursive: true });
      chmodSync(join(data, 'ca'), 0o700);
    }
    writeSecret(join(data, name), content);
  }
}
