import { SECURITY_EVENTS, type SecurityEvent } from '@busbar/protocol';
import { formatInstant, type Instant, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';
import type { Outbox } from '../../outbox.ts';

interface Entry {
  readonly type: SecurityEvent;
  readonly at: Instant;
  readonly techInfo?: string;
}

/** What stands in the security log: a line per event, without secrets. */
export type SecurityLogEntry = Entry;

/** A04: critical events reach the CSMS whatever happens meanwhile (A04.FR.02); every event is in the rolling log (A04.FR.04). */
export class SecurityEvents {
  readonly #context: Context;
  readonly #outbox: Outbox;
  #queued: { readonly n: number; readonly entry: Entry }[];
  #nextEvent: number;
  #nextLine: number;
  #lines: number;
  #sending = false;
  /** Reported since the last time all was well: repeated failures are one event (A00.FR.316). */
  readonly #run = new Set<SecurityEvent>();

  constructor(context: Context, outbox: Outbox) {
    this.#context = context;
    this.#outbox = outbox;
    this.#queued = context.memory.list<Entry>(keys.securityEvents).map(({ key, value }) => ({
      n: Number(key.slice(keys.securityEvents.length)),
      entry: value,
    }));
    for (const { entry } of this.#queued) if (entry.type.startsWith('Invalid')) this.#run.add(entry.type); // a reboot is no new run
    this.#nextEvent = (this.#queued.at(-1)?.n ?? 0) + 1;
    const lines = context.memory.list(keys.securityLog);
    this.#lines = lines.length;
    this.#nextLine = Number(lines.at(-1)?.key.slice(keys.securityLog.length) ?? 0) + 1;
  }

  get length(): number {
    return this.#queued.length;
  }

  /** The rolling log, oldest first. */
  get log(): readonly SecurityLogEntry[] {
    return this.#context.memory.list<Entry>(keys.securityLog).map(({ value }) => value);
  }

  /** A04.FR.01, A04.FR.04 */
  report(type: SecurityEvent, techInfo?: string): void {
    const { clock, memory, scope, note } = this.#context;
    const entry: Entry = { type, at: clock.now(), ...(techInfo === undefined ? {} : { techInfo: techInfo.slice(0, 255) }) };
    const changes = [put(keys.securityLogEntry(this.#nextLine), entry)];
    this.#nextLine += 1;
    this.#lines += 1;
    if (this.#lines > limits.securityLog) {
      changes.push(remove(keys.securityLogEntry(this.#nextLine - this.#lines)));
      this.#lines -= 1;
    }
    if (SECURITY_EVENTS[type]) {
      if (this.#queued.length >= limits.securityEvents) note(`security event ${type} is only in the log: too many wait`);
      else {
        this.#queued.push({ n: this.#nextEvent, entry });
        changes.push(put(keys.securityEvent(this.#nextEvent), entry));
        this.#nextEvent += 1;
      }
    }
    scope.run('security event', () => memory.commit(changes));
    this.flush();
  }

  /** One event for a run of failures; `well` begins a new one. */
  reportOnce(type: SecurityEvent, techInfo?: string): void {
    if (this.#run.has(type)) return;
    this.#run.add(type);
    this.report(type, techInfo);
  }

  well(): void {
    this.#run.clear();
  }

  /** One after the other; an event leaves the queue with its answer, never by time. */
  flush(): void {
    const [head] = this.#queued;
    if (this.#sending || !head || !this.#outbox.accepted) return;
    this.#sending = true;
    const { scope, memory } = this.#context;
    scope.run('security events', async () => {
      const { type, at, techInfo } = head.entry;
      const outcome = await this.#outbox.send('notice', 'SecurityEventNotification', () => ({
        type,
        timestamp: formatInstant(at),
        ...(techInfo === undefined ? {} : { techInfo }),
      }));
      this.#sending = false;
      if (scope.closed) return;
      if (outcome.kind === 'failed') {
        scope.after(limits.callTimeoutMs, 'security event again (A04.FR.02)', () => this.flush());
        return;
      }
      this.#queued = this.#queued.filter(({ n }) => n !== head.n);
      await memory.commit([remove(keys.securityEvent(head.n))]);
      this.flush();
    });
  }
}
