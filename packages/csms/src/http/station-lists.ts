import { formatInstant } from '@busbar/runtime';
import type { CsmsConfig } from '../config.ts';
import { type StationFilter, stationsThat } from '../station-filter.ts';
import type { Station } from '../stations.ts';
import type { ConnectionRecord, ConnectorRecord, NoticeRecord } from '../store/store.ts';
import type { UseCases } from '../use-cases.ts';
import { contract, type Typed } from './contract.ts';
import { answerList, type Columns, type Cursor, sitesOf } from './list.ts';
import { stationView } from './views.ts';

interface StationQuery extends StationFilter {
  readonly sort?: 'id' | 'lastSeen' | 'firmwareVersion';
  readonly order?: 'asc' | 'desc';
}

/** The registry lies in memory: it is filtered and sorted there, only the connectors of one page are read. */
export function registerStationList(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  app.get<{ Querystring: StationQuery }>(contract('listStations').url, contract('listStations').options, async (request, reply) => {
    const { query } = request;
    const sites = sitesOf(request);
    const sort = query.sort ?? 'id';
    const order = query.order ?? (sort === 'lastSeen' ? 'desc' : 'asc');
    const found = (await stationsThat(useCases.kernel, query, sites))
      .map((station) => ({ station, cursor: keyOf(station, sort) }))
      .sort((a, b) => compare(a.cursor, b.cursor) * (order === 'asc' ? 1 : -1));
    return answerList<StationView>(request, reply, {
      name: 'stations',
      cursor: [sort === 'lastSeen' ? 'number' : 'string', 'string'],
      columns: STATION_COLUMNS,
      page: async (after, limit) => {
        const from = after === undefined ? 0 : firstBehind(found, after, order);
        const page = found.slice(from, from + limit);
        const connectors = await read.connectorsOf(page.map(({ station }) => station.record.row));
        return page.map(({ station, cursor }) => ({ view: viewOf(station, connectors, useCases.kernel.config), cursor }));
      },
    });
  });
}

const viewOf = (station: Station, connectors: ReadonlyMap<number, readonly ConnectorRecord[]>, config: CsmsConfig) =>
  stationView(station, connectors.get(station.record.row) ?? [], config);

type StationKey = readonly [by: string | number, id: string];

/** What a station is sorted by, then its id: nobody stands at the same place. */
function keyOf({ record, lastSeen }: Station, sort: 'id' | 'lastSeen' | 'firmwareVersion'): StationKey {
  if (sort === 'id') return [record.identity, record.identity];
  return [sort === 'lastSeen' ? (lastSeen ?? record.lastSeen ?? 0) : (record.firmwareVersion ?? ''), record.identity];
}

function compare(a: Cursor, b: Cursor): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  const [x, y] = [a[index], b[index]];
  return x === undefined || y === undefined ? 0 : x < y ? -1 : 1;
}

function firstBehind(found: readonly { readonly cursor: Cursor }[], after: Cursor, order: 'asc' | 'desc'): number {
  const sign = order === 'asc' ? 1 : -1;
  const at = found.findIndex(({ cursor }) => compare(cursor, after) * sign > 0);
  return at < 0 ? found.length : at;
}

type StationView = ReturnType<typeof stationView>;
const STATION_COLUMNS: Columns<StationView> = [
  ['id', (station) => station.id],
  ['site', (station) => station.site],
  ['serialNumber', (station) => station.serialNumber],
  ['vendorName', (station) => station.vendorName],
  ['model', (station) => station.model],
  ['firmwareVersion', (station) => station.firmwareVersion],
  ['connected', (station) => station.connected],
  ['approval', (station) => station.approval],
  ['registration', (station) => station.registration],
  ['ocppVersion', (station) => station.ocppVersion],
  ['securityProfile', (station) => station.securityProfile],
  ['lastSeen', (station) => station.lastSeen],
  ['bootAt', (station) => station.bootAt],
  ['bootReason', (station) => station.bootReason],
  ['anomalies', (station) => station.anomalies.join(' ')],
  ['connectors', (station) => station.connectors.map(({ evseId, connectorId, status }) => `${evseId}.${connectorId} ${status}`).join('; ')],
  ['createdAt', (station) => station.createdAt],
];

interface OfStation {
  readonly Params: { readonly stationId: string };
}
const before = (after: Cursor | undefined): number | undefined => (after === undefined ? undefined : Number(after[0]));

/** Lists of one station that only grow: links, notices, readings. */
export function registerStationLists(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  const row = (id: string): number => useCases.station(id).record.row;
  app.get<OfStation>(contract('connections').url, contract('connections').options, async (request, reply) =>
    answerList<ConnectionView>(request, reply, {
      name: 'connections',
      cursor: ['number'],
      columns: CONNECTION_COLUMNS,
      page: async (after, limit) =>
        (await read.connections(row(request.params.stationId), limit, before(after))).map((entry) => ({
          view: connectionView(entry),
          cursor: [entry.epoch],
        })),
    }),
  );
  app.get<OfStation>(contract('notices').url, contract('notices').options, async (request, reply) =>
    answerList<NoticeView>(request, reply, {
      name: 'notices',
      cursor: ['number'],
      columns: NOTICE_COLUMNS,
      page: async (after, limit) =>
        (await read.notices(row(request.params.stationId), limit, before(after))).map((entry) => ({
          view: noticeView(entry),
          cursor: [entry.id],
        })),
    }),
  );
  app.get<OfStation>(contract('meterValues').url, contract('meterValues').options, async (request, reply) =>
    answerList<ReadingView>(request, reply, {
      name: 'meter-values',
      cursor: ['number'],
      columns: READING_COLUMNS,
      page: async (after, limit) =>
        (await read.meterValues(row(request.params.stationId), limit, before(after))).map(({ id, receivedAt, request: told }) => ({
          view: { receivedAt: formatInstant(receivedAt), ...told },
          cursor: [id],
        })),
    }),
  );
}

const connectionView = ({ openedAt, closedAt, ...entry }: ConnectionRecord) => ({
  ...entry,
  openedAt: formatInstant(openedAt),
  closedAt: closedAt === null ? null : formatInstant(closedAt),
});
type ConnectionView = ReturnType<typeof connectionView>;
const CONNECTION_COLUMNS: Columns<ConnectionView> = [
  ['epoch', (link) => link.epoch],
  ['openedAt', (link) => link.openedAt],
  ['closedAt', (link) => link.closedAt],
  ['closeCode', (link) => link.closeCode],
  ['closeReason', (link) => link.closeReason],
  ['version', (link) => link.version],
  ['remote', (link) => link.remote],
];

const noticeView = ({ id, at, receivedAt, action, body }: NoticeRecord) => ({
  id,
  at: formatInstant(at),
  receivedAt: formatInstant(receivedAt),
  action,
  body: JSON.parse(body),
});
type NoticeView = ReturnType<typeof noticeView>;
const NOTICE_COLUMNS: Columns<NoticeView> = [
  ['id', (notice) => notice.id],
  ['at', (notice) => notice.at],
  ['receivedAt', (notice) => notice.receivedAt],
  ['action', (notice) => notice.action],
  ['body', (notice) => JSON.stringify(notice.body)],
];

interface ReadingView {
  readonly receivedAt: string;
  readonly evseId: number;
  readonly meterValue: unknown;
}
const READING_COLUMNS: Columns<ReadingView> = [
  ['receivedAt', (reading) => reading.receivedAt],
  ['evseId', (reading) => reading.evseId],
  ['meterValue', (reading) => JSON.stringify(reading.meterValue)],
];
