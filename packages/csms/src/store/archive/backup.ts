import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cells, printCells, RowSum } from './cells.ts';
import type { ArchiveSource, Table } from './database.ts';
import { ArchiveWriter, SECTION, SECTION_BYTES } from './format.ts';
import type { Ended, FileEnded, Header } from './header.ts';

export interface BackupOptions {
  readonly source: ArchiveSource;
  /** The folder of the files that stations brought or fetch. */
  readonly files: string;
  readonly out: string;
  readonly busbar: string;
  readonly now: number;
  readonly progress: (text: string) => void;
}
export interface BackupResult {
  readonly bytes: number;
  readonly tables: Readonly<Record<string, number>>;
  readonly files: number;
}

/** One moment of a database and the files beside it, as one file. */
export async function writeBackup(options: BackupOptions): Promise<BackupResult> {
  const { source, out, busbar, now, progress } = options;
  const writer = await ArchiveWriter.create(out);
  try {
    const header: Header = { format: 1, busbar, engine: source.engine, migrations: [...(await source.applied())], createdAt: now };
    await writer.section(SECTION.header, JSON.stringify(header));
    const tables: Record<string, number> = {};
    for (const table of await source.tables()) {
      tables[table.name] = await writeTable(writer, source, table, (rows) => progress(`${table.name}: ${rows} rows`));
    }
    const files = await writeFiles(writer, options.files, progress);
    await writer.finish();
    return { bytes: writer.bytes, tables, files };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function writeTable(writer: ArchiveWriter, source: ArchiveSource, table: Table, progress: (rows: number) => void): Promise<number> {
  await writer.section(SECTION.table, JSON.stringify(table));
  const sum = new RowSum();
  let [lines, bytes]: [string[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await writer.section(SECTION.rows, lines.join('\n'));
    [lines, bytes] = [[], 0];
  };
  for await (const part of source.rows(table)) {
    for (const cells of part) {
      const line = keep(sum, cells);
      lines.push(line);
      bytes += line.length;
      if (bytes > SECTION_BYTES) await flush();
    }
    progress(sum.rows);
  }
  await flush();
  await writer.section(SECTION.tableEnd, JSON.stringify({ rows: sum.rows, sum: sum.text } satisfies Ended));
  return sum.rows;
}

function keep(sum: RowSum, cells: Cells): string {
  const line = printCells(cells);
  sum.add(line);
  return line;
}

/** Each as long as it was when it was opened: one that a station is still bringing is whole as far as it goes. */
async function writeFiles(writer: ArchiveWriter, folder: string, progress: (text: string) => void): Promise<number> {
  if (!existsSync(folder)) return 0;
  let n = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(folder, entry.name), 'r').catch(() => undefined);
    if (file === undefined) continue; // it went since the folder was read
    try {
      const { size } = await file.stat();
      const sha256 = createHash('sha256');
      await writer.section(SECTION.file, JSON.stringify({ name: entry.name }));
      let at = 0;
      while (at < size) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(SECTION_BYTES, size - at)), 0, null, at);
        if (bytesRead === 0) break; // it was cut meanwhile
        const part = buffer.subarray(0, bytesRead);
        sha256.update(part);
        await writer.section(SECTION.bytes, part);
        at += bytesRead;
      }
      await writer.section(SECTION.fileEnd, JSON.stringify({ bytes: at, sha256: sha256.digest('hex') } satisfies FileEnded));
      n += 1;
      progress(`files: ${n}`);
    } finally {
      await file.close();
    }
  }
  return n;
}
