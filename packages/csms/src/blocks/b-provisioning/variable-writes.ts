import { flat } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import { type Instant, isRecord } from '@busbar/runtime';
import { resultOf } from '../../commands.ts';
import type { CommandRecord, VariableRow } from '../../store/intents.ts';
import { variableKey } from '../../store/variable-key.ts';

/** The last write of one variable that the station answered. */
export interface VariableWrite {
  readonly place: Omit<VariableRow, 'value'>;
  readonly wanted: string;
  readonly status: string;
  readonly reason: string | null;
  /** RebootRequired, and it has not booted since (B05.FR.03). */
  readonly afterReboot: boolean;
  readonly at: Instant;
  readonly actor: string;
  readonly commandId: string;
}

export const placeOf = ({ component, variable, attributeType }: Ocpp.SetVariableDataType): Omit<VariableRow, 'value'> => ({
  ...flat({ component, variable }),
  attribute: attributeType ?? 'Actual',
});

/** Newest first, by the key of the variable: what was asked, what was answered. Commands come newest first. */
export function lastWrites(commands: readonly CommandRecord[], bootAt: Instant | null): ReadonlyMap<string, VariableWrite> {
  const writes = new Map<string, VariableWrite>();
  for (const command of commands) {
    const at = command.endedAt ?? command.createdAt;
    for (const { asked, answered } of pairsOf(command)) {
      const where = placeOf(asked);
      const key = variableKey(where);
      if (writes.has(key) || asked.variable.name === 'BasicAuthPassword') continue;
      const { attributeStatus, attributeStatusInfo: info } = answered;
      writes.set(key, {
        place: where,
        wanted: asked.attributeValue,
        status: attributeStatus,
        reason: info === undefined ? null : [info.reasonCode, info.additionalInfo].filter((part) => part !== undefined).join(': '),
        afterReboot: attributeStatus === 'RebootRequired' && (bootAt === null || bootAt < at),
        at,
        actor: command.actor,
        commandId: command.id,
      });
    }
  }
  return writes;
}

interface Pair {
  readonly asked: Ocpp.SetVariableDataType;
  readonly answered: Ocpp.SetVariableResultType;
}

/** Both were valid messages when they were stored: what is in them is what OCPP says. */
function pairsOf(command: CommandRecord): readonly Pair[] {
  const result = resultOf(command);
  if (result.state !== 'answered' || !isRecord(result.response)) return [];
  const request: Ocpp.SetVariablesRequest = JSON.parse(command.request);
  const { setVariableResult: answers } = result.response;
  if (!Array.isArray(answers) || !Array.isArray(request.setVariableData)) return [];
  const byKey = new Map(
    answers.map((answer: Ocpp.SetVariableResultType) => [variableKey(placeOf({ ...answer, attributeValue: '' })), answer] as const),
  );
  return request.setVariableData.flatMap((asked) => {
    const answered = byKey.get(variableKey(placeOf(asked)));
    return answered === undefined ? [] : [{ asked, answered }];
  });
}
