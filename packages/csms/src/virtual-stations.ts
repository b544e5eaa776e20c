import type { VIRTUAL_KINDS, VIRTUAL_VERBS } from '@busbar/api';
import { BusbarError, limits } from '@busbar/runtime';
import type { UseCases } from './use-cases.ts';

export type VirtualKind = (typeof VIRTUAL_KINDS)[number];
export type VirtualVerb = (typeof VIRTUAL_VERBS)[number];

export interface VirtualStationView {
  readonly stationId: string;
  readonly kind: VirtualKind;
  readonly drivers: boolean;
}

/** Simulated stations, run by whoever composes the CSMS: it knows no station itself. */
export interface VirtualStationsExtension {
  list(): readonly VirtualStationView[];
  start(station: VirtualStationView & { readonly password: string; readonly tokens: readonly string[] }): Promise<void>;
  facts(stationId: string): Promise<Readonly<Record<string, unknown>>>;
  act(stationId: string, verb: VirtualVerb, body: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  remove(stationId: string): Promise<void>;
}

/** Cards of the people who come by themselves; the last one is blocked, for refusals belong to real life. */
const CARDS = ['VIRTUAL7C02A1', 'VIRTUAL11B8C4', 'VIRTUAL93F0E7', 'VIRTUAL5D21B9', 'VIRTUALBLOCKED'] as const;

/** Adds, plays with and removes simulated stations; they are registered like any other, and marked. */
export class VirtualStations {
  readonly #useCases: UseCases;
  readonly #extension: VirtualStationsExtension | undefined;

  constructor(useCases: UseCases, extension: VirtualStationsExtension | undefined) {
    this.#useCases = useCases;
    this.#extension = extension;
  }

  get possible(): boolean {
    return this.#extension !== undefined;
  }

  list(): readonly VirtualStationView[] {
    return this.#extension?.list() ?? [];
  }

  async add(count: number, kind: VirtualKind, drivers: boolean, actor: string): Promise<readonly VirtualStationView[]> {
    const extension = this.#known();
    if (extension.list().length + count > limits.virtualStations)
      throw new BusbarError('conflict', `At most ${limits.virtualStations} virtual stations; remove some first.`);
    if (drivers) await this.cards(actor);
    const added: VirtualStationView[] = [];
    for (let n = 0; n < count; n += 1) added.push(await this.start(this.#freeId(), kind, drivers, actor));
    return added;
  }

  /** One under the given id; registered when it is not yet, with a new password when it is. */
  async start(stationId: string, kind: VirtualKind, drivers: boolean, actor: string): Promise<VirtualStationView> {
    const extension = this.#known();
    const password =
      this.#useCases.kernel.stations.get(stationId) === undefined
        ? (await this.#useCases.createStation({ id: stationId, virtual: true }, actor)).password
        : await this.#useCases.setPassword(stationId, undefined, actor);
    const view = { stationId, kind, drivers };
    await extension.start({ ...view, password: password ?? '', tokens: drivers ? CARDS : [] });
    return view;
  }

  async cards(actor: string): Promise<void> {
    for (const idToken of CARDS) {
      const blocked = idToken.endsWith('BLOCKED');
      if ((await this.#useCases.kernel.read.token('ISO14443', idToken)) === undefined)
        await this.#useCases.putToken({ type: 'ISO14443', idToken, status: blocked ? 'Blocked' : 'Accepted' }, actor);
    }
  }

  facts(stationId: string): Promise<Readonly<Record<string, unknown>>> {
    return this.#own(stationId).facts(stationId);
  }

  act(stationId: string, verb: VirtualVerb, body: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return this.#own(stationId).act(stationId, verb, body);
  }

  async remove(stationId: string): Promise<void> {
    await this.#own(stationId).remove(stationId);
  }

  #freeId(): string {
    const { stations } = this.#useCases.kernel;
    for (let n = 1; ; n += 1) {
      const id = `SIM-${String(n).padStart(3, '0')}`;
      if (stations.get(id) === undefined) return id;
    }
  }

  #known(): VirtualStationsExtension {
    if (this.#extension === undefined) throw new BusbarError('not-possible', 'This server runs no virtual stations.');
    return this.#extension;
  }

  #own(stationId: string): VirtualStationsExtension {
    const extension = this.#known();
    if (!extension.list().some((one) => one.stationId === stationId))
      throw new BusbarError('station-unknown', `${stationId} is no virtual station.`);
    return extension;
  }
}
