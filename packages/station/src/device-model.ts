import type { Ocpp, OcppVersion } from '@busbar/protocol';
import { listMembers, type VariableKey, validateValue } from '@busbar/protocol/device-model';
import { assert, type JournalChange } from '@busbar/runtime';
import type { Life } from './life.ts';
import { keys, type Memory, put } from './memory.ts';
import type { At, VariableDefinition, VariableTable } from './variable-table.ts';

type Key<T extends VariableKey['type']> = VariableKey<T>;

export type Lookup =
  | { readonly kind: 'found'; readonly definition: VariableDefinition }
  | { readonly kind: 'UnknownComponent' | 'UnknownVariable' };

interface Listener {
  readonly definition: VariableDefinition;
  readonly action: () => void;
}

/** The device model of one station: its kind's variables, the values that were set, and who wants to know when one changes. */
export class DeviceModel {
  readonly #table: VariableTable;
  readonly #values: Map<string, string>;
  readonly #listeners: Listener[] = [];
  #life: Life | undefined;
  #anyChange: ((definition: VariableDefinition, value: string) => void) | undefined;
  version: OcppVersion = 'ocpp2.0.1';

  constructor(table: VariableTable, memory: Memory) {
    this.#table = table;
    this.#values = new Map(memory.list<string>(keys.variables).map(({ key, value }) => [key.slice(keys.variables.length), value]));
  }

  /** Where live values are read, once it is put together. */
  set life(life: Life) {
    this.#life = life;
  }

  /** What the CSMS can see: variables of the other version do not exist on this link. */
  get all(): readonly VariableDefinition[] {
    return this.#table.all(this.version);
  }

  value(definition: VariableDefinition): string {
    if (definition.live) return definition.live(this.#living);
    return this.#values.get(definition.name) ?? definition.initial;
  }

  text(key: VariableKey, at?: At): string {
    const definition = this.#table.get(key, at);
    return definition ? this.value(definition) : '';
  }

  bool(key: Key<'boolean'>, at?: At): boolean {
    return this.text(key, at) === 'true';
  }

  number(key: Key<'integer'> | Key<'decimal'>, at?: At): number {
    const text = this.text(key, at);
    return text === '' ? 0 : Number(text);
  }

  list(key: Key<'MemberList'> | Key<'SequenceList'>, at?: At): readonly string[] {
    return listMembers(this.text(key, at));
  }

  has(key: VariableKey, at?: At): boolean {
    return this.#table.get(key, at) !== undefined;
  }

  /** Runs whenever the variable got another value, after that is durable. */
  onChange(key: VariableKey, action: () => void): void {
    const definition = this.#table.get(key);
    if (definition) this.#listeners.push({ definition, action });
  }

  /** Runs for every change of a stored or measured value, for monitors. */
  set anyChange(action: (definition: VariableDefinition, value: string) => void) {
    this.#anyChange = action;
  }

  /** A live variable has another value now. */
  touched(key: VariableKey, at?: At): void {
    const definition = this.#table.get(key, at);
    if (definition) this.#anyChange?.(definition, this.value(definition));
  }

  /** A sensor's or technician's value, past mutability; false when there is no such variable or the value does not fit. */
  setActual(component: Ocpp.ComponentType, variable: Ocpp.VariableType, value: string): boolean {
    const found = this.lookup(component, variable);
    if (found.kind !== 'found' || found.definition.live || validateValue(found.definition.rules, value, this.version)) return false;
    this.#values.set(found.definition.name, value);
    this.#tell(found.definition);
    return true;
  }

  lookup(component: Ocpp.ComponentType, variable: Ocpp.VariableType): Lookup {
    const found = this.#table.find(component, variable, this.version);
    return typeof found === 'string' ? { kind: found } : { kind: 'found', definition: found };
  }

  /** Why the value is refused, or undefined (B05.FR.07–09). */
  refusal(definition: VariableDefinition, value: string): string | undefined {
    if (definition.mutability === 'ReadOnly') return 'the variable is read-only';
    return validateValue(definition.rules, value, this.version) ?? definition.refuse?.(value, this.#living);
  }

  /** What to write so that the value is kept. `apply` makes it valid in memory at once; `announce` runs the effects once it is durable. */
  setting(
    definition: VariableDefinition,
    value: string,
  ): { readonly change: JournalChange; readonly apply: () => void; readonly announce: () => void } {
    return {
      change: put(keys.variable(definition.name), value),
      apply: () => void this.#values.set(definition.name, value),
      announce: () => this.#tell(definition),
    };
  }

  get #living(): Life {
    assert(this.#life !== undefined, 'no live value is read before the life is put together');
    return this.#life;
  }

  #tell(definition: VariableDefinition): void {
    for (const { definition: watched, action } of this.#listeners) if (watched === definition) action();
    this.#anyChange?.(definition, this.value(definition));
  }
}
