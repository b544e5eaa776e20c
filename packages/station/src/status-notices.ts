import type { Ocpp } from '@busbar/protocol';
import { type JournalChange, limits } from '@busbar/runtime';
import type { Context } from './context.ts';
import { keys, put, remove } from './memory.ts';
import type { Outbox, Outcome } from './outbox.ts';

type Notice =
  | { readonly action: 'LogStatusNotification'; readonly request: Ocpp.LogStatusNotificationRequest }
  | { readonly action: 'FirmwareStatusNotification'; readonly request: Ocpp.FirmwareStatusNotificationRequest };

/** Steps of an upload or an update on their way to the CSMS: each is told once, in order, also after a time without link or power. */
export class StatusNotices {
  readonly #context: Context;
  readonly #outbox: Outbox;
  #queued: { readonly n: number; readonly notice: Notice }[];
  #next: number;
  #sending = false;

  constructor(context: Context, outbox: Outbox) {
    this.#context = context;
    this.#outbox = outbox;
    this.#queued = context.memory
      .list<Notice>(keys.notices)
      .map(({ key, value }) => ({ n: Number(key.slice(keys.notices.length)), notice: value }));
    this.#next = (this.#queued.at(-1)?.n ?? 0) + 1;
  }

  get length(): number {
    return this.#queued.length;
  }

  /** `more` becomes durable together with it: the state that the notice tells of. */
  tell(notice: Notice, more: readonly JournalChange[] = []): void {
    const n = this.#next;
    this.#next += 1;
    const dropped = this.#queued.length >= limits.stationNotices ? this.#queued.splice(0, 1) : [];
    this.#queued.push({ n, notice });
    const changes = [...dropped.map((old) => remove(keys.notice(old.n))), put(keys.notice(n), notice), ...more];
    this.#context.scope.run('status notice', async () => {
      await this.#context.memory.commit(changes);
      this.flush();
    });
  }

  /** One after the other; a notice leaves the queue with its answer. */
  flush(): void {
    const [head] = this.#queued;
    if (this.#sending || !head || !this.#outbox.accepted || this.#context.scope.closed) return;
    this.#sending = true;
    this.#context.scope.run('status notices', async () => {
      const outcome = await this.#send(head.notice);
      this.#sending = false;
      if (this.#context.scope.closed) return;
      if (outcome.kind === 'failed') return this.#again();
      this.#queued = this.#queued.filter(({ n }) => n !== head.n);
      await this.#context.memory.commit([remove(keys.notice(head.n))]);
      this.flush();
    });
  }

  /** Nobody answered, and the link is still there: a reconnect may never come. */
  #again(): void {
    if (this.#outbox.accepted) this.#context.scope.after(limits.callTimeoutMs, 'status notice again', () => this.flush());
  }

  #send(notice: Notice): Promise<Outcome<unknown>> {
    switch (notice.action) {
      case 'LogStatusNotification':
        return this.#outbox.send('notice', notice.action, () => notice.request);
      case 'FirmwareStatusNotification':
        return this.#outbox.send('notice', notice.action, () => notice.request);
    }
  }
}
