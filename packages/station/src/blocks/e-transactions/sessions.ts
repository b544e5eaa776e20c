import type { Ocpp } from '@busbar/protocol';
import { AlignedDataCtrlr, OCPPCommCtrlr, SampledDataCtrlr, TxCtrlr } from '@busbar/protocol/device-model';
import { type JournalChange, limits, s, type Timer } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Outbox } from '../../outbox.ts';
import type { Metering } from '../j-meter-values/metering.ts';
import type { TransactionEventQueue } from './event-queue.ts';
import { next } from './next.ts';
import { type Cause, type Effect, emptySession, type Rules, type Session, type TxPoint } from './session.ts';
import { type EventFact, record } from './transaction-event.ts';

export interface SessionsDeps {
  readonly context: Context;
  readonly outbox: Outbox;
  readonly queue: TransactionEventQueue;
  readonly metering: Metering;
  readonly operative: (evseId: number) => boolean;
  /** A step is over: connector states, schedules and resets may follow from it. */
  readonly stepped: (evseId: number, before: Session, after: Session) => void;
}

type TimerName = 'connect' | 'ready' | 'updated' | 'ended';

/** Owns the facts of every EVSE: takes causes one after the other, stores what follows, then does it. */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #sessions = new Map<number, Session>();
  readonly #timers = new Map<string, Timer>();
  readonly #causes: { readonly evseId: number; readonly cause: Cause }[] = [];
  #stepping = false;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    const { memory, layout } = deps.context;
    for (const { value } of memory.list<Session>(keys.sessions)) this.#sessions.set(value.evseId, value);
    for (const evseId of [0, ...layout.evses.map((evse) => evse.id)]) {
      const stored = this.#sessions.get(evseId);
      // What metal does is not remembered but reported again; what people agreed on is.
      this.#sessions.set(evseId, {
        ...emptySession(evseId),
        ...(stored && { authorization: stored.authorization, keepLockedFor: stored.keepLockedFor, transaction: stored.transaction }),
        ...(stored && { held: stored.held, allowedToMWh: stored.allowedToMWh }),
      });
    }
    this.#watchIntervals();
  }

  get(evseId: number): Session {
    return this.#sessions.get(evseId) ?? emptySession(evseId);
  }

  get all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  get ongoing(): readonly Session[] {
    return this.all.filter((session) => session.transaction !== undefined);
  }

  byTransaction(transactionId: string): Session | undefined {
    return this.all.find((session) => session.transaction?.id === transactionId);
  }

  /** Facts found before the first step of this life: no transaction may start or end because of them. */
  found(evseId: number, facts: Partial<Session>): void {
    this.#sessions.set(evseId, { ...this.get(evseId), ...facts });
  }

  post(evseId: number, cause: Cause): void {
    this.#causes.push({ evseId, cause });
    if (this.#stepping) return; // the hardware answered while we were giving it orders: in turn, please
    this.#stepping = true;
    try {
      for (let entry = this.#causes.shift(); entry; entry = this.#causes.shift()) this.#step(entry.evseId, entry.cause);
    } finally {
      this.#stepping = false;
    }
  }

  /** The driver who was authorized before anybody knew his EVSE has chosen one: his authorization and transaction go there. */
  settle(evseId: number): void {
    const [floating, here] = [this.get(0), this.get(evseId)];
    const allowed = floating.authorization?.evseIds;
    if (!floating.authorization || here.authorization || here.transaction) return;
    if (allowed && !allowed.includes(evseId)) return; // C01.FR.21
    this.#cancel(0, 'connect');
    const { authorization, transaction } = floating;
    this.#sessions.set(0, emptySession(0));
    const moved: Session = { ...here, authorization, transaction };
    this.#sessions.set(evseId, moved);
    this.#store([remove(keys.session(0)), put(keys.session(evseId), moved)]);
    this.startSampling(evseId);
  }

  /** An event that no change of the facts stands behind: a sample, a trigger (J02.FR.11, F06.FR.07). */
  tell(evseId: number, trigger: Ocpp.TriggerReasonEnumType, context: Ocpp.ReadingContextEnumType): void {
    const session = this.get(evseId);
    const { transaction } = session;
    if (!transaction) return;
    const fact: EventFact = { type: 'Updated', trigger, transaction, chargingState: transaction.chargingState };
    const [after, changes] = this.#record(session, fact, context);
    this.#sessions.set(evseId, after);
    this.#store([put(keys.session(evseId), after), put(keys.alive, this.#deps.context.clock.now()), ...changes]);
  }

  rules(evseId: number): Rules {
    const { context, operative } = this.#deps;
    const { dm, layout, ids, clock } = context;
    const evse = layout.evses.find((entry) => entry.id === evseId);
    const connector = (id: number) => evse?.connectors.find((entry) => entry.id === id);
    return {
      startPoints: points(dm.list(TxCtrlr.TxStartPoint)),
      stopPoints: points(dm.list(TxCtrlr.TxStopPoint)),
      stopOnEvSideDisconnect: dm.bool(TxCtrlr.StopTxOnEVSideDisconnect),
      unlockOnEvSideDisconnect: dm.bool(OCPPCommCtrlr.UnlockOnEVSideDisconnect),
      operative: evseId === 0 || operative(evseId),
      signs: dm.bool(SampledDataCtrlr.SignReadings) && (evse?.hasSignedMeter ?? false),
      fixedCable: (id) => connector(id)?.fixedCable ?? true,
      hasLock: (id) => connector(id)?.hasLock ?? false,
      newTransactionId: () => ids.uuid4(),
      now: clock.now(),
    };
  }

  #step(evseId: number, cause: Cause): void {
    const { context } = this.#deps;
    if (context.scope.closed) return;
    const before = this.get(evseId);
    const [after, effects] = next(before, cause, this.rules(evseId));
    if (effects.some((effect) => effect.kind === 'openContactor') && evseId > 0) context.hardware.contactor(evseId, 'open');
    let session = after;
    const changes: JournalChange[] = [];
    for (const effect of effects) {
      if (effect.kind !== 'event') continue;
      const [numbered, more] = this.#record(session, effect);
      session = numbered;
      changes.push(...more);
    }
    this.#sessions.set(evseId, session);
    changes.push(put(keys.session(evseId), session), put(keys.alive, context.clock.now()));
    this.#intervals(before, session);
    for (const effect of effects) this.#timer(evseId, effect);
    this.#store(changes, () => {
      for (const effect of effects) this.#order(evseId, effect);
    });
    this.#deps.stepped(evseId, before, session);
  }

  #record(session: Session, fact: EventFact, readingContext?: Ocpp.ReadingContextEnumType): readonly [Session, readonly JournalChange[]] {
    const { context, metering, queue } = this.#deps;
    const recorded = record(context, metering, session, fact, readingContext);
    const { request } = recorded;
    context.trace({
      kind: 'transaction',
      evseId: session.evseId,
      transactionId: request.transactionInfo.transactionId,
      eventType: request.eventType,
      triggerReason: request.triggerReason,
      seqNo: request.seqNo,
    });
    const numbered = session.transaction === undefined ? session : { ...session, transaction: recorded.transaction };
    return [numbered, [...recorded.changes, ...queue.add(request)]];
  }

  /** Durable first, then the orders, then the wire. */
  #store(changes: readonly JournalChange[], then: () => void = () => undefined): void {
    const { context, outbox, queue } = this.#deps;
    const newest = queue.newest; // commits become durable in order
    context.scope.run('commit', async () => {
      await context.memory.commit(changes);
      queue.durableTo(newest);
      if (context.scope.closed) return;
      then();
      outbox.pump();
    });
  }

  /** What waits until the facts behind it are durable. Only opening the contactor never waits. */
  #order(evseId: number, effect: Effect): void {
    const { hardware, scope } = this.#deps.context;
    const session = this.get(evseId);
    switch (effect.kind) {
      case 'closeContactor':
        if (session.contactor === 'closed' && !hardware.contactor(evseId, 'close')) this.post(evseId, { kind: 'contactorRefused' });
        return;
      case 'lock':
        scope.run('lock', async () => {
          const state = await hardware.lock(evseId, effect.connectorId, 'lock');
          if (scope.closed || this.get(evseId).lock !== 'closing') return;
          this.post(evseId, { kind: 'lock', lock: state === 'locked' ? 'closed' : 'failed' });
        });
        return;
      case 'unlock':
        scope.run('unlock', async () => void (await hardware.lock(evseId, effect.connectorId, 'unlock')));
        return;
      case 'readSigned':
        if (hardware.readSignedMeter?.(evseId, 'Transaction.Begin')) this.post(evseId, { kind: 'signed' });
        return;
      case 'openContactor':
      case 'event':
      case 'startTimer':
      case 'stopTimer':
        return;
    }
  }

  #timer(evseId: number, effect: Effect): void {
    const { dm } = this.#deps.context;
    if (effect.kind === 'stopTimer') return this.#cancel(evseId, effect.timer);
    if (effect.kind !== 'startTimer') return;
    if (effect.timer === 'ready') return this.#start(evseId, 'ready', limits.evReadyMs, () => this.post(evseId, { kind: 'notReady' }));
    // C01.FR.26, E03.FR.05
    this.#start(evseId, 'connect', s(dm.number(TxCtrlr.EVConnectionTimeOut)), () => this.post(evseId, { kind: 'connectTimeout' }));
  }

  #start(evseId: number, name: TimerName, delayMs: number, action: () => void): void {
    this.#cancel(evseId, name);
    this.#timers.set(`${name}/${evseId}`, this.#deps.context.scope.after(delayMs, `${name} of EVSE ${evseId}`, action));
  }

  #cancel(evseId: number, name: TimerName): void {
    this.#timers.get(`${name}/${evseId}`)?.cancel();
    this.#timers.delete(`${name}/${evseId}`);
  }

  #intervals(before: Session, after: Session): void {
    if (before.transaction?.id === after.transaction?.id) return;
    this.startSampling(after.evseId);
  }

  /** J02.FR.11: periodic samples of a running transaction; 0 sends none. */
  startSampling(evseId: number): void {
    this.#cancel(evseId, 'updated');
    this.#cancel(evseId, 'ended');
    if (!this.get(evseId).transaction || evseId === 0) return;
    const { dm } = this.#deps.context;
    const updatedS = dm.number(SampledDataCtrlr.TxUpdatedInterval);
    const endedS = dm.number(SampledDataCtrlr.TxEndedInterval);
    if (updatedS > 0) this.#every(evseId, 'updated', s(updatedS), () => this.#periodic(evseId));
    if (endedS > 0) this.#every(evseId, 'ended', s(endedS), () => this.#keepSample(evseId, 'Sample.Periodic'));
  }

  #every(evseId: number, name: TimerName, periodMs: number, action: () => void): void {
    this.#start(evseId, name, periodMs, () => {
      this.#every(evseId, name, periodMs, action);
      action();
    });
  }

  #periodic(evseId: number): void {
    this.watchRegister(evseId);
    this.tell(evseId, 'MeterValuePeriodic', 'Sample.Periodic');
  }

  /** E05.FR.03: looks whether an invalid token's allowance is used up. */
  watchRegister(evseId: number): void {
    if (this.get(evseId).allowedToMWh === undefined) return;
    this.post(evseId, { kind: 'register', importMWh: this.#deps.metering.read(evseId).importMWh });
    if (this.get(evseId).allowedToMWh === undefined) return;
    this.#deps.context.scope.after(s(1), 'energy of an invalid token (E05.FR.03)', () => this.watchRegister(evseId));
  }

  /** A sample for the Ended event (TxEndedInterval). */
  #keepSample(evseId: number, context: 'Sample.Periodic' | 'Sample.Clock'): void {
    const { transaction } = this.get(evseId);
    const { metering } = this.#deps;
    if (!transaction) return;
    const value =
      context === 'Sample.Periodic'
        ? metering.sample(evseId, SampledDataCtrlr.TxEndedMeasurands, context, transaction).value
        : metering.aligned(evseId, AlignedDataCtrlr.TxEndedMeasurands);
    this.#store(metering.keep(transaction.id, value));
  }

  keepAligned(evseId: number): void {
    this.#keepSample(evseId, 'Sample.Clock');
  }

  #watchIntervals(): void {
    const { dm } = this.#deps.context;
    const restart = (): void => {
      for (const session of this.ongoing) this.startSampling(session.evseId);
    };
    dm.onChange(SampledDataCtrlr.TxUpdatedInterval, restart);
    dm.onChange(SampledDataCtrlr.TxEndedInterval, restart);
  }
}

const POINTS: readonly TxPoint[] = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'PowerPathClosed', 'EnergyTransfer', 'DataSigned'];
const points = (names: readonly string[]): ReadonlySet<TxPoint> => new Set(POINTS.filter((point) => names.includes(point)));
