import type { FileStore } from './file-store.ts';

/** Files in memory, for tests and simulations. */
export class MemoryFileStore implements FileStore {
  readonly files = new Map<string, Uint8Array>();

  async size(name: string): Promise<number | undefined> {
    return this.files.get(name)?.length;
  }

  async write(name: string, at: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    let content = (this.files.get(name) ?? new Uint8Array()).slice(0, at);
    this.files.set(name, content);
    for await (const part of bytes) {
      content = Buffer.concat([content, part]);
      this.files.set(name, content);
    }
    return content.length;
  }

  async *read(name: string, from: number, to: number): AsyncIterable<Uint8Array> {
    const content = this.files.get(name);
    if (content === undefined) throw new Error(`no file ${name}`);
    yield content.slice(from, to + 1);
  }

  async rename(name: string, to: string): Promise<void> {
    const content = this.files.get(name);
    if (content !== undefined) this.files.set(to, content);
    this.files.delete(name);
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
}
