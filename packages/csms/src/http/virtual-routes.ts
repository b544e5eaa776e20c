import { ForgetUseCases } from '../forget-use-cases.ts';
import type { UseCases } from '../use-cases.ts';
import type { VirtualKind, VirtualStations, VirtualVerb } from '../virtual-stations.ts';
import { actorOf, contract, type Typed } from './contract.ts';

type OfVirtual = { Params: { stationId: string } };

export function registerVirtual(app: Typed, useCases: UseCases, virtual: VirtualStations): void {
  const forget = new ForgetUseCases(useCases);
  app.get(contract('listVirtual').url, contract('listVirtual').options, async () => virtual.list());
  app.post<{ Body: { count: number; kind: VirtualKind; drivers?: boolean } }>(
    contract('addVirtual').url,
    contract('addVirtual').options,
    async (request, reply) => {
      const { count, kind, drivers } = request.body;
      return reply.code(201).send(await virtual.add(count, kind, drivers === true, actorOf(request)));
    },
  );
  app.get<OfVirtual>(contract('virtualFacts').url, contract('virtualFacts').options, async ({ params }) => virtual.facts(params.stationId));
  app.post<{ Params: { stationId: string; verb: VirtualVerb }; Body: Record<string, unknown> }>(
    contract('actVirtual').url,
    contract('actVirtual').options,
    async ({ params, body }) => virtual.act(params.stationId, params.verb, body),
  );
  app.delete<OfVirtual>(contract('removeVirtual').url, contract('removeVirtual').options, async (request, reply) => {
    const { stationId } = request.params;
    const actor = actorOf(request);
    await virtual.remove(stationId);
    if (await useCases.hasTransactions(stationId)) await forget.retire(stationId, actor);
    else await useCases.deleteStation(stationId, actor);
    return reply.code(204).send();
  });
}
