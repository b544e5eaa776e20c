// The writing connection's thread: takes everything that was posted so far into one commit.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { BusbarError, limits, messageOf } from '@busbar/runtime';
import type { Intent } from './intents.ts';
import { migrate, openDatabase } from './sqlite/database.ts';
import { SqliteEngine } from './sqlite/engine.ts';
import { StoreFailure } from './store.ts';
import type { FromWriter, ToWriter, WrittenResult } from './worker-store.ts';

const port = parentPort;
if (port === null) throw new Error('writer.ts runs as a worker');
const say = (message: FromWriter): void => port.postMessage(message);

try {
  const { path, synchronous }: { path: string; synchronous: 'FULL' | 'OFF' } = workerData;
  const db = openDatabase(path, { synchronous });
  migrate(db, Date.now());
  const engine = new SqliteEngine(db);
  port.on('message', (first: ToWriter) => {
    const batch: Exclude<ToWriter, 'close'>[] = [];
    let closing = false;
    let groups = 0;
    for (
      let next: ToWriter | undefined = first;
      next !== undefined;
      next = groups < limits.batchGroups ? receiveMessageOnPort(port)?.message : undefined
    ) {
      if (next === 'close') {
        closing = true;
        break;
      }
      batch.push(next);
      groups += next.count;
    }
    if (batch.length > 0) commit(engine, batch);
    if (closing) {
      db.close();
      say({ kind: 'closed' });
      port.close();
    }
  });
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'refused', code: error instanceof BusbarError ? error.code : 'store-unavailable', message: messageOf(error) });
}

function commit(engine: SqliteEngine, batch: readonly Exclude<ToWriter, 'close'>[]): void {
  const results = engine.apply(
    batch.flatMap(({ groups }) => {
      const parsed: readonly (readonly Intent[])[] = JSON.parse(groups);
      return parsed;
    }),
  );
  let at = 0;
  for (const { n, count } of batch) {
    const own = results
      .slice(at, at + count)
      .map((result): WrittenResult => (result instanceof StoreFailure ? { failed: result.message, storeWide: result.storeWide } : result));
    at += count;
    say({ kind: 'committed', n, results: JSON.stringify(own) });
  }
}
