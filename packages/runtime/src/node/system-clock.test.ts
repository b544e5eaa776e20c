import { expect, test } from 'vitest';
import { systemClock } from './system-clock.ts';

test('no timer comes before its time: whoever looks at the clock then finds it is due', async () => {
  const early: number[] = [];
  const timers = Array.from({ length: 400 }, (_, n) => {
    const delayMs = 1 + (n % 20) + n / 400;
    const due = systemClock.monotonic() + delayMs;
    return new Promise<void>((resolve) => {
      systemClock.after(delayMs, 'test', () => {
        const leftMs = due - systemClock.monotonic();
        if (leftMs > 0) early.push(leftMs);
        resolve();
      });
    });
  });
  await Promise.all(timers);
  expect(early).toEqual([]);
});

test('a cancelled timer does not come', async () => {
  let came = false;
  const timer = systemClock.after(2, 'test', () => {
    came = true;
  });
  timer.cancel();
  await new Promise<void>((resolve) => {
    systemClock.after(10, 'later', resolve);
  });
  expect(came).toBe(false);
});
