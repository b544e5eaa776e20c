import { randomBytes } from 'node:crypto';
import type { Random } from '../random.ts';

export const systemRandom: Random = {
  next: () => randomBytes(4).readUInt32BE() / 4_294_967_296,
  bytes: (count) => new Uint8Array(randomBytes(count)),
};
