import { freeForAll } from './blocks/c-authorization/token-presented.ts';
import type { Session } from './blocks/e-transactions/session.ts';
import type { HardwareEvent } from './hardware/hardware.ts';
import type { Life } from './life.ts';

/** What the socket of each connector holds, for its status: a cable counts as occupied even before a vehicle hangs on it (E02.FR.05). */
export class Sockets {
  readonly #inserted = new Set<string>();

  set(evse: number, connector: number, inserted: boolean): void {
    if (inserted) this.#inserted.add(`${evse}.${connector}`);
    else this.#inserted.delete(`${evse}.${connector}`);
  }

  has(evse: number, connector: number): boolean {
    return this.#inserted.has(`${evse}.${connector}`);
  }
}

/** The only way in for facts of metal: each becomes a cause of its EVSE, or the visit of a driver. */
export function hardwareEvent(event: HardwareEvent, life: Life, sockets: Sockets): void {
  const { sessions, presented, context } = life;
  switch (event.kind) {
    case 'pilot':
      return pilot(event, life);
    case 'cable':
      sockets.set(event.evse, event.connector, event.inserted);
      if (!event.inserted) sessions.post(event.evse, { kind: 'cableOut' });
      return life.status.refresh();
    case 'flow':
      return sessions.post(event.evse, { kind: 'flow', flowing: event.flowing, because: event.because });
    case 'token': {
      const { evse, idToken, type, additionalInfo } = event;
      return context.scope.run('token', () =>
        presented.present({ idToken, type, ...(additionalInfo === undefined ? {} : { additionalInfo: [...additionalInfo] }) }, evse),
      );
    }
    case 'startButton':
      return context.scope.run('start button', () => presented.startButton(event.evse));
    case 'stopButton':
      return presented.stopButton(event.evse);
    case 'selection':
      return presented.select(event.evse);
    case 'bay':
      return sessions.post(event.evse, { kind: event.occupied ? 'parked' : 'left' });
    case 'lock':
      return;
    case 'fault':
      return fault(event, life);
    case 'evStop':
      return sessions.post(event.evse, { kind: 'evStop' });
  }
}

function pilot({ evse, connector, pilot: state }: Extract<HardwareEvent, { kind: 'pilot' }>, life: Life): void {
  const { sessions, context, mayStart } = life;
  const before: Session = sessions.get(evse);
  switch (state) {
    case 'unplugged':
      if (before.connectorId === connector) sessions.post(evse, { kind: 'unplugged' });
      return;
    case 'fault':
      return; // told as a fault of its own
    case 'plugged':
    case 'ready':
      if (before.connectorId !== undefined && before.connectorId !== connector) return; // E01.FR.14: one connector at a time
      if (before.connectorId === undefined) {
        if (mayStart(evse)) sessions.settle(evse);
        sessions.post(evse, { kind: 'plugged', connectorId: connector });
        if (freeForAll(context) && mayStart(evse) && !sessions.get(evse).authorization) {
          context.scope.run('free charging', () => life.presented.startButton(evse)); // C01.FR.01
        }
      }
      if (sessions.get(evse).ready !== (state === 'ready')) sessions.post(evse, { kind: 'ready', ready: state === 'ready' });
      return;
  }
}

function fault({ evse, code, active }: Extract<HardwareEvent, { kind: 'fault' }>, { sessions, context, security }: Life): void {
  if (code === 'TamperDetectionActivated' && active) security.report(code, evse === undefined ? undefined : `EVSE ${evse}`); // A04.FR.01
  const concerned = evse === undefined ? [0, ...context.layout.evses.map((entry) => entry.id)] : [evse];
  for (const id of concerned) sessions.post(id, { kind: 'fault', code, active });
}
