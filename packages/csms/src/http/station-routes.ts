import { BusbarError, formatInstant } from '@busbar/runtime';
import type { UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';
import { given, sitesOf } from './list.ts';
import { sightOf } from './sight.ts';
import { registerStationList, registerStationLists } from './station-lists.ts';
import { connectorView, leniencyView, stationView } from './views.ts';

export function registerStations(app: Typed, useCases: UseCases): void {
  const { read } = useCases.kernel;
  const view = async (id: string) => {
    const station = useCases.station(id);
    return stationView(station, await read.connectors(station.record.row), useCases.kernel.config);
  };
  registerStationList(app, useCases);

  app.post<{ Body: { id: string; serialNumber?: string; password?: string; securityProfile?: number; site?: number } }>(
    contract('createStation').url,
    contract('createStation').options,
    async (request, reply) => {
      const site = siteOf(request.body.site, sitesOf(request));
      const { station, password } = await useCases.createStation({ ...request.body, ...given('site', site) }, actorOf(request));
      return reply.code(201).send({ ...(await view(station.record.identity)), ...(password === undefined ? {} : { password }) });
    },
  );
  app.get<{ Params: { stationId: string } }>(contract('getStation').url, contract('getStation').options, async ({ params }) =>
    view(params.stationId),
  );
  app.patch<{ Params: { stationId: string }; Body: Parameters<UseCases['patchStation']>[1] }>(
    contract('patchStation').url,
    contract('patchStation').options,
    async (request) => {
      const { site } = request.body;
      if (site !== undefined && !sightOf(useCases.kernel, request).site(site))
        throw new BusbarError('forbidden', `You may not see site ${site}, so you cannot move a station there.`);
      await useCases.patchStation(request.params.stationId, request.body, actorOf(request));
      return view(request.params.stationId);
    },
  );
  for (const [name, approval] of [
    ['acceptStation', 'approved'],
    ['rejectStation', 'rejected'],
  ] as const) {
    app.post<{ Params: { stationId: string } }>(contract(name).url, contract(name).options, async (request) => {
      await useCases.approve(request.params.stationId, approval, actorOf(request));
      return view(request.params.stationId);
    });
  }
  app.put<{ Params: { stationId: string }; Body: { password?: string } | null }>(
    contract('setPassword').url,
    contract('setPassword').options,
    async (request) => {
      const password = await useCases.setPassword(request.params.stationId, request.body?.password, actorOf(request));
      return password === undefined ? {} : { password };
    },
  );
  app.post<{ Params: { stationId: string }; Body: { remoteAddress: string } }>(
    contract('takePassword').url,
    contract('takePassword').options,
    async ({ params, body }, reply) => {
      await useCases.takeOfferedPassword(params.stationId, body.remoteAddress);
      return reply.code(204).send();
    },
  );
  registerStationReads(app, useCases);
  registerStationWrites(app, useCases);
}

/** Where a new station stands: somebody who may see some sites registers there, and says where unless it is one. */
function siteOf(wanted: number | undefined, own: readonly number[] | undefined): number | undefined {
  if (own === undefined) return wanted;
  if (wanted !== undefined && !own.includes(wanted))
    throw new BusbarError('forbidden', `You may not see site ${wanted}, so you cannot register a station there.`);
  const [first, ...others] = own;
  if (wanted === undefined && others.length > 0)
    throw new BusbarError('invalid-request', `Name the site: you may register stations at ${own.join(', ')}.`, {
      fields: { pointer: '/site' },
    });
  return wanted ?? first;
}

type OfStation = { Params: { stationId: string }; Querystring: { limit?: number } };

function registerStationReads(app: Typed, useCases: UseCases): void {
  const { read, stations } = useCases.kernel;
  const row = (id: string): number => useCases.station(id).record.row;
  app.get<OfStation>(contract('connectors').url, contract('connectors').options, async ({ params }) =>
    (await read.connectors(row(params.stationId))).map(connectorView),
  );
  app.get<OfStation>(contract('leniencies').url, contract('leniencies').options, async ({ params }) =>
    leniencyView(useCases.station(params.stationId).leniencies),
  );
  app.get<OfStation>(contract('variables').url, contract('variables').options, async ({ params }) =>
    (await read.variables(row(params.stationId))).map((entry) => ({
      ...entry,
      at: formatInstant(entry.at),
      ...(entry.characteristics === undefined ? {} : { characteristics: JSON.parse(entry.characteristics) }),
    })),
  );
  app.get<{ Params: { stationId: string; requestId: number } }>(contract('report').url, contract('report').options, async ({ params }) =>
    read.report(row(params.stationId), params.requestId),
  );
  registerStationLists(app, useCases);
  app.get<OfStation>(contract('invalidEvents').url, contract('invalidEvents').options, async ({ params }) =>
    (await read.invalidEvents(row(params.stationId))).map(({ id, hash: _hash, txid, seq, receivedAt, ...entry }) => ({
      n: id,
      transactionId: txid,
      seqNo: seq,
      receivedAt: formatInstant(receivedAt),
      ...entry,
    })),
  );
  app.get(contract('refusedHandshakes').url, contract('refusedHandshakes').options, async (request) => {
    const sight = sightOf(useCases.kernel, request);
    return stations
      .refusedHandshakes()
      .filter(({ stationId }) => sight.identity(stationId))
      .map((entry) => ({
        ...entry,
        at: formatInstant(entry.at),
        passwordOffered: stations.get(entry.stationId)?.offeredPassword?.remoteAddress === entry.remoteAddress,
      }));
  });
}

function registerStationWrites(app: Typed, useCases: UseCases): void {
  app.put<{ Params: { stationId: string }; Body: { on: Parameters<UseCases['setLeniencies']>[1] } }>(
    contract('setLeniencies').url,
    contract('setLeniencies').options,
    async (request) => leniencyView((await useCases.setLeniencies(request.params.stationId, request.body.on, actorOf(request))).leniencies),
  );
  app.post<{ Params: { stationId: string }; Body: { variables: Parameters<UseCases['getVariables']>[1] } }>(
    contract('getVariables').url,
    contract('getVariables').options,
    async (request) => ({
      results: await useCases.getVariables(request.params.stationId, request.body.variables, actorOf(request)),
    }),
  );
  app.post<{ Params: { stationId: string }; Body: { variables: Parameters<UseCases['setVariables']>[1] } }>(
    contract('setVariables').url,
    contract('setVariables').options,
    async (request) => ({
      results: await useCases.setVariables(request.params.stationId, request.body.variables, actorOf(request)),
    }),
  );
  app.post<{ Params: { stationId: string; n: number }; Body: { body: unknown; reason: string } }>(
    contract('repairInvalidEvent').url,
    contract('repairInvalidEvent').options,
    async (request, reply) => {
      const { params, body } = request;
      await useCases.repairInvalidEvent(params.stationId, params.n, body.body, body.reason, actorOf(request));
      return reply.code(204).send();
    },
  );
  app.post<{ Params: { stationId: string; n: number }; Body: { reason: string } }>(
    contract('discardInvalidEvent').url,
    contract('discardInvalidEvent').options,
    async (request, reply) => {
      await useCases.discardInvalidEvent(request.params.stationId, request.params.n, request.body.reason, actorOf(request));
      return reply.code(204).send();
    },
  );
  app.put<{ Params: { stationId: string }; Body: Parameters<UseCases['setTestOverrides']>[1] }>(
    contract('testMode').url,
    contract('testMode').options,
    async (request, reply) => {
      await useCases.setTestOverrides(request.params.stationId, request.body);
      return reply.code(204).send();
    },
  );
}
