import type { Ocpp } from '@busbar/protocol';
import { EVSE } from '@busbar/protocol/device-model';
import { type JournalChange, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { TransactionEventQueue } from '../e-transactions/event-queue.ts';
import type { Session } from '../e-transactions/session.ts';
import type { Sessions } from '../e-transactions/sessions.ts';
import type { Availability } from '../g-availability/availability.ts';

export interface ResetDeps {
  readonly context: Context;
  readonly sessions: Sessions;
  readonly queue: TransactionEventQueue;
  readonly availability: Availability;
  readonly online: () => boolean;
  /** Something besides drivers is under way that a reset on idle waits for: a log upload, a firmware update (D13). */
  readonly occupied: () => boolean;
  /** What cannot be stopped runs: an installation of firmware (B11.FR.06, D13). */
  readonly uninterruptible: () => boolean;
  readonly statusChanged: () => void;
  readonly reboot: () => void;
}

/** Carries out resets: ends what must end, waits for the last answers, restarts. */
export class Resets {
  readonly #deps: ResetDeps;
  /** undefined = the station; a number = that EVSE. */
  #waiting: { readonly evseId: number | undefined } | undefined;
  #rebooting = false;

  constructor(deps: ResetDeps) {
    this.#deps = deps;
    // A scheduled reset is moot once the station restarted for another reason.
    const stored = deps.context.memory.read<{ evseId?: number }>(keys.reset);
    if (stored?.evseId !== undefined) this.#waiting = { evseId: stored.evseId };
    else if (stored) deps.context.scope.run('reset', () => deps.context.memory.commit([remove(keys.reset)]));
  }

  /** B11.FR.06, B12.FR.10: a restart or an installation is under way already. */
  get hindered(): boolean {
    return this.#rebooting || this.#deps.uninterruptible();
  }

  get rebooting(): boolean {
    return this.#rebooting;
  }

  canResetEvse(evseId: number): boolean {
    const { dm, layout } = this.#deps.context;
    return layout.evses.some((evse) => evse.id === evseId) && dm.bool(EVSE.AllowReset, { evse: evseId });
  }

  inUse(session: Session): boolean {
    return session.transaction !== undefined || session.authorization !== undefined || session.keepLockedFor !== undefined;
  }

  /** Errata 2.14: a use case runs on what is to be reset; what concerns the station hinders no EVSE. */
  busy(evseId: number | undefined): boolean {
    const { sessions, occupied } = this.#deps;
    if (evseId === undefined && occupied()) return true;
    return sessions.all.some((session) => (evseId === undefined || session.evseId === evseId) && this.inUse(session));
  }

  reason(evseId: number | undefined, reason: Ocpp.BootReasonEnumType): readonly JournalChange[] {
    return evseId === undefined ? [put(keys.bootReason, reason)] : [];
  }

  schedule(evseId: number | undefined): readonly JournalChange[] {
    this.#waiting = { evseId };
    return [put(keys.reset, evseId === undefined ? {} : { evseId })];
  }

  /** B12: what is free now takes no new driver, so that the station becomes idle. */
  scheduled(): void {
    this.#block();
    this.check();
  }

  /** Something ended: is it time? (B12.FR.03, B12.FR.07) */
  check(): void {
    const waiting = this.#waiting;
    if (!waiting || this.#rebooting) return;
    const { queue, online, context } = this.#deps;
    if (this.busy(waiting.evseId) || (online() && queue.has())) return; // the last Ended is answered first, where somebody answers
    this.#waiting = undefined;
    context.scope.run('scheduled reset', async () => {
      await context.memory.commit([remove(keys.reset), ...this.reason(waiting.evseId, 'ScheduledReset')]);
      this.now(waiting.evseId);
    });
  }

  /** B12.FR.04, B12.FR.08: transactions end with ResetCommand and ImmediateReset, then it restarts. */
  now(evseId: number | undefined): void {
    const { sessions, context, availability, statusChanged } = this.#deps;
    const ending = sessions.all.filter((session) => (evseId === undefined || session.evseId === evseId) && this.inUse(session));
    if (evseId === undefined) this.#rebooting = true;
    for (const session of ending) sessions.post(session.evseId, { kind: 'reset' });
    if (evseId !== undefined) {
      // B11.FR.08: an EVSE restarts by itself; its states are kept elsewhere (B11.FR.05, B12.FR.06).
      availability.blocked.delete(evseId);
      context.hardware.limit(evseId, null);
      return statusChanged();
    }
    this.#rebootWhenTold(context.clock.monotonic() + limits.callTimeoutMs);
  }

  /** B12.FR.05: the answers get their time; what stays unanswered is in the journal and goes out after the reboot. */
  #rebootWhenTold(until: number): void {
    const { context, queue, online, reboot } = this.#deps;
    if (queue.has() && online() && context.clock.monotonic() < until) {
      context.scope.after(100, 'answers before the reboot (B12.FR.05)', () => this.#rebootWhenTold(until));
      return;
    }
    context.scope.run('reboot', async () => {
      await context.memory.commit([]);
      reboot();
    });
  }

  #block(): void {
    const { availability, context, sessions, statusChanged } = this.#deps;
    const wanted = this.#waiting?.evseId;
    for (const { id } of context.layout.evses) {
      if ((wanted === undefined || wanted === id) && !this.inUse(sessions.get(id))) availability.blocked.add(id);
    }
    statusChanged();
  }
}
