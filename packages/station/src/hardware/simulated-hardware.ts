import { type Timer } from '@busbar/runtime';
import type {
  HardwareEvent,
  MeterReading,
  SignedReading,
  SimulatedHardware,
  SimulationFacts,
  SimulationOptions,
  StationLayout,
} from './hardware.ts';
import { type EvseWorld, emptyEvse, SimulatedEvse } from './simulated-evse.ts';
import { type FirmwareWorld, SimulatedFirmware } from './simulated-firmware.ts';

interface World {
  readonly evses: EvseWorld[];
  readonly faults: readonly string[];
  readonly firmware?: FirmwareWorld;
}

/** A station of physics: batteries, meters, contactors and cables that outlive the process in the World's file. */
export function simulatedHardware(options: SimulationOptions): SimulatedHardware {
  return new Simulation(options);
}

class Simulation implements SimulatedHardware {
  readonly firmware: SimulatedFirmware;
  readonly #options: SimulationOptions;
  readonly #evses: readonly SimulatedEvse[];
  #faults: readonly string[];
  #listener: ((event: HardwareEvent) => void) | undefined;
  #step: Timer | undefined;
  #signing = true;
  #logs = true;
  #signatures = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const text = options.world.load();
    const stored: World | undefined = text === undefined ? undefined : JSON.parse(text);
    this.firmware = new SimulatedFirmware(options.layout.firmwareVersion, stored?.firmware, {
      clock: options.clock,
      installMs: options.installMs ?? 5_000,
      changed: () => this.#save(),
    });
    this.firmware.boot();
    this.#faults = stored?.faults ?? [];
    this.#evses = options.layout.evses.map((layout, index) => {
      const world = stored?.evses[index];
      return new SimulatedEvse(layout, world?.connectors.length === layout.connectors.length ? world : emptyEvse(layout), {
        clock: options.clock,
        report: (events) => this.#report(events),
      });
    });
  }

  get layout(): StationLayout {
    return { ...this.#options.layout, firmwareVersion: this.firmware.version };
  }

  listen(listener: (event: HardwareEvent) => void): void {
    this.#listener = listener;
    for (const evse of this.#evses) {
      evse.powerOn();
      for (const event of evse.present()) listener(event);
    }
    for (const code of this.#faults) listener({ kind: 'fault', code, active: true });
  }

  contactor(evse: number, order: 'open' | 'close'): boolean {
    if (order === 'close' && (this.#faults.length > 0 || this.#listener === undefined)) return false;
    return this.#evse(evse).contactor(order);
  }

  lock(evse: number, connector: number, order: 'lock' | 'unlock'): Promise<'locked' | 'unlocked' | 'failed'> {
    return this.#evse(evse).lock(connector, order);
  }

  limit(evse: number, powerW: number | null): void {
    this.#evse(evse).limit(powerW);
  }

  readMeter(evse: number): MeterReading {
    const reading = evse === 0 ? this.#mainMeter() : this.#evse(evse).read();
    this.#save();
    return reading;
  }

  readSignedMeter(evse: number, context: string): SignedReading | undefined {
    if (!this.#signing || evse === 0 || !this.#evse(evse).layout.hasSignedMeter) return undefined;
    const reading = this.readMeter(evse);
    this.#signatures += 1;
    const body = `{"FV":"1.0","GI":"Busbar simulation","GS":"${this.layout.serialNumber}","PG":"T${this.#signatures}","RD":[{"RV":${reading.importMWh / 1000},"RU":"Wh","CX":"${context}"}]}`;
    return {
      signedMeterData: `OCMF|${body}|{"SD":"${checksum(body)}"}`,
      signingMethod: 'simulated',
      encodingMethod: 'OCMF',
      publicKey: `simulated:${this.layout.serialNumber}`,
    };
  }

  phasesUsed(evse: number): 0 | 1 | 3 {
    return this.#evse(evse).phases();
  }

  display(evse: number, lines: readonly string[]): void {
    this.#evse(evse).show(lines);
  }

  reboot(): Promise<void> {
    this.powerOff();
    return new Promise((resolve) =>
      this.#options.clock.after(this.#options.rebootMs ?? 2_000, 'simulated reboot', () => {
        this.firmware.boot();
        this.#save();
        resolve();
      }),
    );
  }

  powerOff(): void {
    this.#listener = undefined;
    this.#step?.cancel();
    this.#step = undefined;
    for (const evse of this.#evses) evse.powerOff();
    this.#save();
  }

  plug(evse: number, connector = 1, vehicle = {}, end: 'ev' | 'evse' | 'both' = 'both'): boolean {
    return this.#evse(evse).plug(connector, vehicle, end);
  }

  unplug(evse: number, connector = 1, end: 'ev' | 'evse' | 'both' = 'both'): boolean {
    return this.#evse(evse).unplug(connector, end);
  }

  presentToken(token: Omit<Extract<HardwareEvent, { kind: 'token' }>, 'kind'>): void {
    this.#report([{ kind: 'token', ...token }]);
  }

  startButton(evse: number): void {
    this.#report([{ kind: 'startButton', evse }]);
  }

  stopButton(evse: number): void {
    this.#report([{ kind: 'stopButton', evse }]);
  }

  evStop(evse: number): void {
    this.#report([{ kind: 'evStop', evse }]);
  }

  select(evse?: number): void {
    this.#report([{ kind: 'selection', ...(evse === undefined ? {} : { evse }) }]);
  }

  bay(evse: number, occupied: boolean): void {
    this.#evse(evse).bay(occupied);
  }

  evState(evse: number, state: 'ready' | 'notReady' | 'suspended' | 'charging'): void {
    this.#evse(evse).evState(state);
  }

  lockState(evse: number, connector: number, state: 'ok' | 'fail' | 'stuck'): void {
    this.#evse(evse).mechanism(connector, state);
  }

  injectFault(at: { evse?: number; connector?: number }, code: string): void {
    if (at.evse !== undefined) return this.#evse(at.evse).fault(at.connector, code, true);
    this.#faults = [...new Set([...this.#faults, code])];
    for (const evse of this.#evses) evse.contactor('open');
    this.#report([{ kind: 'fault', code, active: true }]);
  }

  clearFault(at: { evse?: number; connector?: number }, code?: string): void {
    if (at.evse !== undefined) {
      const evse = this.#evse(at.evse);
      for (const known of evse.faultsAt(at.connector)) if (code === undefined || known === code) evse.fault(at.connector, known, false);
      return;
    }
    for (const known of this.#faults.filter((fault) => code === undefined || fault === code)) {
      this.#faults = this.#faults.filter((fault) => fault !== known);
      this.#report([{ kind: 'fault', code: known, active: false }]);
    }
  }

  signedMeter(on: boolean): void {
    this.#signing = on;
  }

  nextInstallation(outcome: 'ok' | 'verifyFails' | 'installFails'): void {
    this.firmware.next = outcome;
  }

  logs(available: boolean): void {
    this.#logs = available;
  }

  logAvailable(): boolean {
    return this.#logs;
  }

  facts(): SimulationFacts {
    return { evses: this.#evses.map((evse) => evse.facts()) };
  }

  /** Written first, told second: what the station hears of is physically true whatever happens next. */
  #report(events: readonly HardwareEvent[]): void {
    this.#save();
    this.#keepStepping();
    for (const event of events) this.#listener?.(event);
  }

  #keepStepping(): void {
    const anyFlow = this.#evses.some((evse) => evse.flowing);
    if (!anyFlow || this.#step || this.#listener === undefined) return;
    this.#step = this.#options.clock.after(this.#options.stepMs ?? 1_000, 'simulated physics', () => {
      this.#step = undefined;
      for (const evse of this.#evses) if (evse.flowing) evse.changed();
    });
  }

  #mainMeter(): MeterReading {
    const all = this.#evses.map((evse) => evse.read());
    const sum = (of: (reading: MeterReading) => number): number => all.reduce((total, reading) => total + of(reading), 0);
    const [importMWh, exportMWh, powerW] = [sum((r) => r.importMWh), sum((r) => r.exportMWh), sum((r) => r.powerW)];
    return {
      at: this.#options.clock.now(),
      importMWh,
      exportMWh,
      powerW,
      samples: [
        { measurand: 'Energy.Active.Import.Register', value: importMWh / 1000, unit: 'Wh', location: 'Inlet' },
        { measurand: 'Power.Active.Import', value: powerW, unit: 'W', location: 'Inlet' },
      ],
    };
  }

  #save(): void {
    const world: World = { evses: this.#evses.map((evse) => evse.world), faults: this.#faults, firmware: this.firmware.world };
    this.#options.world.save(JSON.stringify(world));
  }

  #evse(id: number): SimulatedEvse {
    const evse = this.#evses[id - 1];
    if (!evse) throw new RangeError(`the station has no EVSE ${id}`);
    return evse;
  }
}

/** Stands in for a signature: shows tampering in a test, proves nothing. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
