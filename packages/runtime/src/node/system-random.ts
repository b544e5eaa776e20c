import { randomFillSync } from 'node:crypto';
import type { Random } from '../random.ts';

const POOL_BYTES = 4096;
/** An id. What is longer may be a secret, which must not lie in a pool. */
const MOST_POOLED = 16;

/** The system's generator. Bytes of ids are fetched by the page: a call for each costs more than the id. None is given twice. */
class SystemRandom implements Random {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;

  next(): number {
    return this.#pooled(4).readUInt32BE() / 4_294_967_296;
  }

  bytes(count: number): Uint8Array {
    return count > MOST_POOLED ? randomFillSync(new Uint8Array(count)) : new Uint8Array(this.#pooled(count));
  }

  #pooled(count: number): Buffer {
    if (this.#used + count > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    this.#used += count;
    return this.#pool.subarray(this.#used - count, this.#used);
  }
}

export const systemRandom: Random = new SystemRandom();
