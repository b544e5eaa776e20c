import type { FleetReader } from '../fleet-reader.ts';
import type { Query, Row } from '../sql.ts';
import type { TxRecord } from '../store.ts';
import { num, numOrNull, text } from './columns.ts';

export const fleetReader = (all: Query, transactions: string, toTx: (row: Row) => TxRecord): FleetReader => ({
  connectorsOfAll: async () =>
    (await all('SELECT station, evse, connector, status, at FROM connector ORDER BY station, evse, connector')).map((row) => ({
      station: num(row, 'station'),
      evse: num(row, 'evse'),
      connector: num(row, 'connector'),
      status: text(row, 'status'),
      at: num(row, 'at'),
    })),
  newestLinks: async () =>
    (
      await all(
        'SELECT connection.* FROM station JOIN connection ON connection.station = station.id AND connection.epoch = (SELECT MAX(epoch) FROM connection AS c WHERE c.station = station.id)',
      )
    ).map((row) => ({
      station: num(row, 'station'),
      openedAt: num(row, 'opened_at'),
      closedAt: numOrNull(row, 'closed_at'),
      closeCode: numOrNull(row, 'close_code'),
    })),
  linksSince: async (since) =>
    new Map(
      (await all('SELECT station, COUNT(*) AS n FROM connection WHERE opened_at >= ? GROUP BY station', since)).map((row) => [
        num(row, 'station'),
        num(row, 'n'),
      ]),
    ),
  endedSince: async (since, limit) =>
    (await all(`${transactions} WHERE tx.ended_at >= ? ORDER BY tx.ended_at DESC LIMIT ?`, since, limit)).map(toTx),
  openInvalidEvents: async () =>
    (await all(`SELECT station, COUNT(*) AS n, MIN(received_at) AS since FROM invalid_event WHERE state='open' GROUP BY station`)).map(
      (row) => ({ station: num(row, 'station'), count: num(row, 'n'), since: num(row, 'since') }),
    ),
});
