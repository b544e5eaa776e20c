import { type MessageTable, toHead } from '../message-table.ts';
import { blobOrNull, num } from '../programs/columns.ts';
import { openDatabase } from './database.ts';

const SLICE = 200;

/** A file of its own, `synchronous=NORMAL`: losing its last moments on a power cut is losing log, never data. */
export function sqliteMessages(path: string): MessageTable {
  const db = openDatabase(path, { autoVacuum: true });
  db.exec(`PRAGMA synchronous=NORMAL; PRAGMA cache_size=-2048; DROP TABLE IF EXISTS block;
    CREATE TABLE IF NOT EXISTS message_block(id INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, n INTEGER NOT NULL, stations TEXT NOT NULL, actions TEXT NOT NULL, body BLOB NOT NULL) STRICT;`);
  const insert = db.prepare('INSERT INTO message_block(first_at, last_at, n, stations, actions, body) VALUES(?,?,?,?,?,?)');
  const heads = db.prepare('SELECT id, first_at, last_at, stations, actions FROM message_block WHERE id < ? ORDER BY id DESC LIMIT ?');
  const body = db.prepare('SELECT body FROM message_block WHERE id=?');
  const old = db.prepare('DELETE FROM message_block WHERE id IN (SELECT id FROM message_block WHERE last_at < ? ORDER BY id LIMIT ?)');
  const oldest = db.prepare('DELETE FROM message_block WHERE id IN (SELECT id FROM message_block ORDER BY id LIMIT ?)');
  const pragma = (name: string): number => num(db.prepare(`PRAGMA ${name}`).get() ?? {}, name);
  const used = (): number => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  return {
    write: ({ firstAt, lastAt, n, stations, actions, body: packed }) => {
      insert.run(firstAt, lastAt, n, JSON.stringify(stations), JSON.stringify(actions), packed);
    },
    heads: (before, limit) => heads.all(before, limit).map(toHead),
    body: (id) => blobOrNull(body.get(id) ?? {}, 'body') ?? undefined,
    retain: (before, maxBytes) => {
      // In slices, so that nobody waits long for the file.
      while (Number(old.run(before, SLICE).changes) === SLICE);
      while (used() > maxBytes && Number(oldest.run(SLICE).changes) > 0);
      db.exec('PRAGMA incremental_vacuum');
    },
    close: () => db.close(),
  };
}
