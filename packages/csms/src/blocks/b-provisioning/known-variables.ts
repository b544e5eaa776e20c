import { flat } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type { Intent, StationRow, VariableRow } from '../../store/intents.ts';

/** What the answers to GetVariables and SetVariables teach about the station's device model (B05, B06). */
export function fromGetVariables(station: StationRow, at: Instant, { getVariableResult }: Ocpp.GetVariablesResponse): Intent[] {
  const rows = getVariableResult
    .filter(({ attributeStatus, attributeValue }) => attributeStatus === 'Accepted' && attributeValue !== undefined)
    .map(
      (result): VariableRow => ({
        ...flat(result),
        attribute: result.attributeType ?? 'Actual',
        value: result.attributeValue ?? '',
      }),
    );
  return rows.length === 0 ? [] : [{ k: 'variables', station, at, rows }];
}

export function fromSetVariables(
  station: StationRow,
  at: Instant,
  request: Ocpp.SetVariablesRequest,
  response: Ocpp.SetVariablesResponse,
): Intent[] {
  const rows = request.setVariableData.flatMap((asked): VariableRow[] => {
    const result = response.setVariableResult.find((answered) => sameVariable(asked, answered));
    // RebootRequired: the station still works with the old value until it restarts (B05.FR.03).
    if (result?.attributeStatus !== 'Accepted' || secret(asked)) return [];
    return [{ ...flat(asked), attribute: asked.attributeType ?? 'Actual', value: asked.attributeValue }];
  });
  return rows.length === 0 ? [] : [{ k: 'variables', station, at, rows }];
}

const sameVariable = (a: Ocpp.SetVariableDataType, b: Ocpp.SetVariableResultType): boolean =>
  (a.attributeType ?? 'Actual') === (b.attributeType ?? 'Actual') && JSON.stringify(flat(a)) === JSON.stringify(flat(b));

/** Written to the station, never kept here in the clear (A01.FR.11). */
const secret = ({ variable }: Ocpp.SetVariableDataType): boolean => variable.name === 'BasicAuthPassword';
