import type { SqlValue } from './sql.ts';

const NONE = 0xffff_ffff;
const [NULL, NUMBER, TEXT, BYTES] = [0, 1, 2, 3];

/** Writes values one after the other; grows as needed. Numbers are doubles, NaN stands for null. */
export class ByteWriter {
  #buffer = Buffer.from(new ArrayBuffer(64 * 1024));
  #length = 0;

  byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  number(value: number | null): void {
    this.#room(8);
    this.#length = this.#buffer.writeDoubleLE(value ?? Number.NaN, this.#length);
  }

  text(value: string | null): void {
    if (value === null) return this.#size(NONE);
    this.#room(4 + 3 * value.length);
    const bytes = this.#buffer.write(value, this.#length + 4);
    this.#size(bytes);
    this.#length += bytes;
  }

  bytes(value: Uint8Array | null): void {
    if (value === null) return this.#size(NONE);
    this.#size(value.length);
    this.#room(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  values(values: readonly SqlValue[]): void {
    this.byte(values.length);
    for (const value of values) {
      if (value === null) this.byte(NULL);
      else if (typeof value === 'number') {
        this.byte(NUMBER);
        this.number(value);
      } else if (typeof value === 'string') {
        this.byte(TEXT);
        this.text(value);
      } else {
        this.byte(BYTES);
        this.bytes(value);
      }
    }
  }

  /** What was written since the last time, in memory of its own that may go to another thread. */
  take(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.#length);
    out.set(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return out;
  }

  #size(bytes: number): void {
    this.#room(4);
    this.#length = this.#buffer.writeUInt32LE(bytes, this.#length);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(2 * (this.#length + bytes)));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** Reads what a `ByteWriter` wrote, in the same order. */
export class ByteReader {
  readonly #buffer: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, from = 0) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
  }

  get at(): number {
    return this.#at;
  }
  get done(): boolean {
    return this.#at >= this.#buffer.length;
  }

  byte(): number {
    const value = this.#buffer.readUInt8(this.#at);
    this.#at += 1;
    return value;
  }

  number(): number {
    const value = this.#buffer.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  numberOrNull(): number | null {
    const value = this.number();
    return Number.isNaN(value) ? null : value;
  }

  text(): string {
    return this.textOrNull() ?? '';
  }

  textOrNull(): string | null {
    const from = this.#skip();
    return from === null ? null : this.#buffer.toString('utf8', from, this.#at);
  }

  /** A window into the same memory. */
  bytesOrNull(): Uint8Array | null {
    const from = this.#skip();
    if (from === null) return null;
    const { buffer, byteOffset } = this.#buffer;
    return new Uint8Array(buffer, byteOffset + from, this.#at - from);
  }

  value(): SqlValue {
    switch (this.byte()) {
      case NULL:
        return null;
      case NUMBER:
        return this.number();
      case TEXT:
        return this.text();
      default:
        return this.bytesOrNull();
    }
  }

  /** Where the values of a list begin that stood here; `values` reads them. */
  skipValues(): number {
    const from = this.#at;
    for (let n = this.byte(); n > 0; n -= 1) {
      const kind = this.byte();
      if (kind === NUMBER) this.#at += 8;
      else if (kind !== NULL) this.#skip();
    }
    return from;
  }

  values(): readonly SqlValue[] {
    return Array.from({ length: this.byte() }, () => this.value());
  }

  /** Passes a text or bytes; returns where it begins. */
  #skip(): number | null {
    const size = this.#buffer.readUInt32LE(this.#at);
    this.#at += 4;
    if (size === NONE) return null;
    this.#at += size;
    return this.#at - size;
  }
}
