import { join } from 'node:path';
import type { OcppVersion } from '@busbar/protocol';
import { nodeNetwork } from '@busbar/protocol/node';
import { type Log, makeIds, Secret } from '@busbar/runtime';
import { FileWorld, httpFiles, loadCrypto, SqliteJournal, systemClock, systemRandom } from '@busbar/runtime/node';
import { createStation, type Station, type StationConfig, type TraceEvent } from '@busbar/station';
import { parseTopology, type SimulatedHardware, simulatedHardware } from '@busbar/station/hardware';

export interface HostedStation {
  readonly station: Station;
  readonly hardware: SimulatedHardware;
}

export interface StationSpec {
  readonly id: string;
  /** The CSMS without the station's id: ws://HOST:PORT/ocpp */
  readonly url: string;
  readonly password?: string;
  readonly versions: readonly OcppVersion[];
  readonly deflate: boolean;
  readonly topology: unknown;
  readonly variables?: Readonly<Record<string, string>>;
  /** Security profile, roots, certificate, further network profiles. */
  readonly delivery?: Partial<StationConfig>;
  readonly onTrace?: (event: TraceEvent) => void;
}

/** Simulated stations of one process: they share a journal file, each has a World of its own. */
export class StationHost {
  readonly #folder: string;
  readonly #journal: SqliteJournal;
  readonly #log: Log;
  readonly #stations: HostedStation[] = [];

  constructor(folder: string, log: Log, options: { synchronous?: 'FULL' | 'OFF' } = {}) {
    this.#folder = folder;
    this.#log = log;
    this.#journal = new SqliteJournal(join(folder, 'stations.db'), systemClock, options);
  }

  worldPath(id: string): string {
    return join(this.#folder, `${encodeURIComponent(id)}.world.json`);
  }

  add(spec: StationSpec): HostedStation {
    const layout = parseTopology(spec.topology).layout;
    const hardware = simulatedHardware({ layout, clock: systemClock, random: systemRandom, world: new FileWorld(this.worldPath(spec.id)) });
    const station = createStation({
      config: {
        identity: spec.id,
        csmsUrl: spec.url,
        versions: spec.versions,
        deflate: spec.deflate,
        ...(spec.password === undefined ? {} : { password: new Secret(spec.password) }),
        ...(spec.variables === undefined ? {} : { variables: spec.variables }),
        ...spec.delivery,
      },
      hardware,
      clock: systemClock,
      random: systemRandom,
      ids: makeIds(systemRandom, systemClock),
      log: this.#log,
      network: nodeNetwork(),
      files: httpFiles(),
      crypto: loadCrypto,
      journal: () => this.#journal.of(spec.id),
      ...(spec.onTrace === undefined ? {} : { onTrace: spec.onTrace }),
    });
    const hosted = { station, hardware };
    this.#stations.push(hosted);
    return hosted;
  }

  /** Clean end: links say goodbye, contactors fall open, everything written is durable. */
  async close(): Promise<void> {
    await Promise.all(this.#stations.map(({ station }) => station.stop()));
    for (const { hardware } of this.#stations) hardware.powerOff();
    this.#journal.close();
  }
}
