import type { Instant } from '@busbar/runtime';
import type { TariffAssignment, TariffScope } from '../../store/tariff-intents.ts';
import type { Tariff } from './tariff.ts';

/** To what a transaction belongs, as far as tariffs are given to it. */
export interface Belonging {
  readonly group: string | undefined;
  readonly station: string;
  readonly site: number;
}

/** Groups are identifierStrings and compare without case (Part 2, 2.1.2). */
export const targetKey = (scope: TariffScope, target: string): string => (scope === 'group' ? target.toLowerCase() : target);

/** All versions of all tariffs and who has which. Small: it is kept in memory. */
export class TariffBook {
  readonly #versions: ReadonlyMap<string, readonly Tariff[]>;
  readonly #assignments: ReadonlyMap<string, readonly TariffAssignment[]>;

  constructor(tariffs: readonly Tariff[], assignments: readonly TariffAssignment[]) {
    this.#versions = Map.groupBy(tariffs, ({ id }) => id);
    this.#assignments = Map.groupBy(assignments, ({ scope, target }) => `${scope} ${targetKey(scope, target)}`);
  }

  /** Nobody has a tariff, so nothing has a price. */
  get isEmpty(): boolean {
    return this.#assignments.size === 0;
  }

  /**
   * D25: the version and the assignment that were valid at that moment, the token's group before the station before the site.
   * Of two that are valid from the same moment the later one counts.
   */
  at(moment: Instant, { group, station, site }: Belonging): Tariff | undefined {
    const targets = [...(group === undefined ? [] : [`group ${targetKey('group', group)}`]), `station ${station}`, `site ${site}`];
    for (const target of targets) {
      const assignment = this.#assignments.get(target)?.findLast(({ validFrom }) => validFrom <= moment);
      if (assignment === undefined || assignment.tariff === null) continue;
      return newest(this.#versions.get(assignment.tariff) ?? [], moment);
    }
    return undefined;
  }
}

/** The latest beginning counts, whatever the order in which the versions were made. */
function newest(versions: readonly Tariff[], moment: Instant): Tariff | undefined {
  let found: Tariff | undefined;
  for (const version of versions) if (version.validFrom <= moment && version.validFrom >= (found?.validFrom ?? 0)) found = version;
  return found;
}
