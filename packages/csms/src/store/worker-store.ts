import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { BusbarError, type Instant, isErrorCode, type Log } from '@busbar/runtime';
import { startWorker } from '@busbar/runtime/node';
import type { Intent, Retained } from './intents.ts';
import { prepare } from './programs/prepared.ts';
import { makeReader } from './programs/reader.ts';
import { SAMPLE_KINDS, SampleDictionary, type SampleKind } from './programs/sample-keys.ts';
import { retainInSlices } from './retain.ts';
import type { Row } from './sql.ts';
import { openDatabase } from './sqlite/database.ts';
import { sqliteQuery } from './sqlite/engine.ts';
import { type GroupResult, type Reader, type Store, StoreFailure } from './store.ts';
import { GroupWriter, readResults } from './wire.ts';

export interface WorkerStoreOptions {
  readonly folder: string;
  readonly log: Log;
  /** OFF only to show that the fsync proof can fail. */
  readonly synchronous?: 'FULL' | 'OFF';
}

export type ToWriter =
  | { readonly n: number; readonly count: number; readonly groups: Uint8Array<ArrayBuffer>; readonly kinds: readonly SampleKind[] }
  | 'close';
export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | {
      readonly kind: 'committed';
      readonly n: number;
      readonly results: Uint8Array<ArrayBuffer>;
    };

interface Waiting {
  readonly resolve: (results: readonly GroupResult[]) => void;
}

/** SQLite with its one writing connection in a worker thread: every batch that is posted while one commits is part of the next. */
export class WorkerStore implements Store {
  readonly read: Reader;
  readonly #worker: Worker;
  readonly #keys = new SampleDictionary();
  readonly #groups = new GroupWriter();
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #closeReader: () => void;
  #n = 0;
  #dead: string | undefined;

  private constructor(worker: Worker, read: Reader, kinds: readonly Row[], closeReader: () => void, log: Log) {
    this.#worker = worker;
    this.read = read;
    this.#keys.fill(kinds);
    this.#closeReader = closeReader;
    worker.on('message', (message: FromWriter) => this.#hear(message));
    worker.on('error', (error) => this.#died(error.message, log));
    worker.on('exit', () => {
      this.#died('the writer stopped', log);
      this.#ended.resolve();
    });
  }

  static async open({ folder, log, synchronous = 'FULL' }: WorkerStoreOptions): Promise<WorkerStore> {
    const path = join(folder, 'busbar.db');
    const worker = startWorker('./writer', import.meta.url, {
      workerData: { path, synchronous },
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 },
    });
    const ready = Promise.withResolvers<void>();
    worker.once('message', (message: FromWriter) => {
      if (message.kind === 'refused')
        ready.reject(new BusbarError(isErrorCode(message.code) ? message.code : 'store-unavailable', message.message));
      else ready.resolve();
    });
    worker.once('error', ready.reject);
    try {
      await ready.promise;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    const reader = openDatabase(path);
    const query = sqliteQuery(reader);
    return new WorkerStore(worker, makeReader(query), await query(SAMPLE_KINDS), () => reader.close(), log);
  }

  get healthy(): boolean {
    return this.#dead === undefined;
  }

  commit(groups: readonly (readonly Intent[])[]): Promise<readonly GroupResult[]> {
    const { promise, resolve } = Promise.withResolvers<readonly GroupResult[]>();
    if (this.#dead !== undefined) {
      const failure = new StoreFailure(this.#dead, true);
      return Promise.resolve(groups.map(() => failure));
    }
    this.#n += 1;
    this.#waiting.set(this.#n, { resolve });
    const bytes = this.#groups.write(prepare(groups, this.#keys));
    this.#post({ n: this.#n, count: groups.length, groups: bytes, kinds: this.#keys.takeUnsaved() }, [bytes.buffer]);
    return promise;
  }

  retain(what: Retained, before: Instant): Promise<number> {
    return retainInSlices(this, what, before);
  }

  async close(): Promise<void> {
    if (this.#dead === undefined) this.#post('close');
    await this.#ended.promise; // by itself: a thread that is stopped from outside is stopped in the middle of something
    this.#closeReader();
  }

  #post(message: ToWriter, given: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, given);
  }

  #hear(message: FromWriter): void {
    if (message.kind !== 'committed') return;
    const waiting = this.#waiting.get(message.n);
    this.#waiting.delete(message.n);
    waiting?.resolve(readResults(message.results));
  }

  #died(reason: string, log: Log): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    if (this.#waiting.size > 0) log.error('the writer died with work under way', { reason, commits: this.#waiting.size });
    // Nothing is known of these commits: the stations get no answer and send again.
    this.#waiting.clear();
  }
}
