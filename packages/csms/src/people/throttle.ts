import { BusbarError, type Clock, limits, type Millis } from '@busbar/runtime';

interface Bound {
  readonly of: 'account' | 'address';
  readonly key: string;
}

const MOST = { account: limits.passwordTriesPerAccount, address: limits.passwordTriesPerAddress } as const;

/**
 * Wrong passwords per minute, by account and by address. A try counts when it begins and is taken back when it was right,
 * so that many at once are no way around it. Names that nobody has count like those that somebody has.
 */
export class Throttle {
  readonly #clock: Clock;
  /** In order of their first try within the minute; the oldest make room. */
  readonly #tries = { account: new Map<string, Millis[]>(), address: new Map<string, Millis[]>() };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#tries.account.size + this.#tries.address.size;
  }

  /** Counts a try, or refuses it; returns how to take it back. */
  begin(account: string, address: string): () => void {
    const bounds: readonly Bound[] = [
      { of: 'account', key: account },
      { of: 'address', key: network(address) },
    ];
    const now = this.#clock.monotonic();
    const waitMs = Math.max(0, ...bounds.map((bound) => this.#wait(bound, now)));
    if (waitMs > 0) {
      const retryAfterS = Math.ceil(waitMs / 1000);
      throw new BusbarError('too-many-requests', `Too many wrong passwords. Try again in ${retryAfterS} s.`, { fields: { retryAfterS } });
    }
    for (const { of, key } of bounds) this.#count(of, key, now);
    return () => {
      for (const { of, key } of bounds) this.#takeBack(of, key, now);
    };
  }

  #wait({ of, key }: Bound, now: Millis): Millis {
    const tries = this.#recent(of, key, now);
    const [oldest = now] = tries;
    return tries.length < MOST[of] ? 0 : oldest + limits.passwordTryWindowMs - now;
  }

  #recent(of: Bound['of'], key: string, now: Millis): Millis[] {
    return (this.#tries[of].get(key) ?? []).filter((at) => now - at < limits.passwordTryWindowMs);
  }

  #count(of: Bound['of'], key: string, now: Millis): void {
    const all = this.#tries[of];
    const tries = [...this.#recent(of, key, now), now];
    all.delete(key);
    all.set(key, tries);
    for (const [old, times] of all) {
      if (all.size <= limits.passwordTriesKept && now - (times.at(-1) ?? 0) < limits.passwordTryWindowMs) break;
      all.delete(old);
    }
  }

  #takeBack(of: Bound['of'], key: string, at: Millis): void {
    const tries = this.#tries[of].get(key) ?? [];
    const index = tries.indexOf(at);
    if (index >= 0) tries.splice(index, 1);
    if (tries.length === 0) this.#tries[of].delete(key);
  }
}

/** Whoever has one address of IPv6 has the 2^64 beside it too. */
export function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.replace(/%.*$/, '').split('::');
  const [front, back] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)];
  const groups = address.includes('::')
    ? [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
    : front;
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
