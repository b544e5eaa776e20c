import { AlignedDataCtrlr } from '@busbar/protocol/device-model';
import { s, type Timer } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { Outbox } from '../../outbox.ts';
import type { Sessions } from '../e-transactions/sessions.ts';
import type { Metering } from './metering.ts';

/** J01: readings on the grid of the clock, counted from midnight UTC; for every EVSE and for the main meter (EVSE 0). */
export class ClockAligned {
  readonly #context: Context;
  readonly #outbox: Outbox;
  readonly #sessions: Sessions;
  readonly #metering: Metering;
  #interval: Timer | undefined;
  #endedInterval: Timer | undefined;

  constructor(context: Context, outbox: Outbox, sessions: Sessions, metering: Metering) {
    this.#context = context;
    this.#outbox = outbox;
    this.#sessions = sessions;
    this.#metering = metering;
    for (const key of [AlignedDataCtrlr.Interval, AlignedDataCtrlr.TxEndedInterval, AlignedDataCtrlr.Enabled]) {
      context.dm.onChange(key, () => this.start());
    }
  }

  start(): void {
    const { dm } = this.#context;
    this.#interval?.cancel();
    this.#endedInterval?.cancel();
    if (!dm.bool(AlignedDataCtrlr.Enabled)) return;
    const intervalS = dm.number(AlignedDataCtrlr.Interval);
    if (intervalS > 0)
      this.#onGrid(
        s(intervalS),
        (timer) => void (this.#interval = timer),
        () => this.#send(),
      );
    const endedS = dm.number(AlignedDataCtrlr.TxEndedInterval);
    if (endedS > 0)
      this.#onGrid(
        s(endedS),
        (timer) => void (this.#endedInterval = timer),
        () => this.#keep(),
      );
  }

  /** The wall clock may jump; each tick looks at it anew. */
  #onGrid(periodMs: number, own: (timer: Timer) => void, action: () => void): void {
    const { clock, scope } = this.#context;
    own(
      scope.after(periodMs - (clock.now() % periodMs), 'clock-aligned meter values (J01.FR.14)', () => {
        this.#onGrid(periodMs, own, action);
        action();
      }),
    );
  }

  #send(): void {
    const { layout, dm, scope } = this.#context;
    const ongoing = new Set(this.#sessions.ongoing.map((session) => session.evseId));
    if (ongoing.size > 0 && dm.bool(AlignedDataCtrlr.SendDuringIdle)) return; // J01.FR.20
    for (const evseId of [0, ...layout.evses.map((evse) => evse.id)]) {
      if (ongoing.has(evseId) && dm.bool(AlignedDataCtrlr.SendDuringIdle, { evse: evseId })) continue; // J01.FR.19
      if (evseId === 0 && !layout.hasMainMeter) continue;
      const value = this.#metering.aligned(evseId, AlignedDataCtrlr.Measurands); // J01.FR.02–04
      if (!value) continue;
      // J01.FR.22: during a transaction too, as MeterValues.
      scope.run('clock-aligned meter values', async () => {
        await this.#outbox.send('notice', 'MeterValues', () => ({ evseId, meterValue: [value] }));
      });
    }
  }

  #keep(): void {
    for (const session of this.#sessions.ongoing) if (session.evseId > 0) this.#sessions.keepAligned(session.evseId);
  }
}
