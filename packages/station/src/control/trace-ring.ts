import { limits } from '@busbar/runtime';
import type { TraceEvent } from '../trace.ts';

/** The newest trace events with numbers, for those who look at it from time to time. */
export class TraceRing {
  readonly #events: { readonly n: number; readonly event: TraceEvent }[] = [];
  #next = 1;

  push(event: TraceEvent): void {
    this.#events.push({ n: this.#next, event });
    this.#next += 1;
    if (this.#events.length > limits.traceRing) this.#events.shift();
  }

  after(n: number): readonly { readonly n: number; readonly event: TraceEvent }[] {
    return this.#events.filter((entry) => entry.n > n);
  }
}
