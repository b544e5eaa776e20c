import type { VariableRow } from './intents.ts';

/** Names an attribute of a variable among those of a station; the table of variables is keyed by it. */
export const variableKey = (row: Omit<VariableRow, 'value'>): string =>
  JSON.stringify([
    row.component,
    row.componentInstance ?? null,
    row.evse ?? null,
    row.connector ?? null,
    row.variable,
    row.instance ?? null,
    row.attribute,
  ]);
