import type { Random } from '../random.ts';

/** Mulberry32: small, fast, the same everywhere; not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  return {
    next: () => next32() / 4_294_967_296,
    bytes: (count) => Uint8Array.from({ length: count }, () => next32() & 0xff),
  };
}
