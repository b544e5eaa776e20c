import { type MessageTable, toHead } from '../message-table.ts';
import { blobOrNull } from '../programs/columns.ts';
import { Connection } from './connection.ts';
import { dropDays } from './partitions.ts';

/** Daily parts of one table, on a connection of its own; made again when it is lost. */
export function postgresMessages(url: string): MessageTable {
  let open: Connection | undefined;
  const connection = async (): Promise<Connection> => {
    if (open === undefined || open.lost) open = await Connection.open(url, 'busbar messages');
    return open;
  };
  return {
    write: async ({ firstAt, lastAt, n, stations, actions, body }) => {
      const own = await connection();
      const values = [firstAt, lastAt, n, JSON.stringify(stations), JSON.stringify(actions), body];
      await own.query('INSERT INTO message_block(first_at, last_at, n, stations, actions, body) VALUES(?,?,?,?,?,?)', values);
    },
    heads: async (before, limit) => {
      const own = await connection();
      const sql = 'SELECT id, first_at, last_at, stations, actions FROM message_block WHERE id < ? ORDER BY id DESC LIMIT ?';
      return (await own.query(sql, [before, limit])).rows.map(toHead);
    },
    body: async (id) => {
      const { rows } = await (await connection()).query('SELECT body FROM message_block WHERE id=?', [id]);
      return blobOrNull(rows[0] ?? {}, 'body') ?? undefined;
    },
    retain: async (before) => {
      await dropDays(await connection(), 'message_block', before);
    },
    close: async () => {
      await open?.close();
    },
  };
}
