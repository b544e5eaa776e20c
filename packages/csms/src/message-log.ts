import type { Direction } from '@busbar/protocol';
import { type Clock, DAY_MS, type Instant, type Log, limits, type Scope } from '@busbar/runtime';
import { MessageBytes, select } from './store/message-block.ts';

export interface LoggedMessage {
  readonly at: Instant;
  readonly stationId: string;
  readonly direction: Direction;
  readonly text: string;
}

export interface MessageFilter {
  readonly stationId?: string;
  /** Nobody else's: for somebody who may see some sites only. */
  readonly stationIds?: readonly string[];
  readonly before?: Instant;
  readonly since?: Instant;
  /** CALLs and SENDs of this action, with their answers. */
  readonly action?: string;
  readonly messageId?: string;
  /** Part of a frame, without case. */
  readonly text?: string;
  readonly direction?: Direction;
  /** CALLERROR and CALLRESULTERROR. */
  readonly errors?: true;
  /** A frame that is found brings its other half along, as far as it stands in the same block; the direction is the CALL's. */
  readonly pairs?: true;
  readonly limit: number;
}

/** Where blocks of the raw frames go; outside the commit, and the first thing to be dropped under pressure. */
export interface MessageSink {
  write(bytes: Uint8Array<ArrayBuffer>): void;
  query(filter: MessageFilter): Promise<readonly LoggedMessage[]>;
  /** Removes what is older, and the oldest beyond the size. */
  retain(before: Instant, maxBytes: number): void;
  /** Bytes handed over and not written yet. */
  readonly pendingLength: number;
  close(): Promise<void>;
}

export interface MessageLogOptions {
  /** Days that frames are kept. */
  readonly keepDays: number;
  readonly maxBytes: number;
  /** Heartbeats are most of what a quiet fleet says, and they say nothing. */
  readonly heartbeats: boolean;
}

/** The raw frames of all links. Losing some of it on a crash is losing log, never data. */
export class MessageLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sink: MessageSink | undefined;
  readonly #options: MessageLogOptions;
  readonly #recent: LoggedMessage[] = [];
  readonly #listeners = new Set<(stationId: string) => void>();
  #block: MessageBytes | undefined;
  #dropping = 0;
  /** Frames that were not kept because the writer was behind. */
  dropped = 0;
  kept = 0;

  constructor(scope: Scope, sink: MessageSink | undefined, options: MessageLogOptions) {
    this.#clock = scope.clock;
    this.#log = scope.log;
    this.#sink = sink;
    this.#options = options;
    if (sink === undefined) return;
    this.#retain();
    scope.every(limits.retentionMs, 'message log retention', () => this.#retain());
  }

  get heartbeats(): boolean {
    return this.#options.heartbeats;
  }

  record(stationId: string, direction: Direction, text: string): void {
    const message: LoggedMessage = { at: this.#clock.now(), stationId, direction, text };
    for (const listener of this.#listeners) listener(stationId);
    if (this.#sink === undefined) {
      this.#recent.push(message);
      if (this.#recent.length > 2 * limits.pageSize) this.#recent.splice(0, limits.pageSize);
      return;
    }
    if (this.#sink.pendingLength > limits.logQueueBytes) return this.#drop();
    this.#resumed();
    this.kept += 1;
    if (this.#block?.add(message) === true) return;
    this.flush();
    this.#block = new MessageBytes(limits.logBlockBytes);
    this.#block.add(message);
    this.#clock.after(limits.logBlockMs, 'message log block', () => this.flush());
  }

  /** Told whose frame it was, of each; until the returned function is called. */
  listen(listener: (stationId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flush(): void {
    if (this.#block === undefined) return;
    this.#sink?.write(this.#block.take());
    this.#block = undefined;
  }

  /** Newest first. */
  async query(filter: MessageFilter): Promise<readonly LoggedMessage[]> {
    this.flush();
    if (this.#sink !== undefined) return this.#sink.query(filter);
    return select(this.#recent, filter).slice(0, filter.limit);
  }

  #drop(): void {
    if (this.#dropping === 0) this.#log.warn('the message log is behind: frames are not kept until it has caught up');
    this.#dropping += 1;
    this.dropped += 1;
  }

  #resumed(): void {
    if (this.#dropping === 0) return;
    this.#log.warn('the message log keeps frames again', { dropped: this.#dropping });
    this.#dropping = 0;
  }

  #retain(): void {
    this.#sink?.retain(this.#clock.now() - this.#options.keepDays * DAY_MS, this.#options.maxBytes);
  }
}
