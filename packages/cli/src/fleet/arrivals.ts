import { between, type Millis, type Random, type Scope, s } from '@busbar/runtime';
import type { SimulatedHardware } from '@busbar/station/hardware';
import type { Fleet } from './profile.ts';

interface Habit {
  /** Seconds: until the first car, at the socket, between two cars. */
  readonly firstS: readonly [number, number];
  readonly chargeS: readonly [number, number];
  readonly pauseS: readonly [number, number];
  readonly batteryKWh: readonly [number, number];
  readonly socPercent: readonly [number, number];
}

/** Who comes when, before `--speed`: to work in the morning, along the road all day, buses back in the depot almost at once. */
const HABITS: Readonly<Record<Fleet['pattern'], Habit>> = {
  commuter: { firstS: [0, 7_200], chargeS: [7_200, 28_800], pauseS: [600, 36_000], batteryKWh: [40, 90], socPercent: [30, 70] },
  highway: { firstS: [0, 1_800], chargeS: [900, 2_700], pauseS: [60, 3_600], batteryKWh: [50, 100], socPercent: [8, 30] },
  depot: { firstS: [0, 300], chargeS: [14_400, 25_200], pauseS: [28_800, 43_200], batteryKWh: [200, 400], socPercent: [20, 60] },
};
const CARD_S = 2;

export interface ArrivalOptions {
  readonly fleet: Fleet;
  readonly speed: number;
  readonly hardware: SimulatedHardware;
  readonly evse: number;
  readonly random: Random;
  readonly scope: Scope;
  readonly idToken: string;
}

/** The drivers of one EVSE. */
export class Arrivals {
  readonly #options: ArrivalOptions;
  readonly #habit: Habit;
  #here = false;
  #leaving = false;
  #ended = false;

  constructor(options: ArrivalOptions) {
    const { pattern, chargeS, pauseS } = options.fleet;
    this.#options = options;
    this.#habit = { ...HABITS[pattern], ...(chargeS ? { chargeS } : {}), ...(pauseS ? { pauseS, firstS: [0, pauseS[1]] } : {}) };
    this.#options.scope.after(this.#soon(this.#habit.firstS), 'first driver', () => this.#come());
  }

  /** Nobody comes any more; whoever is there leaves now. */
  end(): void {
    this.#ended = true;
    if (this.#here && !this.#leaving) this.#leave();
  }

  /** Whether a car stands there. */
  get here(): boolean {
    return this.#here;
  }

  #soon([low, high]: readonly [number, number]): Millis {
    return s((low + this.#options.random.next() * (high - low)) / this.#options.speed);
  }

  #come(): void {
    if (this.#ended) return;
    const { hardware, evse, random, scope, idToken, speed } = this.#options;
    const { batteryKWh, socPercent, chargeS } = this.#habit;
    // A battery that is smaller by the factor is as full at the end of a shorter visit.
    const batteryWh = (between(random, ...batteryKWh) * 1000) / speed;
    this.#here = hardware.plug(evse, 1, {
      batteryWh,
      socPercent: between(random, ...socPercent),
      targetSocPercent: between(random, 80, 100),
      readyAfterS: 0,
    });
    if (!this.#here) return;
    scope.after(s(CARD_S / Math.min(speed, 10)), 'driver shows the card', () => hardware.presentToken({ evse, type: 'ISO14443', idToken }));
    scope.after(s(CARD_S) + this.#soon(chargeS), 'driver is back', () => {
      if (!this.#leaving) this.#leave();
    });
  }

  /** A cable that is still locked stays in: the driver shows the card once more. */
  #leave(): void {
    const { hardware, evse, scope, idToken } = this.#options;
    this.#leaving = true;
    hardware.presentToken({ evse, type: 'ISO14443', idToken });
    scope.after(s(1), 'driver pulls the cable', () => {
      if (!hardware.unplug(evse, 1)) return this.#leave();
      this.#here = false;
      this.#leaving = false;
      if (!this.#ended) scope.after(this.#soon(this.#habit.pauseS), 'next driver', () => this.#come());
    });
  }
}
