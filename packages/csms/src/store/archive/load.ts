import { BusbarError } from '@busbar/runtime';
import { pending } from '../migrations.ts';
import { type Cells, printCells, RowSum } from './cells.ts';
import type { Applied, ArchiveSource, ArchiveTarget, Table } from './database.ts';

/** A table with its rows. */
export interface Incoming {
  readonly table: Table;
  readonly rows: AsyncIterable<readonly Cells[]>;
}

export interface Origin {
  readonly engine: ArchiveSource['engine'];
  readonly migrations: readonly Applied[];
  /** For sentences: `backup`, `folder`. */
  readonly called: string;
}

/**
 * Fills an empty database from tables of another, whichever engines they are: the schema as it was there, every row with its
 * id, then read back and compared by count and hash, then the migrations since.
 */
export async function load(
  target: ArchiveTarget,
  origin: Origin,
  incoming: AsyncIterable<Incoming>,
  progress: (text: string) => void,
): Promise<Readonly<Record<string, number>>> {
  pending(origin.engine, new Map(origin.migrations.map(({ name, checksum }) => [name, checksum])), origin.called);
  const level = origin.migrations
    .map(({ name }) => name)
    .toSorted()
    .at(-1);
  await target.migrate(level);
  const known = await target.tables();
  if (known.length === 0)
    throw new BusbarError(
      'not-possible',
      `The ${origin.called} is of a Busbar that did not know ${target.engine} (${level ?? 'no migration'}). Restore it into a folder and start that once, then move it.`,
    );
  await target.clear(known);
  const written = new Map<string, { readonly table: Table; readonly sum: RowSum }>();
  for await (const { table, rows } of incoming) {
    const own = known.find(({ name }) => name === table.name);
    const strange = table.columns.find((column) => own?.columns.includes(column) !== true);
    if (own === undefined || strange !== undefined)
      throw new BusbarError(
        'backup-damaged',
        `The ${origin.called} holds ${table.name}${strange === undefined ? '' : `.${strange}`}, which the schema does not.`,
      );
    const sum = new RowSum();
    for await (const part of rows) {
      const kept = part.map((cells) => target.kept(cells));
      for (const cells of kept) sum.add(printCells(cells));
      await target.write(table, kept);
      progress(`${table.name}: ${sum.rows} rows`);
    }
    written.set(table.name, { table, sum });
  }
  const missing = known.find(({ name }) => !written.has(name));
  if (missing) throw new BusbarError('backup-damaged', `The ${origin.called} lacks the table ${missing.name}.`);
  for (const { table, sum } of written.values()) {
    progress(`${table.name}: compared`);
    const back = new RowSum();
    for await (const part of target.rows(table)) for (const cells of part) back.add(printCells(cells));
    if (!back.equals(sum))
      throw new BusbarError(
        'copy-differs',
        `${table.name} was read back as ${back.rows} rows (${back.text}), written were ${sum.rows} (${sum.text}).`,
      );
  }
  await target.numbers();
  await target.migrate();
  return Object.fromEntries([...written].map(([name, { sum }]) => [name, sum.rows]));
}
