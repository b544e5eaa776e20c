/** The only source of chance. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  bytes(count: number): Uint8Array;
}

/** A whole number in [low, high]. */
export const between = (random: Random, low: number, high: number): number => low + Math.floor(random.next() * (high - low + 1));
