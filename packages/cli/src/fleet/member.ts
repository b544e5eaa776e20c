import type { OcppVersion } from '@busbar/protocol';
import { assert, type Log, makeIds, type Network, Scope, Secret, type WorldFile } from '@busbar/runtime';
import { loadCrypto, systemClock, systemRandom } from '@busbar/runtime/node';
import { seededRandom, VolatileJournal } from '@busbar/runtime/virtual';
import { createStation, type Station, type VariableTables } from '@busbar/station';
import { simulatedHardware } from '@busbar/station/hardware';
import { Acknowledged } from './acknowledged.ts';
import { Arrivals } from './arrivals.ts';
import type { Fleet } from './profile.ts';

/** Its hardware lives as long as the process. */
const NO_WORLD: WorldFile = { load: () => undefined, save: () => undefined };

export interface MemberOptions {
  readonly fleet: Fleet;
  readonly n: number;
  readonly id: string;
  readonly url: string;
  readonly password: string;
  readonly speed: number;
  readonly network: Network;
  /** The same for all. */
  readonly tables: VariableTables;
  readonly log: Log;
}

/** One full station of a fleet with its drivers; what it remembers lies in memory. */
export class Member {
  readonly id: string;
  readonly account = new Acknowledged();
  readonly station: Station;
  readonly #scope: Scope;
  readonly #arrivals: readonly Arrivals[];
  readonly #powerOff: () => void;

  constructor({ fleet, n, id, url, password, speed, network, tables, log }: MemberOptions) {
    this.id = id;
    const journal = new VolatileJournal();
    const layout = fleet.layouts[n % fleet.layouts.length];
    assert(layout !== undefined, 'a fleet has at least one layout');
    const hardware = simulatedHardware({
      layout: { ...layout, serialNumber: id.slice(0, 25) },
      clock: systemClock,
      random: systemRandom,
      world: NO_WORLD,
    });
    const version: OcppVersion = fleet.versions[n % fleet.versions.length] ?? 'ocpp2.0.1';
    this.station = createStation({
      config: {
        identity: id,
        csmsUrl: url,
        versions: [version],
        deflate: fleet.deflate,
        password: new Secret(password),
        variables: fleet.variables,
      },
      hardware,
      clock: systemClock,
      random: systemRandom,
      ids: makeIds(systemRandom, systemClock),
      log,
      network,
      tables,
      crypto: loadCrypto,
      journal: () => journal,
      onTrace: this.account.hear,
    });
    this.#powerOff = () => hardware.powerOff();
    this.#scope = new Scope(systemClock, log, `drivers of ${id}`);
    this.station.start();
    const random = seededRandom(fleet.seed * 1_000_003 + n);
    this.#arrivals = layout.evses.map(
      ({ id: evse }) => new Arrivals({ fleet, speed, hardware, evse, random, scope: this.#scope, idToken: TOKEN }),
    );
  }

  /** Drivers leave, nobody comes. */
  end(): void {
    for (const arrivals of this.#arrivals) arrivals.end();
  }

  get accepted(): boolean {
    return this.station.facts().registration === 'accepted';
  }

  /** Everything is told and nobody is there. */
  get quiet(): boolean {
    return this.#arrivals.every(({ here }) => !here) && this.station.facts().queuedEvents === 0;
  }

  async close(): Promise<void> {
    this.#scope.close();
    await this.station.stop();
    this.#powerOff();
  }
}

/** The card of every driver. */
export const TOKEN = 'BUSBARFLEET';
