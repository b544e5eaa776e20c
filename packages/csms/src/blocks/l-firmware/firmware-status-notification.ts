import type { Handler } from '../../handler.ts';

/** L01: how far an update is. Without a requestId (Idle) it is only kept as said (L01.FR.20). */
export const firmwareStatusNotification: Handler<'FirmwareStatusNotification'> = (request, { station, now }) => {
  const { row } = station.record;
  const { status, requestId } = request;
  const kept = {
    k: 'notice',
    station: row,
    at: now,
    receivedAt: now,
    action: 'FirmwareStatusNotification',
    body: JSON.stringify(request),
  } as const;
  return {
    response: {},
    intents: [
      kept,
      ...(requestId === undefined ? [] : [{ k: 'firmwareUpdate', station: row, requestId, at: now, change: { status } } as const]),
    ],
  };
};
