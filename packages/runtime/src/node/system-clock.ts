import type { Clock } from '../clock.ts';

const LONGEST_MS = 2 ** 31 - 1; // what setTimeout can hold

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, name, action) => {
    let handle: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      handle = setTimeout(() => (leftMs > LONGEST_MS ? wait(leftMs - LONGEST_MS) : action()), Math.min(leftMs, LONGEST_MS));
    };
    wait(Math.max(0, delayMs));
    return { name, cancel: () => clearTimeout(handle) };
  },
  turn: (action) => {
    setImmediate(action);
  },
};
