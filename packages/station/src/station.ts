import type { Ocpp, OcppVersion } from '@busbar/protocol';
import {
  BusbarError,
  type Clock,
  type Crypto,
  type FileTransfer,
  type Ids,
  type Journal,
  type Log,
  messageOf,
  type Network,
  type Random,
  Scope,
} from '@busbar/runtime';
import { type Provisioning, provisioned, withProvisioning } from './blocks/a-security/provisioning.ts';
import type { SecurityLogEntry } from './blocks/a-security/security-events.ts';
import { DiagnosticsLog } from './blocks/n-diagnostics/diagnostics-log.ts';
import type { StationConfig } from './config.ts';
import type { Context } from './context.ts';
import { DeviceModel } from './device-model.ts';
import type { Hardware } from './hardware/hardware.ts';
import type { Life } from './life.ts';
import { keys, Memory, put } from './memory.ts';
import { startLife } from './start-life.ts';
import { kindOf, VariableTables } from './station-kind.ts';
import type { RegistrationState, TraceEvent } from './trace.ts';

export interface StationOptions {
  readonly config: StationConfig;
  readonly hardware: Hardware;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly network: Network;
  /** Keys and certificates (`loadCrypto` of `@busbar/runtime/node`); without it there is no TLS and no certificate. */
  readonly crypto?: () => Promise<Crypto>;
  /** Logs out, firmware in. Without it FileTransferProtocols is empty and neither is possible. */
  readonly files?: FileTransfer;
  /** Opens the durable memory; called at the beginning of each life. */
  readonly journal: () => StationJournal;
  readonly onTrace?: (event: TraceEvent) => void;
  /** Stations that are handed the same ones share what is equal between them. */
  readonly tables?: VariableTables;
}

/** A Journal that can lose its power with the station (in tests and simulations). */
export interface StationJournal extends Journal {
  cut?(): void;
}

export interface StationFacts {
  readonly identity: string;
  readonly power: 'on' | 'off';
  readonly link: 'open' | 'closed';
  readonly version: OcppVersion | undefined;
  readonly registration: RegistrationState;
  readonly queuedEvents: number;
  /** Security events that the CSMS has still to hear of. */
  readonly queuedSecurityEvents: number;
  readonly securityProfile: number | undefined;
  readonly activeNetworkProfile: number | undefined;
  readonly evses: readonly {
    readonly id: number;
    readonly connectors: readonly { readonly id: number; readonly status: Ocpp.ConnectorStatusEnumType }[];
    readonly parked: boolean;
    readonly pluggedConnector: number | undefined;
    readonly authorized: boolean;
    readonly contactor: 'open' | 'closed';
    readonly flow: 'none' | 'flowing' | 'stoppedByEv' | 'stoppedByEvse';
    readonly lock: 'open' | 'closing' | 'closed' | 'failed';
    readonly faults: readonly string[];
    readonly transaction:
      | {
          readonly id: string;
          readonly nextSeqNo: number;
          readonly chargingState: Ocpp.ChargingStateEnumType;
          readonly startMWh: number | undefined;
        }
      | undefined;
  }[];
}

export interface Station {
  /** Power on: reads its memory, looks at its hardware, connects. */
  start(): void;
  /** A clean end of the process: the socket says goodbye, everything written is durable. Transactions stay open for the next start. */
  stop(): Promise<void>;
  /** The power is gone this moment: nothing more is written or sent. */
  powerCut(): void;
  /** A restart that the station decides itself (a watchdog, a technician). */
  reboot(reason: Ocpp.BootReasonEnumType): Promise<void>;
  facts(): StationFacts;
  /** Resolves when everything that happened so far is taken in: tokens judged, facts durable. */
  settled(): Promise<void>;
  /** The network cable, for tests and the control API. */
  setLink(state: 'up' | 'down'): void;
  /** A sensor's value (control API `setActual`). */
  setActual(component: Ocpp.ComponentType, variable: Ocpp.VariableType, value: string): boolean;
  /** Writes another CSMS, identity, password and certificates into the station, on site; it starts anew with them. */
  provision(provisioning: Provisioning): Promise<void>;
  /** The rolling security log, oldest first (A04.FR.04). */
  securityLog(): readonly SecurityLogEntry[];
  /** A vendor's own message to the CSMS (P02). */
  dataTransfer(vendorId: string, messageId?: string, data?: unknown): Promise<Ocpp.DataTransferResponse | undefined>;
}

/** A charging station behind its hardware. It lives from power-on to power-off, and after each reboot again. */
export function createStation(options: StationOptions): Station {
  return new StationActor(options);
}

class StationActor implements Station {
  readonly #options: StationOptions;
  #life: Life | undefined;
  #journal: StationJournal | undefined;
  /** Counts what switches the station on and off: a restart under way must not outlive a power cut or a stop. */
  #switched = 0;

  constructor(options: StationOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#life) return;
    this.#switched += 1;
    this.#journal = this.#options.journal();
    const context = this.#context(this.#journal);
    this.#life = startLife(context, this.#options.network, () => this.#reboot());
  }

  async stop(): Promise<void> {
    this.#switched += 1;
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    for (const session of life.sessions.all) if (session.evseId > 0) life.context.hardware.contactor(session.evseId, 'open');
    life.link.close(1001, 'the station stops');
    life.context.scope.close();
    life.context.diagnostics.flush();
    await life.context.memory.close();
  }

  powerCut(): void {
    this.#switched += 1;
    this.#journal?.cut?.();
    this.#life?.context.scope.close();
    this.#life = undefined;
  }

  async reboot(reason: Ocpp.BootReasonEnumType): Promise<void> {
    const life = this.#life;
    if (!life) return;
    await life.context.memory.commit([put(keys.bootReason, reason)]);
    life.resets.now(undefined);
  }

  facts(): StationFacts {
    const life = this.#life;
    const { config, hardware } = this.#options;
    return {
      identity: life?.context.config.identity ?? config.identity,
      power: life ? 'on' : 'off',
      link: life?.link.peer ? 'open' : 'closed',
      version: life?.link.peer?.rules.version,
      registration: life?.registration.state ?? 'unknown',
      queuedEvents: life?.queue.length ?? 0,
      queuedSecurityEvents: life?.security.length ?? 0,
      securityProfile: life?.profiles.securityProfile,
      activeNetworkProfile: life?.profiles.active,
      evses: hardware.layout.evses.map((evse) => evseFacts(evse.id, evse.connectors, life)),
    };
  }

  async settled(): Promise<void> {
    const life = this.#life;
    if (!life) return;
    await life.presented.idle();
    await life.context.memory.durable();
  }

  setLink(state: 'up' | 'down'): void {
    if (state === 'down') this.#life?.link.pull();
    else this.#life?.link.start();
  }

  setActual(component: Ocpp.ComponentType, variable: Ocpp.VariableType, value: string): boolean {
    return this.#life?.context.dm.setActual(component, variable, value) ?? false;
  }

  async provision(provisioning: Provisioning): Promise<void> {
    const running = this.#life !== undefined;
    await this.stop();
    const memory = new Memory(this.#options.journal(), () => undefined);
    await memory.commit(provisioned(memory, provisioning));
    await memory.close();
    if (running) this.start();
  }

  securityLog(): readonly SecurityLogEntry[] {
    return this.#life?.security.log ?? [];
  }

  async dataTransfer(vendorId: string, messageId?: string, data?: unknown): Promise<Ocpp.DataTransferResponse | undefined> {
    const outcome = await this.#life?.outbox.send('notice', 'DataTransfer', () => ({
      vendorId,
      ...(messageId === undefined ? {} : { messageId }),
      ...(data === undefined ? {} : { data }),
    }));
    return outcome?.kind === 'answer' ? outcome.response : undefined;
  }

  /** B11.FR.03: the computer restarts; where that is simulated, the next life begins afterwards. */
  #reboot(): void {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    life.link.close(1001, 'rebooting');
    life.context.scope.close();
    const { log, hardware } = this.#options;
    const before = this.#switched;
    life.context.diagnostics.flush();
    life.context.memory
      .close()
      .then(() => hardware.reboot())
      .then(
        () => (this.#switched === before ? this.start() : undefined),
        (error: unknown) => log.error('reboot failed', { error: messageOf(error) }),
      );
  }

  #context(journal: Journal): Context {
    const { clock, random, ids, hardware, files, onTrace, tables = new VariableTables() } = this.#options;
    const memory = new Memory(journal, (error) => this.#diskFailed(error));
    const config = withProvisioning(this.#options.config, memory);
    const log = this.#options.log.child({ station: config.identity });
    const scope = new Scope(clock, log, config.identity);
    const diagnostics = new DiagnosticsLog(memory, scope, (reason) => log.error('diagnostics cannot be written', { reason }));
    const trace: Context['trace'] = (event) => {
      const stamped = { ...event, at: clock.now() };
      diagnostics.add(stamped);
      onTrace?.(stamped);
    };
    return {
      config,
      clock,
      scope,
      random,
      ids,
      log,
      memory,
      crypto: this.#options.crypto ?? (() => Promise.reject(new BusbarError('conflict', 'this station was built without certificates'))),
      withCertificates: this.#options.crypto !== undefined,
      files,
      hardware,
      layout: hardware.layout,
      dm: new DeviceModel(tables.of(kindOf(config, hardware, files !== undefined)), memory),
      diagnostics,
      trace,
      note: (text) => {
        log.info(text);
        trace({ kind: 'decision', text });
      },
    };
  }

  /** A station that cannot remember must not charge: contactors open, the life ends (style, 4.3). */
  #diskFailed(error: unknown): void {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    for (const evse of life.context.layout.evses) life.context.hardware.contactor(evse.id, 'open');
    life.context.scope.close();
    this.#options.log.error('the journal cannot write: the station stops', { error: messageOf(error) });
  }
}

function evseFacts(id: number, connectors: readonly { readonly id: number }[], life: Life | undefined): StationFacts['evses'][number] {
  const session = life?.sessions.get(id);
  const { transaction } = session ?? {};
  return {
    id,
    connectors: connectors.map((connector) => ({ id: connector.id, status: life?.status.present(id, connector.id) ?? 'Unavailable' })),
    parked: session?.parked ?? false,
    pluggedConnector: session?.connectorId,
    authorized: session?.authorization !== undefined,
    contactor: session?.contactor ?? 'open',
    flow: session?.flow ?? 'none',
    lock: session?.lock ?? 'open',
    faults: session?.faults ?? [],
    transaction: transaction && {
      id: transaction.id,
      nextSeqNo: transaction.nextSeqNo,
      chargingState: transaction.chargingState,
      startMWh: transaction.startMWh,
    },
  };
}
