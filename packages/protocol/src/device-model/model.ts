import type { OcppVersion } from '../versions.ts';

/** How a device-model variable is described: our own words, the standard's names. */
export type VariableType = 'string' | 'decimal' | 'integer' | 'dateTime' | 'boolean' | 'OptionList' | 'SequenceList' | 'MemberList';
export type AttributeType = 'Actual' | 'Target' | 'MinSet' | 'MaxSet';
export type Mutability = 'ReadOnly' | 'WriteOnly' | 'ReadWrite';

export interface StandardVariable {
  readonly component: string;
  readonly variable: string;
  readonly instance?: string;
  readonly type: VariableType;
  readonly unit?: string;
  /** For lists: the values the standard knows, where it names them. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly mutability: Mutability;
  readonly required: boolean;
  /** Only in these versions; both when left out. */
  readonly versions?: readonly OcppVersion[];
  /** The change has an effect only after a reboot. */
  readonly rebootRequired?: boolean;
  /** Added or changed by the errata (entry number). */
  readonly errata?: string;
  /** One line in our own words. */
  readonly about: string;
}

/** A typed key: what `dm.bool(key)`, `dm.integer(key)` … take. The value type is part of the key. */
export interface VariableKey<T extends VariableType = VariableType> {
  readonly component: string;
  readonly variable: string;
  readonly instance?: string;
  readonly type: T;
}
