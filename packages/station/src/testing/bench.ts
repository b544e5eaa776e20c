import { type Action, loadRules, type OcppVersion, type RequestOf, type ResponseOf } from '@busbar/protocol';
import { type Crypto, type Ids, makeIds, Secret, silentLog } from '@busbar/runtime';
import { MemoryJournal, seededRandom, VirtualClock, VirtualDisk, VirtualFiles, VirtualNetwork } from '@busbar/runtime/virtual';
import type { StationConfig } from '../config.ts';
import {
  demoTopologies,
  parseTopology,
  type SimulatedHardware,
  type StationLayout,
  simulatedHardware,
  type VehicleProfile,
} from '../hardware/index.ts';
import { createStation, type Station, type StationFacts } from '../station.ts';
import type { TraceEvent } from '../trace.ts';
import { ScriptedCsms } from './scripted-csms.ts';

export interface BenchOptions {
  readonly topology?: unknown;
  readonly config?: Partial<StationConfig>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly version?: OcppVersion;
  readonly disk?: VirtualDisk;
  readonly clock?: VirtualClock;
  /** How long a commit takes until it is durable. */
  readonly commitMs?: number;
  /** Load it before: a simulated run waits for no file. */
  readonly crypto?: Crypto;
}

export const CARD = { idToken: 'AABBCCDD', type: 'ISO14443' } as const;
export const OTHER_CARD = { idToken: '11223344', type: 'ISO14443' } as const;

/** A station on virtual time with simulated hardware and a scripted CSMS. */
export class Bench {
  readonly clock: VirtualClock;
  readonly disk: VirtualDisk;
  readonly network: VirtualNetwork;
  readonly files: VirtualFiles;
  readonly csms: ScriptedCsms;
  readonly layout: StationLayout;
  readonly trace: TraceEvent[] = [];
  readonly #options: BenchOptions;
  readonly #random = seededRandom(7);
  readonly #ids: Ids;
  hardware: SimulatedHardware;
  station: Station;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.clock = options.clock ?? new VirtualClock();
    this.disk = options.disk ?? new VirtualDisk();
    this.network = new VirtualNetwork(this.clock);
    this.files = new VirtualFiles(this.clock);
    this.csms = new ScriptedCsms(this.clock, this.network);
    this.csms.version = options.version ?? 'ocpp2.0.1';
    this.layout = parseTopology(options.topology ?? demoTopologies.acSinglePhase).layout;
    this.#ids = makeIds(this.#random, this.clock);
    this.hardware = this.#buildHardware();
    this.station = this.#buildStation();
  }

  #buildHardware(): SimulatedHardware {
    return simulatedHardware({ layout: this.layout, clock: this.clock, random: this.#random, world: this.disk.worldFile() });
  }

  #buildStation(): Station {
    const { config, variables, crypto } = this.#options;
    return createStation({
      config: {
        identity: 'CS-1',
        csmsUrl: 'ws://csms/ocpp',
        password: new Secret('0123456789abcdef'),
        variables: variables ?? {},
        ...config,
      },
      hardware: this.hardware,
      clock: this.clock,
      random: this.#random,
      ids: this.#ids,
      log: silentLog,
      network: this.network,
      files: this.files,
      ...(crypto === undefined ? {} : { crypto: async () => crypto }),
      journal: () => new MemoryJournal(this.clock, this.disk, () => this.#options.commitMs ?? 1),
      onTrace: (event) => this.trace.push(event),
    });
  }

  /** Power on, connected, accepted, all connectors told. */
  async booted(): Promise<this> {
    await this.on();
    await this.clock.until('the station is accepted', () => this.station.facts().registration === 'accepted');
    await this.clock.advance(2_000);
    return this;
  }

  /** Power on, nothing more. */
  async on(): Promise<this> {
    await loadRules(this.csms.version); // real file reading: before virtual time begins
    this.station.start();
    return this;
  }

  /** The process dies this moment; hardware and journal lose what was not on disk. */
  cut(): void {
    this.station.powerCut();
    this.hardware.powerOff();
  }

  /** Power is back: everything is built from the disk again. */
  restore(): void {
    this.hardware = this.#buildHardware();
    this.station = this.#buildStation();
    this.station.start();
  }

  /** The network goes away for a while; the CSMS accepts nobody meanwhile. */
  async offline(): Promise<void> {
    this.csms.accepting = false;
    this.csms.close();
    await this.clock.advance(1_000);
  }

  async online(): Promise<void> {
    this.csms.accepting = true;
    await this.clock.until('the station is back', () => this.station.facts().link === 'open');
    await this.clock.advance(5_000);
  }

  /** Transaction events, oldest first. */
  get events(): readonly RequestOf<'TransactionEvent'>[] {
    return this.csms.of('TransactionEvent');
  }

  get lastEvent(): RequestOf<'TransactionEvent'> {
    return this.csms.last('TransactionEvent');
  }

  evse(id = 1): StationFacts['evses'][number] {
    const found = this.station.facts().evses[id - 1];
    if (!found) throw new Error(`no EVSE ${id}`);
    return found;
  }

  async wait(seconds = 2): Promise<void> {
    await this.clock.advance(seconds * 1_000);
  }

  async card(token: { idToken: string; type: string } = CARD, evse?: number): Promise<void> {
    this.hardware.presentToken({ ...token, ...(evse === undefined ? {} : { evse }) });
    await this.wait();
  }

  async plug(evse = 1, vehicle: Partial<VehicleProfile> = {}): Promise<void> {
    this.hardware.plug(evse, 1, { readyAfterS: 0, ...vehicle });
    await this.wait();
  }

  /** Plug, card, energy; returns the transaction's id. */
  async charging(evse = 1, token: { idToken: string; type: string } = CARD): Promise<string> {
    await this.plug(evse);
    await this.card(token, evse);
    await this.clock.until('energy flows', () => this.evse(evse).flow === 'flowing', 30_000);
    await this.wait();
    return this.evse(evse).transaction?.id ?? '';
  }

  async set(component: string, variable: string, value: string, instance?: string): Promise<string> {
    const answer = await this.ask('SetVariables', {
      setVariableData: [
        {
          component: { name: component },
          variable: { name: variable, ...(instance === undefined ? {} : { instance }) },
          attributeValue: value,
        },
      ],
    });
    return answer.setVariableResult[0]?.attributeStatus ?? '';
  }

  async get(component: string, variable: string, instance?: string): Promise<string | undefined> {
    const answer = await this.ask('GetVariables', {
      getVariableData: [{ component: { name: component }, variable: { name: variable, ...(instance === undefined ? {} : { instance }) } }],
    });
    return answer.getVariableResult[0]?.attributeValue;
  }

  /** A CALL of the CSMS with the time it needs to be answered. */
  async ask<A extends Action>(action: A, request: RequestOf<A>): Promise<ResponseOf<A>> {
    const answer = this.csms.call(action, request);
    await this.wait(1.5);
    return answer;
  }

  /** The same where a CALLERROR is expected: its code. */
  async refused(action: string, request: unknown): Promise<string | undefined> {
    const answer = this.csms.callRaw(action, request);
    await this.wait(1.5);
    return (await answer).error;
  }
}

export const bench = (options: BenchOptions = {}): Bench => new Bench(options);
