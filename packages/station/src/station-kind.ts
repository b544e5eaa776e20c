import { limits } from '@busbar/runtime';
import { SLOTS } from './blocks/b-provisioning/network-profiles.ts';
import type { StationConfig } from './config.ts';
import type { Hardware, StationLayout } from './hardware/hardware.ts';
import { addInfrastructure } from './infrastructure.ts';
import { VariableTable } from './variable-table.ts';
import { addVariables } from './variables.ts';

/** Everything the variables of a station depend on besides their values. Stations that agree in it are of one kind. */
export interface StationKind extends Pick<StationLayout, 'vendorName' | 'model' | 'hasRfid' | 'hasPinPad' | 'evses'> {
  /** Values before anybody sets them (`StationConfig.variables`). */
  readonly variables: Readonly<Record<string, string>>;
  readonly organization: string;
  /** Whose DataTransfer it understands. */
  readonly vendors: readonly string[];
  /** The network profiles it is delivered with. */
  readonly networkSlots: readonly number[];
  readonly evseReset: boolean;
  readonly movesFiles: boolean;
  readonly takesFirmware: boolean;
}

export function kindOf(
  config: StationConfig,
  { layout, firmware }: Pick<Hardware, 'layout' | 'firmware'>,
  movesFiles: boolean,
): StationKind {
  const { vendorName, model, hasRfid, hasPinPad, evses } = layout;
  return {
    vendorName,
    model,
    hasRfid,
    hasPinPad,
    evses,
    variables: config.variables ?? {},
    organization: config.organization ?? 'Busbar',
    vendors: Object.keys(config.dataTransfer ?? {}),
    networkSlots: SLOTS.filter((slot) => slot === 1 || config.networkProfiles?.some((entry) => entry.slot === slot)),
    evseReset: config.evseReset ?? true,
    movesFiles,
    takesFirmware: movesFiles && firmware !== undefined,
  };
}

/** Makes the table of a kind once: the stations of a fleet are handed the same `VariableTables`. */
export class VariableTables {
  readonly #tables = new Map<string, VariableTable>();

  of(kind: StationKind): VariableTable {
    const name = JSON.stringify(kind);
    const known = this.#tables.get(name);
    if (known) return known;
    const table = new VariableTable();
    addVariables(table, kind);
    addInfrastructure(table, kind);
    const [oldest] = this.#tables.keys();
    if (oldest !== undefined && this.#tables.size >= limits.stationKinds) this.#tables.delete(oldest);
    this.#tables.set(name, table);
    return table;
  }
}
