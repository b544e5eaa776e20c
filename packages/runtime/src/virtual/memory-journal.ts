import type { Clock } from '../clock.ts';
import type { Millis } from '../instant.ts';
import type { Journal, JournalChange, WorldFile } from '../journal.ts';

/** What survives a power cut in virtual time: hand the same disk to the station's next life. */
export class VirtualDisk {
  readonly durable = new Map<string, string>();
  world: string | undefined;
  /** Commits that became durable; a power-cut test walks through them. */
  commits = 0;
  /** Called after each durable commit, before anybody is told: the place to cut the power. */
  onCommit: ((count: number) => void) | undefined;

  worldFile(): WorldFile {
    return {
      load: () => this.world,
      save: (text) => {
        this.world = text;
      },
    };
  }
}

/** A Journal on a virtual disk: a commit takes its time, and a cut drops what is not durable yet. */
export class MemoryJournal implements Journal {
  readonly #image: Map<string, string>;
  readonly #clock: Clock;
  readonly #disk: VirtualDisk;
  readonly #commitMs: () => Millis;
  #tail: Promise<void> = Promise.resolve();
  #alive = true;

  constructor(clock: Clock, disk: VirtualDisk = new VirtualDisk(), commitMs: () => Millis = () => 1) {
    this.#clock = clock;
    this.#disk = disk;
    this.#commitMs = commitMs;
    this.#image = new Map(disk.durable);
  }

  get(key: string): string | undefined {
    return this.#image.get(key);
  }

  list(prefix: string): readonly (readonly [string, string])[] {
    return [...this.#image].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  commit(changes: readonly JournalChange[]): Promise<void> {
    applyChanges(this.#image, changes);
    const done = this.#tail.then(
      () =>
        new Promise<void>((resolve) => {
          this.#clock.after(this.#commitMs(), 'virtual fsync', () => {
            if (!this.#alive) return; // the power is gone: neither durable nor answered
            applyChanges(this.#disk.durable, changes);
            this.#disk.commits += 1;
            this.#disk.onCommit?.(this.#disk.commits);
            if (this.#alive) resolve();
          });
        }),
    );
    this.#tail = done;
    return done;
  }

  /** The power goes: nothing of this life happens any more. */
  cut(): void {
    this.#alive = false;
  }

  close(): Promise<void> {
    return this.#tail;
  }
}

/** One commit, on a map. */
export function applyChanges(map: Map<string, string>, changes: readonly JournalChange[]): void {
  for (const change of changes) {
    if ('put' in change) map.set(change.put, change.value);
    else map.delete(change.remove);
  }
}
