import type { Clock } from '@busbar/runtime';
import type { Hardware, HardwareEvent, MeterReading, StationLayout } from '@busbar/station/hardware';
import type { Board } from './board.ts';

const MAINS_V = 230;
const PILOT = { A: 'unplugged', B: 'plugged', C: 'ready', F: 'fault' } as const;

/** One socket on one board: everything a firmware has to write to become an OCPP charging station. */
export class BoardHardware implements Hardware {
  readonly layout: StationLayout = {
    vendorName: 'Example Works',
    model: 'Paper 7',
    serialNumber: 'PAPER-0001',
    firmwareVersion: '1.0.0',
    hasMainMeter: false,
    hasRfid: true,
    hasPinPad: false,
    evses: [
      {
        id: 1,
        kind: 'AC',
        phases: 1,
        maxPowerW: 7_360,
        connectors: [{ id: 1, type: 'sType2', fixedCable: false, hasLock: true }],
        hasParkingSensor: false,
        hasStartButton: false,
        hasSignedMeter: false,
        measurands: ['Energy.Active.Import.Register', 'Power.Active.Import'],
      },
    ],
  };
  readonly #board: Board;
  readonly #clock: Clock;
  #flowing = false;

  constructor(board: Board, clock: Clock) {
    this.#board = board;
    this.#clock = clock;
  }

  /** Interrupts become facts. What holds at power-on is reported at once. */
  listen(listener: (event: HardwareEvent) => void): void {
    const pilot = (): void => listener({ kind: 'pilot', evse: 1, connector: 1, pilot: PILOT[this.#board.pilotState] });
    this.#board.onInterrupt((interrupt) => {
      if (interrupt === 'pilot') pilot();
      else if (interrupt === 'meter') this.#flow(listener);
      else if (interrupt === 'earth-leakage') listener({ kind: 'fault', evse: 1, code: 'ground-fault', active: true });
      else listener({ kind: 'token', evse: 1, type: 'ISO14443', idToken: interrupt.rfid });
    });
    pilot();
  }

  contactor(_evse: number, order: 'open' | 'close'): boolean {
    if (order === 'close' && this.#board.pilotState !== 'C') return false;
    this.#board.setContactor(order === 'close');
    return true;
  }

  async lock(_evse: number, _connector: number, order: 'lock' | 'unlock'): Promise<'locked' | 'unlocked' | 'failed'> {
    if (!(await this.#board.setLockMotor(order === 'lock'))) return 'failed';
    return order === 'lock' ? 'locked' : 'unlocked';
  }

  /** The duty cycle of the pilot offers the vehicle a current (IEC 61851-1, annex A). */
  limit(_evse: number, powerW: number | null): void {
    const amperes = (powerW ?? this.layout.evses[0]?.maxPowerW ?? 0) / MAINS_V;
    this.#board.setDutyCycle(amperes < 6 ? 100 : amperes / 0.6);
  }

  readMeter(): MeterReading {
    const { meterWh, powerW } = this.#board;
    return {
      at: this.#clock.now(),
      importMWh: Math.round(meterWh * 1_000),
      exportMWh: 0,
      powerW,
      samples: [
        { measurand: 'Energy.Active.Import.Register', value: meterWh, unit: 'Wh', location: 'Outlet' },
        { measurand: 'Power.Active.Import', value: powerW, unit: 'W', location: 'Outlet' },
      ],
    };
  }

  display(_evse: number, lines: readonly string[]): void {
    this.#board.showText(lines.join('\n'));
  }

  /** The computer restarts: what comes after it is a new process. */
  reboot(): Promise<void> {
    this.#board.restart();
    return new Promise(() => undefined);
  }

  #flow(listener: (event: HardwareEvent) => void): void {
    const flowing = this.#board.powerW > 0;
    if (flowing === this.#flowing) return;
    this.#flowing = flowing;
    listener({ kind: 'flow', evse: 1, flowing, because: 'ev' });
  }
}
