import { ACTIONS } from '@busbar/protocol';
import { formatInstant, type Instant, type JournalChange, limits, messageOf, type Scope } from '@busbar/runtime';
import { keys, type Memory, put, remove } from '../../memory.ts';
import type { TraceEvent } from '../../trace.ts';

interface Line {
  readonly at: Instant;
  readonly text: string;
}

/**
 * What a technician reads: the station's decisions, links, states and the names of its messages. Lines go to the disk in
 * blocks, so a power cut costs the last minutes of them and no charging waits for a log.
 */
export class DiagnosticsLog {
  readonly #memory: Memory;
  readonly #scope: Scope;
  readonly #failed: (reason: string) => void;
  #blocks: { readonly n: number; readonly lines: readonly Line[] }[];
  #fresh: Line[] = [];
  #waiting = false;

  constructor(memory: Memory, scope: Scope, failed: (reason: string) => void) {
    this.#memory = memory;
    this.#scope = scope;
    this.#failed = failed;
    this.#blocks = memory
      .list<readonly Line[]>(keys.diagnostics)
      .map(({ key, value }) => ({ n: Number(key.slice(keys.diagnostics.length)), lines: value }));
  }

  add(event: TraceEvent): void {
    const text = textOf(event);
    if (text === undefined) return;
    this.#fresh.push({ at: event.at, text });
    if (this.#fresh.length >= limits.stationLogBlock) return this.flush();
    if (this.#waiting) return;
    this.#waiting = true;
    this.#scope.after(limits.stationLogWaitMs, 'diagnostics to the disk', () => this.flush());
  }

  /** N01.FR.04: everything within the span, oldest first. */
  lines(oldest: Instant | undefined, latest: Instant | undefined): readonly string[] {
    return this.#all
      .filter(({ at }) => (oldest === undefined || at >= oldest) && (latest === undefined || at <= latest))
      .map(({ at, text }) => `${formatInstant(at)} ${text}`);
  }

  /** Lines that speak of somebody (N09.FR.05). */
  mentioning(mentions: (text: string) => boolean): readonly string[] {
    return this.#all.filter(({ text }) => mentions(text)).map(({ at, text }) => `${formatInstant(at)} ${text}`);
  }

  /** Takes them out; returns what has to be written for it (N10.FR.03). */
  forget(mentions: (text: string) => boolean): readonly JournalChange[] {
    const blocks = this.#blocks.map(({ n, lines }) => ({ n, lines: lines.filter(({ text }) => !mentions(text)) }));
    const changed = blocks.filter(({ lines }, index) => lines.length !== this.#blocks[index]?.lines.length);
    this.#blocks = blocks;
    this.#fresh = this.#fresh.filter(({ text }) => !mentions(text));
    return changed.map(({ n, lines }) => put(keys.diagnosticsBlock(n), lines));
  }

  /** Also at the end of a life. */
  flush(): void {
    this.#waiting = false;
    if (this.#fresh.length === 0) return;
    // A quiet station writes few lines: a block is filled before the next one begins.
    const last = this.#blocks.at(-1);
    const filling = last && last.lines.length + this.#fresh.length <= limits.stationLogBlock;
    const block = filling ? { n: last.n, lines: [...last.lines, ...this.#fresh] } : { n: (last?.n ?? 0) + 1, lines: this.#fresh };
    this.#fresh = [];
    if (filling) this.#blocks.pop();
    this.#blocks.push(block);
    const excess = this.#blocks.splice(0, Math.max(0, this.#blocks.length - limits.stationLogLines / limits.stationLogBlock));
    this.#store([put(keys.diagnosticsBlock(block.n), block.lines), ...excess.map(({ n }) => remove(keys.diagnosticsBlock(n)))]);
  }

  get #all(): readonly Line[] {
    return [...this.#blocks.flatMap(({ lines }) => lines), ...this.#fresh];
  }

  #store(changes: Parameters<Memory['commit']>[0]): void {
    this.#memory.commit(changes).catch((error: unknown) => this.#failed(messageOf(error)));
  }
}

/** The name as a text of its own: what is cut out of a frame keeps the whole frame in memory. */
const NAMES: ReadonlyMap<string, string> = new Map(Object.keys(ACTIONS).map((action) => [action, action]));

/** One line of text; undefined for what is not worth one. Ids of drivers are not written here, only what `note` masked. */
function textOf(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case 'frame': {
      const [, action] = /^\[2,"[^"]*","(\w+)"/.exec(event.text) ?? [];
      const failed = event.text.startsWith('[4,') ? event.text.slice(0, 200) : undefined;
      if (failed !== undefined) return `${event.direction} ${failed}`;
      return action === undefined || action === 'Heartbeat' ? undefined : `${event.direction} ${NAMES.get(action) ?? action}`;
    }
    case 'link':
      return `link ${event.state} ${event.detail}`;
    case 'registration':
      return `registration ${event.state}`;
    case 'transaction':
      return `transaction ${event.transactionId} ${event.eventType} ${event.triggerReason} seqNo ${event.seqNo} at EVSE ${event.evseId}`;
    case 'connector':
      return `connector ${event.evseId}.${event.connectorId} ${event.status}`;
    case 'decision':
      return event.text;
  }
}
