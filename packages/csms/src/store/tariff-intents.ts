import type { Instant } from '@busbar/runtime';

/** What a tariff is given to: the group of a token, one station, or all of a site. */
export type TariffScope = 'group' | 'station' | 'site';

export type TariffIntent =
  /** A new version; `assigned` is its number. */
  | { readonly k: 'tariffPut'; readonly id: string; readonly validFrom: Instant; readonly body: string; readonly at: Instant }
  | { readonly k: 'tariffAssign'; readonly assignment: TariffAssignment }
  /** A new site; `assigned` is its number. */
  | { readonly k: 'sitePut'; readonly site: SiteInput }
  | { readonly k: 'sitePatch'; readonly id: number; readonly patch: Partial<SiteInput> };

export interface TariffRecord {
  readonly id: string;
  readonly version: number;
  readonly validFrom: Instant;
  /** The tariff as it was given, in JSON. */
  readonly body: string;
  readonly createdAt: Instant;
}

export interface TariffAssignment {
  readonly scope: TariffScope;
  readonly target: string;
  readonly validFrom: Instant;
  /** Null: from then on none. */
  readonly tariff: string | null;
}

export interface SiteInput {
  readonly name: string;
  /** A name of the IANA database. */
  readonly zone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface SiteRecord extends SiteInput {
  readonly id: number;
}

/** Reads of prices and of where stations stand. */
export interface TariffReader {
  /** Every version of every tariff, in order. */
  tariffs(): Promise<readonly TariffRecord[]>;
  /** In order of time. */
  tariffAssignments(): Promise<readonly TariffAssignment[]>;
  sites(): Promise<readonly SiteRecord[]>;
}
