import { formatInstant } from '@busbar/runtime';
import type { FastifyRequest } from 'fastify';
import type { UseCases } from '../use-cases.ts';
import type { AccessControl } from './access.ts';
import { contract, type Typed } from './contract.ts';

export function registerFleet(app: Typed, useCases: UseCases, access: AccessControl): void {
  const { fleet, kernel } = useCases;
  app.get(contract('fleet').url, contract('fleet').options, async (request) => {
    const rows = (await fleet.view.rows()).filter(seen(access, request));
    return { at: formatInstant(kernel.clock.now()), rows };
  });
  app.get(contract('incidents').url, contract('incidents').options, async (request) => {
    const sees = seen(access, request);
    return fleet.incidents((row) => (row === undefined ? access.seesAll(request) : sees(row)));
  });
  app.get(contract('overview').url, contract('overview').options, async (request) => fleet.overview(seen(access, request)));
}

/** Which stations the asker may see. */
const seen =
  (access: AccessControl, request: FastifyRequest) =>
  ({ site }: { readonly site: number }): boolean =>
    access.seesSite(request, site);
