import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { BusbarError } from '@busbar/runtime';

/** Forward only; a number is never used twice and a released file never changed (its checksum is stored). */
export const MIGRATIONS = [
  '0001-first',
  '0002-security',
  '0003-files',
  '0004-engines',
  '0005-tariffs',
  '0006-people',
  '0007-lists',
  '0008-webhooks',
  '0009-fleet',
  '0010-templates',
] as const;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** What an engine goes through: a file for both, or one of its own, or none where the other has to catch up. */
export function migrationsOf(engine: 'sqlite' | 'postgres'): readonly Migration[] {
  return MIGRATIONS.flatMap((name) => {
    const path = [`${name}.sql`, `${name}.${engine}.sql`]
      .map((file) => new URL(`./migrations/${file}`, import.meta.url))
      .find((url) => existsSync(url));
    if (path === undefined) return [];
    const sql = readFileSync(path, 'utf8');
    return [{ name, sql, checksum: createHash('sha256').update(sql).digest('hex') }];
  });
}

/** Those that are still to be done, up to one or all; refuses data of a newer Busbar and data whose history differs from ours. */
export function pending(
  engine: 'sqlite' | 'postgres',
  applied: ReadonlyMap<string, string>,
  where: string,
  upTo?: string,
): readonly Migration[] {
  for (const name of applied.keys()) {
    if (!MIGRATIONS.some((known) => known === name))
      throw new BusbarError(
        'folder-newer',
        `The data was written by a newer Busbar (migration ${name}). Start that version, or choose another ${where}.`,
      );
  }
  const all = migrationsOf(engine);
  for (const { name, checksum } of all) {
    const known = applied.get(name);
    if (known !== undefined && known !== checksum)
      throw new BusbarError('folder-damaged', `Migration ${name} of this ${where} is not the one this Busbar knows.`);
  }
  return all.filter(({ name }) => !applied.has(name) && (upTo === undefined || name <= upTo));
}
