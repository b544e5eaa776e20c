import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { WorldFile } from '../journal.ts';

/**
 * The physical truth in a file of its own, replaced atomically. It is not synced: a real meter does not lose energy when
 * the computer beside it does, and the crash suites kill processes, which leave the page cache alone.
 */
export class FileWorld implements WorldFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
  }

  load(): string | undefined {
    return existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : undefined;
  }

  save(text: string): void {
    const next = `${this.#path}.next`;
    const file = openSync(next, 'w');
    writeSync(file, text);
    closeSync(file);
    renameSync(next, this.#path);
  }
}
