import { limits } from '@busbar/runtime';
import type { StationRow } from '../intents.ts';
import type { ListReader, TxListFilter } from '../lists.ts';
import type { Query, Row } from '../sql.ts';
import type { ConnectorRecord } from '../store.ts';
import { num, text, textOrNull } from './columns.ts';
import { toCertificate, toCommand, toToken, toTx } from './record-rows.ts';
import { marks, padded, Where } from './where.ts';

/** The last text that begins so. */
const END = '\u{10ffff}';
/** `%` and `_` in what people type are letters. */
const part = (typed: string): string => `%${typed.replaceAll(/[\\%_]/g, '\\$&')}%`;

export const listReader = (all: Query): ListReader => ({
  listTransactions: async (filter) => {
    const where = transactionsWhere(filter);
    const by = filter.sort === 'energy' ? 'l.energy' : 'l.started_at';
    const order = filter.order === 'asc' ? 'ASC' : 'DESC';
    where.behind([by, 'l.id'], filter.order, filter.after);
    // The order of the joins is said: the list is walked along its index, a row of the ledger is looked up for each of it.
    const found = await all(
      `SELECT tx.*, station.identity AS identity, ${by} AS listed_by FROM tx_listed l CROSS JOIN tx CROSS JOIN station ${where.sql} ORDER BY ${by} ${order}, l.id ${order} LIMIT ?`,
      ...where.values,
      filter.limit,
    );
    return found.map((row) => ({ ...toTx(row), key: [num(row, 'listed_by'), num(row, 'id')] as const }));
  },
  listTokens: async ({ part: typed, group, status, after, limit }) => {
    const where = new Where();
    if (typed !== undefined) where.and(`id_key LIKE ? ESCAPE '\\'`, part(typed.toLowerCase()));
    where.maybe('group_token=?', group);
    where.maybe('status=?', status);
    where.behind(['type', 'id_key'], 'asc', after);
    return (await all(`SELECT * FROM token ${where.sql} ORDER BY type, id_key LIMIT ?`, ...where.values, limit)).map(toToken);
  },
  listCommands: async ({ station, sites, actor, action, state, origin, since, after, limit }) => {
    const where = new Where();
    where.maybe('station=?', station);
    where.sites('station', sites);
    where.maybe('actor=?', actor);
    where.maybe('action=?', action);
    where.maybe('state=?', state);
    where.maybe('origin=?', origin);
    where.maybe('created_at>=?', since);
    where.maybe('id<?', after);
    return (await all(`SELECT * FROM command ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit)).map(toCommand);
  },
  securityEvents: async ({ station, sites, before, type, critical, limit }) => {
    const where = new Where();
    where.maybe('station=?', station);
    where.sites('station', sites);
    where.maybe('type=?', type);
    where.maybe('critical=?', critical === undefined ? undefined : Number(critical));
    where.maybe('id<?', before);
    return (await all(`SELECT * FROM security_event ${where.sql} ORDER BY id DESC LIMIT ?`, ...where.values, limit)).map(toSecurityEvent);
  },
  listCertificates: async ({ station, sites, use, state, endsBefore, latest, after, limit }) => {
    const where = new Where();
    where.maybe('c.station=?', station);
    where.sites('c.station', sites);
    where.maybe('c.use=?', use);
    where.maybe('c.state=?', state);
    where.maybe('c.not_after<?', endsBefore);
    if (latest === true)
      where.and(
        `c.state IN ('issued', 'installed') AND NOT EXISTS (SELECT 1 FROM certificate n WHERE n.station=c.station AND n.use=c.use AND n.id>c.id AND n.state IN ('issued', 'installed'))`,
      );
    where.behind(['c.not_after', 'c.id'], 'asc', after);
    return (await all(`SELECT c.* FROM certificate c ${where.sql} ORDER BY c.not_after, c.id LIMIT ?`, ...where.values, limit)).map(
      toCertificate,
    );
  },
  connectorsOf: async (stations) => {
    const found = new Map<StationRow, ConnectorRecord[]>();
    for (let from = 0; from < stations.length; from += limits.pageSize / 2) {
      const some = padded(stations.slice(from, from + limits.pageSize / 2));
      const sql = `SELECT * FROM connector WHERE station IN (${marks(some)}) ORDER BY station, evse, connector`;
      for (const row of await all(sql, ...some)) {
        const own = found.get(num(row, 'station')) ?? [];
        own.push(toConnector(row));
        found.set(num(row, 'station'), own);
      }
    }
    return found;
  },
  stationsWithStatus: async (status) =>
    new Set((await all('SELECT DISTINCT station FROM connector WHERE status=?', status)).map((row) => num(row, 'station'))),
});

function transactionsWhere(filter: TxListFilter): Where {
  const { sort, station, sites, state, bill, completeness, token, from, until, stoppedReason, minEnergyMWh, txidPrefix } = filter;
  const where = new Where();
  where.and('tx.id=l.id AND station.id=l.station');
  if (sort === 'energy') where.and('l.energy IS NOT NULL');
  where.maybe('l.station=?', station);
  where.oneOf('station.site', sites);
  // As the indexes have it, so that they are used.
  if (state !== undefined) where.and(state === 'ended' ? 'l.ended=1' : 'l.ended=0');
  if (bill !== undefined) where.and(bill === 'final' ? 'l.final=1' : 'l.final=0');
  if (completeness !== undefined) where.and(completeness === 'complete' ? 'l.complete=1' : 'l.complete=0');
  if (token !== undefined) where.and('l.token_type=? AND l.token=?', token.type, token.idToken.toLowerCase());
  where.maybe('l.started_at>=?', from);
  where.maybe('l.started_at<?', until);
  where.maybe('l.stopped_reason=?', stoppedReason);
  where.maybe('COALESCE(l.energy, tx.last_mwh - tx.begin_mwh, 0)>=?', minEnergyMWh);
  if (txidPrefix !== undefined) where.and('l.txid>=? AND l.txid<?', txidPrefix, `${txidPrefix}${END}`);
  return where;
}

const toConnector = (row: Row): ConnectorRecord => ({
  evse: num(row, 'evse'),
  connector: num(row, 'connector'),
  status: text(row, 'status'),
  at: num(row, 'at'),
});

const toSecurityEvent = (row: Row) => ({
  id: num(row, 'id'),
  station: num(row, 'station'),
  at: num(row, 'at'),
  receivedAt: num(row, 'received_at'),
  type: text(row, 'type'),
  critical: num(row, 'critical') === 1,
  source: text(row, 'source') === 'csms' ? ('csms' as const) : ('station' as const),
  techInfo: textOrNull(row, 'tech_info'),
});
