import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStore } from '../files/file-store.ts';

/** Files in a folder of the data. */
export class DiskFileStore implements FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async size(name: string): Promise<number | undefined> {
    try {
      return (await stat(this.#path(name))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async write(name: string, at: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = await open(this.#path(name), at === 0 ? 'w' : 'r+', 0o600);
    try {
      await file.truncate(at);
      let end = at;
      for await (const part of bytes) {
        await file.write(part, 0, part.length, end);
        end += part.length;
      }
      await file.sync();
      return end;
    } finally {
      await file.close();
    }
  }

  read(name: string, from: number, to: number): AsyncIterable<Uint8Array> {
    return createReadStream(this.#path(name), { start: from, end: to });
  }

  rename(name: string, to: string): Promise<void> {
    return rename(this.#path(name), this.#path(to));
  }

  remove(name: string): Promise<void> {
    return rm(this.#path(name), { force: true });
  }

  #path(name: string): string {
    if (!/^[\w-][\w.-]*$/.test(name)) throw new Error('a name of a file that nobody gave'); // never outside of the folder
    return join(this.#folder, name);
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
