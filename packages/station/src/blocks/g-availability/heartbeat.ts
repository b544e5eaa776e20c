import { ClockCtrlr, OCPPCommCtrlr } from '@busbar/protocol/device-model';
import { type Millis, parseInstant, s, type Timer } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import type { Outbox } from '../../outbox.ts';

const DAY_MS = s(24 * 3600);

/** G02: a sign of life after a silence; at least one a day where it carries the clock (G02.FR.07). */
export class Heartbeat {
  readonly #context: Context;
  readonly #outbox: Outbox;
  #silence: Timer | undefined;
  #lastAt: Millis = 0;
  /** The clock was set by more than TimeAdjustmentReportingThreshold. */
  jumped: (how: string) => void = () => undefined;

  constructor(context: Context, outbox: Outbox) {
    this.#context = context;
    this.#outbox = outbox;
    context.dm.onChange(OCPPCommCtrlr.HeartbeatInterval, () => this.restart());
  }

  /** Accepted: from now on. */
  start(): void {
    this.#lastAt = this.#context.clock.monotonic();
    this.restart();
  }

  stop(): void {
    this.#silence?.cancel();
    this.#silence = undefined;
  }

  /** G02.FR.05: anything that was sent is a sign of life. */
  heard(): void {
    if (this.#silence) this.restart();
  }

  restart(): void {
    this.#silence?.cancel();
    const { clock, scope, dm } = this.#context;
    const intervalMs = s(Math.max(1, dm.number(OCPPCommCtrlr.HeartbeatInterval)));
    const dayLeftMs = this.#carriesClock() ? this.#lastAt + DAY_MS - clock.monotonic() : DAY_MS;
    this.#silence = scope.after(Math.max(0, Math.min(intervalMs, dayLeftMs)), 'heartbeat (G02.FR.02)', () => this.send());
  }

  send(lane: 'idle' | 'asked' = 'idle'): void {
    const { scope, clock } = this.#context;
    this.#lastAt = clock.monotonic();
    scope.run('heartbeat', async () => {
      const outcome = await this.#outbox.send(lane, 'Heartbeat', () => ({}));
      if (outcome.kind === 'answer') this.synchronize(outcome.response.currentTime); // G02.FR.06
    });
    if (this.#silence) this.restart();
  }

  /** B01.FR.06, G02.FR.06, D12: only a station that takes its time from here. */
  synchronize(currentTime: string): void {
    const { config, clock, dm } = this.#context;
    if (!this.#carriesClock() || !config.setClock) return;
    const at = parseInstant(currentTime);
    const jumpS = Math.abs(at - clock.now()) / 1000;
    config.setClock(at);
    if (jumpS > dm.number(ClockCtrlr.TimeAdjustmentReportingThreshold)) this.jumped(`by ${Math.round(jumpS)} s`);
  }

  #carriesClock(): boolean {
    return this.#context.dm.list(ClockCtrlr.TimeSource).includes('Heartbeat');
  }
}
