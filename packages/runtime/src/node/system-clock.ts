import type { Clock, Timer } from '../clock.ts';
import type { Millis } from '../instant.ts';

const LONGEST_MS = 2 ** 31 - 1; // what setTimeout can hold

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, name, action) => new SystemTimer(delayMs, name, action),
  turn: (action) => {
    setImmediate(action);
  },
};

/** One object and one handle of Node: a process may have a hundred thousand of them. */
class SystemTimer implements Timer {
  readonly name: string;
  readonly #due: Millis;
  #action: (() => void) | undefined;
  #handle: NodeJS.Timeout;

  constructor(delayMs: Millis, name: string, action: () => void) {
    this.name = name;
    this.#due = performance.now() + Math.max(0, delayMs);
    this.#action = action;
    this.#handle = setTimeout(look, Math.min(Math.max(0, delayMs), LONGEST_MS), this);
  }

  /** setTimeout may come a fraction of a millisecond early; who then looks at `monotonic` would find it is not time yet. */
  look(): void {
    const leftMs = this.#due - performance.now();
    if (leftMs > 0) {
      this.#handle = setTimeout(look, Math.min(Math.ceil(leftMs), LONGEST_MS), this);
      return;
    }
    const action = this.#action;
    this.#action = undefined;
    action?.();
  }

  cancel(): void {
    this.#action = undefined; // whoever keeps the timer keeps no more than that
    clearTimeout(this.#handle);
  }
}

const look = (timer: SystemTimer): void => timer.look();
