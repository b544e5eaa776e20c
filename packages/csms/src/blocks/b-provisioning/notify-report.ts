import { flat } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import { handler } from '../../handler.ts';
import type { VariableRow } from '../../store/intents.ts';

/** B07, B08: one part of a report. It is kept as a report under its requestId, and the device model learns from it. */
export const notifyReport = handler('NotifyReport', (request, { station, now }) => ({
  response: {},
  intents: [
    {
      k: 'report',
      station: station.record.row,
      requestId: request.requestId,
      seqNo: request.seqNo,
      tbc: request.tbc ?? false,
      at: now,
      rows: (request.reportData ?? []).flatMap(variableRows),
    },
  ],
}));

export function variableRows({ component, variable, variableAttribute, variableCharacteristics }: Ocpp.ReportDataType): VariableRow[] {
  return variableAttribute.map((attribute) => ({
    ...flat({ component, variable }),
    attribute: attribute.type ?? 'Actual',
    ...(attribute.value === undefined ? {} : { value: attribute.value }),
    ...(attribute.mutability === undefined ? {} : { mutability: attribute.mutability }),
    ...(attribute.persistent === undefined ? {} : { persistent: attribute.persistent }),
    ...(attribute.constant === undefined ? {} : { constant: attribute.constant }),
    ...(variableCharacteristics === undefined ? {} : { characteristics: JSON.stringify(variableCharacteristics) }),
  }));
}
