import type { Ocpp } from '@busbar/protocol';
import { loadingHandler } from '../../handler.ts';

/** P02: a vendor's message. Without an extension nobody here knows the vendor (P02.FR.06); what came is kept and shown either way. */
export const dataTransfer = loadingHandler(
  'DataTransfer',
  async (request, { station }, { extensions }): Promise<Ocpp.DataTransferResponse> =>
    (await extensions.dataTransfer?.dataTransfer({ stationId: station.record.identity, request })) ?? { status: 'UnknownVendorId' },
  (request, { station, now }, response) => ({
    response,
    intents: [
      {
        k: 'notice',
        station: station.record.row,
        at: now,
        receivedAt: now,
        action: 'DataTransfer',
        body: JSON.stringify({ request, response }),
      },
    ],
  }),
);
