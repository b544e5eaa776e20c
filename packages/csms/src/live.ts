import { type Clock, limits } from '@busbar/runtime';
import type { Bill } from './ledger/row.ts';

export type LiveEvent =
  | {
      readonly type: 'station';
      readonly stationId: string;
      readonly what: 'connected' | 'disconnected' | 'boot' | 'changed' | 'deleted' | 'created';
      readonly detail: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'handshake'; readonly stationId: string; readonly status: number; readonly reason: string }
  | {
      readonly type: 'connector';
      readonly stationId: string;
      readonly evseId: number;
      readonly connectorId: number;
      readonly status: string;
    }
  | {
      readonly type: 'transaction';
      readonly stationId: string;
      readonly transactionId: string;
      readonly kind: 'started' | 'updated' | 'ended' | 'late' | 'final';
      readonly detail: TransactionNews;
    }
  | { readonly type: 'authorize'; readonly stationId: string; readonly idToken: string; readonly status: string; readonly ms: number }
  | { readonly type: 'command'; readonly stationId: string; readonly commandId: string; readonly action: string; readonly state: string }
  | { readonly type: 'log' | 'firmware'; readonly stationId: string; readonly requestId: number; readonly status: string }
  | { readonly type: 'customerInformation'; readonly stationId: string; readonly requestId: number }
  | {
      readonly type: 'security';
      readonly stationId: string;
      readonly event: string;
      readonly critical: boolean;
      readonly source: 'station' | 'csms';
      readonly techInfo: string | null;
    }
  | {
      readonly type: 'job';
      readonly stationId: string;
      readonly jobId: string;
      readonly kind: string;
      readonly state: string;
      readonly step: string;
    }
  /** A job for many stations went on: `stationId` is whose item ended, empty when the job itself begins or ends. */
  | {
      readonly type: 'bulk';
      readonly stationId: string;
      readonly bulkId: string;
      readonly actor: string;
      readonly state: 'running' | 'done' | 'stopped';
      readonly total: number;
      readonly counts: Readonly<Record<'waiting' | 'underWay' | 'done' | 'refused' | 'failed' | 'unknown' | 'stopped', number>>;
    }
  | { readonly type: 'notice'; readonly stationId: string; readonly action: string };

/** A transaction as it stands after what just happened to it. */
export interface TransactionNews {
  readonly evseId: number | null;
  readonly connectorId: number | null;
  readonly state: 'active' | 'ended';
  readonly chargingState: string | null;
  /** RFC 3339. */
  readonly startedAt: string | null;
  readonly energyWh: number | null;
  readonly powerW: number | null;
  readonly socPercent: number | null;
  readonly events: number;
  readonly bill: Bill['bill'];
  readonly completeness: Bill['completeness'];
  readonly missingSeqNos: readonly number[] | null;
  readonly stoppedReason: string | null;
  readonly anomalies: readonly string[];
  readonly seqNo?: number;
  readonly trigger?: string;
}

export interface Numbered {
  readonly id: number;
  readonly at: number;
  readonly event: LiveEvent;
}

/** What happens, for people who look: fed from outcomes of commits, never ahead of them. The last 10,000 can be replayed. */
export class Live {
  readonly #clock: Clock;
  /** An event stands where its number says, until the one that is so many later takes its place. */
  readonly #ring: Numbered[] = [];
  readonly #listeners = new Set<(event: Numbered) => void>();
  #id = 0;
  /** The last one that nothing was made of. */
  #skipped = 0;
  #until = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get lastId(): number {
    return this.#id;
  }

  /** Somebody looks, or did a moment ago and may come back: else what happens is only counted. */
  get followed(): boolean {
    return this.#listeners.size > 0 || this.#clock.monotonic() < this.#until;
  }

  /** For what happens all the time: nothing is made of it while nobody looks. */
  publishOften(make: () => LiveEvent): void {
    if (this.followed) return this.publish(make());
    this.#id += 1;
    this.#skipped = this.#id;
  }

  publish(event: LiveEvent): void {
    this.#id += 1;
    const numbered: Numbered = { id: this.#id, at: this.#clock.now(), event };
    this.#ring[this.#id % limits.eventRing] = numbered;
    for (const listener of this.#listeners) listener(numbered);
  }

  /** Events after the id; undefined when some of them are not remembered any more and a fresh snapshot is due. */
  since(id: number): readonly Numbered[] | undefined {
    const oldest = Math.max(this.#skipped, this.#id - limits.eventRing) + 1;
    if (id > this.#id || id < oldest - 1) return undefined;
    const events: Numbered[] = [];
    for (let next = id + 1; next <= this.#id; next += 1) {
      const event = this.#ring[next % limits.eventRing];
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  listen(listener: (event: Numbered) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#until = this.#clock.monotonic() + limits.eventRingMs;
    };
  }
}
