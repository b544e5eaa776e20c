import type { Clock, Millis, Timer } from '@busbar/runtime';
import { acceptedPowerMW, type Battery, defaultVehicle, phasesUsed, socOf } from './battery.ts';
import type { ConnectorLayout, EvseLayout, HardwareEvent, MeterReading, Pilot, SimulationFacts, VehicleProfile } from './hardware.ts';
import { readings } from './readings.ts';
import { addEnergy, emptyRegister, type Register } from './register.ts';

export type EvMood = 'auto' | 'ready' | 'notReady' | 'suspended' | 'charging';

/** What survives a power cut: things and what the meter counted. The contactor is not among them: without power it is open. */
export interface EvseWorld {
  register: Register;
  exportMWh: number;
  bay: boolean;
  faults: readonly string[];
  connectors: ConnectorWorld[];
  vehicle: { connector: number; profile: VehicleProfile; storedMWh: number; ready: boolean; mood: EvMood } | undefined;
}

interface ConnectorWorld {
  inserted: boolean;
  lock: 'locked' | 'unlocked';
  mechanism: 'ok' | 'fail' | 'stuck';
  faults: readonly string[];
}

export const emptyEvse = (layout: EvseLayout): EvseWorld => ({
  register: emptyRegister,
  exportMWh: 0,
  bay: false,
  faults: [],
  connectors: layout.connectors.map((connector) => ({ inserted: connector.fixedCable, lock: 'unlocked', mechanism: 'ok', faults: [] })),
  vehicle: undefined,
});

export interface EvseHost {
  readonly clock: Clock;
  /** Writes the World, then tells the listener: nobody hears of anything that is not on disk yet. */
  report(events: readonly HardwareEvent[]): void;
}

const LOCK_MS = 300;

/** One EVSE with a vehicle, as physics: a contactor, a cable, a battery and a meter. It knows no OCPP. */
export class SimulatedEvse {
  readonly layout: EvseLayout;
  readonly world: EvseWorld;
  readonly #host: EvseHost;
  #contactor: 'open' | 'closed' = 'open';
  #limitW: number | null = null;
  #flowing = false;
  #display: readonly string[] = [];
  #lastAt: Millis;
  #powerMW = 0;
  #readyTimer: Timer | undefined;
  /** Lock motors that run now; without power they stand still. */
  readonly #motors = new Set<Timer>();

  constructor(layout: EvseLayout, world: EvseWorld, host: EvseHost) {
    this.layout = layout;
    this.world = world;
    this.#host = host;
    this.#lastAt = host.clock.monotonic();
  }

  get flowing(): boolean {
    return this.#flowing;
  }

  /** The facts that hold now, as after power-up. */
  present(): readonly HardwareEvent[] {
    const { id, connectors } = this.layout;
    const events: HardwareEvent[] = [];
    if (this.layout.hasParkingSensor) events.push({ kind: 'bay', evse: id, occupied: this.world.bay });
    for (const connector of connectors) {
      const world = this.#connector(connector.id);
      if (!connector.fixedCable) events.push({ kind: 'cable', evse: id, connector: connector.id, inserted: world.inserted });
      if (connector.hasLock) events.push({ kind: 'lock', evse: id, connector: connector.id, state: world.lock });
      for (const code of world.faults) events.push({ kind: 'fault', evse: id, connector: connector.id, code, active: true });
      events.push({ kind: 'pilot', evse: id, connector: connector.id, pilot: this.pilot(connector.id) });
    }
    for (const code of this.world.faults) events.push({ kind: 'fault', evse: id, code, active: true });
    return events;
  }

  pilot(connectorId: number): Pilot {
    const { vehicle } = this.world;
    if (this.#connector(connectorId).faults.length > 0) return 'fault';
    if (vehicle?.connector !== connectorId) return 'unplugged';
    return vehicle.ready && vehicle.mood !== 'notReady' ? 'ready' : 'plugged';
  }

  /** Brings the meter up to the present moment. Everything that changes the power calls it before and after. */
  settle(): void {
    const now = this.#host.clock.monotonic();
    const ms = Math.round(now - this.#lastAt);
    this.#lastAt += ms;
    const { vehicle } = this.world;
    if (this.#powerMW > 0 && ms > 0) {
      const before = this.world.register;
      this.world.register = addEnergy(before, this.#powerMW, ms);
      if (vehicle) vehicle.storedMWh += this.world.register.mWh - before.mWh;
    }
    this.#powerMW = this.#contactor === 'closed' ? this.#wantedMW() : 0;
  }

  /** Settles, then tells what changed in the flow of energy, after `first`. */
  changed(first: readonly HardwareEvent[] = []): void {
    this.settle();
    const flowing = this.#powerMW > 0;
    const events = [...first];
    if (flowing !== this.#flowing || (this.#contactor === 'closed' && !flowing && this.#justClosed)) {
      events.push({ kind: 'flow', evse: this.layout.id, flowing, because: flowing || this.#evDecided() ? 'ev' : 'evse' });
    }
    this.#justClosed = false;
    this.#flowing = flowing;
    this.#host.report(events);
  }
  #justClosed = false;

  contactor(order: 'open' | 'close'): boolean {
    const { vehicle } = this.world;
    if (order === 'close' && (!vehicle || this.#faulty() || this.pilot(vehicle.connector) !== 'ready')) return false;
    if ((order === 'close') === (this.#contactor === 'closed')) return true;
    this.settle();
    this.#contactor = order === 'close' ? 'closed' : 'open';
    this.#justClosed = order === 'close';
    this.changed();
    return true;
  }

  limit(powerW: number | null): void {
    this.settle();
    this.#limitW = powerW;
    this.changed();
  }

  lock(connectorId: number, order: 'lock' | 'unlock'): Promise<'locked' | 'unlocked' | 'failed'> {
    const layout = this.#layout(connectorId);
    if (!layout.hasLock) return Promise.resolve(order === 'lock' ? 'locked' : 'unlocked');
    return new Promise((resolve) => {
      const motor = this.#host.clock.after(LOCK_MS, 'simulated lock', () => {
        this.#motors.delete(motor);
        const connector = this.#connector(connectorId);
        const works = connector.mechanism === 'ok' || (connector.mechanism === 'fail' && order === 'unlock');
        if (works) connector.lock = order === 'lock' ? 'locked' : 'unlocked';
        const state = works ? connector.lock : 'failed';
        this.#host.report([{ kind: 'lock', evse: this.layout.id, connector: connectorId, state }]);
        resolve(state);
      });
      this.#motors.add(motor);
    });
  }

  read(): MeterReading {
    this.settle();
    const { vehicle, register, exportMWh } = this.world;
    const battery = this.#battery();
    const samples = readings(this.layout, {
      importMWh: register.mWh,
      exportMWh,
      powerMW: this.#powerMW,
      offeredW: this.#contactor === 'closed' ? Math.min(this.layout.maxPowerW, this.#limitW ?? this.layout.maxPowerW) : 0,
      phases: battery && this.#powerMW > 0 ? phasesUsed(battery, this.#supply()) : 0,
      socPercent: vehicle && battery ? socOf(battery) : undefined,
    });
    return { at: this.#host.clock.now(), importMWh: register.mWh, exportMWh, powerW: this.#powerMW / 1000, samples };
  }

  phases(): 0 | 1 | 3 {
    const battery = this.#battery();
    return battery ? phasesUsed(battery, this.#supply()) : 0;
  }

  plug(connectorId = 1, vehicle: Partial<VehicleProfile> = {}, end: 'ev' | 'evse' | 'both' = 'both'): boolean {
    const connector = this.#connector(connectorId);
    const events: HardwareEvent[] = [];
    if (end !== 'ev' && !connector.inserted) {
      connector.inserted = true;
      events.push({ kind: 'cable', evse: this.layout.id, connector: connectorId, inserted: true });
    }
    if (end === 'evse') {
      this.#host.report(events);
      return true;
    }
    if (this.world.vehicle || !connector.inserted) return false;
    const profile = { ...defaultVehicle, ...vehicle };
    this.world.vehicle = {
      connector: connectorId,
      profile,
      storedMWh: Math.round(profile.batteryWh * profile.socPercent * 10),
      ready: profile.readyAfterS <= 0,
      mood: 'auto',
    };
    if (this.#display.length > 0) this.#display = [];
    this.changed([...events, { kind: 'pilot', evse: this.layout.id, connector: connectorId, pilot: this.pilot(connectorId) }]);
    this.wake();
    return true;
  }

  /** After plug-in or power-up the vehicle needs a while before it asks for energy. */
  wake(): void {
    const { vehicle } = this.world;
    this.#readyTimer?.cancel();
    if (!vehicle || vehicle.ready) return;
    this.#readyTimer = this.#host.clock.after(vehicle.profile.readyAfterS * 1000, 'simulated vehicle wakes', () => {
      if (this.world.vehicle !== vehicle || vehicle.ready) return;
      vehicle.ready = true;
      if (vehicle.mood !== 'notReady') this.#pilotChanged(vehicle.connector);
    });
  }

  unplug(connectorId = 1, end: 'ev' | 'evse' | 'both' = 'both'): boolean {
    const connector = this.#connector(connectorId);
    const layout = this.#layout(connectorId);
    if (end !== 'ev' && !layout.fixedCable && connector.lock === 'locked') return false;
    const events: HardwareEvent[] = [];
    if (this.world.vehicle?.connector === connectorId) {
      this.settle();
      this.world.vehicle = undefined;
      events.push({ kind: 'pilot', evse: this.layout.id, connector: connectorId, pilot: this.pilot(connectorId) });
    }
    if (end !== 'ev' && !layout.fixedCable && connector.inserted) {
      connector.inserted = false;
      events.unshift({ kind: 'cable', evse: this.layout.id, connector: connectorId, inserted: false });
    }
    this.changed(events);
    return events.length > 0;
  }

  evState(mood: EvMood): boolean {
    const { vehicle } = this.world;
    if (!vehicle) return false;
    this.settle();
    const before = this.pilot(vehicle.connector);
    vehicle.mood = mood;
    if (mood === 'ready' || mood === 'charging') vehicle.ready = true;
    if (this.pilot(vehicle.connector) === before) this.changed();
    else this.#pilotChanged(vehicle.connector);
    return true;
  }

  bay(occupied: boolean): void {
    this.world.bay = occupied;
    this.#host.report([{ kind: 'bay', evse: this.layout.id, occupied }]);
  }

  mechanism(connectorId: number, state: 'ok' | 'fail' | 'stuck'): void {
    this.#connector(connectorId).mechanism = state;
    this.#host.report([]);
  }

  fault(connectorId: number | undefined, code: string, active: boolean): void {
    const holder = connectorId === undefined ? this.world : this.#connector(connectorId);
    const codes = active ? [...new Set([...holder.faults, code])] : holder.faults.filter((known) => known !== code);
    if (codes.length === holder.faults.length) return;
    this.settle();
    holder.faults = codes;
    const at = connectorId === undefined ? {} : { connector: connectorId };
    this.changed([{ kind: 'fault', evse: this.layout.id, ...at, code, active }]);
  }

  faultsAt(connectorId: number | undefined): readonly string[] {
    return (connectorId === undefined ? this.world : this.#connector(connectorId)).faults;
  }

  show(lines: readonly string[]): void {
    this.#display = lines;
  }

  /** Power is gone: what was closed by a coil is open. */
  powerOff(): void {
    this.settle();
    this.#contactor = 'open';
    this.#limitW = null;
    this.#flowing = false;
    this.#powerMW = 0;
    this.#display = [];
    this.#readyTimer?.cancel();
    for (const motor of this.#motors) motor.cancel();
    this.#motors.clear();
  }

  /** Time that passed without power counts for nothing. */
  powerOn(): void {
    this.#lastAt = this.#host.clock.monotonic();
    this.wake();
  }

  facts(): SimulationFacts['evses'][number] {
    this.settle();
    const battery = this.#battery();
    return {
      id: this.layout.id,
      contactor: this.#contactor,
      bayOccupied: this.world.bay,
      limitW: this.#limitW,
      importMWh: this.world.register.mWh,
      powerW: this.#powerMW / 1000,
      socPercent: battery ? socOf(battery) : undefined,
      display: this.#display,
      faults: [...this.world.faults, ...this.world.connectors.flatMap((connector) => connector.faults)],
      connectors: this.layout.connectors.map(({ id }) => {
        const connector = this.#connector(id);
        return {
          id,
          pilot: this.pilot(id),
          inserted: connector.inserted,
          lock: connector.mechanism === 'stuck' ? 'failed' : connector.lock,
        };
      }),
    };
  }

  #pilotChanged(connector: number): void {
    this.changed([{ kind: 'pilot', evse: this.layout.id, connector, pilot: this.pilot(connector) }]);
  }

  #faulty(): boolean {
    return this.world.faults.length > 0 || this.world.connectors.some((connector) => connector.faults.length > 0);
  }

  #wantedMW(): number {
    const battery = this.#battery();
    if (!battery || this.#faulty() || !this.#wants()) return 0;
    return acceptedPowerMW(battery, this.#supply());
  }

  #wants(): boolean {
    const { vehicle } = this.world;
    return vehicle !== undefined && this.pilot(vehicle.connector) === 'ready' && vehicle.mood !== 'suspended';
  }

  /** Nothing flows: is it the vehicle that does not want, or the station that does not give? */
  #evDecided(): boolean {
    const battery = this.#battery();
    return !this.#wants() || (battery !== undefined && this.#limitW !== 0 && socOf(battery) >= battery.profile.targetSocPercent);
  }

  #battery(): Battery | undefined {
    const { vehicle } = this.world;
    return vehicle && { profile: vehicle.profile, storedMWh: vehicle.storedMWh };
  }

  #supply() {
    return { kind: this.layout.kind, phases: this.layout.phases, maxPowerW: this.layout.maxPowerW, limitW: this.#limitW };
  }

  #connector(id: number): ConnectorWorld {
    const connector = this.world.connectors[id - 1];
    if (!connector) throw new RangeError(`EVSE ${this.layout.id} has no connector ${id}`);
    return connector;
  }

  #layout(id: number): ConnectorLayout {
    const layout = this.layout.connectors[id - 1];
    if (!layout) throw new RangeError(`EVSE ${this.layout.id} has no connector ${id}`);
    return layout;
  }
}
