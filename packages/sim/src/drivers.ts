import { between, type Random, type Scope, s } from '@busbar/runtime';
import type { SimulatedHardware } from '@busbar/station/hardware';

export interface DriverOptions {
  readonly hardware: SimulatedHardware;
  readonly random: Random;
  readonly scope: Scope;
  readonly evse: number;
  readonly tokens: readonly string[];
  /** Seconds: how long a visit, a pause, and the wait before the very first visit are. */
  readonly chargeS: readonly [number, number];
  readonly pauseS: readonly [number, number];
  readonly firstAfterS: number;
}

/** Drivers that come, plug in, show a card, charge for a while and leave; one EVSE, for ever. */
export function drivers({ hardware, random, scope, evse, tokens, chargeS, pauseS, firstAfterS }: DriverOptions): void {
  const seconds = ([low, high]: readonly [number, number]): number => s(between(random, low * 10, high * 10) / 10);
  const card = (): string => tokens[between(random, 0, tokens.length - 1)] ?? '';
  const come = (): void => {
    const idToken = card();
    const soc = between(random, 12, 55);
    hardware.plug(evse, 1, {
      batteryWh: between(random, 40, 90) * 1000,
      socPercent: soc,
      targetSocPercent: between(random, 80, 95),
      readyAfterS: 1,
    });
    scope.after(seconds([2, 3]), 'driver shows the card', () => hardware.presentToken({ evse, type: 'ISO14443', idToken }));
    scope.after(seconds(chargeS) + s(3), 'driver is back', () => leave(idToken));
  };
  const leave = (idToken: string): void => {
    hardware.presentToken({ evse, type: 'ISO14443', idToken });
    scope.after(seconds([2, 3]), 'driver pulls the cable', () => {
      // A cable that is still locked stays in: the driver shows the card once more.
      if (hardware.unplug(evse, 1)) scope.after(seconds(pauseS), 'next driver', come);
      else scope.after(s(2), 'driver tries again', () => leave(idToken));
    });
  };
  const already =
    hardware
      .facts()
      .evses.find(({ id }) => id === evse)
      ?.connectors.some(({ pilot }) => pilot !== 'unplugged') ?? false;
  // After a restart the car of the last life is still there.
  scope.after(s(firstAfterS), 'first driver', already ? () => leave(card()) : come);
}
