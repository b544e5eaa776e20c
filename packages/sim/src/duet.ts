import {
  type Authority,
  type Csms,
  type CsmsConfig,
  createCsms,
  type Extensions,
  hashPassword,
  inlineSlowHash,
  issueServerCertificate,
  MemoryFileStore,
  makeAuthority,
} from '@busbar/csms';
import { DirectStore, memoryDatabase, type TxRecord } from '@busbar/csms/store';
import { type CallView, UseCases } from '@busbar/csms/use-cases';
import { type Action, loadRules, type Ocpp, type OcppVersion, type RequestOf } from '@busbar/protocol';
import { type Crypto, type Log, type Millis, makeIds, Secret, type Socket } from '@busbar/runtime';
import { MemoryJournal, seededRandom, VirtualClock, VirtualDisk, VirtualFiles, VirtualNetwork } from '@busbar/runtime/virtual';
import { createStation, type Station, type StationConfig, type StationFacts, type TraceEvent } from '@busbar/station';
import { demoTopologies, parseTopology, type SimulatedHardware, simulatedHardware, worldMWh } from '@busbar/station/hardware';
import { seedOfRun } from './node/seed.ts';

export interface DuetOptions {
  readonly seed?: number;
  readonly version?: OcppVersion;
  readonly topology?: unknown;
  readonly config?: Partial<CsmsConfig>;
  readonly extensions?: Extensions;
  readonly station?: Partial<StationConfig>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Gives both ends certificates: `wss://csms` is served too, and the station trusts the CSMS's root. Load it before: virtual time waits for no file. */
  readonly crypto?: Crypto;
  /** The fixture waits for Accepted unless a test wants to see what happens before. */
  readonly untilAccepted?: boolean;
  /** What the CSMS would do with the station's very first boot. */
  readonly nextBoot?: readonly { readonly status: Ocpp.RegistrationStatusEnumType; readonly interval: number; readonly times: number }[];
}

const PEPPER = { id: 'duet', key: new Uint8Array(32).fill(3) };
const PASSWORD = 'duet-password-of-24-char';
export const CARD = { type: 'ISO14443', idToken: 'DUET0001' } as const;
export const OTHER_CARD = { type: 'ISO14443', idToken: 'DUET0002' } as const;

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
  publicFilesUrl: 'http://files',
  messageLog: { keepDays: 7, maxBytes: 2 ** 30, heartbeats: true },
  automations: { onboardingInventory: false, gapQuery: true, bootQuery: true, certRenewal: false, runningCost: true },
  organization: 'Busbar',
  clientCertificateDays: 365,
  secureOcppUrl: () => 'wss://csms/ocpp',
};

/**
 * Our station against our CSMS: one clock, one seed, a network and disks in memory. Both ends can lose power and come back;
 * the World's file is the oracle of what really happened.
 */
export class Duet {
  /** Of those who choose none; set by test/duet-seed.setup.ts from BUSBAR_SEED. */
  static defaultSeed = 1;
  readonly clock = new VirtualClock();
  readonly network = new VirtualNetwork(this.clock);
  readonly files = new VirtualFiles(this.clock);
  /** What lies on the disk of the CSMS beside its database. */
  readonly fileStore = new MemoryFileStore();
  readonly disk = new VirtualDisk();
  database = memoryDatabase();
  readonly trace: TraceEvent[] = [];
  /** What either end logged as an error: a bug of ours, or a store in trouble. */
  readonly errors: string[] = [];
  readonly #log = collecting(this.errors);
  readonly identity = 'CS-1';
  readonly #options: DuetOptions;
  readonly #random: ReturnType<typeof seededRandom>;
  #store: DirectStore | undefined;
  #csms: Csms | undefined;
  #stopListening: () => void = () => undefined;
  #authority: Authority | undefined;
  #serverChain = '';
  #hardware: SimulatedHardware | undefined;
  #station: Station | undefined;

  private constructor(options: DuetOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? seedOfRun());
    if (!options.crypto) return;
    const making = { crypto: options.crypto, random: this.#random, now: this.clock.now() };
    const { authority } = makeAuthority(making, 'Busbar');
    this.#authority = authority;
    const names = { dns: [], addresses: [] };
    this.#serverChain = issueServerCertificate(authority, making, { host: 'csms', names, kind: 'ecP256', days: 3650 }).chain;
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
    if (options.nextBoot) await duet.settle(duet.useCases.setTestOverrides(duet.identity, { nextBoot: options.nextBoot }));
    duet.startStation();
    if (options.untilAccepted === false) return duet;
    await duet.clock.until('the station is accepted', () => duet.station.facts().registration === 'accepted');
    await duet.clock.advance(2_000);
    return duet;
  }

  get authority(): Authority {
    if (this.#authority === undefined) throw new Error('a duet without certificates');
    return this.#authority;
  }
  /** Another chain for the TLS side of the CSMS. */
  showServerChain(chain: string): void {
    this.#serverChain = chain;
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
    const { config, extensions, crypto } = this.#options;
    this.#store = new DirectStore(this.database, this.clock, () => 1 + Math.floor(this.#random.next() * 3));
    const starting = createCsms({
      clock: this.clock,
      random: this.#random,
      log: this.#log,
      store: this.#store,
      config: { ...DEFAULTS, ...config },
      pepper: PEPPER,
      slowHash: inlineSlowHash,
      files: this.fileStore,
      ...(extensions === undefined ? {} : { extensions }),
      ...(crypto === undefined ? {} : { crypto: async () => crypto }),
      ...(this.#authority === undefined ? {} : { authority: this.#authority }),
    });
    this.#csms = await this.settle(starting);
    const { acceptor } = this.#csms;
    const plain = this.network.listen('ws://csms', acceptor);
    const secure = crypto ? this.network.listen('wss://csms', acceptor, () => this.#serverChain) : () => undefined;
    const files = this.files.listen('http://files', this.#csms.kernel.files.serve);
    this.#stopListening = () => {
      plain();
      secure();
      files();
    };
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
    const { topology, station, variables, version, crypto } = this.#options;
    const layout = parseTopology(topology ?? demoTopologies.acSinglePhase).layout;
    const { clock, network, files } = this;
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
        ...(this.#authority === undefined ? {} : { roots: [{ kind: 'CSMSRoot', pem: this.#authority.root }] }),
        ...station,
      },
      hardware,
      clock,
      random,
      ids: makeIds(random, clock),
      log: this.#log,
      network,
      files,
      ...(crypto === undefined ? {} : { crypto: async () => crypto }),
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

  get powered(): { readonly station: boolean; readonly csms: boolean } {
    return { station: this.#station !== undefined, csms: this.#csms !== undefined };
  }

  /** The network cable is pulled; what happens now happens offline. */
  async offline(): Promise<void> {
    this.station.setLink('down');
    await this.clock.advance(1_000);
  }

  /** The cable is back; returns when everything that waited is delivered. */
  async online(): Promise<void> {
    this.station.setLink('up');
    await this.clock.until('the station is back', () => this.station.facts().link === 'open');
    await this.delivered();
  }

  /** Until the station has nothing more to tell. */
  async delivered(withinMs: Millis = 1_800_000): Promise<void> {
    await this.clock.until('every event is delivered', () => this.station.facts().queuedEvents === 0, withinMs);
    await this.clock.advance(2_000);
  }

  /** A copy of the CSMS's database as it is now, for a restore. */
  backup(): Uint8Array {
    return this.database.serialize();
  }

  /** The CSMS comes back with an older database. */
  async restore(copy: Uint8Array): Promise<void> {
    this.cutCsms();
    this.database = memoryDatabase();
    this.database.deserialize(copy);
    await this.startCsms();
  }

  evse(id = 1): StationFacts['evses'][number] {
    const found = this.station.facts().evses[id - 1];
    if (found === undefined) throw new Error(`no EVSE ${id}`);
    return found;
  }

  /** What a person or program asks of the station, with the time until its end. */
  async call<A extends Action>(
    action: A,
    payload: Partial<RequestOf<A>>,
    options: Partial<Parameters<UseCases['call']>[3]> = {},
  ): Promise<CallView> {
    const view = await this.settle(this.useCases.call(this.identity, action, { ...payload }, { actor: 'test', ...options }));
    await this.clock.advance(2_000);
    return view;
  }

  /** The status in the station's answer, or the command's own state when there was none. */
  async status<A extends Action>(action: A, payload: Partial<RequestOf<A>>): Promise<string> {
    const { state, response } = await this.call(action, payload);
    return typeof response === 'object' && response !== null && 'status' in response ? String(response.status) : state;
  }

  async set(component: string, variable: string, attributeValue: string, instance?: string): Promise<string> {
    const named = { name: variable, ...(instance === undefined ? {} : { instance }) };
    const asked = [{ component: { name: component }, variable: named, attributeValue }];
    const results = await this.settle(this.useCases.setVariables(this.identity, asked, 'test'));
    return results[0]?.attributeStatus ?? '';
  }

  token(token: Parameters<UseCases['putToken']>[0]): Promise<void> {
    return this.settle(this.useCases.putToken(token, 'test'));
  }

  /** Shows a card and gives everybody time to think about it. */
  async present(token: { readonly idToken: string; readonly type: string } = CARD, evse?: number): Promise<void> {
    this.hardware.presentToken({ ...token, ...(evse === undefined ? {} : { evse }) });
    await this.clock.advance(5_000);
  }

  async plug(evse = 1, vehicle: Parameters<SimulatedHardware['plug']>[2] = {}): Promise<void> {
    this.hardware.plug(evse, 1, { readyAfterS: 0, ...vehicle });
    await this.clock.advance(2_000);
  }

  /** The newest transaction at the CSMS. */
  async newest(): Promise<TxRecord> {
    const [record] = await this.transactions();
    if (record === undefined) throw new Error('the CSMS knows no transaction');
    return record;
  }

  /** Every event of a transaction as the CSMS stored it, in order. */
  async events(record?: TxRecord): Promise<readonly Ocpp.TransactionEventRequest[]> {
    const { id } = record ?? (await this.newest());
    return (await this.csms.kernel.read.events(id)).map(({ request }) => request).toSorted((a, b) => a.seqNo - b.seqNo);
  }

  /** Every frame the CSMS logged, oldest first. */
  async log(): Promise<readonly { readonly direction: 'in' | 'out'; readonly text: string }[]> {
    return (await this.csms.kernel.messages.query({ limit: 10_000 })).toReversed();
  }

  /** A bare connection in the station's name, for messages that our station would never send. Its text is what it hears. */
  async impostor(): Promise<{ readonly socket: Socket; readonly heard: string[] }> {
    const basic = { user: this.identity, password: new Secret(PASSWORD) };
    const subprotocols = [this.#options.version ?? 'ocpp2.0.1'];
    const url = `ws://csms/ocpp/${this.identity}`;
    const socket = await this.settle(this.network.dial({ url, subprotocols, basic, deflate: false, timeoutMs: 10_000 }));
    const heard: string[] = [];
    socket.handle({ text: (text) => heard.push(text), binary: () => undefined, alive: () => undefined, closed: () => undefined });
    return { socket, heard };
  }

  /** What the station asked of the CSMS, by name, oldest first. */
  async heard(action?: string): Promise<readonly string[]> {
    const calls = (await this.log()).filter(({ direction, text }) => direction === 'in' && text.startsWith('[2,'));
    const names = calls.map(({ text }) => /^\[2,"[^"]*","(\w+)"/.exec(text)?.[1] ?? '');
    return action === undefined ? names : names.filter((name) => name === action);
  }

  async connectorStatus(evse = 1, connector = 1): Promise<string | undefined> {
    const all = await this.csms.kernel.read.connectors(this.row);
    return all.find((entry) => entry.evse === evse && entry.connector === connector)?.status;
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

const nothing = (): void => undefined;

/** Keeps errors and forgets the rest. */
function collecting(errors: string[]): Log {
  const log: Log = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (event, fields) =>
      errors.push(
        `${event} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? (value.stack ?? value.message) : value))}`,
      ),
    child: () => log,
  };
  return log;
}
