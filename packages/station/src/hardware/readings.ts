import type { EvseLayout, MeterSample } from './hardware.ts';

/** What the meter of an EVSE shows at one moment. */
export interface Electricity {
  readonly importMWh: number;
  readonly exportMWh: number;
  readonly powerMW: number;
  readonly offeredW: number;
  readonly phases: 0 | 1 | 3;
  readonly socPercent: number | undefined;
}

const GRID_VOLTAGE = 230;
const PACK_VOLTAGE = 400;
const PHASES = ['L1', 'L2', 'L3'] as const;
const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** Every sample the EVSE's meter can give, in the base units of OCPP. */
export function readings(layout: EvseLayout, now: Electricity): readonly MeterSample[] {
  const all = [...energy(now), ...flow(layout, now)];
  return all.filter((sample) => layout.measurands.includes(sample.measurand));
}

function energy(now: Electricity): MeterSample[] {
  return [
    { measurand: 'Energy.Active.Import.Register', value: now.importMWh / 1000, unit: 'Wh', location: 'Outlet' },
    { measurand: 'Energy.Active.Export.Register', value: now.exportMWh / 1000, unit: 'Wh', location: 'Outlet' },
    { measurand: 'Power.Active.Import', value: now.powerMW / 1000, unit: 'W', location: 'Outlet' },
    { measurand: 'Power.Offered', value: now.offeredW, unit: 'W', location: 'Outlet' },
  ];
}

function flow(layout: EvseLayout, now: Electricity): MeterSample[] {
  const samples: MeterSample[] = [];
  const powerW = now.powerMW / 1000;
  if (layout.kind === 'DC') {
    samples.push({ measurand: 'Current.Import', value: round(powerW / PACK_VOLTAGE, 2), unit: 'A', location: 'Outlet' });
    samples.push({ measurand: 'Current.Offered', value: round(now.offeredW / PACK_VOLTAGE, 2), unit: 'A', location: 'Outlet' });
    samples.push({ measurand: 'Voltage', value: now.powerMW > 0 ? PACK_VOLTAGE : 0, unit: 'V', location: 'Outlet' });
  } else {
    const carrying = Math.max(1, now.phases);
    for (const [index, phase] of PHASES.slice(0, layout.phases).entries()) {
      const current = index < carrying ? powerW / carrying / GRID_VOLTAGE : 0;
      samples.push({ measurand: 'Current.Import', value: round(current, 2), unit: 'A', phase, location: 'Outlet' });
      samples.push({ measurand: 'Voltage', value: GRID_VOLTAGE, unit: 'V', phase: `${phase}-N`, location: 'Outlet' });
    }
    samples.push({
      measurand: 'Current.Offered',
      value: round(now.offeredW / layout.phases / GRID_VOLTAGE, 2),
      unit: 'A',
      location: 'Outlet',
    });
    samples.push({ measurand: 'Frequency', value: 50, unit: 'Hz', location: 'Inlet' });
    samples.push({ measurand: 'Power.Factor', value: 1, unit: undefined, location: 'Outlet' });
  }
  if (now.socPercent !== undefined) samples.push({ measurand: 'SoC', value: round(now.socPercent, 1), unit: 'Percent', location: 'EV' });
  return samples;
}
