/** Clients mask what they send (RFC 6455, 5.3); any key will do, zero would spare the server its work. */
export const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;
/** Of a frame whose payload is 126 to 65,535 bytes long: two, two of length, four of mask. */
export const LONG_HEAD = 8;
/** Of a shorter one. */
export const SHORT_HEAD = 6;

const TEXT = 0x81;
const COMPRESSED = 0x40;

/** One masked text frame. */
export function clientFrame(data: Buffer, compressed = false): Buffer {
  const long = data.length >= 126;
  const at = long ? LONG_HEAD : SHORT_HEAD;
  const frame = Buffer.alloc(at + data.length);
  frame[0] = compressed ? TEXT | COMPRESSED : TEXT;
  frame[1] = 0x80 | (long ? 126 : data.length);
  if (long) frame.writeUInt16BE(data.length, 2);
  frame.set(MASK, at - 4);
  for (const [index, byte] of data.entries()) frame[at + index] = byte ^ maskAt(index);
  return frame;
}

export const maskAt = (index: number): number => MASK[index & 3] ?? 0;

/** The answer to a ping: empty, as ours are. */
export const PONG = Buffer.from([0x8a, 0x80, ...MASK]);

export interface ServerFrame {
  readonly opcode: number;
  readonly compressed: boolean;
  readonly payload: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** The first whole frame of what a server sent, or undefined while more must come. Servers neither mask nor, ours, fragment. */
export function serverFrame(bytes: Buffer): ServerFrame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, short = 0] = bytes;
  const at = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < at) return undefined;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const end = at + length;
  return bytes.length < end
    ? undefined
    : { opcode: first & 0x0f, compressed: (first & COMPRESSED) !== 0, payload: bytes.subarray(at, end), end };
}
