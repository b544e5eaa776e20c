import { formatInstant } from '@busbar/runtime';
import { handler } from '../../handler.ts';

/** G02: the time, from our own clock (D12). Nothing is written for it; the moment it was heard lives in memory. */
export const heartbeat = handler('Heartbeat', (_request, { now, station, config }) => ({
  response: { currentTime: formatInstant(now + (config.testMode ? (station.settings.test?.clockOffset ?? 0) * 1000 : 0)) },
  intents: [],
}));
