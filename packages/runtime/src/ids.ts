import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface Ids {
  /** UUIDv4: transactionId, messageId (E01.FR.08: unique for the station's whole life). */
  uuid4(): string;
  /** UUIDv7: public ids of commands and events, ordered by time. */
  uuid7(): string;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const [at, byte] of bytes.entries()) text += at === 4 || at === 6 || at === 8 || at === 10 ? `-${HEX[byte]}` : HEX[byte];
  return text;
}

function stamped(bytes: Uint8Array, version: number): Uint8Array {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

export const makeIds = (random: Random, clock: Clock): Ids => ({
  uuid4: () => hex(stamped(random.bytes(16), 4)),
  uuid7: () => {
    const bytes = random.bytes(16);
    let rest = clock.now();
    for (let i = 5; i >= 0; i -= 1) {
      bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return hex(stamped(bytes, 7));
  },
});
