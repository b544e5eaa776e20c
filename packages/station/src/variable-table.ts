import type { Ocpp, OcppVersion } from '@busbar/protocol';
import { isIn, standardVariable, type ValueRules, type VariableKey } from '@busbar/protocol/device-model';
import { assert } from '@busbar/runtime';
import type { Life } from './life.ts';

/** Where an instance of a variable sits: on the station, an EVSE or a connector. */
export interface At {
  readonly evse?: number;
  readonly connector?: number;
}

export interface VariableOptions {
  readonly at?: At;
  readonly mutability?: Ocpp.MutabilityEnumType;
  readonly rules?: Partial<ValueRules>;
  /** The value as it is now, for variables that nobody sets. */
  readonly live?: (life: Life) => string;
  readonly initial?: string;
  /** Why the station cannot honour a value that the standard allows (B05.FR.09). */
  readonly refuse?: (value: string, life: Life) => string | undefined;
  readonly rebootRequired?: boolean;
  readonly monitored?: boolean;
}

/** One variable of a station. The standard's entry gives type, unit and limits; a station may only be narrower. Nothing in it belongs to one station alone. */
export interface VariableDefinition extends Pick<VariableOptions, 'live' | 'refuse' | 'rebootRequired' | 'monitored'> {
  /** Key of the stored value. */
  readonly name: string;
  readonly key: VariableKey;
  readonly at: At;
  readonly mutability: Ocpp.MutabilityEnumType;
  readonly rules: ValueRules;
  readonly initial: string;
  readonly versions?: readonly OcppVersion[];
  readonly unit?: string;
  /** As NotifyReport carries it; all but the attribute is the same object each time. */
  readonly report: (value: string) => Ocpp.ReportDataType;
  /** Length of that as JSON. */
  readonly reportBytes: (value: string) => number;
}

const STATION: At = {};

const nameOf = (component: string, variable: string, instance: string | undefined, at: At): string =>
  `${component}${at.evse === undefined ? '' : `#${at.evse}`}${at.connector === undefined ? '' : `.${at.connector}`}/${variable}${instance === undefined ? '' : `[${instance}]`}`;

/** Names of components and variables are case-insensitive (Part 2, identifierString). */
const same = (name: string): string => name.toLowerCase();

const placeOf = (component: string, evse: number | undefined, connector: number | undefined): string =>
  `${same(component)}#${evse ?? ''}.${connector ?? ''}`;

/** The variables that stations of one kind have, in the order of their report. Full once it is made: a thousand stations may share it. */
export class VariableTable {
  readonly #byName = new Map<string, VariableDefinition>();
  readonly #byComponent = new Map<string, VariableDefinition[]>();
  readonly #all = new Map<OcppVersion, readonly VariableDefinition[]>();

  add(key: VariableKey, { at = STATION, mutability, rules, initial = '', ...rest }: VariableOptions = {}): void {
    const standard = standardVariable(key.component, key.variable, key.instance);
    const common = {
      ...rest,
      name: nameOf(key.component, key.variable, key.instance, at),
      key,
      at,
      mutability: mutability ?? standard?.mutability ?? 'ReadOnly',
      rules: { ...(standard ?? { type: key.type }), ...rules },
      initial,
      ...(standard?.unit === undefined ? {} : { unit: standard.unit }),
      ...(standard?.versions === undefined ? {} : { versions: standard.versions }),
    };
    assert(!this.#byName.has(common.name), 'a variable is added once');
    const report = reporting(common);
    const emptyBytes = JSON.stringify(report('')).length - '""'.length;
    const reportBytes = (value: string): number => emptyBytes + (common.mutability === 'WriteOnly' ? 2 : JSON.stringify(value).length);
    const definition = { ...common, report, reportBytes };
    this.#byName.set(common.name, definition);
    const place = placeOf(key.component, at.evse, at.connector);
    this.#byComponent.set(place, [...(this.#byComponent.get(place) ?? []), definition]);
  }

  /** What the CSMS can see: variables of the other version do not exist on this link. */
  all(version: OcppVersion): readonly VariableDefinition[] {
    const known = this.#all.get(version) ?? [...this.#byName.values()].filter((definition) => isIn(definition, version));
    this.#all.set(version, known);
    return known;
  }

  get(key: VariableKey, at: At = STATION): VariableDefinition | undefined {
    return this.#byName.get(nameOf(key.component, key.variable, key.instance, at));
  }

  named(name: string): VariableDefinition | undefined {
    return this.#byName.get(name);
  }

  /** B05.FR.04, B05.FR.05, B06.FR.15: first the component, then the variable; an instance that is asked for must exist. */
  find(
    component: Ocpp.ComponentType,
    variable: Ocpp.VariableType,
    version: OcppVersion,
  ): VariableDefinition | 'UnknownComponent' | 'UnknownVariable' {
    if (component.instance !== undefined && component.instance !== '') return 'UnknownComponent';
    const known = this.#byComponent.get(placeOf(component.name, component.evse?.id, component.evse?.connectorId)) ?? [];
    const ofComponent = known.filter((definition) => isIn(definition, version));
    if (ofComponent.length === 0) return 'UnknownComponent';
    const instance = variable.instance === '' ? undefined : variable.instance;
    return ofComponent.find(({ key }) => same(key.variable) === same(variable.name) && key.instance === instance) ?? 'UnknownVariable';
  }
}

/** All attributes and characteristics of a variable, but never the value of a secret (errata 2.10). */
function reporting({
  key,
  at,
  rules,
  monitored,
  unit,
  mutability,
}: Omit<VariableDefinition, 'report' | 'reportBytes'>): VariableDefinition['report'] {
  const evse = at.evse === undefined ? {} : { evse: { id: at.evse, ...(at.connector === undefined ? {} : { connectorId: at.connector }) } };
  const component = { name: key.component, ...evse };
  const variable = { name: key.variable, ...(key.instance === undefined ? {} : { instance: key.instance }) };
  const variableCharacteristics = {
    dataType: rules.type,
    supportsMonitoring: monitored ?? false,
    ...(unit === undefined ? {} : { unit }),
    ...(rules.min === undefined ? {} : { minLimit: rules.min }),
    ...(rules.max === undefined ? {} : { maxLimit: rules.max }),
    ...(rules.values === undefined ? {} : { valuesList: rules.values.join(',') }),
  };
  const attribute = { type: 'Actual', mutability, persistent: mutability !== 'ReadOnly' } as const;
  return (value) => ({
    component,
    variable,
    variableAttribute: [mutability === 'WriteOnly' ? attribute : { ...attribute, value }],
    variableCharacteristics,
  });
}
