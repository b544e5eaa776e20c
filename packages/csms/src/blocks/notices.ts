import type { Action, RequestOf } from '@busbar/protocol';
import { parseInstant } from '@busbar/runtime';
import type { Handler } from '../handler.ts';

type Notifying = 'SecurityEventNotification';

/** Messages of blocks that come later and only tell something: kept as they were said, shown per station, answered. */
const kept =
  <A extends Notifying & Action>(action: A): Handler<A> =>
  (request: RequestOf<A>, { station, now }) => {
    const at = 'timestamp' in request ? parseInstant(request.timestamp) : now;
    return {
      response: {},
      intents: [{ k: 'notice', station: station.record.row, at, receivedAt: now, action, body: JSON.stringify(request) }],
    };
  };

export const securityEventNotification = kept('SecurityEventNotification');
