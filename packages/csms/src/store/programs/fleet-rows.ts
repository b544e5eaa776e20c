import type { FleetReader } from '../fleet-reader.ts';
import type { Query, Row } from '../sql.ts';
import type { TxRecord } from '../store.ts';
import { num, numOrNull, text } from './columns.ts';

export const fleetReader = (all: Query, transactions: string, toTx: (row: Row) => TxRecord): FleetReader => ({
  figures: async (since) => {
    const [connectors, running, ended, [pending], [dead]] = await Promise.all([
      all('SELECT station, status, COUNT(*) AS n FROM connector GROUP BY station, status'),
      all('SELECT station, COUNT(*) AS n FROM tx_listed WHERE ended=0 GROUP BY station'),
      all(
        'SELECT tx.station AS station, COUNT(*) AS n, COALESCE(SUM(tx_listed.energy), 0) AS energy FROM tx JOIN tx_listed ON tx_listed.id = tx.id WHERE tx.ended_at >= ? GROUP BY tx.station',
        since.ended,
      ),
      all(`SELECT COUNT(*) AS n FROM webhook_delivery WHERE state='pending'`),
      all(`SELECT COUNT(*) AS n FROM webhook_delivery WHERE ended_at >= ? AND state='dead'`, since.dead),
    ]);
    return {
      connectors: connectors.map((row) => ({ station: num(row, 'station'), status: text(row, 'status'), count: num(row, 'n') })),
      running: running.map((row) => ({ station: num(row, 'station'), count: num(row, 'n') })),
      ended: ended.map((row) => ({ station: num(row, 'station'), count: num(row, 'n'), energyMWh: num(row, 'energy') })),
      deliveries: { pending: pending === undefined ? 0 : num(pending, 'n'), dead: dead === undefined ? 0 : num(dead, 'n') },
    };
  },
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
