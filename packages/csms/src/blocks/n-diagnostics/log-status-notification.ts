import type { Handler } from '../../handler.ts';

/** N01: how far the upload of a log is. Without a requestId nothing was going on; then it is only kept as said. */
export const logStatusNotification: Handler<'LogStatusNotification'> = (request, { station, now }) => {
  const { row } = station.record;
  const { status, requestId } = request;
  const kept = {
    k: 'notice',
    station: row,
    at: now,
    receivedAt: now,
    action: 'LogStatusNotification',
    body: JSON.stringify(request),
  } as const;
  return {
    response: {},
    intents: [kept, ...(requestId === undefined ? [] : [{ k: 'log', station: row, requestId, at: now, change: { status } } as const])],
  };
};
