import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyOfSqlite, snapshotOfPostgres, writeBackup } from '@busbar/csms/archive';
import { BusbarError } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { passphraseOf } from './passphrase.ts';
import { seal } from './sealed.ts';
import { presentSecrets, readSecretFiles } from './secret-files.ts';
import { type ArchiveSurroundings, megabytes, plural } from './surroundings.ts';

export interface BackupFlags {
  readonly data: string;
  readonly database?: string;
  readonly out: string;
  readonly secrets?: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
  /** Of this Busbar. */
  readonly version: string;
}

/** `busbar backup`: the CSMS may run meanwhile. */
export async function backupCommand(flags: BackupFlags, around: ArchiveSurroundings): Promise<void> {
  const { data, database, out, secrets } = flags;
  const db = join(data, 'busbar.db');
  if (database === undefined && !existsSync(db))
    throw new BusbarError('bad-usage', `There is no database in ${data}: name its folder with --data, or PostgreSQL with --database.`);
  for (const path of secrets === undefined ? [out] : [out, secrets])
    if (existsSync(path)) throw new BusbarError('not-empty', `${path} exists; a backup overwrites nothing.`);
  const passphrase = secrets === undefined ? undefined : await passphraseOf(flags.passphraseFile, 'new', around);
  const source = database === undefined ? await copyOfSqlite(db, `${out}.copy`) : await snapshotOfPostgres(database);
  const now = systemClock.now();
  try {
    const { progress } = around;
    const result = await writeBackup({ source, files: join(data, 'files'), out, busbar: flags.version, now, progress });
    if (secrets !== undefined && passphrase !== undefined)
      writeFileSync(secrets, seal(readSecretFiles(data), passphrase), { mode: 0o600, flag: 'wx' });
    around.progress('');
    const missing = secrets === undefined ? presentSecrets(data) : {};
    if (flags.json) {
      around.write(`${JSON.stringify({ out, ...result, ...(secrets === undefined ? {} : { secrets }), missing: Object.keys(missing) })}\n`);
      return;
    }
    const transactions = plural(result.tables['tx'] ?? 0, 'transaction');
    const stations = plural(result.tables['station'] ?? 0, 'station');
    const lines = [
      `${out}: ${megabytes(result.bytes)}, ${stations}, ${transactions}, ${plural(result.files, 'file')}.`,
      ...(secrets === undefined ? [] : [`${secrets}: pepper, API key and authority, encrypted. Keep the passphrase somewhere else.`]),
      'The message log (raw frames) is not in it.',
      ...Object.entries(missing).map(([name, why]) => `Not in it: ${join(data, name)}; ${why}. --secrets FILE keeps it, encrypted.`),
    ];
    around.write(`${lines.join('\n')}\n`);
  } finally {
    await source.close();
  }
}
