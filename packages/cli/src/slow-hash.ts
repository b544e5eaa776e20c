import { scrypt } from 'node:crypto';
import { type SlowHash, scryptParameters } from '@busbar/csms';
import { BusbarError, limits } from '@busbar/runtime';

/** scrypt on the thread pool, at most two at once and few waiting: a storm of reconnects must not hold both cores. */
export function boundedSlowHash(): SlowHash {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (input, salt) => {
    if (running >= limits.scryptAtOnce) {
      if (waiting.length >= limits.scryptWaiting)
        throw new BusbarError('too-many-requests', 'too many passwords are being checked', { fields: { retryAfterS: 1 } });
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running += 1;
    try {
      return await new Promise<Uint8Array>((resolve, reject) =>
        scrypt(input, salt, 32, scryptParameters, (error, key) => (error ? reject(error) : resolve(key))),
      );
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
