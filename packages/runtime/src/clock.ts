import type { Instant, Millis } from './instant.ts';

export interface Timer {
  readonly name: string;
  cancel(): void;
}

/** The only source of time. Names appear in logs and in the virtual clock's trace: say what the timer is for, with its requirement. */
export interface Clock {
  /** Wall-clock time; it may jump when somebody sets it. */
  now(): Instant;
  /** Milliseconds since some fixed moment; never jumps. Timers and time-outs run on it. */
  monotonic(): Millis;
  after(delayMs: Millis, name: string, action: () => void): Timer;
  /** Runs the action when the present loop turn is over: setImmediate really, the end of the microtask queue virtually. */
  turn(action: () => void): void;
}
