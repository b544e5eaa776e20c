import { type Clock, type Log, limits, type Scope, s } from '@busbar/runtime';
import { Histogram } from './histogram.ts';
import type { Intent, Outcome } from './store/intents.ts';
import { type GroupResult, type Store, StoreFailure } from './store/store.ts';

export type Pressure = 'ok' | 'stopReading';

interface Group {
  readonly intents: readonly Intent[];
  readonly bytes: number;
  readonly done: (result: GroupResult) => void;
}

/**
 * The way to durability. What arrives during one loop turn is posted together; the store makes one commit of everything
 * posted while the last one ran. Above its bounds sockets are not read any more, which TCP hands on to the stations:
 * nobody is ever refused because we are slow.
 */
export class CommitQueue {
  readonly #store: Pick<Store, 'commit' | 'healthy'>;
  readonly #clock: Clock;
  readonly #scope: Scope;
  readonly #log: Log;
  readonly #committed: (intents: readonly Intent[], outcomes: readonly Outcome[]) => void;
  readonly #pressureListeners = new Set<(pressure: Pressure) => void>();
  #turn: Group[] = [];
  #underWay = 0;
  #bytes = 0;
  #oldest: number | undefined;
  #pressure: Pressure = 'ok';
  #trouble = false;
  #retry: Group[] = [];
  answered = 0;
  stored = 0;
  readonly batches = new Histogram([1, 2, 5, 10, 25, 50, 100, 250, 500]);
  readonly commitSeconds = new Histogram([0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]);

  constructor(
    store: Pick<Store, 'commit' | 'healthy'>,
    scope: Scope,
    committed: (intents: readonly Intent[], outcomes: readonly Outcome[]) => void,
  ) {
    this.#store = store;
    this.#scope = scope;
    this.#clock = scope.clock;
    this.#log = scope.log;
    this.#committed = committed;
  }

  get depth(): number {
    return this.#turn.length + this.#underWay + this.#retry.length;
  }
  /** How long the oldest waits. */
  get oldestMs(): number {
    return this.#oldest === undefined ? 0 : this.#clock.monotonic() - this.#oldest;
  }
  /** False while the store cannot write: `/health/ready` says so. */
  get healthy(): boolean {
    return !this.#trouble && this.#store.healthy && this.oldestMs < limits.storeSilentMs;
  }
  get pressure(): Pressure {
    return this.#pressure;
  }

  onPressure(listener: (pressure: Pressure) => void): () => void {
    this.#pressureListeners.add(listener);
    return () => this.#pressureListeners.delete(listener);
  }

  /** `bytes` is what the frame behind it holds in memory until then. `done` hears the outcomes once they are durable, or why exactly these intents cannot be stored. */
  push(intents: readonly Intent[], done: (result: GroupResult) => void, bytes = 0): void {
    if (this.#turn.length === 0) this.#clock.turn(() => this.#post());
    this.#bytes += bytes;
    this.#turn.push({ intents, bytes, done });
    this.#oldest ??= this.#clock.monotonic();
    this.#watch();
  }

  /** The same for use cases that may wait; rejects with StoreFailure. */
  commit(intents: readonly Intent[]): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) =>
      this.push(intents, (result) => (result instanceof StoreFailure ? reject(result) : resolve(result))),
    );
  }

  #post(): void {
    const groups = this.#turn;
    this.#turn = [];
    if (groups.length === 0) return;
    if (this.#trouble) {
      this.#retry.push(...groups); // order is kept: nothing overtakes what waits for the disk
      return;
    }
    this.#underWay += groups.length;
    this.batches.observe(groups.length);
    const from = this.#clock.monotonic();
    this.#scope.run('commit', async () => {
      const results = await this.#store.commit(groups.map(({ intents }) => intents));
      this.#underWay -= groups.length;
      this.commitSeconds.observe((this.#clock.monotonic() - from) / 1000);
      this.#settle(groups, results);
    });
  }

  #settle(groups: readonly Group[], results: readonly GroupResult[]): void {
    const again: Group[] = [];
    for (const [index, group] of groups.entries()) {
      const result = results[index] ?? new StoreFailure('the store gave no answer for this group', true);
      if (result instanceof StoreFailure && result.storeWide) again.push(group);
      else this.#tell(group, result);
    }
    if (again.length > 0) this.#waitForStore(again, results);
    this.#oldest = this.depth === 0 ? undefined : this.#clock.monotonic();
    this.#watch();
  }

  #tell(group: Group, result: GroupResult): void {
    if (result instanceof StoreFailure)
      this.#log.error('one group could not be stored', { error: result.message, intents: group.intents.map(({ k }) => k) });
    else {
      this.stored += 1;
      this.#committed(group.intents, result);
    }
    this.#bytes -= group.bytes;
    group.done(result);
  }

  /** Nothing can be written. Whatever waits keeps its order and is tried again; the stations wait with us. */
  #waitForStore(groups: readonly Group[], results: readonly GroupResult[]): void {
    this.#retry.push(...groups);
    if (this.#trouble) return;
    this.#trouble = true;
    const failed = results.find((result) => result instanceof StoreFailure);
    this.#log.error('the store cannot write; reading from stations stops', { error: failed?.message });
    this.#again();
  }

  #again(): void {
    this.#scope.after(s(1), 'try the store again', () => {
      const groups = this.#retry;
      this.#retry = [];
      this.#scope.run('commit after trouble', async () => {
        const results = await this.#store.commit(groups.map(({ intents }) => intents));
        if (results.some((result) => result instanceof StoreFailure && result.storeWide)) {
          this.#retry = [...groups, ...this.#retry];
          return this.#again();
        }
        this.#trouble = false;
        this.#log.info('the store writes again', { groups: groups.length });
        this.#settle(groups, results);
        this.#turn = [...this.#retry.splice(0), ...this.#turn];
        this.#post();
      });
    });
  }

  #watch(): void {
    const full =
      this.#trouble ||
      this.depth > limits.stopReadingIntents ||
      this.#bytes > limits.stopReadingBytes ||
      this.oldestMs > limits.stopReadingAgeMs;
    const next: Pressure = full
      ? 'stopReading'
      : this.#pressure === 'stopReading' && (this.depth > limits.resumeReadingIntents || this.#bytes > limits.stopReadingBytes / 2)
        ? 'stopReading'
        : 'ok';
    if (next === this.#pressure) return;
    this.#pressure = next;
    for (const listener of this.#pressureListeners) listener(next);
  }
}
