import type { Ocpp } from '@busbar/protocol';
import { OCPPCommCtrlr } from '@busbar/protocol/device-model';
import { limits, type Millis, s, type Timer } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, remove } from '../../memory.ts';
import type { Outbox } from '../../outbox.ts';
import type { RegistrationState } from '../../trace.ts';

export interface RegistrationDeps {
  readonly context: Context;
  readonly outbox: Outbox;
  readonly synchronize: (currentTime: string) => void;
  readonly accepted: () => void;
}

/** B01, B02, B03: who we are is told once per boot, again until the CSMS accepts it. */
export class Registration {
  readonly #deps: RegistrationDeps;
  readonly #reason: Ocpp.BootReasonEnumType;
  #state: RegistrationState = 'unknown';
  #retry: Timer | undefined;
  #nextAt: Millis = 0;
  #asking = false;
  /** The network profile of the link that is open, and the one the CSMS accepted us on. */
  #slot: number | undefined;
  #acceptedOn: number | undefined;

  constructor(deps: RegistrationDeps) {
    this.#deps = deps;
    // B01.FR.09: what the last life left as its reason to end; without one the power was gone.
    this.#reason = deps.context.memory.read<Ocpp.BootReasonEnumType>(keys.bootReason) ?? 'PowerUp';
  }

  get state(): RegistrationState {
    return this.#state;
  }

  get reason(): Ocpp.BootReasonEnumType {
    return this.#reason;
  }

  /** The link is open. A reconnect alone needs no new BootNotification (Part 4, 5.3; P03); another network profile does (B10.FR.10, D10). */
  opened(slot: number): void {
    this.#slot = slot;
    const moved = this.#state === 'accepted' && this.#acceptedOn !== slot;
    if (moved) this.#state = 'unknown';
    this.#deps.outbox.registered(this.#state);
    if (this.#state === 'accepted') return;
    if (moved) return this.ask('Unknown');
    if (this.#deps.context.clock.monotonic() >= this.#nextAt) this.ask(this.#reason);
  }

  /** B02.FR.04: also when a TriggerMessage wants it before the interval is over. */
  ask(reason: Ocpp.BootReasonEnumType): void {
    const { context, outbox } = this.#deps;
    if (this.#asking) return;
    this.#asking = true;
    this.#retry?.cancel();
    context.scope.run('boot', async () => {
      const outcome = await outbox.send('boot', 'BootNotification', () => this.#request(reason)); // B01.FR.01, B01.FR.03
      this.#asking = false;
      if (context.scope.closed) return;
      if (outcome.kind === 'answer') await this.#answered(outcome.response);
      else if (outbox.online) this.#again(limits.bootRetryS); // P09: nobody answered, or with an error
    });
  }

  async #answered({ status, interval, currentTime }: Ocpp.BootNotificationResponse): Promise<void> {
    const { context, synchronize, accepted } = this.#deps;
    synchronize(currentTime); // B01.FR.06
    if (status !== 'Accepted') {
      this.#become(status === 'Pending' ? 'pending' : 'rejected', interval);
      this.#again(interval > 0 ? interval : limits.bootRetryS); // B02.FR.07, B02.FR.08, B03.FR.05, B03.FR.06
      return;
    }
    await this.#heartbeatInterval(interval);
    await context.memory.commit([remove(keys.bootReason)]);
    if (context.scope.closed) return;
    this.#acceptedOn = this.#slot;
    this.#become('accepted', interval);
    accepted();
  }

  /** One moment for everybody: whoever sees `accepted` can already be served. */
  #become(state: RegistrationState, intervalS: number): void {
    const { context, outbox } = this.#deps;
    this.#state = state;
    context.trace({ kind: 'registration', state, intervalS });
    outbox.registered(state);
  }

  /** B01.FR.04, G02.FR.01: a positive interval is the new heartbeat interval. */
  async #heartbeatInterval(interval: number): Promise<void> {
    const { dm, memory } = this.#deps.context;
    const found = dm.lookup({ name: OCPPCommCtrlr.HeartbeatInterval.component }, { name: OCPPCommCtrlr.HeartbeatInterval.variable });
    if (interval <= 0 || found.kind !== 'found') return;
    const setting = dm.setting(found.definition, `${interval}`);
    setting.apply();
    await memory.commit([setting.change]);
  }

  #again(seconds: number): void {
    const { clock, scope } = this.#deps.context;
    this.#nextAt = clock.monotonic() + s(seconds);
    this.#retry?.cancel();
    this.#retry = scope.after(s(seconds), 'boot retry (B02.FR.08, B03.FR.06)', () => this.ask(this.#reason));
  }

  #request(reason: Ocpp.BootReasonEnumType): Ocpp.BootNotificationRequest {
    const { layout, config } = this.#deps.context;
    return {
      reason,
      chargingStation: {
        model: layout.model,
        vendorName: layout.vendorName,
        serialNumber: layout.serialNumber,
        firmwareVersion: layout.firmwareVersion,
        ...(config.modem === undefined ? {} : { modem: config.modem }),
      },
    };
  }
}
