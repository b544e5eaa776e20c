// The writing connection's thread: takes everything that was posted so far into one commit.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { BusbarError, limits, messageOf } from '@busbar/runtime';
import { migrate, openDatabase } from './sqlite/database.ts';
import { SqliteEngine } from './sqlite/engine.ts';
import { ResultWriter, readGroups } from './wire.ts';
import type { FromWriter, ToWriter } from './worker-store.ts';

const port = parentPort;
if (port === null) throw new Error('writer.ts runs as a worker');
const say = (message: FromWriter, given: readonly ArrayBuffer[] = []): void => port.postMessage(message, given);
const written = new ResultWriter();

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
      port.close();
    }
  });
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'refused', code: error instanceof BusbarError ? error.code : 'store-unavailable', message: messageOf(error) });
}

function commit(engine: SqliteEngine, batch: readonly Exclude<ToWriter, 'close'>[]): void {
  for (const { kinds } of batch) engine.keys.learn(kinds);
  const results = engine.write(batch.flatMap(({ groups }) => readGroups(groups)));
  let at = 0;
  for (const { n, count } of batch) {
    const bytes = written.write(results.slice(at, at + count));
    at += count;
    say({ kind: 'committed', n, results: bytes }, [bytes.buffer]);
  }
}
