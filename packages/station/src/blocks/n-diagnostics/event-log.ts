import type { Ocpp } from '@busbar/protocol';
import { MonitoringCtrlr } from '@busbar/protocol/device-model';
import { formatInstant, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Outbox, Outcome } from '../../outbox.ts';

export type EventFact = Omit<Ocpp.EventDataType, 'eventId'>;

/** N07: events on their way to the CSMS. Grave ones wait for the link on disk, the others are for now or never (N07.FR.04). */
export class EventLog {
  readonly #context: Context;
  readonly #outbox: Outbox;
  #nextId: number;
  #queued: { readonly n: number; readonly data: Ocpp.EventDataType }[];
  #sending = false;

  constructor(context: Context, outbox: Outbox) {
    this.#context = context;
    this.#outbox = outbox;
    this.#queued = context.memory
      .list<Ocpp.EventDataType>(keys.events)
      .map(({ key, value }) => ({ n: Number(key.slice(keys.events.length)), data: value }));
    this.#nextId = (context.memory.read<number>(keys.nextEventId) ?? 0) + 1;
  }

  get length(): number {
    return this.#queued.length;
  }

  /** An event with a severity: online it goes now; offline it is kept when it is grave enough. */
  report(fact: EventFact, severity: number): void {
    if (!this.#outbox.accepted && severity > this.#context.dm.number(MonitoringCtrlr.OfflineQueuingSeverity)) {
      this.#context.note(`event of ${fact.component.name}.${fact.variable.name} not kept while offline (N07.FR.04)`);
      return;
    }
    const data = this.#numbered(fact);
    if (this.#queued.length >= limits.stationNotices) {
      this.#context.note('the oldest event makes room');
      const oldest = this.#queued.shift();
      if (oldest) this.#commit([remove(keys.event(oldest.n))]);
    }
    this.#queued.push({ n: data.eventId, data });
    this.#commit([put(keys.event(data.eventId), data), put(keys.nextEventId, data.eventId)]);
    this.flush();
  }

  /** A state that matters now only (a connector's AvailabilityState): not kept. */
  sendNow(fact: EventFact): Promise<Outcome<Ocpp.NotifyEventResponse>> {
    const data = this.#numbered(fact);
    this.#commit([put(keys.nextEventId, data.eventId)]);
    return this.#outbox.send('notice', 'NotifyEvent', () => this.#message(data));
  }

  /** One after the other; an event leaves the queue with its answer. */
  flush(): void {
    const [head] = this.#queued;
    if (this.#sending || !head || !this.#outbox.accepted) return;
    this.#sending = true;
    this.#context.scope.run('events', async () => {
      const outcome = await this.#outbox.send('notice', 'NotifyEvent', () => this.#message(head.data));
      this.#sending = false;
      if (this.#context.scope.closed || outcome.kind === 'failed') return;
      this.#queued = this.#queued.filter((event) => event.n !== head.n);
      await this.#context.memory.commit([remove(keys.event(head.n))]);
      this.flush();
    });
  }

  #numbered(fact: EventFact): Ocpp.EventDataType {
    const eventId = this.#nextId;
    this.#nextId += 1;
    return { ...fact, eventId };
  }

  /** N07.FR.07: each event is a message of its own, the first and only one. */
  #message(data: Ocpp.EventDataType): Ocpp.NotifyEventRequest {
    return { generatedAt: formatInstant(this.#context.clock.now()), seqNo: 0, tbc: false, eventData: [data] };
  }

  #commit(changes: Parameters<Context['memory']['commit']>[0]): void {
    this.#context.scope.run('event', () => this.#context.memory.commit(changes));
  }
}
