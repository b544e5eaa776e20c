import { type Action, loadRules, type OcppVersion, Peer, type RequestOf, type ResponseOf, RpcError } from '@busbar/protocol';
import { makeIds, Scope, Secret, silentLog } from '@busbar/runtime';
import { seededRandom, VirtualClock, VirtualNetwork } from '@busbar/runtime/virtual';
import type { CsmsConfig, Extensions } from '../config.ts';
import { type Csms, type CsmsOptions, createCsms } from '../csms.ts';
import { hashPassword, inlineSlowHash } from '../passwords.ts';
import { DirectStore, memoryDatabase } from '../store/direct-store.ts';

export const TEST_CONFIG: CsmsConfig = {
  heartbeatIntervalS: 300,
  unknownStations: 'refuse',
  subprotocolMismatch: 'close',
  testMode: false,
  minSecurityProfile: 1,
  callTimeoutMs: 30_000,
  pingIntervalMs: 0,
  billAfterMs: 24 * 3600 * 1000,
  gapQueryFirstMs: 10_000,
  authorizeTimeoutMs: 5_000,
  automations: { onboardingInventory: false, gapQuery: false, bootQuery: false, certRenewal: false, runningCost: false },
  organization: 'Busbar',
  clientCertificateDays: 365,
};

export const PASSWORD = 'correct-horse-battery-1';
const PEPPER = { id: 'p1', key: new Uint8Array(32).fill(7) };

type TestEdges = Pick<CsmsOptions, 'webhooks'>;

/** A CSMS in memory on virtual time, and stations that are nothing but a peer with a script. */
export class TestCsms {
  readonly clock = new VirtualClock();
  readonly random = seededRandom(1);
  readonly network = new VirtualNetwork(this.clock);
  readonly database = memoryDatabase();
  store = new DirectStore(this.database, this.clock);
  #csms: Csms | undefined;

  get csms(): Csms {
    if (this.#csms === undefined) throw new Error('the test CSMS was not started');
    return this.#csms;
  }

  static async start(config: Partial<CsmsConfig> = {}, extensions: Extensions = {}, edges: TestEdges = {}): Promise<TestCsms> {
    const self = new TestCsms();
    await Promise.all([loadRules('ocpp2.0.1'), loadRules('ocpp2.1')]); // real file reading: before virtual time begins
    await self.boot(config, extensions, edges);
    return self;
  }

  /** Starts a (new) life of the CSMS on the same database. */
  async boot(config: Partial<CsmsConfig> = {}, extensions: Extensions = {}, edges: TestEdges = {}): Promise<void> {
    this.store = new DirectStore(this.database, this.clock);
    const starting = createCsms({
      clock: this.clock,
      random: this.random,
      log: silentLog,
      store: this.store,
      config: { ...TEST_CONFIG, ...config },
      pepper: PEPPER,
      slowHash: inlineSlowHash,
      extensions,
      ...edges,
    });
    this.#csms = await this.settle(starting);
    this.network.listen('ws://csms', this.#csms.acceptor);
  }

  /** Lets virtual time pass until the promise settles. */
  async settle<T>(promise: Promise<T>, withinMs = 600_000): Promise<T> {
    let done = false;
    promise.then(
      () => (done = true),
      () => (done = true),
    );
    await this.clock.until('a promise settles', () => done, withinMs);
    return promise;
  }

  async register(identity: string, serialNumber?: string): Promise<number> {
    const password = await hashPassword(identity, new Secret(PASSWORD), 'generated', PEPPER, this.random, inlineSlowHash);
    const station = {
      identity,
      password,
      securityProfile: 1,
      approval: 'approved',
      at: this.clock.now(),
      ...(serialNumber === undefined ? {} : { serialNumber }),
    } as const;
    const [outcome] = await this.settle(this.csms.kernel.queue.commit([{ k: 'stationPut', station }]));
    await this.csms.kernel.stations.refresh(identity);
    return outcome?.assigned ?? 0;
  }

  async connect(identity: string, version: OcppVersion = 'ocpp2.0.1', password = PASSWORD): Promise<ScriptedStation> {
    const dialling = this.network.dial({
      url: `ws://csms/ocpp/${identity}`,
      subprotocols: [version],
      basic: { user: identity, password: new Secret(password) },
      deflate: false,
      timeoutMs: 10_000,
    });
    const socket = await this.settle(dialling);
    const station = new ScriptedStation(this, await loadRules(version), socket);
    await this.clock.until('session opened', () => this.csms.kernel.stations.get(identity)?.session !== undefined);
    return station;
  }

  /** Registered, connected, booted and Accepted. */
  async station(identity: string, version: OcppVersion = 'ocpp2.0.1'): Promise<ScriptedStation> {
    if (this.csms.kernel.stations.get(identity) === undefined) await this.register(identity);
    const station = await this.connect(identity, version);
    await station.call('BootNotification', BOOT);
    return station;
  }

  row(identity: string): number {
    return this.csms.kernel.stations.get(identity)?.record.row ?? 0;
  }
}

export const BOOT: RequestOf<'BootNotification'> = { reason: 'PowerUp', chargingStation: { vendorName: 'Nord', model: 'Test' } };

type Script = { [A in Action]?: (request: RequestOf<A>) => ResponseOf<A> | RpcError };

export class ScriptedStation {
  readonly peer: Peer;
  readonly heard: { action: Action; request: unknown }[] = [];
  readonly frames: { direction: 'in' | 'out'; text: string }[] = [];
  closed: { code: number; reason: string } | undefined;
  script: Script = {};
  readonly #test: TestCsms;

  constructor(test: TestCsms, rules: Awaited<ReturnType<typeof loadRules>>, socket: ConstructorParameters<typeof Peer>[0]['socket']) {
    this.#test = test;
    const serves = new Set<Action>([
      'GetTransactionStatus',
      'TriggerMessage',
      'GetBaseReport',
      'GetReport',
      'GetVariables',
      'SetVariables',
      'Reset',
      'ChangeAvailability',
      'RequestStartTransaction',
      'RequestStopTransaction',
      'UnlockConnector',
      'ClearCache',
      'CostUpdated',
      'DataTransfer',
      'UpdateFirmware',
    ]);
    this.peer = new Peer({
      socket,
      rules,
      side: 'station',
      scope: new Scope(test.clock, silentLog, 'scripted station'),
      ids: makeIds(test.random, test.clock),
      log: silentLog,
      serves,
      call: (call) => {
        this.heard.push({ action: call.action, request: call.request });
        const answer = this.#answer(call.action, call.request);
        if (answer instanceof RpcError) call.fail(answer);
        else if (answer !== undefined) call.respond(answer);
      },
      frame: (direction, text) => this.frames.push({ direction, text }),
      closed: (code, reason) => {
        this.closed = { code, reason };
      },
    });
  }

  #answer<A extends Action>(action: A, request: RequestOf<A>): ResponseOf<A> | RpcError | undefined {
    const own: Script[A] = this.script[action];
    return own?.(request);
  }

  /** Sends a CALL and lets time pass until it is answered. */
  call<A extends Action>(action: A, request: RequestOf<A>): Promise<ResponseOf<A>> {
    return this.#test.settle(this.peer.call(action, request));
  }

  /** Sends raw text and lets time pass until one more frame has come. */
  async raw(text: string): Promise<readonly unknown[]> {
    const before = this.frames.filter(({ direction }) => direction === 'in').length;
    this.peer.socket.send(text);
    await this.#test.clock.until('an answer', () => this.frames.filter(({ direction }) => direction === 'in').length > before);
    return JSON.parse(this.frames.findLast(({ direction }) => direction === 'in')?.text ?? 'null');
  }
}
