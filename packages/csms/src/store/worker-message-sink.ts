import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Instant, Log } from '@busbar/runtime';
import { startWorker } from '@busbar/runtime/node';
import type { LoggedMessage, MessageFilter, MessageSink } from '../message-log.ts';
import type { FromMessageWriter, ToMessageWriter } from './message-writer.ts';

export interface MessageSinkOptions {
  readonly folder: string;
  /** With it the blocks go into PostgreSQL. */
  readonly url?: string;
  readonly log: Log;
}

/** The message log in its own worker, outside every commit: a file beside the database, or PostgreSQL's table `message_block`. */
export class WorkerMessageSink implements MessageSink {
  readonly #worker: Worker;
  readonly #asked = new Map<number, (messages: readonly LoggedMessage[]) => void>();
  readonly #ended = Promise.withResolvers<void>();
  #pending = 0;
  #n = 0;
  #dead = false;

  constructor({ folder, url, log }: MessageSinkOptions) {
    this.#worker = startWorker('./message-writer', import.meta.url, {
      workerData: url === undefined ? { path: join(folder, 'messages.db') } : { url },
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 12 },
    });
    this.#worker.on('message', (message: FromMessageWriter) => this.#hear(message, log));
    this.#worker.on('error', (error) => {
      log.error('the message log died; frames are not kept any more', { error });
      this.#dead = true;
      for (const answer of this.#asked.values()) answer([]);
      this.#asked.clear();
    });
    this.#worker.on('exit', () => this.#ended.resolve());
  }

  get pendingLength(): number {
    return this.#dead ? Number.POSITIVE_INFINITY : this.#pending;
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#pending += bytes.length;
    const message: ToMessageWriter = { kind: 'write', bytes };
    this.#worker.postMessage(message, [bytes.buffer]);
  }

  retain(before: Instant, maxBytes: number): void {
    this.#post({ kind: 'retain', before, maxBytes });
  }

  query(filter: MessageFilter): Promise<readonly LoggedMessage[]> {
    this.#n += 1;
    const n = this.#n;
    return new Promise((resolve) => {
      if (this.#dead) return resolve([]);
      this.#asked.set(n, resolve);
      this.#post({ kind: 'query', n, filter });
    });
  }

  async close(): Promise<void> {
    this.#post({ kind: 'close' });
    await this.#ended.promise;
  }

  #hear(message: FromMessageWriter, log: Log): void {
    switch (message.kind) {
      case 'found':
        this.#asked.get(message.n)?.(message.messages);
        this.#asked.delete(message.n);
        return;
      case 'failed':
        return log.error(`the message log: ${message.what} failed`, { error: message.error });
      case 'written':
        this.#pending -= message.length;
        if (message.failed !== undefined) log.error('the message log cannot write', { error: message.failed });
    }
  }

  #post(message: ToMessageWriter): void {
    this.#worker.postMessage(message);
  }
}
