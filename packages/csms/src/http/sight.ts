import type { FastifyRequest } from 'fastify';
import type { Kernel } from '../kernel.ts';
import type { LiveEvent } from '../live.ts';
import { type Station, unknownStation } from '../stations.ts';
import type { StationRow } from '../store/intents.ts';
import type { Access } from './access.ts';

/** What somebody may see of the stations; lists and streams are filtered by it. */
export class Sight {
  readonly #kernel: Kernel;
  readonly #sites: ReadonlySet<number> | undefined;
  readonly #actor: string | undefined;

  constructor(kernel: Kernel, access: Access | undefined) {
    this.#kernel = kernel;
    // Without anybody nothing is seen: a route that forgets its guard shows an empty list.
    this.#sites = access === undefined ? new Set() : access.sites;
    this.#actor = access?.actor;
  }

  get all(): boolean {
    return this.#sites === undefined;
  }
  /** For a filter of the store: nothing where all are seen. */
  get filter(): { readonly sites?: readonly number[] } {
    return this.#sites === undefined ? {} : { sites: [...this.#sites] };
  }
  site(id: number): boolean {
    return this.#sites === undefined || this.#sites.has(id);
  }
  station(station: Station): boolean {
    return this.site(station.record.site);
  }
  row(row: StationRow): boolean {
    const station = this.#kernel.stations.byRow(row);
    return this.#sites === undefined || (station !== undefined && this.station(station));
  }
  identity(id: string): boolean {
    const station = this.#kernel.stations.get(id);
    return this.#sites === undefined || (station !== undefined && this.station(station));
  }
  /** The row of a station that a query names. */
  named(id: string): StationRow {
    const station = this.#kernel.stations.get(id);
    if (station === undefined || !this.station(station)) throw unknownStation(id);
    return station.record.row;
  }
  /** A station of another site is as unknown as one that does not exist; who sees all may ask for one that is gone. */
  mayName(id: string): void {
    if (!this.identity(id)) throw unknownStation(id);
  }
  identities(): ReadonlySet<string> {
    return new Set(this.#kernel.stations.all().flatMap((station) => (this.station(station) ? [station.record.identity] : [])));
  }
  /** Who sees all sees every job for many stations, others their own. */
  job(actor: string): boolean {
    return this.all || actor === this.#actor;
  }
  /** A station that is gone is of the site where it stood; a job's beginning and end are of no station. */
  event(event: LiveEvent): boolean {
    if (event.type === 'bulk' && event.stationId === '') return this.job(event.actor);
    const site = event.type === 'station' && event.what === 'deleted' ? event.detail['site'] : undefined;
    return typeof site === 'number' ? this.site(site) : this.identity(event.stationId);
  }
}

export const sightOf = (kernel: Kernel, { access }: Pick<FastifyRequest, 'access'>): Sight => new Sight(kernel, access);
