import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { emptyPostgres, type MoveResult, moveDatabase, SqliteArchive } from '@busbar/csms/archive';
import { claimFolder, openDatabase } from '@busbar/csms/store';
import { BusbarError } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import { type ArchiveSurroundings, plural, renameDurably } from './surroundings.ts';

export interface MoveFlags {
  readonly from: string;
  readonly to: string;
  readonly json?: boolean;
}

/** `busbar move`: from the data folder into PostgreSQL, while nobody writes. What is interrupted begins again from nothing. */
export async function moveCommand({ from, to, json }: MoveFlags, around: ArchiveSurroundings): Promise<void> {
  const path = join(from, 'busbar.db');
  if (!existsSync(path)) throw new BusbarError('bad-usage', `There is no database in ${from}.`);
  if (!/^postgres(ql)?:\/\//.test(to)) throw new BusbarError('bad-usage', '--to takes postgres://user:password@host:port/database.');
  const release = claimFolder(from);
  try {
    const target = await emptyPostgres(to, systemClock);
    const source = new SqliteArchive(openDatabase(path));
    const now = systemClock.now();
    let moved: MoveResult;
    try {
      moved = await moveDatabase(source, target, now, around.progress);
    } finally {
      await Promise.all([source.close(), target.close()]);
    }
    const { tables, recomputed } = moved;
    // Whoever starts the CSMS on this folder alone must not go on with the old ledger.
    const left = `${path}.moved`;
    renameDurably(path, left);
    around.progress('');
    if (json) return around.write(`${JSON.stringify({ tables, recomputed: recomputed.transactions, left })}\n`);
    const lines = [
      `Moved: ${plural(tables['station'] ?? 0, 'station')}, ${plural(tables['tx'] ?? 0, 'transaction')}; every table compared, ${plural(recomputed.transactions, 'transaction')} made anew from events.`,
      `The old database is ${left}; files and secrets stay in ${from}. The message log was not moved.`,
      `npx busbar serve --data ${from} --database … goes on.`,
    ];
    around.write(`${lines.join('\n')}\n`);
  } finally {
    release();
  }
}
