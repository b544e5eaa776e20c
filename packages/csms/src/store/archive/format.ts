import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { BusbarError, messageOf } from '@busbar/runtime';

/** What a section holds; the numbers are stored. */
export const SECTION = { header: 1, table: 2, rows: 3, tableEnd: 4, file: 5, bytes: 6, fileEnd: 7, end: 8 } as const;
type Kind = (typeof SECTION)[keyof typeof SECTION];

const MAGIC = 'BUSBAR BACKUP 1\n';
/** Kind, length packed, length unpacked. */
const HEAD = 9;
const HASH = 32;
/** A section is flushed above the first, and refused above the second: one row may hold a whole report. */
export const SECTION_BYTES = 1 << 18;
const MOST_BYTES = 1 << 28;

export interface Section {
  readonly kind: number;
  readonly body: Buffer;
}

/**
 * A backup file that is being written: magic, sections (kind, two lengths, zstd), and the SHA-256 of all of that as the last
 * 32 bytes. It has its name only when it is whole and on the disk.
 */
export class ArchiveWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  bytes = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<ArchiveWriter> {
    const file = await open(`${path}.part`, 'w', 0o600);
    const writer = new ArchiveWriter(path, file);
    await writer.#write(Buffer.from(MAGIC));
    return writer;
  }

  async section(kind: Kind, body: Uint8Array | string): Promise<void> {
    const packed = zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
    const head = Buffer.alloc(HEAD);
    head.writeUInt8(kind, 0);
    head.writeUInt32BE(packed.length, 1);
    head.writeUInt32BE(Buffer.byteLength(body), 5);
    await this.#write(Buffer.concat([head, packed]));
  }

  async finish(): Promise<void> {
    await this.section(SECTION.end, '');
    await this.#file.write(this.#hash.digest());
    this.bytes += HASH;
    await this.#file.sync();
    await this.#file.close();
    await rename(`${this.#path}.part`, this.#path);
  }

  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(`${this.#path}.part`, { force: true });
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    await this.#file.write(bytes);
  }
}

const damaged = (path: string, why: string, cause?: unknown): BusbarError =>
  new BusbarError('backup-damaged', `${path} ${why}. Nothing was restored; take another copy of it, or an older backup.`, { cause });

/** Reads the whole file once: nothing of it is believed before its hash is right. */
export async function checkArchive(path: string, progress: (bytes: number) => void): Promise<void> {
  const hash = createHash('sha256');
  let [tail, bytes] = [Buffer.alloc(0), 0];
  try {
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const all = Buffer.concat([tail, part]);
      hash.update(all.subarray(0, Math.max(0, all.length - HASH)));
      tail = all.subarray(Math.max(0, all.length - HASH));
      if (bytes === 0 && all.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) throw damaged(path, 'is no backup of Busbar');
      bytes += part.length;
      progress(bytes);
    }
  } catch (error) {
    throw error instanceof BusbarError ? error : damaged(path, `cannot be read: ${messageOf(error)}`, error);
  }
  if (bytes === 0) throw damaged(path, 'is empty');
  if (!hash.digest().equals(tail)) throw damaged(path, 'is damaged or not whole: its SHA-256 is another');
}

/** The sections of a checked file, in order. */
export async function* readArchive(path: string): AsyncGenerator<Section> {
  const file = await open(path, 'r');
  try {
    let at = MAGIC.length;
    for (;;) {
      const head = await exactly(file, path, at, HEAD);
      const [kind, packed, size] = [head.readUInt8(0), head.readUInt32BE(1), head.readUInt32BE(5)];
      if (packed > MOST_BYTES || size > MOST_BYTES) throw damaged(path, 'holds a section that is too large');
      const body = zstdDecompressSync(await exactly(file, path, at + HEAD, packed), { maxOutputLength: size + 1 });
      if (body.length !== size) throw damaged(path, 'holds a section of another length than it says');
      yield { kind, body };
      if (kind === SECTION.end) return;
      at += HEAD + packed;
    }
  } finally {
    await file.close();
  }
}

async function exactly(file: FileHandle, path: string, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead !== length) throw damaged(path, 'ends too early');
  return buffer;
}
