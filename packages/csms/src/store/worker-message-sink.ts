import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Log } from '@busbar/runtime';
import { startWorker } from '@busbar/runtime/node';
import type { LoggedMessage, MessageFilter, MessageSink } from '../message-log.ts';
import type { FromMessageWriter, ToMessageWriter } from './message-writer.ts';

/** The message log in its own worker and file, outside every commit. */
export class WorkerMessageSink implements MessageSink {
  readonly #worker: Worker;
  readonly #asked = new Map<number, (messages: readonly LoggedMessage[]) => void>();
  readonly #closed = Promise.withResolvers<void>();
  #pending = 0;
  #n = 0;

  constructor(folder: string, log: Log) {
    this.#worker = startWorker('./message-writer', import.meta.url, {
      workerData: { path: join(folder, 'messages.db') },
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 3 },
    });
    this.#worker.on('message', (message: FromMessageWriter) => {
      if (message.kind === 'closed') return this.#closed.resolve();
      if (message.kind === 'found') {
        this.#asked.get(message.n)?.(message.messages);
        this.#asked.delete(message.n);
        return;
      }
      this.#pending -= message.bytes;
      if (message.failed !== undefined) log.error('the message log cannot write', { error: message.failed });
    });
    this.#worker.on('error', (error) => {
      log.error('the message log died; frames are not kept any more', { error });
      this.#closed.resolve();
      for (const answer of this.#asked.values()) answer([]);
      this.#asked.clear();
    });
  }

  get pendingBytes(): number {
    return this.#pending;
  }

  write(messages: readonly LoggedMessage[]): void {
    const bytes = messages.reduce((sum, { text }) => sum + text.length, 0);
    this.#pending += bytes;
    this.#post({ kind: 'write', bytes, messages });
  }

  query(filter: MessageFilter): Promise<readonly LoggedMessage[]> {
    this.#n += 1;
    const n = this.#n;
    return new Promise((resolve) => {
      this.#asked.set(n, resolve);
      this.#post({ kind: 'query', n, filter });
    });
  }

  async close(): Promise<void> {
    this.#post({ kind: 'close' });
    await this.#closed.promise;
    await this.#worker.terminate();
  }

  #post(message: ToMessageWriter): void {
    this.#worker.postMessage(message);
  }
}
