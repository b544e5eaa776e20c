import { BusbarError, type Instant } from '@busbar/runtime';
import type { Kernel } from '../../kernel.ts';
import type { SiteInput, SiteRecord, TariffAssignment, TariffRecord, TariffScope } from '../../store/tariff-intents.ts';
import { targetKey } from './assignment.ts';
import { readTariff } from './tariff.ts';
import { isZone } from './zone.ts';

/** A price may not change what has been told to drivers; a few minutes are for clocks that differ. */
const PAST_MS = 5 * 60_000;

/** What people do with tariffs and sites. */
export class TariffUseCases {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** A new version; those before stay what they are (D25). */
  async put(id: string, body: unknown, validFrom: Instant | undefined, actor: string): Promise<TariffRecord> {
    const { clock, queue, prices } = this.#kernel;
    readTariff(body);
    const at = clock.now();
    const from = this.#from(validFrom);
    const text = JSON.stringify(body);
    const [outcome] = await queue.commit([
      { k: 'tariffPut', id, validFrom: from, body: text, at },
      { k: 'audit', at, actor, action: 'putTariff', target: id, reason: '', result: 'done' },
    ]);
    await prices.load();
    return { id, version: outcome?.assigned ?? 0, validFrom: from, body: text, createdAt: at };
  }

  /** Null: from then on none. */
  async assign(
    scope: TariffScope,
    target: string,
    tariff: string | null,
    validFrom: Instant | undefined,
    actor: string,
  ): Promise<TariffAssignment> {
    const { clock, queue, prices, read, stations } = this.#kernel;
    if (scope === 'station' && stations.get(target) === undefined)
      throw new BusbarError('station-unknown', `No station ${target} is registered.`);
    if (scope === 'site' && !(await read.sites()).some(({ id }) => String(id) === target))
      throw new BusbarError('not-found', `No site ${target}.`);
    if (tariff !== null && !(await read.tariffs()).some(({ id }) => id === tariff))
      throw new BusbarError('not-found', `No tariff ${tariff}; put it first.`);
    const assignment = { scope, target: targetKey(scope, target), validFrom: this.#from(validFrom), tariff };
    await queue.commit([
      { k: 'tariffAssign', assignment },
      {
        k: 'audit',
        at: clock.now(),
        actor,
        action: tariff === null ? 'unassignTariff' : 'assignTariff',
        target: `${scope} ${target}`,
        reason: '',
        result: tariff ?? 'none',
      },
    ]);
    await prices.load();
    return assignment;
  }

  async createSite(site: SiteInput, actor: string): Promise<SiteRecord> {
    checkSite(site);
    const { clock, queue, prices } = this.#kernel;
    const [outcome] = await queue.commit([
      { k: 'sitePut', site },
      { k: 'audit', at: clock.now(), actor, action: 'createSite', target: site.name, reason: '', result: 'done' },
    ]);
    await prices.load();
    return { ...site, id: outcome?.assigned ?? 0 };
  }

  async patchSite(id: number, patch: Partial<SiteInput>, actor: string): Promise<SiteRecord> {
    checkSite(patch);
    const { clock, queue, prices } = this.#kernel;
    const [outcome] = await queue.commit([
      { k: 'sitePatch', id, patch },
      { k: 'audit', at: clock.now(), actor, action: 'patchSite', target: String(id), reason: '', result: 'done', ifFirst: true },
    ]);
    await prices.load();
    const site = (await this.#kernel.read.sites()).find((one) => one.id === id);
    if (outcome?.result === 'notFound' || site === undefined) throw new BusbarError('not-found', `No site ${id}.`);
    return site;
  }

  #from(validFrom: Instant | undefined): Instant {
    const now = this.#kernel.clock.now();
    if (validFrom !== undefined && validFrom < now - PAST_MS)
      throw new BusbarError('invalid-request', 'validFrom lies in the past: what was charged for keeps its price.', {
        fields: { pointer: '/validFrom' },
      });
    return validFrom ?? now;
  }
}

function checkSite({ zone, currency }: Partial<SiteInput>): void {
  if (zone !== undefined && !isZone(zone))
    throw new BusbarError('invalid-request', `${zone} is no time zone of the IANA database, such as Europe/Berlin.`, {
      fields: { pointer: '/zone' },
    });
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
    throw new BusbarError('invalid-request', 'currency has three capitals of ISO 4217, such as EUR.', { fields: { pointer: '/currency' } });
}
