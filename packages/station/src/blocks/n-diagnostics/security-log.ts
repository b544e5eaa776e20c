import { formatInstant, type Instant, type JournalChange, limits } from '@busbar/runtime';
import type { Context } from '../../context.ts';
import { keys, put, remove } from '../../memory.ts';

export interface SecurityEntry {
  readonly at: Instant;
  readonly type: string;
  readonly techInfo?: string;
}

/** Every security event of the station, told to the CSMS or not, on its disk; the oldest ones make room (N01.FR.03). */
export class SecurityLog {
  #entries: { readonly n: number; readonly entry: SecurityEntry }[];

  constructor({ memory }: Context) {
    this.#entries = memory
      .list<SecurityEntry>(keys.securityEvents)
      .map(({ key, value }) => ({ n: Number(key.slice(keys.securityEvents.length)), entry: value }));
  }

  /** What to commit with the event itself. */
  add(entry: SecurityEntry): readonly JournalChange[] {
    const n = (this.#entries.at(-1)?.n ?? 0) + 1;
    this.#entries.push({ n, entry });
    const excess = this.#entries.splice(0, Math.max(0, this.#entries.length - limits.stationLogLines));
    return [put(keys.securityEvent(n), entry), ...excess.map((old) => remove(keys.securityEvent(old.n)))];
  }

  lines(oldest: Instant | undefined, latest: Instant | undefined): readonly string[] {
    return this.#entries
      .map(({ entry }) => entry)
      .filter(({ at }) => (oldest === undefined || at >= oldest) && (latest === undefined || at <= latest))
      .map(({ at, type, techInfo }) => `${formatInstant(at)} ${type}${techInfo === undefined ? '' : ` ${techInfo}`}`);
  }
}
