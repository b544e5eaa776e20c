import { formatInstant, VERSION } from '@busbar/runtime';
import type { UseCases } from '../use-cases.ts';
import { contract, type Typed } from './contract.ts';
import { sightOf } from './sight.ts';

/** Under which URL stations reach us, without their id; undefined where only somebody else knows. */
export interface StationUrls {
  readonly plain?: string;
  readonly secure?: string;
}

export function registerFleet(app: Typed, useCases: UseCases, urls: () => StationUrls): void {
  const { fleet, kernel } = useCases;
  app.get(contract('server').url, contract('server').options, async () => {
    const { plain, secure } = urls();
    const { testMode, unknownStations, minSecurityProfile } = kernel.config;
    return {
      version: VERSION,
      testMode,
      unknownStations,
      ocppUrl: plain ?? null,
      secureOcppUrl: secure ?? null,
      lowestSecurityProfile: minSecurityProfile,
      virtualStations: kernel.extensions.virtualStations !== undefined,
    };
  });
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
