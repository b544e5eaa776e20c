import type { Ocpp } from '@busbar/protocol';
import type { Session } from './session.ts';

/** The charging state that the facts amount to. */
export function chargingState(session: Session): Ocpp.ChargingStateEnumType {
  if (session.connectorId === undefined) return 'Idle';
  if (session.authorization === undefined || session.faults.length > 0) return 'EVConnected';
  if (session.held) return 'SuspendedEVSE'; // E05.FR.02
  if (session.contactor === 'closed') {
    if (session.flow === 'flowing') return 'Charging';
    if (session.flow === 'stoppedByEv') return 'SuspendedEV'; // E01.FR.19
    if (session.flow === 'stoppedByEvse') return 'SuspendedEVSE';
    return session.transaction?.chargingState ?? 'EVConnected'; // closed a moment ago: the meter has not spoken yet
  }
  const began = session.transaction?.energyStarted ?? false;
  return !session.ready && (began || session.notReady) ? 'SuspendedEV' : 'EVConnected';
}
