import { parseInstant } from '@busbar/runtime';
import { handler } from '../../handler.ts';

/** G01: the state of one connector. Either this or NotifyEvent of AvailabilityState tells it (D11). */
export const statusNotification = handler('StatusNotification', ({ evseId, connectorId, connectorStatus, timestamp }, { station }) => ({
  response: {},
  intents: [
    {
      k: 'status',
      station: station.record.row,
      epoch: station.epoch,
      evse: evseId,
      connector: connectorId,
      status: connectorStatus,
      at: parseInstant(timestamp),
    },
  ],
}));
