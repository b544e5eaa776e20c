// The message log's thread: compressed blocks in a file of their own, synchronous=NORMAL. Losing its last moments on a
// power cut is losing log, never data.
import { parentPort, workerData } from 'node:worker_threads';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { messageOf } from '@busbar/runtime';
import type { LoggedMessage, MessageFilter } from '../message-log.ts';
import { blobOrNull, text } from './programs/columns.ts';
import { openDatabase } from './sqlite/database.ts';

export type ToMessageWriter =
  | { readonly kind: 'write'; readonly bytes: number; readonly messages: readonly LoggedMessage[] }
  | { readonly kind: 'query'; readonly n: number; readonly filter: MessageFilter }
  | { readonly kind: 'close' };
export type FromMessageWriter =
  | { readonly kind: 'written'; readonly bytes: number; readonly failed?: string }
  | { readonly kind: 'found'; readonly n: number; readonly messages: readonly LoggedMessage[] }
  | { readonly kind: 'closed' };

const port = parentPort;
if (port === null) throw new Error('message-writer.ts runs as a worker');
const say = (message: FromMessageWriter): void => port.postMessage(message);
const { path }: { path: string } = workerData;
const db = openDatabase(path);
db.exec(`PRAGMA synchronous=NORMAL; PRAGMA cache_size=-2048;
  CREATE TABLE IF NOT EXISTS block(id INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, n INTEGER NOT NULL, stations TEXT NOT NULL, body BLOB NOT NULL) STRICT;`);
const insert = db.prepare('INSERT INTO block(first_at, last_at, n, stations, body) VALUES(?,?,?,?,?)');
const blocks = db.prepare('SELECT stations, body, first_at FROM block WHERE first_at <= ? ORDER BY id DESC');

/** One block: a line of JSON per frame. Level 1 is enough (measured), repeats shrink to almost nothing. */
function write(messages: readonly LoggedMessage[]): void {
  const lines = messages.map(({ at, stationId, direction, text: frame }) => JSON.stringify([at, stationId, direction, frame])).join('\n');
  const body = zstdCompressSync(lines, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  const stations = [...new Set(messages.map(({ stationId }) => stationId))];
  insert.run(messages[0]?.at ?? 0, messages.at(-1)?.at ?? 0, messages.length, JSON.stringify(stations), body);
}

function query({ stationId, before = Number.MAX_SAFE_INTEGER, limit }: MessageFilter): LoggedMessage[] {
  const out: LoggedMessage[] = [];
  for (const row of blocks.iterate(before)) {
    if (out.length >= limit) break;
    const stations: string[] = JSON.parse(text(row, 'stations'));
    const body = blobOrNull(row, 'body');
    if (body === null || (stationId !== undefined && !stations.includes(stationId))) continue;
    const lines = zstdDecompressSync(body).toString('utf8').split('\n').toReversed();
    for (const line of lines) {
      const [at, station, direction, frame]: [number, string, LoggedMessage['direction'], string] = JSON.parse(line);
      if (at < before && (stationId === undefined || station === stationId) && out.length < limit)
        out.push({ at, stationId: station, direction, text: frame });
    }
  }
  return out;
}

port.on('message', (message: ToMessageWriter) => {
  if (message.kind === 'query') return say({ kind: 'found', n: message.n, messages: query(message.filter) });
  if (message.kind === 'close') {
    db.close();
    say({ kind: 'closed' });
    return port.close();
  }
  try {
    write(message.messages);
    say({ kind: 'written', bytes: message.bytes });
  } catch (error) {
    say({ kind: 'written', bytes: message.bytes, failed: messageOf(error) });
  }
});
