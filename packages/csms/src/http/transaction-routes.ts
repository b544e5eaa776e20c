import { formatInstant } from '@busbar/runtime';
import { seriesOf } from '../ledger/series.ts';
import { verdictOf } from '../ledger/verdict.ts';
import type { UseCases } from '../use-cases.ts';
import type { AccessControl } from './access.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { sightOf } from './sight.ts';
import { costView } from './tariff-routes.ts';
import { gapQueryView, signedView, transactionView } from './views.ts';

interface OfTransaction {
  Params: { stationId: string; transactionId: string };
  Querystring: { generation?: number };
}

export function registerTransactions(app: Typed, useCases: UseCases, access: AccessControl): void {
  const { read } = useCases.kernel;
  app.get<{ Querystring: { stationId?: string; state?: 'active' | 'ended'; bill?: string; before?: number; limit?: number } }>(
    contract('listTransactions').url,
    contract('listTransactions').options,
    async (request) => {
      const { query } = request;
      const sight = sightOf(useCases.kernel, request);
      const records = await read.transactions({
        ...sight.filter,
        limit: query.limit ?? 100,
        ...(query.stationId === undefined ? {} : { station: sight.named(query.stationId) }),
        ...(query.state === undefined ? {} : { state: query.state }),
        ...(query.bill === undefined ? {} : { notFinal: true }),
        ...(query.before === undefined ? {} : { beforeId: query.before }),
      });
      return records.map(transactionView);
    },
  );
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
  app.get<OfTransaction>(contract('transactionSeries').url, contract('transactionSeries').options, async ({ params, query }) => {
    const record = await useCases.transaction(params.stationId, params.transactionId, query.generation);
    const events = await read.events(record.id);
    return seriesOf(events.map(({ request }) => request)).map((point) => ({ ...point, at: formatInstant(point.at) }));
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
        await useCases.closeTransaction(params.stationId, params.transactionId, body.reason, actorOf(access, request), query.generation),
      );
    },
  );
}
