/** Where the bytes of files lie: `data/files/` really, memory in tests. Names are made by us, never by anybody outside. */
export interface FileStore {
  /** Undefined when there is no such file. */
  size(name: string): Promise<number | undefined>;
  /** Cuts the file at `at` and adds the bytes; resolves with its length once they are safe. What came before an error stays. */
  write(name: string, at: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** From one byte to another, the last one included. */
  read(name: string, from: number, to: number): AsyncIterable<Uint8Array>;
  rename(name: string, to: string): Promise<void>;
  /** Also when there is none. */
  remove(name: string): Promise<void>;
}
