import { flat } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import { parseInstant } from '@busbar/runtime';
import { handler } from '../../handler.ts';
import type { Intent, VariableRow } from '../../store/intents.ts';

/** N07, G05: what the station's monitors saw. Every value updates the device model; AvailabilityState of a connector is its status (D11). */
export const notifyEvent = handler('NotifyEvent', (request, { station, now }) => {
  const row = station.record.row;
  const statuses = request.eventData.flatMap((event): Intent[] => {
    const { evse } = event.component;
    if (event.component.name !== 'Connector' || event.variable.name !== 'AvailabilityState' || evse?.connectorId === undefined) return [];
    return [
      {
        k: 'status',
        station: row,
        epoch: station.epoch,
        evse: evse.id,
        connector: evse.connectorId,
        status: event.actualValue,
        at: parseInstant(event.timestamp),
      },
    ];
  });
  return {
    response: {},
    intents: [
      ...statuses,
      { k: 'variables', station: row, at: now, rows: request.eventData.map(newValue) },
      {
        k: 'notice',
        station: row,
        at: parseInstant(request.generatedAt),
        receivedAt: now,
        action: 'NotifyEvent',
        body: JSON.stringify(request),
      },
    ],
  };
});

const newValue = (event: Ocpp.EventDataType): VariableRow => ({
  ...flat(event),
  attribute: 'Actual',
  value: event.actualValue,
});
