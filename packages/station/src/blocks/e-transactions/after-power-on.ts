import { TxCtrlr } from '@busbar/protocol/device-model';
import { type Instant, s } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { HardwareEvent } from '../../hardware/hardware.ts';
import { keys } from '../../memory.ts';
import { emptySession, type Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What the hardware says of an EVSE at power-on. */
export function factsOf(evseId: number, events: readonly HardwareEvent[]): Partial<Session> {
  let facts: Partial<Session> = {};
  for (const event of events) {
    if (event.kind === 'bay' && event.evse === evseId) facts = { ...facts, parked: event.occupied };
    if (event.kind === 'pilot' && event.evse === evseId && (event.pilot === 'plugged' || event.pilot === 'ready')) {
      facts = { ...facts, connectorId: event.connector, ready: event.pilot === 'ready' };
    }
    if (event.kind === 'lock' && event.evse === evseId && event.state === 'locked')
      facts = { ...facts, lockedConnector: event.connector, lock: 'closed' };
    if (event.kind === 'fault' && event.active && (event.evse === undefined || event.evse === evseId)) {
      facts = { ...facts, faults: [...(facts.faults ?? []), event.code] };
    }
  }
  return facts;
}

/**
 * What was open when the process died goes on or ends, before anything else happens on that EVSE (P78). It goes on when
 * the interruption was short and the vehicle is still there; the rest of the rules are the reducer's.
 */
export function resumeOrEnd(
  context: Context,
  sessions: Sessions,
  stored: Session,
  present: Partial<Session>,
  cutShortByReset: boolean,
): void {
  const { evseId } = stored;
  const { memory, clock, dm } = context;
  const aliveAt = memory.read<Instant>(keys.alive) ?? clock.now();
  const short = clock.now() - aliveAt <= s(dm.number(TxCtrlr.ResumptionTimeout));
  if (!stored.transaction) {
    // Nobody's money yet: an authorization without a transaction does not outlive the power.
    sessions.found(evseId, { ...present, authorization: undefined });
    return;
  }
  const asBefore: Session = { ...emptySession(evseId), ...kept(stored), connectorId: stored.connectorId };
  if (cutShortByReset || !short || evseId === 0 || (present.faults ?? []).length > 0) {
    sessions.found(evseId, { ...asBefore, ...present });
    sessions.post(evseId, { kind: 'powerLoss', reason: cutShortByReset ? 'ImmediateReset' : 'PowerLoss' });
    return;
  }
  if (present.connectorId === undefined && stored.connectorId !== undefined) {
    sessions.found(evseId, { ...asBefore, ...present, connectorId: stored.connectorId, ready: false });
    sessions.post(evseId, { kind: 'unplugged' });
    return;
  }
  const resumes = dm.bool(TxCtrlr.AllowEnergyTransferResumption);
  sessions.found(evseId, { ...asBefore, ...present, held: stored.held || !resumes });
  sessions.post(evseId, { kind: 'resumed' });
  sessions.startSampling(evseId);
  sessions.watchRegister(evseId);
}

const kept = ({ authorization, keepLockedFor, transaction, held, allowedToMWh, parked }: Session): Partial<Session> => ({
  authorization,
  keepLockedFor,
  transaction,
  held,
  allowedToMWh,
  parked,
});
