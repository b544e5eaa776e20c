import { BusbarError } from '@busbar/runtime';
import type { ConnectorLayout, EvseLayout, Measurand, StationLayout } from './hardware.ts';

/** A station as a person describes it in a file; everything but the ratings has a default. */
export interface Topology {
  readonly layout: StationLayout;
  /** IANA zone of the site, for displays. */
  readonly zone: string | undefined;
}

const AC_MEASURANDS: readonly Measurand[] = [
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'Power.Offered',
  'Current.Import',
  'Current.Offered',
  'Voltage',
  'Frequency',
  'Power.Factor',
];
const DC_MEASURANDS: readonly Measurand[] = [
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'Power.Offered',
  'Current.Import',
  'Current.Offered',
  'Voltage',
  'SoC',
];
const ALL_MEASURANDS: readonly Measurand[] = [...AC_MEASURANDS, 'SoC', 'Energy.Active.Export.Register'];

type Fields = Readonly<Record<string, unknown>>;

/** `where` is the path in the file, for the sentence a person reads. */
class Reader {
  readonly #fields: Fields;
  readonly #where: string;
  readonly #known = new Set<string>();

  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'must be an object');
    this.#fields = { ...value };
    this.#where = where;
  }

  text(name: string, fallback?: string): string {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== 'string' || value === '') throw wrong(`${this.#where}.${name}`, 'must be a text');
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.#fields[name] === undefined ? undefined : this.text(name);
  }

  yes(name: string, fallback: boolean): boolean {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== 'boolean') throw wrong(`${this.#where}.${name}`, 'must be true or false');
    return value;
  }

  number(name: string, allowed: (value: number) => boolean, what: string, fallback?: number): number {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== 'number' || !allowed(value)) throw wrong(`${this.#where}.${name}`, what);
    return value;
  }

  /** A power as 22000, "22 kW" or "7400 W", in watts. */
  power(name: string): number {
    const value = this.#take(name);
    const text = typeof value === 'number' ? `${value}` : value;
    const [, digits, unit] = (typeof text === 'string' ? /^(\d+(?:\.\d+)?)\s*(W|kW|MW)?$/.exec(text) : null) ?? [];
    const watts = Number(digits) * (unit === 'kW' ? 1_000 : unit === 'MW' ? 1_000_000 : 1);
    if (!(watts > 0)) throw wrong(`${this.#where}.${name}`, 'must be a power such as 22000, "7400 W" or "22 kW"');
    return watts;
  }

  list(name: string): readonly unknown[] {
    const value = this.#take(name);
    if (!Array.isArray(value) || value.length === 0) throw wrong(`${this.#where}.${name}`, 'must be a list with at least one entry');
    return value;
  }

  optionalList(name: string): readonly unknown[] | undefined {
    return this.#fields[name] === undefined ? undefined : this.list(name);
  }

  /** A misspelt name must not silently become a default. */
  done(): void {
    const unknown = Object.keys(this.#fields).find((name) => !this.#known.has(name));
    if (unknown !== undefined) throw wrong(`${this.#where}.${unknown}`, 'is not known');
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#fields[name];
  }
}

const wrong = (where: string, what: string): BusbarError => new BusbarError('invalid-configuration', `topology: ${where} ${what}`);

/** A plain object (from YAML or JSON) to a layout; every mistake is named with its place. */
export function parseTopology(value: unknown): Topology {
  const reader = new Reader(value, 'station');
  const evses = reader.list('evses').map((entry, index) => parseEvse(entry, index));
  const layout: StationLayout = {
    vendorName: reader.text('vendorName', 'Busbar'),
    model: reader.text('model', 'Simulated'),
    serialNumber: reader.text('serialNumber', 'SIM-0001'),
    firmwareVersion: reader.text('firmwareVersion', '1.0.0'),
    hasMainMeter: reader.yes('mainMeter', true),
    hasRfid: reader.yes('rfid', true),
    hasPinPad: reader.yes('pinPad', false),
    hasSelection: reader.yes('selection', false),
    evses,
  };
  const zone = reader.optionalText('zone');
  reader.done();
  return { layout, zone };
}

function parseEvse(value: unknown, index: number): EvseLayout {
  const where = `evses[${index}]`;
  const reader = new Reader(value, where);
  const kind = reader.text('kind', 'AC');
  if (kind !== 'AC' && kind !== 'DC') throw wrong(`${where}.kind`, 'must be AC or DC');
  const phases = reader.number('phases', (n) => n === 1 || n === 3, 'must be 1 or 3', 3);
  const label = reader.optionalText('label');
  const evse: EvseLayout = {
    id: index + 1,
    kind,
    phases: phases === 1 ? 1 : 3,
    maxPowerW: reader.power('power'),
    connectors: reader.list('connectors').map((entry, at) => parseConnector(entry, `${where}.connectors[${at}]`, at)),
    hasParkingSensor: reader.yes('parkingSensor', false),
    hasStartButton: reader.yes('startButton', false),
    hasSignedMeter: reader.yes('signedMeter', false),
    measurands: measurands(reader.optionalList('measurands'), where, kind),
    ...(label === undefined ? {} : { label }),
  };
  reader.done();
  return evse;
}

function parseConnector(value: unknown, where: string, index: number): ConnectorLayout {
  const reader = new Reader(value, where);
  const type = reader.text('type');
  const fixedCable = reader.yes('fixedCable', !type.startsWith('s'));
  const connector: ConnectorLayout = { id: index + 1, type, fixedCable, hasLock: reader.yes('lock', !fixedCable) };
  reader.done();
  return connector;
}

function measurands(value: readonly unknown[] | undefined, where: string, kind: 'AC' | 'DC'): readonly Measurand[] {
  if (value === undefined) return kind === 'AC' ? AC_MEASURANDS : DC_MEASURANDS;
  return value.map((entry) => {
    const known = ALL_MEASURANDS.find((measurand) => measurand === entry);
    if (known === undefined) throw wrong(`${where}.measurands`, `does not know ${String(entry)}`);
    return known;
  });
}

/** The three stations of the demo. */
export const demoTopologies = {
  acSinglePhase: {
    model: 'Wall 7',
    serialNumber: 'DEMO-AC1',
    evses: [{ kind: 'AC', phases: 1, power: '7.4 kW', connectors: [{ type: 'sType2' }], startButton: true, label: 'Garage' }],
  },
  acThreePhase: {
    model: 'Twin 22',
    serialNumber: 'DEMO-AC3',
    evses: [
      { kind: 'AC', phases: 3, power: '22 kW', connectors: [{ type: 'sType2' }], parkingSensor: true, label: 'Left' },
      { kind: 'AC', phases: 3, power: '22 kW', connectors: [{ type: 'sType2' }], parkingSensor: true, label: 'Right' },
    ],
  },
  dc150: {
    model: 'Fast 150',
    serialNumber: 'DEMO-DC1',
    evses: [{ kind: 'DC', power: '150 kW', connectors: [{ type: 'cCCS2' }], signedMeter: true, label: 'Fast' }],
  },
} as const;
