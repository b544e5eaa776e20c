import type { Ocpp } from '@busbar/protocol';
import { chargingState } from './charging-state.ts';
import type { Authorization, Cause, Effect, Next, Rules, Session, Transaction } from './session.ts';
import { ends, starts } from './tx-points.ts';

type EventEffect = Extract<Effect, { kind: 'event' }>;

/**
 * One step of one EVSE: what happened, what is true now, what has to be done. Pure: the kernel numbers and stores the
 * events and performs the rest. Fail-safe order (P116): the contactor opens first, unlocking comes last.
 */
export function next(before: Session, cause: Cause, rules: Rules): Next {
  const learned = learn(before, cause, rules);
  const cutting = before.contactor === 'closed' && !mayFlow(learned);
  const after: Session = cutting ? { ...learned, contactor: 'open', flow: 'none' } : learned;
  const [told, events] = account(before, after, cause, rules);
  const [powered, orders] = power(before, told, cause, rules);
  return [powered, [...(cutting ? [{ kind: 'openContactor' } as const] : []), ...events, ...orders]];
}

/** Facts only. */
function learn(session: Session, cause: Cause, rules: Rules): Session {
  switch (cause.kind) {
    case 'parked':
      return { ...session, parked: true };
    case 'left':
      return { ...session, parked: false };
    case 'plugged':
      return plugged(session, cause.connectorId);
    case 'unplugged':
      return unplugged(session, rules);
    case 'cableOut':
      return { ...session, lock: 'open', lockedConnector: undefined, keepLockedFor: undefined };
    case 'released':
      return { ...session, keepLockedFor: undefined };
    case 'ready':
      return { ...session, ready: cause.ready, notReady: cause.ready ? false : session.notReady };
    case 'notReady':
      return { ...session, notReady: !session.ready };
    case 'authorized':
      return authorized(session, cause.authorization);
    case 'deauthorized':
      // E05.FR.11, C15.FR.05: the cable stays locked until its owner shows the token.
      return { ...withoutAuthorization(session, 'DeAuthorized'), keepLockedFor: keeper(session.transaction?.idToken) };
    case 'stopAuthorized':
      return withoutAuthorization(session, cause.masterPass ? 'MasterPass' : 'Local'); // C16.FR.07
    case 'remoteStop':
      return withoutAuthorization(session, 'Remote');
    case 'connectTimeout':
      return withoutAuthorization(session, 'Timeout');
    case 'evStop':
      return withoutAuthorization(session, 'StoppedByEV');
    case 'reset':
      return withoutAuthorization(session, 'ImmediateReset');
    case 'powerLoss':
      return withoutAuthorization(session, cause.reason);
    case 'invalidated':
      return cause.allowedToMWh === undefined ? { ...session, held: true } : { ...session, allowedToMWh: cause.allowedToMWh };
    case 'register':
      // E05.FR.03: the allowance is used up.
      return session.allowedToMWh !== undefined && cause.importMWh >= session.allowedToMWh
        ? { ...session, held: true, allowedToMWh: undefined }
        : session;
    case 'fault':
      return { ...session, faults: faults(session.faults, cause.code, cause.active) };
    case 'lock':
      return { ...session, lock: cause.lock };
    case 'contactorRefused':
      return { ...session, contactor: 'open', flow: 'none' };
    case 'flow':
      if (session.contactor === 'open') return session;
      return { ...session, flow: cause.flowing ? 'flowing' : cause.because === 'ev' ? 'stoppedByEv' : 'stoppedByEvse' };
    case 'signed':
      return { ...session, signed: true };
    case 'resumed':
      return session;
  }
}

/** A vehicle that (re)connects has everything before it: it is not suspended, it is connected (TC_E_26_CS). */
const plugged = (session: Session, connectorId: number): Session => ({
  ...session,
  connectorId,
  ready: false,
  notReady: false,
  transaction: session.transaction && { ...session.transaction, energyStarted: false },
});

const authorized = (session: Session, authorization: Authorization): Session => ({
  ...session,
  authorization,
  held: false,
  allowedToMWh: undefined,
  keepLockedFor: undefined,
  transaction: session.transaction && { ...session.transaction, closing: undefined },
});

const faults = (known: readonly string[], code: string, active: boolean): readonly string[] =>
  active ? [...new Set([...known, code])] : known.filter((fault) => fault !== code);

function unplugged(session: Session, rules: Rules): Session {
  const away: Session = { ...session, connectorId: undefined, ready: false, notReady: false };
  if (session.authorization === undefined || !rules.stopOnEvSideDisconnect) return away; // E10: suspended, still authorized
  // E09.FR.01: not authorized any more; plugging in again resumes nothing.
  const gone = withoutAuthorization(away, 'EVDisconnected');
  const keep = session.lock === 'closed' && !rules.unlockOnEvSideDisconnect; // E09.FR.03
  return keep ? { ...gone, keepLockedFor: keeper(session.authorization.idToken) } : gone;
}

/** A cable can only wait for a token that somebody can show. */
const keeper = (idToken: Ocpp.IdTokenType | undefined): Ocpp.IdTokenType | undefined =>
  idToken === undefined || idToken.type === 'NoAuthorization' || idToken.type === 'Central' ? undefined : idToken;

function withoutAuthorization(session: Session, why: Ocpp.ReasonEnumType): Session {
  const { transaction } = session;
  const closing = transaction && session.authorization ? { ...transaction, closing: why } : transaction;
  return { ...session, authorization: undefined, held: false, allowedToMWh: undefined, signed: false, transaction: closing };
}

/** Nothing but these facts lets energy flow (C01.FR.01, G05.FR.01). */
const mayFlow = (session: Session): boolean =>
  session.authorization !== undefined &&
  session.connectorId !== undefined &&
  session.ready &&
  !session.held &&
  session.faults.length === 0 &&
  session.lock !== 'failed';

/** The transaction's part: does one begin, go on, end, and is it worth an event? */
function account(before: Session, after: Session, cause: Cause, rules: Rules): Next {
  if (!after.transaction) {
    // Where energy can flow already, it is nobody's present because the EVSE was closed to others meanwhile.
    const blocked = (!rules.operative && after.contactor === 'open') || after.faults.length > 0;
    return !blocked && starts(before, after, rules.startPoints) ? started(after, cause, rules) : [after, []];
  }
  if (mustEnd(before, after, cause, rules)) return ended(after, after.transaction, cause);
  return updated(after, after.transaction, cause);
}

function started(session: Session, cause: Cause, rules: Rules): Next {
  const state = chargingState(session);
  const fresh: Transaction = {
    id: rules.newTransactionId(), // E01.FR.08
    nextSeqNo: 0,
    startedAt: rules.now,
    startMWh: undefined,
    chargingState: state,
    evseTold: false,
    connectorTold: false,
    beginTold: false,
    keyTold: false,
    energyStarted: session.flow === 'flowing',
    closing: undefined,
  };
  return tell({ ...session, transaction: fresh }, fresh, 'Started', triggerOf(cause, session) ?? 'ChargingStateChanged', state);
}

function mustEnd(before: Session, after: Session, cause: Cause, rules: Rules): boolean {
  if (cause.kind === 'fault' && cause.active) return true; // E06.FR.16
  if (cause.kind === 'reset' || cause.kind === 'powerLoss') return true; // B12.FR.04
  // E05.FR.10, C15.FR.04: also when no energy was flowing that could stop.
  if (cause.kind === 'deauthorized' && rules.stopPoints.has('EnergyTransfer')) return true;
  // E03.FR.05, F02.FR.07: the time-out ends it whatever the stop points are; with a bay sensor the bay decides (E03.FR.15, F02.FR.08).
  if (cause.kind === 'connectTimeout' && !rules.stopPoints.has('ParkingBayOccupancy')) return true;
  return ends(before, after, rules.stopPoints);
}

function ended(session: Session, transaction: Transaction, cause: Cause): Next {
  // The end of a transaction is the end of its authorization: nothing may flow outside of one.
  const closed: Session = {
    ...session,
    authorization: undefined,
    held: false,
    allowedToMWh: undefined,
    signed: false,
    contactor: 'open',
    flow: 'none',
  };
  const reason = certainReason(cause) ?? transaction.closing ?? likelyReason(cause);
  const trigger = triggerOf(cause, session) ?? 'ChargingStateChanged';
  const [, events] = tell(session, transaction, 'Ended', trigger, chargingState(closed), reason, stopToken(cause));
  const opening: readonly Effect[] = session.contactor === 'closed' ? [{ kind: 'openContactor' }] : [];
  return [{ ...closed, transaction: undefined }, [...opening, ...events]];
}

function updated(session: Session, transaction: Transaction, cause: Cause): Next {
  const state = chargingState(session);
  const running: Transaction = session.flow === 'flowing' ? { ...transaction, energyStarted: true } : transaction;
  const stateChanged = state !== transaction.chargingState;
  const trigger = triggerOf(cause, session) ?? (stateChanged ? 'ChargingStateChanged' : undefined);
  if (trigger === undefined || (trigger === 'ChargingStateChanged' && !stateChanged)) return [{ ...session, transaction: running }, []];
  return tell(session, running, 'Updated', trigger, state, undefined, stopToken(cause));
}

function tell(
  session: Session,
  transaction: Transaction,
  type: Ocpp.TransactionEventEnumType,
  trigger: Ocpp.TriggerReasonEnumType,
  state: Ocpp.ChargingStateEnumType,
  stoppedReason?: Ocpp.ReasonEnumType,
  stopIdToken?: Ocpp.IdTokenType,
): Next {
  const { authorization } = session;
  const fresh = authorization && !authorization.told ? authorization : undefined;
  // F01.FR.19, F02.FR.21: the first event after a remote start says so, even if the cable started the transaction.
  const said = fresh?.via === 'remote' ? 'RemoteStart' : trigger;
  const idToken = stopIdToken ?? fresh?.idToken; // E02.FR.01, E03.FR.01: once at the start, once at the stop
  const known: Transaction = {
    ...transaction,
    chargingState: state,
    ...(fresh?.idToken === undefined ? {} : { idToken: fresh.idToken }),
    ...(fresh?.groupIdToken === undefined ? {} : { groupIdToken: fresh.groupIdToken }),
  };
  const event: EventEffect = {
    kind: 'event',
    type,
    transaction: known,
    trigger: said,
    chargingState: state,
    ...(stoppedReason === undefined ? {} : { stoppedReason }),
    ...(idToken === undefined ? {} : { idToken }),
    ...(fresh?.remoteStartId === undefined ? {} : { remoteStartId: fresh.remoteStartId }),
    ...(fresh?.reservationId === undefined ? {} : { reservationId: fresh.reservationId }),
  };
  return [{ ...session, transaction: known, authorization: authorization && { ...authorization, told: true } }, [event]];
}

const stopToken = (cause: Cause): Ocpp.IdTokenType | undefined => (cause.kind === 'stopAuthorized' ? cause.idToken : undefined);

/** The most specific name of what happened (E01.FR.15, E03.FR.12); undefined = worth an event only if the charging state changed. */
function triggerOf(cause: Cause, session: Session): Ocpp.TriggerReasonEnumType | undefined {
  switch (cause.kind) {
    case 'parked':
      return 'EVDetected';
    case 'left':
      return 'EVDeparted';
    case 'plugged':
      return 'CablePluggedIn';
    case 'unplugged':
      return 'EVCommunicationLost';
    case 'authorized':
      return session.authorization?.via === 'remote' ? 'RemoteStart' : 'Authorized';
    case 'stopAuthorized':
    case 'evStop':
      return 'StopAuthorized';
    case 'deauthorized':
      return 'Deauthorized';
    case 'remoteStop':
      return 'RemoteStop';
    case 'connectTimeout':
      return 'EVConnectTimeout';
    case 'reset':
      return 'ResetCommand';
    case 'powerLoss':
      return cause.reason === 'ImmediateReset' ? 'ResetCommand' : 'AbnormalCondition';
    case 'fault':
      return cause.active ? 'AbnormalCondition' : undefined;
    case 'signed':
      return 'SignedDataReceived';
    case 'resumed':
      return 'TxResumed';
    case 'invalidated':
    case 'register':
    case 'ready':
    case 'notReady':
    case 'lock':
    case 'flow':
    case 'contactorRefused':
    case 'cableOut':
    case 'released':
      return undefined;
  }
}

/** Why it ended, where the cause itself is the reason (E06.FR.08). */
function certainReason(cause: Cause): Ocpp.ReasonEnumType | undefined {
  if (cause.kind === 'fault') return FAULT_REASONS[cause.code] ?? 'Other';
  if (cause.kind === 'reset') return 'ImmediateReset';
  return cause.kind === 'powerLoss' ? cause.reason : undefined;
}

/** Why it ended when authorization had not ended before: then the vehicle did it. */
function likelyReason(cause: Cause): Ocpp.ReasonEnumType {
  if (cause.kind === 'unplugged' || cause.kind === 'left') return 'EVDisconnected';
  return cause.kind === 'ready' || (cause.kind === 'flow' && cause.because === 'ev') ? 'StoppedByEV' : 'Other';
}

const FAULT_REASONS: Readonly<Record<string, Ocpp.ReasonEnumType>> = {
  'ground-fault': 'GroundFault',
  'over-current': 'OvercurrentFault',
  'emergency-stop': 'EmergencyStop',
  'power-quality': 'PowerQuality',
};

/** Lock, contactor and timers. */
function power(before: Session, after: Session, cause: Cause, rules: Rules): Next {
  const orders: Effect[] = [];
  let session = after;
  const { connectorId } = session;
  if (session.authorization && connectorId !== undefined && session.faults.length === 0) {
    if (rules.signs && !session.signed) orders.push({ kind: 'readSigned' }); // E01.FR.04
    if (session.lock === 'open') {
      const locks = rules.hasLock(connectorId) && !rules.fixedCable(connectorId);
      session = { ...session, lock: locks ? 'closing' : 'closed', lockedConnector: connectorId };
      if (locks) orders.push({ kind: 'lock', connectorId });
    }
    const open = session.transaction !== undefined || rules.operative; // G03.FR.06: a closed EVSE begins nothing new
    if (open && mayFlow(session) && session.lock === 'closed' && session.contactor === 'open' && cause.kind !== 'contactorRefused') {
      session = { ...session, contactor: 'closed', flow: 'none' };
      orders.push({ kind: 'closeContactor' });
    }
  }
  const unlocking = unlock(before, session, rules);
  if (unlocking !== undefined) {
    session = { ...session, lock: 'open', lockedConnector: undefined };
    if (!rules.fixedCable(unlocking)) orders.push({ kind: 'unlock', connectorId: unlocking });
  }
  return [session, [...orders, ...timers(before, session, rules)]];
}

/** The connector to unlock now: authorization ended in any way that does not keep the cable (E06.FR.10, E07.FR.07, E09.FR.02). */
function unlock(before: Session, after: Session, rules: Rules): number | undefined {
  const { lockedConnector } = after;
  if (lockedConnector === undefined || after.authorization !== undefined || after.keepLockedFor !== undefined) return undefined;
  return before.authorization !== undefined || before.keepLockedFor !== undefined || rules.fixedCable(lockedConnector)
    ? lockedConnector
    : undefined;
}

const waitsForPlug = (session: Session): boolean => session.authorization !== undefined && session.connectorId === undefined;
const waitsForEv = (session: Session): boolean =>
  session.authorization !== undefined && session.connectorId !== undefined && !session.ready && !session.notReady;

function timers(before: Session, after: Session, rules: Rules): Effect[] {
  const effects: Effect[] = [];
  // C01.FR.26, E03.FR.05; a detachable cable that was pulled at the vehicle waits for its owner without a limit (E10.FR.01, E10.FR.02).
  const cableHangsHere = before.connectorId !== undefined && !rules.fixedCable(before.connectorId);
  if (waitsForPlug(after) && !waitsForPlug(before) && !cableHangsHere) effects.push({ kind: 'startTimer', timer: 'connect' });
  if (waitsForPlug(before) && !waitsForPlug(after)) effects.push({ kind: 'stopTimer', timer: 'connect' });
  if (waitsForEv(after) && !waitsForEv(before)) effects.push({ kind: 'startTimer', timer: 'ready' });
  if (waitsForEv(before) && !waitsForEv(after)) effects.push({ kind: 'stopTimer', timer: 'ready' });
  return effects;
}
