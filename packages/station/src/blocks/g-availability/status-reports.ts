import { type Ocpp, supports } from '@busbar/protocol';
import { Connector } from '@busbar/protocol/device-model';
import { formatInstant, type Instant } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put } from '../../memory.ts';
import type { Outbox } from '../../outbox.ts';
import type { EventLog } from '../n-diagnostics/event-log.ts';

export interface ConnectorState {
  readonly evseId: number;
  readonly connectorId: number;
  readonly status: Ocpp.ConnectorStatusEnumType;
}

/** Tells the CSMS the state of connectors: each change while online, after an outage what B04 asks for. */
export class StatusReports {
  readonly #context: Context;
  readonly #outbox: Outbox;
  readonly #events: EventLog;
  readonly #statusOf: (evseId: number, connectorId: number) => ConnectorState['status'];
  /** As they are now. */
  readonly #present = new Map<string, Ocpp.ConnectorStatusEnumType>();
  /** As the CSMS was told last (P21). */
  readonly #reported: Map<string, Ocpp.ConnectorStatusEnumType>;

  constructor(
    context: Context,
    outbox: Outbox,
    events: EventLog,
    statusOf: (evseId: number, connectorId: number) => ConnectorState['status'],
  ) {
    this.#context = context;
    this.#outbox = outbox;
    this.#events = events;
    this.#statusOf = statusOf;
    this.#reported = new Map(
      context.memory.list<Ocpp.ConnectorStatusEnumType>(keys.reported).map(({ key, value }) => [key.slice(keys.reported.length), value]),
    );
  }

  /** Looks for changes; while online each one is told (G01.FR.03–07). */
  refresh(): void {
    for (const state of this.#states()) {
      const name = nameOf(state);
      if (this.#present.get(name) === state.status) continue;
      this.#present.set(name, state.status);
      this.#context.trace({ kind: 'connector', ...state });
      this.#context.dm.touched(Connector.AvailabilityState, { evse: state.evseId, connector: state.connectorId });
      if (this.#outbox.accepted) this.tell(state);
    }
  }

  present(evseId: number, connectorId: number): Ocpp.ConnectorStatusEnumType | undefined {
    return this.#present.get(nameOf({ evseId, connectorId }));
  }

  /** B01.FR.05, B04.FR.01 */
  tellAll(): void {
    for (const state of this.#states()) this.tell(state);
  }

  /** B04.FR.02: only what is not as it was told. */
  tellChanged(): void {
    for (const state of this.#states()) if (this.#reported.get(nameOf(state)) !== state.status) this.tell(state);
  }

  /** One connector, for TriggerMessage (F06.FR.12). */
  tellOne(evseId: number, connectorId: number, lane: 'notice' | 'asked' = 'notice'): void {
    const state = this.#states().find((entry) => entry.evseId === evseId && entry.connectorId === connectorId);
    if (state) this.tell(state, lane);
  }

  #states(): readonly ConnectorState[] {
    return this.#context.layout.evses.flatMap(({ id: evseId, connectors }) =>
      connectors.map(({ id: connectorId }) => ({ evseId, connectorId, status: this.#statusOf(evseId, connectorId) })),
    );
  }

  tell(state: ConnectorState, lane: 'notice' | 'asked' = 'notice'): void {
    const at = this.#context.clock.now();
    // From here until the answer nobody knows what the CSMS believes: a lost answer must not look like the state before (B04.FR.02).
    this.#reported.delete(nameOf(state));
    this.#context.scope.run('status report', async () => {
      const outcome = await (this.#byEvent() ? this.#asEvent(state, at) : this.#asStatus(state, at, lane));
      if (outcome.kind !== 'answer' || this.#context.scope.closed) return;
      this.#reported.set(nameOf(state), state.status);
      await this.#context.memory.commit([put(keys.report(nameOf(state)), state.status)]);
    });
  }

  #byEvent(): boolean {
    const wish = this.#context.config.connectorStatusBy;
    return wish === undefined ? supports(this.#context.dm.version, 'AvailabilityByEvent') : wish === 'NotifyEvent'; // D11
  }

  #asStatus({ evseId, connectorId, status }: ConnectorState, at: Instant, lane: 'notice' | 'asked') {
    return this.#outbox.send(lane, 'StatusNotification', () => ({
      timestamp: formatInstant(at),
      connectorStatus: status,
      evseId,
      connectorId,
    }));
  }

  #asEvent({ evseId, connectorId, status }: ConnectorState, at: Instant) {
    return this.#events.sendNow({
      timestamp: formatInstant(at),
      trigger: 'Delta',
      actualValue: status,
      component: { name: 'Connector', evse: { id: evseId, connectorId } },
      variable: { name: 'AvailabilityState' },
      eventNotificationType: 'HardWiredNotification',
    });
  }
}

const nameOf = (state: Pick<ConnectorState, 'evseId' | 'connectorId'>): string => `${state.evseId}.${state.connectorId}`;
