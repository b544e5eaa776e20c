import { handler } from '../../handler.ts';

/** N09, N10: one part of what a station knows about a customer, kept under its requestId until somebody reads it. */
export const notifyCustomerInformation = handler('NotifyCustomerInformation', (request, { station, now }) => ({
  response: {},
  intents: [
    {
      k: 'customerInformation',
      station: station.record.row,
      requestId: request.requestId,
      seqNo: request.seqNo,
      tbc: request.tbc ?? false,
      at: now,
      data: request.data,
    },
  ],
}));
