import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface Ids {
  /** UUIDv4: transactionId, messageId (E01.FR.08: unique for the station's whole life). */
  uuid4(): string;
  /** UUIDv7: public ids of commands and events, ordered by time. */
  uuid7(): string;
}

const hex = (bytes: Uint8Array): string => {
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
};

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
