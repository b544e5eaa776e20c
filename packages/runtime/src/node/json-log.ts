import { pino } from 'pino';
import type { Log } from '../log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines on stderr, so that a command's own output stays clean. */
export function jsonLog(level: LogLevel): Log {
  return wrap(pino({ level, base: null, serializers: { error: pino.stdSerializers.err } }, pino.destination({ dest: 2, sync: true })));
}

function wrap(logger: pino.Logger): Log {
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
    child: (fields) => wrap(logger.child(fields)),
  };
}
