import { formatInstant } from '@busbar/runtime';
import type { UseCases } from '../use-cases.ts';
import { contract, type Typed } from './contract.ts';
import { sightOf } from './sight.ts';

export function registerFleet(app: Typed, useCases: UseCases): void {
  const { fleet, kernel } = useCases;
  app.get(contract('fleet').url, contract('fleet').options, async (request) => {
    const sight = sightOf(kernel, request);
    return { at: formatInstant(kernel.clock.now()), rows: (await fleet.view.rows()).filter(({ site }) => sight.site(site)) };
  });
  app.get(contract('incidents').url, contract('incidents').options, async (request) => {
    const sight = sightOf(kernel, request);
    return (await fleet.incidents()).filter(({ stations }) => stations.some((id) => sight.identity(id)));
  });
  app.get(contract('overview').url, contract('overview').options, async (request) => {
    const sight = sightOf(kernel, request);
    return fleet.overview(({ site }) => sight.site(site));
  });
}
