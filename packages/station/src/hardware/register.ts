import type { Millis } from '@busbar/runtime';

/** A meter register in whole mWh with the exact remainder below it, so that no step of any length loses energy. */
export interface Register {
  readonly mWh: number;
  /** Microjoules not yet worth a mWh; below 3,600,000. */
  readonly remainderUJ: number;
}

const MICROJOULES_PER_MWH = 3_600_000;

export const emptyRegister: Register = { mWh: 0, remainderUJ: 0 };

/** Power is in whole milliwatts, time in whole milliseconds: their product is whole microjoules. It never goes back (J02.FR.16). */
export function addEnergy(register: Register, powerMW: number, ms: Millis): Register {
  if (powerMW <= 0 || ms <= 0) return register;
  const total = register.remainderUJ + Math.round(powerMW) * Math.round(ms);
  return { mWh: register.mWh + Math.floor(total / MICROJOULES_PER_MWH), remainderUJ: total % MICROJOULES_PER_MWH };
}
