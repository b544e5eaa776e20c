import type { Clock, Timer } from '../clock.ts';
import type { Instant, Millis } from '../instant.ts';

interface Entry {
  readonly at: Millis;
  readonly order: number;
  readonly name: string;
  readonly action: () => void;
  cancelled: boolean;
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Lets every pending microtask run. The simulated paths hold nothing but microtasks, so after it the world stands still. */
// oxlint-disable-next-line eslint/no-restricted-globals -- the one place where virtual time touches the real loop
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when a test or the simulator says so; the same actions in the same order give the same run. */
export class VirtualClock implements Clock {
  readonly #heap: Entry[] = [];
  #elapsed: Millis = 0;
  #order = 0;
  #offset: Instant;

  constructor(startAt: Instant = 1_800_000_000_000) {
    this.#offset = startAt;
  }

  now(): Instant {
    return this.#offset + this.#elapsed;
  }

  monotonic(): Millis {
    return this.#elapsed;
  }

  /** Makes the wall clock jump; timers do not notice (D12). */
  jump(byMs: Millis): void {
    this.#offset += byMs;
  }

  after(delayMs: Millis, name: string, action: () => void): Timer {
    const entry: Entry = { at: this.#elapsed + Math.max(0, delayMs), order: (this.#order += 1), name, action, cancelled: false };
    this.#push(entry);
    return {
      name,
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  turn(action: () => void): void {
    this.after(0, 'turn', action);
  }

  /** Runs everything that is due within the span, in order, then stands at its end. */
  async advance(spanMs: Millis): Promise<void> {
    const end = this.#elapsed + spanMs;
    await settled();
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      if (next.cancelled) continue;
      this.#elapsed = next.at;
      next.action();
      await settled();
    }
    this.#elapsed = end;
  }

  /** Advances until the condition holds; fails after the span, naming what was waited for. */
  async until(what: string, condition: () => boolean, withinMs: Millis = 600_000): Promise<void> {
    const end = this.#elapsed + withinMs;
    await settled();
    while (!condition()) {
      const next = this.#heap[0];
      if (next === undefined || next.at > end) throw new Error(`virtual time: ${what} did not happen within ${withinMs / 1000} s`);
      await this.advance(next.at - this.#elapsed);
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(entry, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      const [l, r] = [heap[left], heap[left + 1]];
      if (l === undefined) break;
      const [child, at] = r !== undefined && before(r, l) ? [r, left + 1] : [l, left];
      if (!before(child, last)) break;
      heap[i] = child;
      i = at;
    }
    heap[i] = last;
  }
}
