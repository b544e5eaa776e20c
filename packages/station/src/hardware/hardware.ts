import type { Clock, Instant, Millis, Random, WorldFile } from '@busbar/runtime';

/**
 * The port between OCPP and metal. A firmware implements `Hardware`; the simulated one behind it is `simulatedHardware`.
 * Hardware reports facts and obeys orders; it knows nothing of OCPP. EVSEs and connectors are numbered from 1 as in OCPP;
 * EVSE 0 means the station itself (its main meter).
 */
export interface Hardware {
  readonly layout: StationLayout;
  /** Registers the one listener; facts that already hold (a cable that is in at power-on) are reported again right after. */
  listen(listener: (event: HardwareEvent) => void): void;
  /** The safe state is open. Closing a contactor with no vehicle or a fault is refused with false. */
  contactor(evse: number, order: 'open' | 'close'): boolean;
  /** Resolves with what the lock's own switch says. */
  lock(evse: number, connector: number, order: 'lock' | 'unlock'): Promise<'locked' | 'unlocked' | 'failed'>;
  /** Upper limit the EVSE offers the vehicle; null = its rating. 0 pauses the flow without opening the contactor. */
  limit(evse: number, powerW: number | null): void;
  /** Reads all registers now. The truth is written to the World's file before it is returned. EVSE 0 = main meter. */
  readMeter(evse: number): MeterReading;
  /** Whether the present reading can be had signed, as one opaque text of the meter (OCMF and the like). */
  readSignedMeter?(evse: number, context: string): SignedReading | undefined;
  /** Phases that carry current; 0 = DC or unknown (E02.FR.18 asks only who can tell). */
  phasesUsed?(evse: number): 0 | 1 | 3;
  /** Absent where the firmware cannot be changed from outside. */
  readonly firmware?: FirmwareSlot;
  /** Whether a log of this kind (LogEnumType) can be had now; without this function, always. */
  logAvailable?(type: string): boolean;
  display(evse: number, lines: readonly string[]): void;
  /** The computer restarts: contactors fall open. Never resolves where the process really dies; a simulation resolves when the next life may begin. */
  reboot(): Promise<void>;
}

/** What an installation came to. `invalid`: the hardware's own check of the image failed (L01.FR.29). */
export type Installation =
  | { readonly kind: 'installed'; readonly version: string }
  | { readonly kind: 'invalid' | 'failed'; readonly reason: string };

/** Where a new image lies until it runs. What was ended survives a power cut. */
export interface FirmwareSlot {
  /** Throws away what lies there. */
  begin(): void;
  write(bytes: Uint8Array): Promise<void> | void;
  /** The image is whole and its signature is looked at next. */
  end(): Promise<void> | void;
  /** Checks the image in the hardware's own way and puts it where the next reboot finds it. `version` is what the layout will say then. */
  install(): Promise<Installation>;
}

export interface StationLayout {
  readonly vendorName: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
  readonly evses: readonly EvseLayout[];
  /** What the station has besides. */
  readonly hasMainMeter: boolean;
  readonly hasRfid: boolean;
  readonly hasPinPad: boolean;
  /** A person can choose on its display which transactions to end (C16). */
  readonly hasSelection?: boolean;
}

export interface EvseLayout {
  readonly id: number;
  readonly kind: 'AC' | 'DC';
  readonly phases: 1 | 3;
  readonly maxPowerW: number;
  readonly connectors: readonly ConnectorLayout[];
  readonly hasParkingSensor: boolean;
  readonly hasStartButton: boolean;
  readonly hasSignedMeter: boolean;
  readonly measurands: readonly Measurand[];
  /** Free text on the housing, for people. */
  readonly label?: string;
}

export interface ConnectorLayout {
  readonly id: number;
  /** ConnectorType of the device model: cCCS2, cType2, sType2 … */
  readonly type: string;
  /** A fixed cable cannot be taken out on the EVSE side and needs no lock there. */
  readonly fixedCable: boolean;
  readonly hasLock: boolean;
}

/** MeasurandEnumType names that the meters know. */
export type Measurand =
  | 'Energy.Active.Import.Register'
  | 'Energy.Active.Export.Register'
  | 'Power.Active.Import'
  | 'Power.Offered'
  | 'Current.Import'
  | 'Current.Offered'
  | 'Voltage'
  | 'Frequency'
  | 'SoC'
  | 'Power.Factor';

export interface MeterSample {
  readonly measurand: Measurand;
  readonly value: number;
  readonly unit: 'Wh' | 'W' | 'A' | 'V' | 'Hz' | 'Percent' | undefined;
  readonly phase?: 'L1' | 'L2' | 'L3' | 'L1-N' | 'L2-N' | 'L3-N';
  readonly location?: 'Outlet' | 'Inlet' | 'EV' | 'Body' | 'Cable';
}

export interface MeterReading {
  readonly at: Instant;
  /** The import register in mWh; never goes back, never re-based per session (J02.FR.16, J02.FR.17). */
  readonly importMWh: number;
  readonly exportMWh: number;
  readonly powerW: number;
  readonly samples: readonly MeterSample[];
}

export interface SignedReading {
  readonly signedMeterData: string;
  readonly signingMethod: string;
  readonly encodingMethod: string;
  readonly publicKey: string;
}

/** What the control pilot says: nothing there, a vehicle that does not want energy (yet), one that does, or a broken line. */
export type Pilot = 'unplugged' | 'plugged' | 'ready' | 'fault';

export type HardwareEvent =
  | { readonly kind: 'pilot'; readonly evse: number; readonly connector: number; readonly pilot: Pilot }
  /** The cable's end in the station's socket; a fixed cable is always in. */
  | { readonly kind: 'cable'; readonly evse: number; readonly connector: number; readonly inserted: boolean }
  /** Energy really flows, or stopped because the vehicle (ev) or the station (evse: limit, contactor) does not want it. */
  | { readonly kind: 'flow'; readonly evse: number; readonly flowing: boolean; readonly because: 'ev' | 'evse' }
  | {
      readonly kind: 'token';
      readonly evse?: number;
      readonly idToken: string;
      readonly type: string;
      readonly additionalInfo?: readonly { additionalIdToken: string; type: string }[];
    }
  | { readonly kind: 'startButton'; readonly evse: number }
  | { readonly kind: 'stopButton'; readonly evse: number }
  /** What a person chose on the display; without evse everything. */
  | { readonly kind: 'selection'; readonly evse?: number }
  | { readonly kind: 'bay'; readonly evse: number; readonly occupied: boolean }
  | { readonly kind: 'lock'; readonly evse: number; readonly connector: number; readonly state: 'locked' | 'unlocked' | 'failed' }
  /** A fault came or went. Without evse it concerns the station. `code` is the hardware's own short word (ground-fault, over-current …). */
  | { readonly kind: 'fault'; readonly evse?: number; readonly connector?: number; readonly code: string; readonly active: boolean }
  /** The vehicle ends the session itself (ISO 15118 or pilot), as E15 describes. */
  | { readonly kind: 'evStop'; readonly evse: number };

/** What the simulated hardware adds: the hands of a driver, a vandal and a laboratory. Every verb of the control API lands here. */
export interface SimulatedHardware extends Hardware {
  plug(evse: number, connector?: number, vehicle?: Partial<VehicleProfile>, end?: 'ev' | 'evse' | 'both'): boolean;
  unplug(evse: number, connector?: number, end?: 'ev' | 'evse' | 'both'): boolean;
  presentToken(token: Omit<Extract<HardwareEvent, { kind: 'token' }>, 'kind'>): void;
  /** The vehicle ends the session itself. */
  evStop(evse: number): void;
  startButton(evse: number): void;
  stopButton(evse: number): void;
  /** Somebody chooses on the display: one EVSE, or all. */
  select(evse?: number): void;
  bay(evse: number, occupied: boolean): void;
  evState(evse: number, state: 'ready' | 'notReady' | 'suspended' | 'charging'): void;
  lockState(evse: number, connector: number, state: 'ok' | 'fail' | 'stuck'): void;
  injectFault(at: { evse?: number; connector?: number }, code: string): void;
  clearFault(at: { evse?: number; connector?: number }, code?: string): void;
  signedMeter(on: boolean): void;
  /** What the next installation comes to. */
  nextInstallation(outcome: 'ok' | 'verifyFails' | 'installFails'): void;
  /** The logs are there, or they cannot be read. */
  logs(available: boolean): void;
  /** What a person sees on the spot: contactors, locks, pilots, limits, display lines, vehicles. */
  facts(): SimulationFacts;
  /** The process is about to die or sleep: contactors fall open, no energy flows any more, the World is written. */
  powerOff(): void;
}

export interface VehicleProfile {
  readonly batteryWh: number;
  readonly socPercent: number;
  readonly targetSocPercent: number;
  readonly maxAcPowerW: number;
  readonly maxDcPowerW: number;
  readonly phases: 1 | 3;
  readonly temperatureC: number;
  /** Seconds between plug-in and asking for energy. */
  readonly readyAfterS: number;
}

export interface SimulationFacts {
  readonly evses: readonly {
    readonly id: number;
    readonly contactor: 'open' | 'closed';
    readonly bayOccupied: boolean;
    readonly limitW: number | null;
    readonly importMWh: number;
    readonly powerW: number;
    readonly socPercent: number | undefined;
    readonly display: readonly string[];
    readonly faults: readonly string[];
    readonly connectors: readonly {
      readonly id: number;
      readonly pilot: Pilot;
      readonly inserted: boolean;
      readonly lock: 'locked' | 'unlocked' | 'failed';
    }[];
  }[];
}

export interface SimulationOptions {
  readonly layout: StationLayout;
  readonly clock: Clock;
  readonly random: Random;
  readonly world: WorldFile;
  /** How often the simulation integrates energy and looks for changes. */
  readonly stepMs?: Millis;
  /** How long a reboot of the computer takes. */
  readonly rebootMs?: Millis;
  /** How long it takes to write an image. */
  readonly installMs?: Millis;
}
