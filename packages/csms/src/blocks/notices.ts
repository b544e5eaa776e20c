import type { Action, RequestOf } from '@busbar/protocol';
import type { Handler } from '../handler.ts';

type Notifying = 'FirmwareStatusNotification' | 'LogStatusNotification';

/** Messages of blocks that come later and only tell something: kept as they were said, shown per station, answered. */
const kept =
  <A extends Notifying & Action>(action: A): Handler<A> =>
  (request: RequestOf<A>, { station, now }) => {
    return {
      response: {},
      intents: [{ k: 'notice', station: station.record.row, at: now, receivedAt: now, action, body: JSON.stringify(request) }],
    };
  };

export const firmwareStatusNotification = kept('FirmwareStatusNotification');
export const logStatusNotification = kept('LogStatusNotification');
