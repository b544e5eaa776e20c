import { isSecurityEvent, SECURITY_EVENTS } from '@busbar/protocol';
import { parseInstant } from '@busbar/runtime';
import { handler } from '../../handler.ts';

/** A04: stored, shown, then confirmed (A04.FR.03). A station that floods us is answered and marked; its events are not stored any more. */
export const securityEventNotification = handler('SecurityEventNotification', ({ type, timestamp, techInfo }, { station, now }) => {
  const { row } = station.record;
  if (station.securityFlood) return { response: {}, intents: [{ k: 'anomaly', station: row, anomaly: 'securityEventFlood', at: now }] };
  return {
    response: {},
    intents: [
      {
        k: 'securityEvent',
        station: row,
        at: parseInstant(timestamp),
        receivedAt: now,
        type,
        critical: isSecurityEvent(type) ? SECURITY_EVENTS[type] : true, // what nobody knows is rather told too much
        source: 'station',
        ...(techInfo === undefined ? {} : { techInfo }),
      },
    ],
  };
});
