import type { Ocpp, OcppVersion } from '@busbar/protocol';
import { isIn, listMembers, standardVariable, type ValueRules, type VariableKey, validateValue } from '@busbar/protocol/device-model';
import type { JournalChange } from '@busbar/runtime';
import { keys, type Memory, put } from './memory.ts';

type Key<T extends VariableKey['type']> = VariableKey<T>;

/** Where an instance of a variable sits: on the station, an EVSE or a connector. */
export interface At {
  readonly evse?: number;
  readonly connector?: number;
}

/** One variable this station has. The standard's entry gives type, unit and limits; a station may only be narrower. */
export interface VariableDefinition {
  readonly key: VariableKey;
  readonly at: At;
  readonly mutability: Ocpp.MutabilityEnumType;
  readonly rules: ValueRules;
  readonly unit?: string;
  readonly rebootRequired?: boolean;
  /** The value as it is now, for variables that nobody sets. */
  readonly live?: () => string;
  readonly initial: string;
  /** Why the station cannot honour a value that the standard allows (B05.FR.09). */
  readonly refuse?: (value: string) => string | undefined;
  readonly monitored?: boolean;
  readonly versions?: readonly OcppVersion[];
}

export interface VariableOptions {
  readonly at?: At;
  readonly mutability?: Ocpp.MutabilityEnumType;
  readonly rules?: Partial<ValueRules>;
  readonly live?: () => string;
  readonly initial?: string;
  readonly refuse?: (value: string) => string | undefined;
  readonly rebootRequired?: boolean;
  readonly monitored?: boolean;
}

export type Lookup =
  | { readonly kind: 'found'; readonly definition: VariableDefinition }
  | { readonly kind: 'UnknownComponent' | 'UnknownVariable' };

const nameOf = (component: string, variable: string, instance: string | undefined, at: At): string =>
  `${component}${at.evse === undefined ? '' : `#${at.evse}`}${at.connector === undefined ? '' : `.${at.connector}`}/${variable}${instance === undefined ? '' : `[${instance}]`}`;

const nameFor = (definition: VariableDefinition): string =>
  nameOf(definition.key.component, definition.key.variable, definition.key.instance, definition.at);

/** The device model: every variable of the station with its limits, its value and who wants to know when it changes. */
export class DeviceModel {
  readonly #memory: Memory;
  readonly #definitions = new Map<string, VariableDefinition>();
  readonly #values = new Map<string, string>();
  readonly #listeners = new Map<string, (() => void)[]>();
  readonly #anyChange: ((definition: VariableDefinition, value: string) => void)[] = [];
  version: OcppVersion = 'ocpp2.0.1';

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  add(key: VariableKey, options: VariableOptions = {}): void {
    const standard = standardVariable(key.component, key.variable, key.instance);
    const at = options.at ?? {};
    const definition: VariableDefinition = {
      key,
      at,
      mutability: options.mutability ?? standard?.mutability ?? 'ReadOnly',
      // The standard's own object where nothing is narrower: a fleet has this one thousands of times.
      rules: options.rules === undefined ? (standard ?? { type: key.type }) : { ...(standard ?? { type: key.type }), ...options.rules },
      initial: options.initial ?? '',
      ...(standard?.unit === undefined ? {} : { unit: standard.unit }),
      ...(standard?.versions === undefined ? {} : { versions: standard.versions }),
      ...(options.live === undefined ? {} : { live: options.live }),
      ...(options.refuse === undefined ? {} : { refuse: options.refuse }),
      ...(options.rebootRequired === undefined ? {} : { rebootRequired: options.rebootRequired }),
      ...(options.monitored === undefined ? {} : { monitored: options.monitored }),
    };
    const name = nameFor(definition);
    this.#definitions.set(name, definition);
    const stored = this.#memory.read<string>(keys.variable(name));
    if (stored !== undefined) this.#values.set(name, stored);
  }

  /** What the CSMS can see: variables of the other version do not exist on this link. */
  get all(): readonly VariableDefinition[] {
    return [...this.#definitions.values()].filter((definition) => isIn(definition, this.version));
  }

  value(definition: VariableDefinition): string {
    return definition.live?.() ?? this.#values.get(nameFor(definition)) ?? definition.initial;
  }

  text(key: VariableKey, at: At = {}): string {
    const definition = this.#definitions.get(nameOf(key.component, key.variable, key.instance, at));
    return definition ? this.value(definition) : '';
  }

  bool(key: Key<'boolean'>, at: At = {}): boolean {
    return this.text(key, at) === 'true';
  }

  number(key: Key<'integer'> | Key<'decimal'>, at: At = {}): number {
    const text = this.text(key, at);
    return text === '' ? 0 : Number(text);
  }

  list(key: Key<'MemberList'> | Key<'SequenceList'>, at: At = {}): readonly string[] {
    return listMembers(this.text(key, at));
  }

  has(key: VariableKey, at: At = {}): boolean {
    return this.#definitions.has(nameOf(key.component, key.variable, key.instance, at));
  }

  /** Runs whenever the variable got another value, after that is durable. */
  onChange(key: VariableKey, action: () => void): void {
    const name = nameOf(key.component, key.variable, key.instance, {});
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), action]);
  }

  /** Runs for every change of a stored or measured value, for monitors. */
  onAnyChange(action: (definition: VariableDefinition, value: string) => void): void {
    this.#anyChange.push(action);
  }

  /** A live variable has another value now. */
  touched(key: VariableKey, at: At = {}): void {
    const definition = this.#definitions.get(nameOf(key.component, key.variable, key.instance, at));
    if (definition) for (const action of this.#anyChange) action(definition, this.value(definition));
  }

  /** A sensor's or technician's value, past mutability; false when there is no such variable or the value does not fit. */
  setActual(component: Ocpp.ComponentType, variable: Ocpp.VariableType, value: string): boolean {
    const found = this.lookup(component, variable);
    if (found.kind !== 'found' || found.definition.live || validateValue(found.definition.rules, value, this.version)) return false;
    this.#values.set(nameFor(found.definition), value);
    this.#tell(found.definition);
    return true;
  }

  /** B05.FR.04, B05.FR.05, B06.FR.15: first the component, then the variable; an instance that is asked for must exist. */
  lookup(component: Ocpp.ComponentType, variable: Ocpp.VariableType): Lookup {
    const at: At = {
      ...(component.evse === undefined ? {} : { evse: component.evse.id }),
      ...(component.evse?.connectorId === undefined ? {} : { connector: component.evse.connectorId }),
    };
    const instance = variable.instance === '' ? undefined : variable.instance;
    const noComponentInstance = component.instance === undefined || component.instance === '';
    const same = (definition: VariableDefinition): boolean =>
      equals(definition.key.component, component.name) && definition.at.evse === at.evse && definition.at.connector === at.connector;
    const ofComponent = noComponentInstance ? this.all.filter(same) : [];
    if (ofComponent.length === 0) return { kind: 'UnknownComponent' };
    const definition = ofComponent.find((entry) => equals(entry.key.variable, variable.name) && entry.key.instance === instance);
    return definition ? { kind: 'found', definition } : { kind: 'UnknownVariable' };
  }

  /** Why the value is refused, or undefined (B05.FR.07–09). */
  refusal(definition: VariableDefinition, value: string): string | undefined {
    if (definition.mutability === 'ReadOnly') return 'the variable is read-only';
    return validateValue(definition.rules, value, this.version) ?? definition.refuse?.(value);
  }

  /** What to write so that the value is kept. `apply` makes it valid in memory at once; `announce` runs the effects once it is durable. */
  setting(
    definition: VariableDefinition,
    value: string,
  ): { readonly change: JournalChange; readonly apply: () => void; readonly announce: () => void } {
    const name = nameFor(definition);
    return {
      change: put(keys.variable(name), value),
      apply: () => void this.#values.set(name, value),
      announce: () => this.#tell(definition),
    };
  }

  #tell(definition: VariableDefinition): void {
    for (const action of this.#listeners.get(nameFor(definition)) ?? []) action();
    for (const action of this.#anyChange) action(definition, this.value(definition));
  }
}

/** Names of components and variables are case-insensitive (Part 2, identifierString). */
const equals = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
