import type { Ocpp } from '@busbar/protocol';
import type { DeviceModel } from '../../device-model.ts';
import type { VariableDefinition } from '../../variable-table.ts';

/** B07: which variables belong to a base report. */
export function baseSelection(base: Ocpp.ReportBaseEnumType, dm: DeviceModel): readonly VariableDefinition[] {
  switch (base) {
    case 'FullInventory':
      return dm.all; // B07.FR.08
    case 'ConfigurationInventory':
      return dm.all.filter((definition) => definition.mutability !== 'ReadOnly'); // B07.FR.07
    case 'SummaryInventory':
      return dm.all.filter((definition) => isSummary(definition, dm)); // B07.FR.09
  }
}

const ABNORMAL = ['Problem', 'Tripped', 'Overload', 'Fallback'];

const isSummary = (definition: VariableDefinition, dm: DeviceModel): boolean =>
  definition.key.variable === 'AvailabilityState' || (ABNORMAL.includes(definition.key.variable) && dm.value(definition) === 'true');

/** B08: which variables a GetReport wants: components by criteria (any of them), limited to the listed ones. */
export function selection(request: Ocpp.GetReportRequest, dm: DeviceModel): readonly VariableDefinition[] {
  const { componentCriteria, componentVariable } = request;
  const listed = componentVariable
    ? dm.all.filter((definition) => componentVariable.some((wanted) => isWanted(wanted, definition))) // B08.FR.11
    : dm.all;
  if (!componentCriteria) return listed;
  return listed.filter((definition) => componentCriteria.some((criterion) => meets(criterion, definition, dm))); // B08.FR.05, B08.FR.13
}

/** B08.FR.07–10: a component without the variable counts as active, available, enabled; but not as having a problem. */
function meets(criterion: Ocpp.ComponentCriterionEnumType, definition: VariableDefinition, dm: DeviceModel): boolean {
  const own = dm.all.find((other) => sameComponent(other, definition) && other.key.variable === criterion);
  if (!own) return criterion !== 'Problem';
  return dm.value(own) === 'true';
}

const sameComponent = (a: VariableDefinition, b: VariableDefinition): boolean =>
  a.key.component === b.key.component && a.at.evse === b.at.evse && a.at.connector === b.at.connector;

const equals = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** B08.FR.20–25: what is left out means "every". */
function isWanted({ component, variable }: Ocpp.ComponentVariableType, definition: VariableDefinition): boolean {
  if (!equals(component.name, definition.key.component)) return false;
  if (component.instance !== undefined && component.instance !== '') return false; // our components have no instances (B08.FR.24, B08.FR.25)
  const { evse } = component;
  if (evse !== undefined && evse.id !== definition.at.evse) return false; // B08.FR.23
  if (evse?.connectorId !== undefined && evse.connectorId !== definition.at.connector) return false; // B08.FR.22
  if (variable === undefined) return true; // B08.FR.20
  if (!equals(variable.name, definition.key.variable)) return false;
  return variable.instance === undefined || variable.instance === definition.key.instance; // B08.FR.21
}

/** Parts that keep to both bounds; at least one entry each. */
export function split<T>(
  entries: readonly T[],
  bytesOf: (entry: T) => number,
  { maxItems, maxBytes }: { readonly maxItems: number; readonly maxBytes: number },
): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = bytesOf(entry) + 1;
    const last = parts.at(-1);
    if (last && last.length < maxItems && bytes + size <= maxBytes) {
      last.push(entry);
      bytes += size;
    } else {
      parts.push([entry]);
      bytes = size;
    }
  }
  return parts;
}
