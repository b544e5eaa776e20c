import type { Clock, Timer } from './clock.ts';
import type { Millis } from './instant.ts';
import type { Log } from './log.ts';

/**
 * Owns timers and background work of one thing with a life (a session, a station, a server).
 * Closing it cancels the timers and forgets the work's result; a failure of background work is reported, never swallowed.
 */
export class Scope {
  readonly clock: Clock;
  readonly log: Log;
  readonly name: string;
  readonly #timers = new Set<Timer>();
  readonly #closers: (() => void)[] = [];
  #closed = false;

  constructor(clock: Clock, log: Log, name: string) {
    this.clock = clock;
    this.log = log;
    this.name = name;
  }

  get closed(): boolean {
    return this.#closed;
  }

  after(delayMs: Millis, name: string, action: () => void): Timer {
    const timer = new OwnedTimer(this.#timers);
    timer.start(this.clock, delayMs, `${this.name}: ${name}`, action);
    if (this.#closed) timer.cancel();
    return timer;
  }

  every(periodMs: Millis, name: string, action: () => void): Timer {
    const tick = (): void => {
      inner = this.after(periodMs, name, tick);
      action();
    };
    let inner = this.after(periodMs, name, tick);
    return { name, cancel: () => inner.cancel() };
  }

  /** Starts background work; what it throws is logged with its name. */
  run(name: string, work: () => Promise<void>): void {
    if (this.#closed) return;
    work().catch((error: unknown) => {
      if (!this.#closed) this.log.error('background work failed', { scope: this.name, work: name, error });
    });
  }

  onClose(action: () => void): void {
    if (this.#closed) action();
    else this.#closers.push(action);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    for (const action of this.#closers.toReversed()) action();
  }
}

/** A timer that leaves its owner's set when it fires or is cancelled. */
class OwnedTimer implements Timer {
  readonly #owned: Set<Timer>;
  #timer: Timer | undefined;

  constructor(owned: Set<Timer>) {
    this.#owned = owned;
  }

  start(clock: Clock, delayMs: Millis, name: string, action: () => void): void {
    this.#owned.add(this);
    this.#timer = clock.after(delayMs, name, () => {
      this.#owned.delete(this);
      action();
    });
  }

  get name(): string {
    return this.#timer?.name ?? '';
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#owned.delete(this);
  }
}
