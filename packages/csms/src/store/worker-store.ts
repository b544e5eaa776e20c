import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { BusbarError, type Instant, isErrorCode, type Log } from '@busbar/runtime';
import { startWorker } from '@busbar/runtime/node';
import type { Intent, Retained } from './intents.ts';
import { makeReader } from './programs/reader.ts';
import { retainInSlices } from './retain.ts';
import { openDatabase } from './sqlite/database.ts';
import { sqliteQuery } from './sqlite/engine.ts';
import { type GroupResult, type Reader, type Store, StoreFailure } from './store.ts';

/** As JSON; an event whose text is at hand is not printed again. */
const printGroups = (groups: readonly (readonly Intent[])[]): string =>
  `[${groups.map((intents) => `[${intents.map(printIntent).join(',')}]`).join(',')}]`;

function printIntent(intent: Intent): string {
  if (intent.k !== 'txEvent' || intent.text === undefined) return JSON.stringify(intent);
  const { station, receivedAt, authorization, text } = intent;
  const more = authorization === undefined ? '' : `,"authorization":${JSON.stringify(authorization)}`;
  return `{"k":"txEvent","station":${station},"receivedAt":${receivedAt}${more},"request":${text}}`;
}

export interface WorkerStoreOptions {
  readonly folder: string;
  readonly log: Log;
  /** OFF only to show that the fsync proof can fail. */
  readonly synchronous?: 'FULL' | 'OFF';
}

/**
 * Between the threads intents and outcomes travel as one JSON text each way: writing and reading that is native and costs half of
 * what cloning their objects does (ADR 5).
 */
export type ToWriter = { readonly n: number; readonly count: number; readonly groups: string } | 'close';
export type WrittenResult = GroupResult | { readonly failed: string; readonly storeWide: boolean };
export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | {
      readonly kind: 'committed';
      readonly n: number;
      readonly results: string;
    }
  | { readonly kind: 'closed' };

interface Waiting {
  readonly resolve: (results: readonly GroupResult[]) => void;
}

/** SQLite with its one writing connection in a worker thread: every batch that is posted while one commits is part of the next. */
export class WorkerStore implements Store {
  readonly read: Reader;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #closeReader: () => void;
  #n = 0;
  #dead: string | undefined;

  private constructor(worker: Worker, read: Reader, closeReader: () => void, log: Log) {
    this.#worker = worker;
    this.read = read;
    this.#closeReader = closeReader;
    worker.on('message', (message: FromWriter) => this.#hear(message));
    worker.on('error', (error) => this.#died(error.message, log));
    worker.on('exit', () => this.#died('the writer stopped', log));
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
    return new WorkerStore(worker, makeReader(sqliteQuery(reader)), () => reader.close(), log);
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
    this.#post({ n: this.#n, count: groups.length, groups: printGroups(groups) });
    return promise;
  }

  retain(what: Retained, before: Instant): Promise<number> {
    return retainInSlices(this, what, before);
  }

  async close(): Promise<void> {
    if (this.#dead === undefined) {
      this.#post('close');
      await this.#closed.promise;
    }
    await this.#worker.terminate();
    this.#closeReader();
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWriter): void {
    if (message.kind === 'closed') return this.#closed.resolve();
    if (message.kind !== 'committed') return;
    const waiting = this.#waiting.get(message.n);
    this.#waiting.delete(message.n);
    const results: readonly WrittenResult[] = JSON.parse(message.results);
    waiting?.resolve(results.map((result) => ('failed' in result ? new StoreFailure(result.failed, result.storeWide) : result)));
  }

  #died(reason: string, log: Log): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    this.#closed.resolve();
    if (this.#waiting.size > 0) log.error('the writer died with work under way', { reason, commits: this.#waiting.size });
    // Nothing is known of these commits: the stations get no answer and send again.
    this.#waiting.clear();
  }
}
