import { handler } from '../../handler.ts';

/** J01: readings outside a transaction. They are stored and never refused for what they say (J01.FR.06, J02.FR.06). */
export const meterValues = handler('MeterValues', (request, { station, now }) => ({
  response: {},
  intents: [{ k: 'meterValues', station: station.record.row, receivedAt: now, request }],
}));
