import type { ArchiveSource, ArchiveTarget } from './database.ts';
import { type Incoming, load } from './load.ts';
import { type Recomputed, recompute } from './recompute.ts';
import { RECOMPUTED, refuseDiffering } from './restore.ts';
import { moved } from './settle.ts';

export interface MoveResult {
  readonly tables: Readonly<Record<string, number>>;
  readonly recomputed: Recomputed;
}

/** From one database that nobody writes into another that is empty; committed when everything is equal. */
export async function moveDatabase(
  source: ArchiveSource,
  target: ArchiveTarget,
  now: number,
  progress: (text: string) => void,
): Promise<MoveResult> {
  const origin = { engine: source.engine, migrations: await source.applied(), called: 'folder' };
  const tables = await load(target, origin, tablesOf(source), progress);
  await target.run(moved(now));
  progress('transactions are made anew');
  const recomputed = await target.run(recompute(RECOMPUTED));
  refuseDiffering(recomputed);
  await target.commit();
  return { tables, recomputed };
}

async function* tablesOf(source: ArchiveSource): AsyncGenerator<Incoming> {
  for (const table of await source.tables()) yield { table, rows: source.rows(table) };
}
