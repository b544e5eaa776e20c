// The message log's thread: compressed blocks, outside every commit. It may be late, and then it is dropped first.
import { parentPort, workerData } from 'node:worker_threads';
import { type Instant, limits, messageOf } from '@busbar/runtime';
import type { LoggedMessage, MessageFilter } from '../message-log.ts';
import { mayHold, packBlock, select, unpackBlock } from './message-block.ts';
import type { MessageTable } from './message-table.ts';

export type ToMessageWriter =
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  | { readonly kind: 'query'; readonly n: number; readonly filter: MessageFilter }
  | { readonly kind: 'retain'; readonly before: Instant; readonly maxBytes: number }
  | { readonly kind: 'close' };
export type FromMessageWriter =
  | { readonly kind: 'written'; readonly length: number; readonly failed?: string }
  | { readonly kind: 'found'; readonly n: number; readonly messages: readonly LoggedMessage[] }
  | { readonly kind: 'failed'; readonly what: string; readonly error: string };

const port = parentPort;
if (port === null) throw new Error('message-writer.ts runs as a worker');
const say = (message: FromMessageWriter): void => port.postMessage(message);
const { path, url }: { path?: string; url?: string } = workerData;
const table = url === undefined ? await fileTable(path ?? '') : await databaseTable(url);

async function fileTable(file: string): Promise<MessageTable> {
  const { sqliteMessages } = await import('./sqlite/message-table.ts');
  return sqliteMessages(file);
}
async function databaseTable(address: string): Promise<MessageTable> {
  const { postgresMessages } = await import('./postgres/message-table.ts');
  return postgresMessages(address);
}

/** Newest first. A search that finds little stops after so many blocks: the writer has something else to do. */
async function query(filter: MessageFilter): Promise<LoggedMessage[]> {
  const out: LoggedMessage[] = [];
  let [before, unpacked] = [Number.MAX_SAFE_INTEGER, 0];
  while (out.length < filter.limit && unpacked < limits.logBlocksSearched) {
    const heads = await table.heads(before, 500);
    if (heads.length === 0) break;
    for (const head of heads) {
      before = head.id;
      if (!mayHold(head, filter)) continue;
      const body = await table.body(head.id);
      if (body !== undefined) out.push(...select(unpackBlock(body), filter));
      unpacked += 1;
      if (out.length >= filter.limit || unpacked >= limits.logBlocksSearched) break;
    }
    if (filter.since !== undefined && (heads.at(-1)?.lastAt ?? 0) < filter.since) break;
  }
  return out.slice(0, filter.limit);
}

async function serve(message: ToMessageWriter): Promise<void> {
  switch (message.kind) {
    case 'write':
      try {
        await table.write(packBlock(message.bytes));
        return say({ kind: 'written', length: message.bytes.length });
      } catch (error) {
        return say({ kind: 'written', length: message.bytes.length, failed: messageOf(error) });
      }
    case 'query':
      try {
        return say({ kind: 'found', n: message.n, messages: await query(message.filter) });
      } catch (error) {
        say({ kind: 'failed', what: 'a search', error: messageOf(error) });
        return say({ kind: 'found', n: message.n, messages: [] });
      }
    case 'retain':
      try {
        return await table.retain(message.before, message.maxBytes);
      } catch (error) {
        return say({ kind: 'failed', what: 'retention', error: messageOf(error) });
      }
    case 'close':
      await table.close();
      return port?.close();
  }
}

let tail: Promise<void> = Promise.resolve();
port.on('message', (message: ToMessageWriter) => {
  tail = tail.then(() => serve(message));
});
