import type { Direction } from '@busbar/protocol';
import { type Clock, type Instant, limits } from '@busbar/runtime';

export interface LoggedMessage {
  readonly at: Instant;
  readonly stationId: string;
  readonly direction: Direction;
  readonly text: string;
}

export interface MessageFilter {
  readonly stationId?: string;
  readonly before?: Instant;
  readonly limit: number;
}

/** Where blocks of the raw frames go; outside the commit, and the first thing to be dropped under pressure. */
export interface MessageSink {
  write(messages: readonly LoggedMessage[]): void;
  query(filter: MessageFilter): Promise<readonly LoggedMessage[]>;
  /** Bytes handed over and not written yet. */
  readonly pendingBytes: number;
  close(): Promise<void>;
}

/** The raw frames of all links. Losing some of it on a crash is losing log, never data. */
export class MessageLog {
  readonly #clock: Clock;
  readonly #sink: MessageSink | undefined;
  readonly #recent: LoggedMessage[] = [];
  #block: LoggedMessage[] = [];
  #blockBytes = 0;
  dropped = 0;

  constructor(clock: Clock, sink: MessageSink | undefined) {
    this.#clock = clock;
    this.#sink = sink;
  }

  record(stationId: string, direction: Direction, text: string): void {
    const message: LoggedMessage = { at: this.#clock.now(), stationId, direction, text };
    if (this.#sink === undefined) return this.#remember(message);
    if (this.#sink.pendingBytes > limits.logQueueBytes) {
      this.dropped += 1;
      return;
    }
    if (this.#block.length === 0) this.#clock.after(limits.logBlockMs, 'message log block', () => this.flush());
    this.#block.push(message);
    this.#blockBytes += text.length;
    if (this.#blockBytes >= limits.logBlockBytes) this.flush();
  }

  /** Without a sink the newest ones stand here. */
  #remember(message: LoggedMessage): void {
    this.#recent.push(message);
    if (this.#recent.length > 2 * limits.pageSize) this.#recent.splice(0, limits.pageSize);
  }

  flush(): void {
    if (this.#block.length === 0) return;
    this.#sink?.write(this.#block);
    this.#block = [];
    this.#blockBytes = 0;
  }

  /** Newest first. */
  async query(filter: MessageFilter): Promise<readonly LoggedMessage[]> {
    this.flush();
    if (this.#sink !== undefined) return this.#sink.query(filter);
    return this.#recent
      .filter(
        ({ stationId, at }) =>
          (filter.stationId === undefined || stationId === filter.stationId) && (filter.before === undefined || at < filter.before),
      )
      .slice(-filter.limit)
      .toReversed();
  }
}
