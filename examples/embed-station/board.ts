/**
 * A made-up charging board as a firmware vendor knows it: registers and interrupts, no OCPP.
 * Yours is a driver for a serial line, an I²C bus or a field bus.
 */
export interface Board {
  /** IEC 61851: A nothing, B vehicle, C vehicle wants energy, F fault. */
  readonly pilotState: 'A' | 'B' | 'C' | 'F';
  readonly meterWh: number;
  readonly powerW: number;
  setContactor(closed: boolean): void;
  setDutyCycle(percent: number): void;
  setLockMotor(locked: boolean): Promise<boolean>;
  showText(text: string): void;
  restart(): void;
  onInterrupt(handler: (interrupt: 'pilot' | 'meter' | 'earth-leakage' | { readonly rfid: string }) => void): void;
}

/** The same board without metal, for trying this example on a desk. */
export class PaperBoard implements Board {
  pilotState: Board['pilotState'] = 'A';
  meterWh = 0;
  powerW = 0;
  contactorClosed = false;
  dutyCycle = 100;
  locked = false;
  text = '';
  #handler: Parameters<Board['onInterrupt']>[0] = () => undefined;

  setContactor(closed: boolean): void {
    this.contactorClosed = closed;
    this.powerW = closed && this.pilotState === 'C' ? 7_360 : 0;
    this.#handler('meter');
  }
  setDutyCycle(percent: number): void {
    this.dutyCycle = percent;
  }
  setLockMotor(locked: boolean): Promise<boolean> {
    this.locked = locked;
    return Promise.resolve(true);
  }
  showText(text: string): void {
    this.text = text;
  }
  restart(): void {
    this.setContactor(false);
  }
  onInterrupt(handler: Parameters<Board['onInterrupt']>[0]): void {
    this.#handler = handler;
  }

  /** The hands on the desk. */
  pilot(state: Board['pilotState']): void {
    this.pilotState = state;
    this.#handler('pilot');
  }
  card(rfid: string): void {
    this.#handler({ rfid });
  }
  count(wh: number): void {
    this.meterWh += wh;
  }
}
