import { formatInstant } from '@busbar/runtime';
import { ForgetUseCases } from '../forget-use-cases.ts';
import type { UseCases } from '../use-cases.ts';
import { actorOf, contract, type Typed } from './contract.ts';

type OfStation = { Params: { stationId: string } };

/** A station, a machine or a driver goes; the ledger stays. */
export function registerForgetting(app: Typed, useCases: UseCases): void {
  const forget = new ForgetUseCases(useCases);
  app.delete<OfStation & { Querystring: { withTransactions?: 'retire' } }>(
    contract('deleteStation').url,
    contract('deleteStation').options,
    async (request, reply) => {
      const { params, query } = request;
      const actor = actorOf(request);
      if (query.withTransactions === 'retire' && (await useCases.hasTransactions(params.stationId)))
        await forget.retire(params.stationId, actor);
      else await useCases.deleteStation(params.stationId, actor);
      return reply.code(204).send();
    },
  );
  app.post<OfStation & { Body: { reason: string; serialNumber?: string } }>(
    contract('replaceHardware').url,
    contract('replaceHardware').options,
    async (request) => {
      const { reason, serialNumber } = request.body;
      return { password: await forget.replaceHardware(request.params.stationId, reason, serialNumber, actorOf(request)) };
    },
  );
  app.post<{ Params: { type: string; idToken: string }; Body: { reason: string } }>(
    contract('eraseToken').url,
    contract('eraseToken').options,
    async (request) => {
      const { type, idToken } = request.params;
      const { transactions, messageLogUntil } = await forget.eraseToken(type, idToken, request.body.reason, actorOf(request));
      return { transactions, messageLogUntil: formatInstant(messageLogUntil) };
    },
  );
}
