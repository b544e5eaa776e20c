import type { Clock } from '../clock.ts';

const LONGEST_MS = 2 ** 31 - 1; // what setTimeout can hold

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, name, action) => {
    const due = performance.now() + Math.max(0, delayMs);
    // setTimeout may come a fraction of a millisecond early; who then looks at `monotonic` would find it is not time yet.
    const look = (): void => {
      const leftMs = due - performance.now();
      if (leftMs <= 0) action();
      else handle = setTimeout(look, Math.min(Math.ceil(leftMs), LONGEST_MS));
    };
    let handle = setTimeout(look, Math.min(Math.max(0, delayMs), LONGEST_MS));
    return { name, cancel: () => clearTimeout(handle) };
  },
  turn: (action) => {
    setImmediate(action);
  },
};
