import type { Ocpp } from '@busbar/protocol';
import type { JournalChange } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Session } from '../e-transactions/session.ts';

/** Station, EVSE or connector; the text is the record's name. */
export type Target = '0' | `${number}` | `${number}.${number}`;

export const targetOf = (evse: Ocpp.EVSEType | undefined): Target =>
  evse === undefined || evse.id === 0 ? '0' : evse.connectorId === undefined ? `${evse.id}` : `${evse.id}.${evse.connectorId}`;

/** What the CSMS set, kept apart on three levels, so that taking one away shows what was set below (G03.FR.07, G04.FR.08). */
export class Availability {
  readonly #context: Context;
  readonly #inoperative: Set<string>;
  /** Changes that wait for transactions to end (G03.FR.05, G04.FR.06). */
  readonly #scheduled: Map<string, Ocpp.OperationalStatusEnumType>;
  /** Whether a transaction runs on the EVSE. */
  busy: (evseId: number) => boolean = () => false;
  /** EVSEs that take no new driver because a reset waits (B12). */
  readonly blocked = new Set<number>();
  /** EVSEs that take no new driver because firmware waits to be installed (L01.FR.07). */
  readonly updating = new Set<number>();

  constructor(context: Context) {
    this.#context = context;
    this.#inoperative = new Set(context.memory.list(keys.availability).map(({ key }) => key.slice(keys.availability.length)));
    this.#scheduled = new Map(
      context.memory
        .list<Ocpp.OperationalStatusEnumType>(keys.scheduled)
        .map(({ key, value }) => [key.slice(keys.scheduled.length), value]),
    );
  }

  /** Free, and yet nobody may begin here. */
  closed(evseId: number): boolean {
    return this.blocked.has(evseId) || this.updating.has(evseId);
  }

  exists(evse: Ocpp.EVSEType | undefined): boolean {
    if (evse === undefined || evse.id === 0) return true;
    const layout = this.#context.layout.evses.find((entry) => entry.id === evse.id);
    return layout !== undefined && (evse.connectorId === undefined || layout.connectors.some((entry) => entry.id === evse.connectorId));
  }

  isInoperative(target: Target): boolean {
    return this.#inoperative.has(target);
  }

  /** Whether a driver may use the connector, all levels together (G03.FR.06, G04.FR.07). */
  operative(evseId: number, connectorId?: number): boolean {
    if (this.#inoperative.has('0') || this.#inoperative.has(`${evseId}`)) return false;
    // G04.FR.06: the change waits for the transactions; where none runs it has come already.
    if (this.#scheduled.get('0') === 'Inoperative' && !this.busy(evseId)) return false;
    if (connectorId !== undefined) return !this.#inoperative.has(`${evseId}.${connectorId}`);
    const layout = this.#context.layout.evses.find((entry) => entry.id === evseId);
    return layout?.connectors.some((connector) => !this.#inoperative.has(`${evseId}.${connector.id}`)) ?? false;
  }

  /** Sets now. The state is durable with the changes (G01.FR.02, G03.FR.08, G04.FR.09). */
  set(target: Target, status: Ocpp.OperationalStatusEnumType): readonly JournalChange[] {
    const unscheduled = this.#scheduled.delete(target) ? [remove(keys.schedule(target))] : [];
    if (status === 'Operative') {
      this.#inoperative.delete(target);
      return [...unscheduled, remove(keys.available(target))];
    }
    this.#inoperative.add(target);
    return [...unscheduled, put(keys.available(target), status)];
  }

  schedule(target: Target, status: Ocpp.OperationalStatusEnumType): readonly JournalChange[] {
    this.#scheduled.set(target, status);
    return [put(keys.schedule(target), status)];
  }

  /** What was scheduled and can happen now that these sessions are over. */
  due(ongoing: readonly Session[]): readonly JournalChange[] {
    return [...this.#scheduled].flatMap(([name, status]) => {
      const target = this.#named(name);
      return concerned(target, ongoing) ? [] : this.set(target, status);
    });
  }

  #named(name: string): Target {
    const [evse, connector] = name.split('.').map(Number);
    return connector === undefined ? `${evse ?? 0}` : `${evse ?? 0}.${connector}`;
  }
}

/** A transaction runs on what the target covers. */
export function concerned(target: Target, ongoing: readonly Session[]): boolean {
  if (target === '0') return ongoing.length > 0;
  const [evse, connector] = target.split('.').map(Number);
  return ongoing.some(
    (session) =>
      session.evseId === evse && (connector === undefined || session.connectorId === undefined || session.connectorId === connector),
  );
}
