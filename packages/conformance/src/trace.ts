import type { Clock, Millis } from '@busbar/runtime';

/** Who did it: the kit, or the system under test. */
export type By = 'tool' | 'sut';

/** What happened on the wire and around it, as it happened. A trace is what reports show and what the audit plays back. */
export type Happening =
  /** The kit dials the CSMS under test. */
  | { readonly kind: 'dial'; readonly by: 'tool'; readonly link: number; readonly url: string; readonly how: string }
  /** The station under test knocks at the kit's own CSMS. */
  | { readonly kind: 'knock'; readonly by: 'sut'; readonly link: number; readonly station: string; readonly handshake: unknown }
  | { readonly kind: 'opened'; readonly by: By; readonly link: number; readonly subprotocol: string }
  | {
      readonly kind: 'refused';
      readonly by: By;
      readonly link: number;
      readonly failure: string;
      readonly status?: number;
      readonly reason: string;
    }
  | { readonly kind: 'frame'; readonly by: By; readonly link: number; readonly text: string }
  | { readonly kind: 'closed'; readonly by: By; readonly link: number; readonly code: number; readonly reason: string }
  /** Something asked outside the WebSocket (the driver, a TLS handshake, a person), and its answer. */
  | { readonly kind: 'ask'; readonly by: 'tool'; readonly n: number; readonly what: string; readonly question: unknown }
  | { readonly kind: 'reply'; readonly by: 'sut'; readonly n: number; readonly answer: unknown }
  /** A TLS handshake of the station under test broke. */
  | { readonly kind: 'tlsFailed'; readonly by: 'sut'; readonly reason: string }
  /** The system under test fetched or sent a file. */
  | { readonly kind: 'web'; readonly by: 'sut'; readonly request: unknown };

export type TraceEntry = Happening & {
  /** Milliseconds since the case began. */
  readonly at: Millis;
};

/** The record of one case. */
export class Trace {
  readonly entries: TraceEntry[] = [];
  readonly #clock: Clock;
  readonly #began: Millis;
  readonly #watch: (entry: TraceEntry) => void;
  #links = 0;
  #asks = 0;

  /** `watch` sees every entry as it is made. */
  constructor(clock: Clock, watch: (entry: TraceEntry) => void = () => {}) {
    this.#clock = clock;
    this.#began = clock.monotonic();
    this.#watch = watch;
  }

  /** Milliseconds since the case began. */
  get elapsed(): Millis {
    return this.#clock.monotonic() - this.#began;
  }
  nextLink(): number {
    this.#links += 1;
    return this.#links;
  }
  nextAsk(): number {
    this.#asks += 1;
    return this.#asks;
  }
  /** Returns the entry's number, by which an expectation names its evidence. */
  add(happening: Happening): number {
    const entry: TraceEntry = { ...happening, at: this.elapsed };
    const number = this.entries.push(entry) - 1;
    this.#watch(entry);
    return number;
  }
}
