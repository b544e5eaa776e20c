import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { BusbarError } from '@busbar/runtime';
import { type Cells, parseCells, printCells, RowSum } from './cells.ts';
import type { ArchiveTarget, Table } from './database.ts';
import { checkArchive, readArchive, SECTION, type Section } from './format.ts';
import { Ended, FileEnded, FileHead, Header, TableHead, told } from './header.ts';
import { type Incoming, load } from './load.ts';
import { type Recomputed, recompute } from './recompute.ts';
import { restored } from './settle.ts';

export interface RestoreOptions {
  readonly path: string;
  readonly target: ArchiveTarget;
  /** Where the files go; made when there are any. */
  readonly files: string;
  readonly now: number;
  readonly progress: (text: string) => void;
}
export interface RestoreResult {
  readonly header: Header;
  readonly tables: Readonly<Record<string, number>>;
  readonly files: number;
  readonly recomputed: Recomputed;
}

/** Transactions that are made anew after a restore or a move; more would say the same. */
export const RECOMPUTED = 1_000;

const damaged = (what: string): BusbarError => new BusbarError('backup-damaged', `The backup is damaged: ${what}.`);

/** Fills an empty database and a folder of files from a backup. What does not add up is never committed. */
export async function restoreBackup({ path, target, files, now, progress }: RestoreOptions): Promise<RestoreResult> {
  await checkArchive(path, (bytes) => progress(`checked: ${Math.round(bytes / 2 ** 20)} MiB`));
  const sections = new Sections(readArchive(path));
  try {
    const header = told(Header, (await sections.expect(SECTION.header)).body);
    const origin = { engine: header.engine, migrations: header.migrations, called: 'backup' };
    const tables = await load(target, origin, tablesOf(sections), progress);
    const written = await writeFiles(sections, files, progress);
    await sections.expect(SECTION.end);
    await target.run(restored(now));
    progress('transactions are made anew');
    const recomputed = await target.run(recompute(RECOMPUTED));
    refuseDiffering(recomputed);
    await target.commit();
    return { header, tables, files: written, recomputed };
  } finally {
    await sections.close();
  }
}

export function refuseDiffering({ differing, transactions }: Recomputed): void {
  if (differing.length > 0)
    throw new BusbarError(
      'copy-differs',
      `${differing.length} of ${transactions} transactions are not what their events say: ${differing.slice(0, 5).join(', ')}. Nothing was kept.`,
    );
}

class Sections {
  readonly #all: AsyncGenerator<Section>;
  #next: Section | undefined;

  constructor(all: AsyncGenerator<Section>) {
    this.#all = all;
  }

  /** The next one when it is of this kind. */
  async take(kind: number): Promise<Section | undefined> {
    if (this.#next === undefined) {
      const next = await this.#all.next();
      this.#next = next.done === true ? undefined : next.value;
    }
    const next = this.#next;
    if (next?.kind !== kind) return undefined;
    this.#next = undefined;
    return next;
  }

  async expect(kind: number): Promise<Section> {
    const section = await this.take(kind);
    if (section === undefined) throw damaged(`a section of kind ${kind} is missing`);
    return section;
  }

  async close(): Promise<void> {
    await this.#all.return(undefined);
  }
}

async function* tablesOf(sections: Sections): AsyncGenerator<Incoming> {
  for (;;) {
    const head = await sections.take(SECTION.table);
    if (head === undefined) return;
    const table = told(TableHead, head.body);
    yield { table, rows: rowsOf(sections, table) };
  }
}

async function* rowsOf(sections: Sections, { name, columns }: Table): AsyncGenerator<readonly Cells[]> {
  const sum = new RowSum();
  for (;;) {
    const section = await sections.take(SECTION.rows);
    if (section === undefined) break;
    const rows = section.body.toString().split('\n').map(parseCells);
    for (const cells of rows) {
      if (cells.length !== columns.length) throw damaged(`a row of ${name} has ${cells.length} columns`);
      sum.add(printCells(cells));
    }
    yield rows;
  }
  const end = told(Ended, (await sections.expect(SECTION.tableEnd)).body);
  if (end.rows !== sum.rows || end.sum !== sum.text) throw damaged(`${name} has other rows than it says`);
}

async function writeFiles(sections: Sections, folder: string, progress: (text: string) => void): Promise<number> {
  let n = 0;
  for (;;) {
    const head = await sections.take(SECTION.file);
    if (head === undefined) return n;
    const { name } = told(FileHead, head.body);
    if (n === 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = await open(join(folder, name), 'wx', 0o600);
    try {
      await writeFile(sections, file, name);
    } finally {
      await file.close();
    }
    n += 1;
    progress(`files: ${n}`);
  }
}

async function writeFile(sections: Sections, file: FileHandle, name: string): Promise<void> {
  const sha256 = createHash('sha256');
  let bytes = 0;
  for (;;) {
    const part = await sections.take(SECTION.bytes);
    if (part === undefined) break;
    sha256.update(part.body);
    bytes += part.body.length;
    await file.write(part.body);
  }
  await file.sync();
  const end = told(FileEnded, (await sections.expect(SECTION.fileEnd)).body);
  if (end.bytes !== bytes || end.sha256 !== sha256.digest('hex')) throw damaged(`the file ${name} is not what it was`);
}
