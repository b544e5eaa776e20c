import { Readable } from 'node:stream';
import { BusbarError, formatInstant } from '@busbar/runtime';
import type { ChargeDetailRecord } from '../blocks/i-tariff-cost/cdr.ts';
import { csvHeader, csvLine } from '../blocks/i-tariff-cost/cdr-csv.ts';
import { exportCdrs } from '../blocks/i-tariff-cost/cdr-export.ts';
import { printDecimal } from '../blocks/i-tariff-cost/decimal.ts';
import { lineView } from '../blocks/i-tariff-cost/price.ts';
import type { Cost } from '../blocks/i-tariff-cost/prices.ts';
import { TariffUseCases } from '../blocks/i-tariff-cost/tariff-use-cases.ts';
import type { SiteInput, TariffAssignment, TariffRecord, TariffScope } from '../store/tariff-intents.ts';
import type { UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { instantOf } from './list.ts';
import { sightOf } from './sight.ts';

interface OfTariff {
  Params: { tariffId: string };
}
interface OfTarget {
  Params: { scope: TariffScope; target: string };
}

export function registerTariffs(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  const tariffs = new TariffUseCases(useCases.kernel);
  app.get(contract('listTariffs').url, contract('listTariffs').options, async () => (await read.tariffs()).map(tariffView));
  app.get<OfTariff>(contract('getTariff').url, contract('getTariff').options, async ({ params }) => {
    const versions = (await read.tariffs()).filter(({ id }) => id === params.tariffId);
    if (versions.length === 0) throw new BusbarError('not-found', `No tariff ${params.tariffId}.`);
    return versions.map(tariffView);
  });
  app.put<OfTariff & { Body: { validFrom?: string } }>(contract('putTariff').url, contract('putTariff').options, async (request) => {
    const { validFrom, ...terms } = request.body;
    return tariffView(await tariffs.put(request.params.tariffId, terms, instantOf('/validFrom', validFrom), actorOf(request)));
  });
  app.get(contract('listTariffAssignments').url, contract('listTariffAssignments').options, async (request) => {
    const sight = sightOf(useCases.kernel, request);
    const seen = ({ scope, target }: TariffAssignment): boolean =>
      scope === 'group' || (scope === 'site' ? sight.site(Number(target)) : sight.identity(target));
    return (await read.tariffAssignments()).filter(seen).map(assignmentView);
  });
  app.put<OfTarget & { Body: { tariff: string; validFrom?: string } }>(
    contract('assignTariff').url,
    contract('assignTariff').options,
    async (request) => {
      const { tariff, validFrom } = request.body;
      const { scope, target } = request.params;
      return assignmentView(await tariffs.assign(scope, target, tariff, instantOf('/validFrom', validFrom), actorOf(request)));
    },
  );
  app.delete<OfTarget>(contract('unassignTariff').url, contract('unassignTariff').options, async (request, reply) => {
    const { scope, target } = request.params;
    await tariffs.assign(scope, target, null, undefined, actorOf(request));
    return reply.code(204).send();
  });
  registerSites(app, useCases, tariffs);
  registerCdrs(app, useCases);
}

type SiteBody = Omit<SiteInput, 'latitude' | 'longitude'> & Partial<SiteInput>;

function registerSites(app: Typed, { kernel }: UseCases, tariffs: TariffUseCases): void {
  app.get(contract('listSites').url, contract('listSites').options, async (request) => {
    const sight = sightOf(kernel, request);
    return (await kernel.read.sites()).filter(({ id }) => sight.site(id));
  });
  app.post<{ Body: SiteBody }>(contract('createSite').url, contract('createSite').options, async (request, reply) => {
    const site = await tariffs.createSite({ latitude: null, longitude: null, ...request.body }, actorOf(request));
    return reply.code(201).send(site);
  });
  app.patch<{ Params: { siteId: number }; Body: Partial<SiteInput> }>(
    contract('patchSite').url,
    contract('patchSite').options,
    async (request) => tariffs.patchSite(request.params.siteId, request.body, actorOf(request)),
  );
}

interface CdrQuery {
  readonly since?: string;
  readonly until?: string;
  readonly stationId?: string;
  readonly format?: 'json' | 'csv';
  readonly cursor?: number;
  readonly provisional?: 'yes' | 'no';
}

function registerCdrs(app: Typed, useCases: UseCases): void {
  app.get<{ Querystring: CdrQuery }>(contract('exportCdrs').url, contract('exportCdrs').options, async (request, reply) => {
    const { query } = request;
    const sight = sightOf(useCases.kernel, request);
    const { cursor, format, provisional, stationId } = query;
    const [since, until] = [instantOf('/since', query.since), instantOf('/until', query.until)];
    const records = exportCdrs(useCases.kernel, {
      ...sight.filter,
      provisional: provisional === 'yes',
      ...(stationId === undefined ? {} : { station: sight.named(stationId) }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const csv = format === 'csv';
    return reply
      .header('content-disposition', `attachment; filename="cdr.${csv ? 'csv' : 'json'}"`)
      .header('x-content-type-options', 'nosniff')
      .type(csv ? 'text/csv; charset=utf-8; header=present' : 'application/json; charset=utf-8')
      .send(Readable.from(csv ? csvOf(records) : jsonOf(records)));
  });
}

async function* csvOf(records: AsyncIterable<ChargeDetailRecord>): AsyncGenerator<string> {
  yield csvHeader();
  for await (const record of records) yield csvLine(record);
}

/** An array of one record a line: whoever reads it may do so line by line. */
async function* jsonOf(records: AsyncIterable<ChargeDetailRecord>): AsyncGenerator<string> {
  let separator = '[';
  for await (const record of records) {
    yield `${separator}\n${JSON.stringify(record)}`;
    separator = ',';
  }
  yield separator === '[' ? '[]\n' : '\n]\n';
}

const tariffView = ({ id, version, validFrom, createdAt, body }: TariffRecord): Readonly<Record<string, unknown>> => {
  const terms: Readonly<Record<string, unknown>> = JSON.parse(body);
  return { id, version, validFrom: formatInstant(validFrom), createdAt: formatInstant(createdAt), ...terms };
};
const assignmentView = (assignment: TariffAssignment) => ({ ...assignment, validFrom: formatInstant(assignment.validFrom) });

export const costView = ({ tariff, total, lines }: Cost) => ({
  currency: tariff.currency,
  total: total === null ? null : printDecimal(total),
  lines: lines.map(lineView),
  tariff: { id: tariff.id, version: tariff.version },
});
