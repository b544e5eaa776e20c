import type { VehicleProfile } from './hardware.ts';

/** What a vehicle takes, by state of charge and temperature. Pure. */
export interface Battery {
  readonly profile: VehicleProfile;
  readonly storedMWh: number;
}

export const defaultVehicle: VehicleProfile = {
  batteryWh: 60_000,
  socPercent: 40,
  targetSocPercent: 100,
  maxAcPowerW: 11_000,
  maxDcPowerW: 140_000,
  phases: 3,
  temperatureC: 20,
  readyAfterS: 2,
};

export const socOf = (battery: Battery): number => Math.min(100, battery.storedMWh / 10 / battery.profile.batteryWh);

/** The share of its greatest power that a battery takes: full in the middle, less when nearly empty and towards full. */
export function shareBySoc(socPercent: number, kind: 'AC' | 'DC'): number {
  if (kind === 'AC') return socPercent < 95 ? 1 : Math.max(0.2, (100 - socPercent) / 5);
  if (socPercent < 10) return 0.8;
  if (socPercent <= 50) return 1;
  if (socPercent <= 80) return 1 - (0.6 * (socPercent - 50)) / 30;
  return Math.max(0.05, 0.4 - (0.35 * (socPercent - 80)) / 20);
}

/** Cold and hot batteries charge slower. */
export function shareByTemperature(temperatureC: number): number {
  if (temperatureC < 0) return 0.4;
  if (temperatureC < 15) return 0.4 + (0.6 * temperatureC) / 15;
  return temperatureC <= 45 ? 1 : 0.5;
}

export interface Supply {
  readonly kind: 'AC' | 'DC';
  readonly phases: 1 | 3;
  readonly maxPowerW: number;
  readonly limitW: number | null;
}

/** Phases that really carry current. */
export const phasesUsed = (battery: Battery, supply: Supply): 0 | 1 | 3 =>
  supply.kind === 'DC' ? 0 : supply.phases === 3 && battery.profile.phases === 3 ? 3 : 1;

/** Whole milliwatts that flow when the contactor is closed and the vehicle wants energy. */
export function acceptedPowerMW(battery: Battery, supply: Supply): number {
  const { profile } = battery;
  const soc = socOf(battery);
  if (soc >= profile.targetSocPercent) return 0;
  const own = supply.kind === 'DC' ? profile.maxDcPowerW : profile.maxAcPowerW;
  const perPhases =
    supply.kind === 'AC' && phasesUsed(battery, supply) === 1 && supply.phases === 3 ? supply.maxPowerW / 3 : supply.maxPowerW;
  const wanted = own * shareBySoc(soc, supply.kind) * (supply.kind === 'DC' ? shareByTemperature(profile.temperatureC) : 1);
  return Math.round(Math.min(wanted, perPhases, supply.limitW ?? Number.POSITIVE_INFINITY) * 1000);
}
