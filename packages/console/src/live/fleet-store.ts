import type { FleetRow, Incident, Overview } from '@busbar/api';
import { useSyncExternalStore } from 'react';
import type { Static } from 'typebox';
import { api } from '../api/client.ts';
import { type FleetDelta, stream } from './stream.ts';

export type Row = Static<typeof FleetRow>;
export type IncidentRow = Static<typeof Incident>;
export type Figures = Static<typeof Overview>;

export type Loaded = 'loading' | 'ready' | { readonly failed: string };

/**
 * The fleet outside React: a map that the stream writes into, and one notice per frame, however many lines changed.
 * A line is a new object when it changed and the same object when it did not: rows that are drawn compare identities.
 */
class FleetStore {
  readonly #rows = new Map<string, Row>();
  readonly #listeners = new Set<() => void>();
  #list: readonly Row[] = [];
  #incidents: readonly IncidentRow[] = [];
  #loaded: Loaded = 'loading';
  #frame = 0;
  #early: FleetDelta[] | undefined = [];

  constructor() {
    stream.on('open', () => void this.#load());
    stream.on('fleet', (delta) => this.#take(delta));
    stream.on('incidents', (incidents) => {
      this.#incidents = incidents;
      this.#changed();
    });
  }

  readonly list = (): readonly Row[] => this.#list;
  readonly incidents = (): readonly IncidentRow[] => this.#incidents;
  readonly loaded = (): Loaded => this.#loaded;
  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Everything anew: at the start, and whenever the stream was away. What comes meanwhile is applied afterwards. */
  async #load(): Promise<void> {
    this.#early = [];
    try {
      const { rows } = await api.get('/fleet');
      this.#rows.clear();
      for (const row of rows) this.#rows.set(row.id, row);
      this.#loaded = 'ready';
    } catch (error) {
      this.#loaded = { failed: error instanceof Error ? error.message : String(error) };
    }
    const early = this.#early;
    this.#early = undefined;
    for (const delta of early) this.#take(delta);
    this.#changed();
  }

  #take(delta: FleetDelta): void {
    if (this.#early !== undefined) {
      this.#early.push(delta);
      return;
    }
    for (const row of delta.rows) this.#rows.set(row.id, row);
    for (const id of delta.gone) this.#rows.delete(id);
    for (const [id, lastSeen] of delta.seen) {
      const row = this.#rows.get(id);
      if (row !== undefined) this.#rows.set(id, { ...row, lastSeen });
    }
    this.#changed();
  }

  #changed(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#list = [...this.#rows.values()];
      for (const listener of this.#listeners) listener();
    });
  }
}

export const fleet = new FleetStore();
export const useFleet = (): readonly Row[] => useSyncExternalStore(fleet.subscribe, fleet.list);
export const useIncidents = (): readonly IncidentRow[] => useSyncExternalStore(fleet.subscribe, fleet.incidents);
export const useLoaded = (): Loaded => useSyncExternalStore(fleet.subscribe, fleet.loaded);
export const useRow = (id: string): Row | undefined => useSyncExternalStore(fleet.subscribe, () => fleet.row(id));
