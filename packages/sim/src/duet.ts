import { type Csms, type CsmsConfig, createCsms, type Extensions, hashPassword, inlineSlowHash } from '@busbar/csms';
import { DirectStore, memoryDatabase, type TxRecord } from '@busbar/csms/store';
import { UseCases } from '@busbar/csms/use-cases';
import { loadRules, type OcppVersion } from '@busbar/protocol';
import { type Millis, makeIds, Secret, silentLog } from '@busbar/runtime';
import { MemoryJournal, seededRandom, VirtualClock, VirtualDisk, VirtualNetwork } from '@busbar/runtime/virtual';
import { createStation, type Station, type StationConfig, type TraceEvent } from '@busbar/station';
import { demoTopologies, parseTopology, type SimulatedHardware, simulatedHardware, worldMWh } from '@busbar/station/hardware';

export interface DuetOptions {
  readonly seed?: number;
  readonly version?: OcppVersion;
  readonly topology?: unknown;
  readonly config?: Partial<CsmsConfig>;
  readonly extensions?: Extensions;
  readonly station?: Partial<StationConfig>;
  readonly variables?: Readonly<Record<string, string>>;
}

const PEPPER = { id: 'duet', key: new Uint8Array(32).fill(3) };
const PASSWORD = 'duet-password-of-24-char';
export const CARD = { type: 'ISO14443', idToken: 'DUET0001' } as const;

export const DEFAULTS: CsmsConfig = {
  heartbeatIntervalS: 300,
  unknownStations: 'refuse',
  subprotocolMismatch: 'close',
  testMode: true,
  minSecurityProfile: 1,
  callTimeoutMs: 30_000,
  pingIntervalMs: 30_000,
  billAfterMs: 24 * 3_600_000,
  gapQueryFirstMs: 10_000,
  authorizeTimeoutMs: 5_000,
  automations: { onboardingInventory: false, gapQuery: true, bootQuery: true },
};

/**
 * Our station against our CSMS: one clock, one seed, a network and disks in memory. Both ends can lose power and come back;
 * the World's file is the oracle of what really happened.
 */
export class Duet {
  readonly clock = new VirtualClock();
  readonly network = new VirtualNetwork(this.clock);
  readonly disk = new VirtualDisk();
  readonly database = memoryDatabase();
  readonly trace: TraceEvent[] = [];
  readonly identity = 'CS-1';
  readonly #options: DuetOptions;
  readonly #random: ReturnType<typeof seededRandom>;
  #store: DirectStore | undefined;
  #csms: Csms | undefined;
  #stopListening: () => void = () => undefined;
  #hardware: SimulatedHardware | undefined;
  #station: Station | undefined;

  private constructor(options: DuetOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
  }

  /** Both ends run, the station is accepted, the card is known. */
  static async start(options: DuetOptions = {}): Promise<Duet> {
    const duet = new Duet(options);
    await Promise.all([loadRules('ocpp2.0.1'), loadRules('ocpp2.1')]); // real file reading: before virtual time begins
    await duet.startCsms();
    const password = await hashPassword(duet.identity, new Secret(PASSWORD), 'generated', PEPPER, duet.#random, inlineSlowHash);
    await duet.settle(
      duet.csms.kernel.queue.commit([
        { k: 'stationPut', station: { identity: duet.identity, password, securityProfile: 1, approval: 'approved', at: duet.clock.now() } },
      ]),
    );
    await duet.csms.kernel.stations.refresh(duet.identity);
    await duet.settle(duet.useCases.putToken({ ...CARD, status: 'Accepted' }, 'test'));
    duet.startStation();
    await duet.clock.until('the station is accepted', () => duet.station.facts().registration === 'accepted');
    await duet.clock.advance(2_000);
    return duet;
  }

  get csms(): Csms {
    if (this.#csms === undefined) throw new Error('the CSMS is off');
    return this.#csms;
  }
  get useCases(): UseCases {
    return new UseCases(this.csms);
  }
  get station(): Station {
    if (this.#station === undefined) throw new Error('the station is off');
    return this.#station;
  }
  get hardware(): SimulatedHardware {
    if (this.#hardware === undefined) throw new Error('the station is off');
    return this.#hardware;
  }
  get row(): number {
    return this.csms.kernel.stations.get(this.identity)?.record.row ?? 0;
  }

  async startCsms(): Promise<void> {
    const { config, extensions } = this.#options;
    this.#store = new DirectStore(this.database, this.clock, () => 1 + Math.floor(this.#random.next() * 3));
    const starting = createCsms({
      clock: this.clock,
      random: this.#random,
      log: silentLog,
      store: this.#store,
      config: { ...DEFAULTS, ...config },
      pepper: PEPPER,
      slowHash: inlineSlowHash,
      ...(extensions === undefined ? {} : { extensions }),
    });
    this.#csms = await this.settle(starting);
    this.#stopListening = this.network.listen('ws://csms', this.#csms.acceptor);
  }

  /** The CSMS loses power: commits under way never happened, links break. */
  cutCsms(): void {
    this.#store?.cut();
    this.#csms?.kernel.scope.close();
    this.#stopListening();
    this.network.breakAll();
    this.#csms = undefined;
  }

  startStation(): void {
    const { topology, station, variables, version } = this.#options;
    const layout = parseTopology(topology ?? demoTopologies.acSinglePhase).layout;
    const { clock, network } = this;
    const random = this.#random;
    const hardware = simulatedHardware({ layout, clock, random, world: this.disk.worldFile() });
    this.#hardware = hardware;
    this.#station = createStation({
      config: {
        identity: this.identity,
        csmsUrl: 'ws://csms/ocpp',
        password: new Secret(PASSWORD),
        versions: [version ?? 'ocpp2.0.1'],
        variables: variables ?? {},
        ...station,
      },
      hardware,
      clock,
      random,
      ids: makeIds(random, clock),
      log: silentLog,
      network,
      journal: () => new MemoryJournal(clock, this.disk, () => 1 + Math.floor(random.next() * 3)),
      onTrace: (event) => this.trace.push(event),
    });
    this.#station.start();
  }

  /** The station loses power: contactors fall open, nothing more is written. */
  cutStation(): void {
    this.#station?.powerCut();
    this.#hardware?.powerOff();
    this.network.breakAll();
    this.#station = undefined;
    this.#hardware = undefined;
  }

  /** Lets virtual time pass until the promise settles. */
  async settle<T>(promise: Promise<T>, withinMs: Millis = 600_000): Promise<T> {
    let done = false;
    const settled = (): void => {
      done = true;
    };
    promise.then(settled, settled);
    await this.clock.until('a promise settles', () => done, withinMs);
    return promise;
  }

  /** Plug, card, energy. */
  async charge(evse = 1): Promise<void> {
    this.hardware.plug(evse, 1, { readyAfterS: 0 });
    await this.clock.advance(1_000);
    this.hardware.presentToken({ ...CARD, evse });
    await this.clock.until('energy flows', () => this.station.facts().evses[evse - 1]?.flow === 'flowing', 60_000);
  }

  /** Card again, then the cable. */
  async stop(evse = 1): Promise<void> {
    this.hardware.presentToken({ ...CARD, evse });
    await this.clock.advance(5_000);
    this.hardware.unplug(evse);
    await this.clock.advance(5_000);
  }

  async transactions(): Promise<readonly TxRecord[]> {
    return this.csms.kernel.read.transactions({ station: this.row, limit: 100 });
  }

  /** The World's own meter, read from its file, in mWh. */
  worldMWh(): number {
    return worldMWh(this.disk.world);
  }
}
