import type { Millis, Scope, Socket } from '@busbar/runtime';

/**
 * Pings a socket and tells when it has been silent for two intervals: a link that TCP still believes in but nobody answers on.
 * Call `heard` on every sign of life. Interval 0 turns it off.
 */
export function keepAlive(socket: Socket, scope: Scope, intervalMs: Millis, onDead: () => void): { heard(): void; stop(): void } {
  if (intervalMs <= 0) return { heard: () => undefined, stop: () => undefined };
  let lastHeard = scope.clock.monotonic();
  const timer = scope.every(intervalMs, 'ping', () => {
    if (scope.clock.monotonic() - lastHeard > 2 * intervalMs) {
      timer.cancel();
      onDead();
      return;
    }
    socket.ping();
  });
  return {
    heard: () => {
      lastHeard = scope.clock.monotonic();
    },
    stop: () => timer.cancel(),
  };
}
