import { BusbarError, formatInstant } from '@busbar/runtime';
import { type SeriesPoint, seriesOf } from '../ledger/series.ts';
import { verdictOf } from '../ledger/verdict.ts';
import type { TxListFilter } from '../store/lists.ts';
import type { UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { answerList, type Columns, given, instantOf, type Listing, sendCsv, sitesOf } from './list.ts';
import { type Sight, sightOf } from './sight.ts';
import { costView } from './tariff-routes.ts';
import { gapQueryView, signedView, transactionView } from './views.ts';

interface OfTransaction {
  Params: { stationId: string; transactionId: string };
  Querystring: { generation?: number; format?: 'json' | 'csv' };
}

export function registerTransactions(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  registerTransactionList(app, useCases);
  app.get<OfTransaction>(contract('getTransaction').url, contract('getTransaction').options, async ({ params, query }) => {
    const record = await useCases.transaction(params.stationId, params.transactionId, query.generation);
    const asked = await read.gapQueries(record.station, record.txid);
    const { site } = useCases.station(params.stationId).record;
    const cost = await useCases.kernel.prices.cost({ row: record.station, identity: record.identity, site }, record);
    const events = (await read.events(record.id)).map(({ request }) => request);
    const { at, ...verdict } = verdictOf(record.row, record.bill, events);
    return {
      ...transactionView(record),
      verdict: { ...verdict, at: at === null ? null : formatInstant(at) },
      cost: cost === undefined ? null : costView(cost),
      gapQueries: asked.map(gapQueryView),
    };
  });
  app.get<OfTransaction>(contract('transactionEvents').url, contract('transactionEvents').options, async ({ params, query }) => {
    const record = await useCases.transaction(params.stationId, params.transactionId, query.generation);
    return (await read.events(record.id)).map(({ receivedAt, conflict, request }) => ({
      receivedAt: formatInstant(receivedAt),
      conflict,
      event: request,
    }));
  });
  app.get<OfTransaction>(contract('transactionSeries').url, contract('transactionSeries').options, async ({ params, query }, reply) => {
    const record = await useCases.transaction(params.stationId, params.transactionId, query.generation);
    const events = await read.events(record.id);
    const points = seriesOf(events.map(({ request }) => request)).map((point) => ({ ...point, at: formatInstant(point.at) }));
    return query.format === 'csv' ? sendCsv(reply, 'series', SERIES_COLUMNS, points) : points;
  });
  app.get<OfTransaction>(contract('signedMeterValues').url, contract('signedMeterValues').options, async ({ params, query }) => {
    const record = await useCases.transaction(params.stationId, params.transactionId, query.generation);
    return signedView(await useCases.signedMeterValues(record));
  });
  app.post<OfTransaction & { Body: { reason: string } }>(
    contract('closeTransaction').url,
    contract('closeTransaction').options,
    async (request) => {
      const { params, query, body } = request;
      return transactionView(
        await useCases.closeTransaction(params.stationId, params.transactionId, body.reason, actorOf(request), query.generation),
      );
    },
  );
}

const SERIES_COLUMNS: Columns<{ at: string } & Omit<SeriesPoint, 'at'>> = [
  ['at', (point) => point.at],
  ['powerW', (point) => point.powerW],
  ['offeredW', (point) => point.offeredW],
  ['currentA', (point) => point.currentA],
  ['voltageV', (point) => point.voltageV],
  ['socPercent', (point) => point.socPercent],
];

interface TxQuery {
  readonly stationId?: string;
  readonly site?: number;
  readonly state?: 'active' | 'ended';
  readonly bill?: 'provisional' | 'final';
  readonly completeness?: 'complete' | 'incomplete';
  readonly type?: string;
  readonly idToken?: string;
  readonly from?: string;
  readonly until?: string;
  readonly stoppedReason?: string;
  readonly minEnergyWh?: number;
  readonly q?: string;
  readonly sort?: 'startedAt' | 'energy';
  readonly order?: 'asc' | 'desc';
}

function registerTransactionList(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  app.get<{ Querystring: TxQuery }>(contract('listTransactions').url, contract('listTransactions').options, async (request, reply) => {
    const filter = txFilter(request.query, sightOf(useCases.kernel, request), sitesOf(request));
    const listing: Listing<TxView> = {
      name: 'transactions',
      cursor: ['number', 'number'],
      columns: TX_COLUMNS,
      page: async (after, limit) =>
        (
          await read.listTransactions({
            ...filter,
            limit,
            ...given('after', after === undefined ? undefined : ([Number(after[0]), Number(after[1])] as const)),
          })
        ).map((record) => ({ view: transactionView(record), cursor: record.key })),
    };
    return answerList(request, reply, listing);
  });
}

function txFilter(query: TxQuery, sight: Sight, sites: readonly number[] | undefined): Omit<TxListFilter, 'limit'> {
  const { stationId, site, state, bill, completeness, type, idToken, stoppedReason, minEnergyWh, q, sort, order } = query;
  if ((type === undefined) !== (idToken === undefined))
    throw new BusbarError('invalid-request', 'A token is named by type and idToken together.', {
      fields: { pointer: type === undefined ? '/type' : '/idToken' },
    });
  const own = site === undefined ? sites : [site].filter((one) => sites?.includes(one) !== false);
  return {
    sort: sort ?? 'startedAt',
    order: order ?? 'desc',
    ...given('station', stationId === undefined ? undefined : sight.named(stationId)),
    ...given('sites', own),
    ...given('state', state),
    ...given('bill', bill),
    ...given('completeness', completeness),
    ...given('token', type === undefined || idToken === undefined ? undefined : { type, idToken }),
    ...given('from', instantOf('/from', query.from)),
    ...given('until', instantOf('/until', query.until)),
    ...given('stoppedReason', stoppedReason),
    ...given('minEnergyMWh', minEnergyWh === undefined ? undefined : Math.ceil(minEnergyWh * 1000)),
    ...given('txidPrefix', q),
  };
}

type TxView = ReturnType<typeof transactionView>;
const TX_COLUMNS: Columns<TxView> = [
  ['stationId', (tx) => tx.stationId],
  ['transactionId', (tx) => tx.transactionId],
  ['generation', (tx) => tx.generation],
  ['state', (tx) => tx.state],
  ['evseId', (tx) => tx.evseId],
  ['connectorId', (tx) => tx.connectorId],
  ['idTokenType', (tx) => tx.idToken?.type],
  ['idToken', (tx) => tx.idToken?.idToken],
  ['startedAt', (tx) => tx.startedAt],
  ['endedAt', (tx) => tx.endedAt],
  ['energyWh', (tx) => tx.energyWh],
  ['stoppedReason', (tx) => tx.stoppedReason],
  ['events', (tx) => tx.events],
  ['missingSeqNos', (tx) => tx.missingSeqNos?.join(' ')],
  ['bill', (tx) => tx.bill],
  ['completeness', (tx) => tx.completeness],
  ['closedBy', (tx) => tx.closedBy],
  ['reason', (tx) => tx.reason],
  ['anomalies', (tx) => tx.anomalies.join(' ')],
];
