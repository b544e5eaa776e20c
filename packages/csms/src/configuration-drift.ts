import type { Ocpp } from '@busbar/protocol';
import { type Instant, isRecord, limits } from '@busbar/runtime';
import { sameValue } from './blocks/b-provisioning/same-value.ts';
import { lastWrites, placeOf, type VariableWrite } from './blocks/b-provisioning/variable-writes.ts';
import type { Station } from './stations.ts';
import type { VariableRow } from './store/intents.ts';
import type { Reader } from './store/store.ts';
import { variableKey } from './store/variable-key.ts';

export interface Difference {
  /** Among what is wanted. */
  readonly index: number;
  readonly value: string | null;
  readonly state: 'differs' | 'refused' | 'afterReboot' | 'unknown';
}

export interface Comparison {
  readonly same: number;
  /** When the oldest of what was compared was told. */
  readonly readAt: Instant | null;
  readonly differing: readonly Difference[];
}

type Told = VariableRow & { readonly at: Instant };

/** What a station has, as it told, beside what it should have. Its last writes say why something is not so yet. */
export async function compare(read: Reader, station: Station, wanted: readonly Ocpp.SetVariableDataType[]): Promise<Comparison> {
  const told = new Map((await read.variables(station.record.row)).map((row) => [variableKey(row), row] as const));
  const found = wanted.map((variable) => {
    const key = variableKey(placeOf(variable));
    return { key, wanted: variable.attributeValue, row: told.get(key) };
  });
  const readAt = found.reduce<Instant | null>(
    (oldest, { row }) => (row === undefined || (oldest !== null && oldest <= row.at) ? oldest : row.at),
    null,
  );
  const isSame = found.map((one) => one.row?.value !== undefined && sameValue(one.row.value, one.wanted, dataTypeOf(one.row)));
  const same = isSame.filter(Boolean).length;
  if (same === found.length) return { same, readAt, differing: [] };
  const writes = await writesOf(read, station);
  return {
    same,
    readAt,
    differing: found.flatMap(({ key, row, wanted: value }, index) =>
      isSame[index] === true ? [] : [{ index, value: row?.value ?? null, state: stateOf(row, value, writes.get(key)) }],
    ),
  };
}

export async function writesOf(read: Reader, { record }: Station): Promise<ReadonlyMap<string, VariableWrite>> {
  const commands = await read.listCommands({ station: record.row, action: 'SetVariables', limit: limits.variableWrites });
  return lastWrites(commands, record.bootAt);
}

function stateOf(row: Told | undefined, wanted: string, write: VariableWrite | undefined): Difference['state'] {
  if (write !== undefined && write.wanted === wanted) {
    if (write.afterReboot) return 'afterReboot';
    if (write.status !== 'Accepted' && write.status !== 'RebootRequired') return 'refused';
  }
  return row?.value === undefined ? 'unknown' : 'differs';
}

function dataTypeOf({ characteristics }: VariableRow): string | undefined {
  const parsed: unknown = characteristics === undefined ? undefined : JSON.parse(characteristics);
  return isRecord(parsed) && typeof parsed['dataType'] === 'string' ? parsed['dataType'] : undefined;
}
