import type { OcppVersion } from '../versions.ts';

/** How a device-model variable is described: our own words, the standard's names. */
export type VariableType = 'string' | 'decimal' | 'integer' | 'dateTime' | 'boolean' | 'OptionList' | 'SequenceList' | 'MemberList';
export type AttributeType = 'Actual' | 'Target' | 'MinSet' | 'MaxSet';
export type Mutability = 'ReadOnly' | 'WriteOnly' | 'ReadWrite';
/** Where a component sits: one of the station, one per EVSE, one per connector. */
export type Tier = 'station' | 'evse' | 'connector';

/** A typed key: what `dm.bool(key)`, `dm.integer(key)` … take. The value type is part of the key. */
export interface VariableKey<T extends VariableType = VariableType> {
  readonly component: string;
  readonly variable: string;
  readonly instance?: string;
  readonly type: T;
}

export interface StandardVariable<T extends VariableType = VariableType> extends VariableKey<T> {
  readonly tier: Tier;
  /** The instance is named by whoever has it (a vendor id, a language): this says what the name is. */
  readonly instanceOf?: string;
  readonly unit?: string;
  /** For lists: the values the standard knows, where it names them. */
  readonly values?: readonly string[];
  /** Values that only 2.1 knows besides. */
  readonly values21?: readonly string[];
  /** Numbers: the smallest and greatest value. Texts and lists: the length of the text in characters. */
  readonly min?: number;
  readonly max?: number;
  readonly max21?: number;
  readonly mutability: Mutability;
  /** Writable by the standard, but a station may build it read-only. */
  readonly mayBeReadOnly?: true;
  readonly required: boolean;
  /** Required only of stations that serve this functional block; of all when left out. */
  readonly requiredWith?: string;
  /** Only in these versions; both when left out. */
  readonly versions?: readonly OcppVersion[];
  /** The change has an effect only after a reboot. */
  readonly rebootRequired?: boolean;
  /** Added or changed by the errata (entry number). */
  readonly errata?: string;
  /** One line in our own words. */
  readonly about: string;
}

export type VariableTraits = Partial<Omit<StandardVariable, 'component' | 'variable' | 'type' | 'about' | 'tier'>>;

/** Makes the variables of one component; what is not said is read-only and optional. */
export function variablesOf(component: string, tier: Tier = 'station', of: VariableTraits = {}) {
  return <const T extends VariableType>(variable: string, type: T, about: string, traits: VariableTraits = {}): StandardVariable<T> => ({
    component,
    variable,
    type,
    tier,
    mutability: 'ReadOnly',
    required: false,
    ...of,
    ...traits,
    about,
  });
}

/** The key of one named instance, such as a vendor's CustomImplementationEnabled. */
export const withInstance = <K extends VariableKey>(key: K, instance: string): K & { readonly instance: string } => ({ ...key, instance });

/** One text per variable, for maps and messages: `Component.Variable` or `Component.Variable[instance]`. */
export const nameOf = (key: Pick<VariableKey, 'component' | 'variable' | 'instance'>): string =>
  `${key.component}.${key.variable}${key.instance === undefined ? '' : `[${key.instance}]`}`;

export const isIn = (variable: Pick<StandardVariable, 'versions'>, version: OcppVersion): boolean =>
  variable.versions?.includes(version) ?? true;
