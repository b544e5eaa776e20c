import { formatInstant } from '@busbar/runtime';
import { handler, testClockOffsetMs } from '../../handler.ts';

/** G02: the time, from our own clock (D12). Nothing is written for it; the moment it was heard lives in memory. */
export const heartbeat = handler('Heartbeat', (_request, context) => ({
  response: { currentTime: formatInstant(context.now + testClockOffsetMs(context)) },
  intents: [],
}));
