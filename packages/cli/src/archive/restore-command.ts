import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveTarget, emptyPostgres, type LockedOut, lockedOut, restoreBackup, SqliteArchive } from '@busbar/csms/archive';
import { claimFolder, openDatabase } from '@busbar/csms/store';
import { BusbarError, formatInstant, messageOf } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { passphraseOf } from './passphrase.ts';
import { type SecretFiles, unseal } from './sealed.ts';
import { writeSecretFiles } from './secret-files.ts';
import { type ArchiveSurroundings, plural, renameDurably } from './surroundings.ts';

export interface RestoreFlags {
  readonly data: string;
  readonly database?: string;
  readonly secrets?: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

/** `busbar restore`: into what is empty, whole or not at all. */
export async function restoreCommand(path: string, flags: RestoreFlags, around: ArchiveSurroundings): Promise<void> {
  const { data, database } = flags;
  if (!existsSync(path)) throw new BusbarError('bad-usage', `There is no file ${path}.`);
  refuseFull(data);
  const secrets = flags.secrets === undefined ? {} : await openSecrets(flags.secrets, flags.passphraseFile, around);
  const release = claimFolder(data);
  const [part, files] = [join(data, 'busbar.db.part'), join(data, 'files')];
  let done = false;
  try {
    const target = database === undefined ? sqliteTarget(part) : await emptyPostgres(database, systemClock);
    const now = systemClock.now();
    let restored: Awaited<ReturnType<typeof restoreBackup>>;
    let out: LockedOut;
    try {
      restored = await restoreBackup({ path, target, files, now, progress: around.progress });
      done = database !== undefined;
      out = await target.run(lockedOut(credentials(secrets), now));
    } finally {
      await target.close();
    }
    writeSecretFiles(data, secrets);
    if (database === undefined) renameDurably(part, join(data, 'busbar.db'));
    done = true;
    around.progress('');
    const { header, tables, recomputed } = restored;
    const createdAt = formatInstant(header.createdAt);
    if (flags.json) {
      const result = {
        createdAt,
        busbar: header.busbar,
        engine: header.engine,
        tables,
        files: restored.files,
        recomputed: recomputed.transactions,
      };
      around.write(`${JSON.stringify({ ...result, lockedOut: out })}\n`);
      return;
    }
    const counts = [plural(tables['station'] ?? 0, 'station'), plural(tables['tx'] ?? 0, 'transaction'), plural(restored.files, 'file')];
    const lines = [
      `The backup of ${createdAt} is restored: ${counts.join(', ')}; every table compared, ${plural(recomputed.transactions, 'transaction')} made anew from events.`,
      'Stations are asked to boot again; requests go on a million numbers later. The message log was not in the backup.',
      ...told('Their Basic password is of another pepper and must be set anew', out.passwords),
      ...told('People whose password is of another pepper; busbar keys reset lets an administrator in', out.people),
      ...told('Their certificate is of an authority that is not here', out.certificates),
      `npx busbar serve --data ${data}${database === undefined ? '' : ' --database …'} goes on.`,
    ];
    around.write(`${lines.join('\n')}\n`);
  } finally {
    if (!done) for (const left of [part, `${part}-wal`, `${part}-shm`, files]) rmSync(left, { recursive: true, force: true });
    release();
  }
}

const SHOWN = 10;
const told = (what: string, stations: readonly string[]): readonly string[] =>
  stations.length === 0
    ? []
    : [
        `${what} (${stations.length}): ${stations.slice(0, SHOWN).join(', ')}${stations.length > SHOWN ? ', …' : ''}. Was --secrets left out?`,
      ];

function refuseFull(data: string): void {
  const held = existsSync(data) ? readdirSync(data).filter((name) => !/^lock(-journal)?$/.test(name)) : [];
  if (held.length > 0)
    throw new BusbarError(
      'not-empty',
      `${data} is not empty (${held.slice(0, 3).join(', ')}): nothing was written. Choose a new folder with --data.`,
    );
}

async function openSecrets(path: string, passphraseFile: string | undefined, around: ArchiveSurroundings): Promise<SecretFiles> {
  let sealed: Buffer;
  try {
    sealed = readFileSync(path);
  } catch (error) {
    throw new BusbarError('bad-usage', `The secrets ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  return unseal(sealed, await passphraseOf(passphraseFile, 'known', around));
}

const sqliteTarget = (part: string): ArchiveTarget => new SqliteArchive(openDatabase(part), () => systemClock.now());

const credentials = (secrets: SecretFiles) => ({
  pepperId: secrets['pepper']?.split(':')[0],
  intermediate: secrets['ca/intermediate.pem'],
});
