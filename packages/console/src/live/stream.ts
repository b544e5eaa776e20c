import type { FleetRow, Incident } from '@busbar/api';
import type { Static } from 'typebox';

export interface FleetDelta {
  readonly rows: readonly Static<typeof FleetRow>[];
  readonly gone: readonly string[];
  readonly seen: readonly (readonly [id: string, at: string])[];
}

/** An event of one kind, about one station. */
export interface Happened {
  readonly at: string;
  readonly stationId: string;
  readonly [field: string]: unknown;
}

interface Topics {
  /** The stream is (again) there: read lists anew. */
  readonly open: undefined;
  readonly snapshot: unknown;
  readonly fleet: FleetDelta;
  readonly incidents: readonly Static<typeof Incident>[];
  readonly transaction: Happened & { readonly transactionId: string; readonly kind: string };
  readonly command: Happened & { readonly commandId: string; readonly action: string; readonly state: string };
  readonly handshake: Happened & { readonly status: number; readonly reason: string };
  readonly station: Happened & { readonly what: string };
  readonly job: Happened;
  readonly bulk: Happened & { readonly bulkId: string };
  readonly notice: Happened;
  readonly security: Happened;
  readonly log: Happened;
  readonly firmware: Happened;
  /** Whose frames are new; null: those of many stations. */
  readonly messages: { readonly stationIds: readonly string[] | null };
}
export type Topic = keyof Topics;
type Listeners = { readonly [K in Topic]: Set<(data: Topics[K]) => void> };

export type StreamState = { readonly kind: 'connecting' } | { readonly kind: 'live' } | { readonly kind: 'lost'; readonly since: number };

const TOPICS = [
  'fleet',
  'incidents',
  'transaction',
  'command',
  'handshake',
  'station',
  'job',
  'bulk',
  'notice',
  'security',
  'log',
  'firmware',
  'messages',
] as const satisfies readonly Topic[];
const nobody = (): Listeners => ({
  open: new Set(),
  snapshot: new Set(),
  fleet: new Set(),
  incidents: new Set(),
  transaction: new Set(),
  command: new Set(),
  handshake: new Set(),
  station: new Set(),
  job: new Set(),
  bulk: new Set(),
  notice: new Set(),
  security: new Set(),
  log: new Set(),
  firmware: new Set(),
  messages: new Set(),
});

/** A hidden tab gives its connection back: browsers allow six to one server. */
const HIDDEN_MS = 30_000;

/** The one event stream of a tab: topics as they come, whether it is there, and who wants to hear. */
class Stream {
  #source: EventSource | undefined;
  #state: StreamState = { kind: 'connecting' };
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #events = 0;
  readonly #listeners = nobody();
  readonly #watchers = new Set<() => void>();

  get state(): StreamState {
    return this.#state;
  }

  /** Since it was asked last. */
  takeCount(): number {
    const events = this.#events;
    this.#events = 0;
    return events;
  }

  start(): void {
    if (this.#source !== undefined) return;
    document.addEventListener('visibilitychange', this.#visibility);
    this.#open();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#source?.close();
    this.#source = undefined;
    this.#set({ kind: 'connecting' });
  }

  on<K extends Topic>(topic: K, listener: (data: Topics[K]) => void): () => void {
    const listeners: Set<(data: Topics[K]) => void> = this.#listeners[topic];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  #open(): void {
    const source = new EventSource(`/api/v1/events?topics=${TOPICS.join(',')}`);
    this.#source = source;
    source.addEventListener('open', () => {
      this.#set({ kind: 'live' });
      this.#tell('open', undefined);
    });
    source.addEventListener('error', () => {
      if (this.#state.kind !== 'lost') this.#set({ kind: 'lost', since: Date.now() });
      // A refused stream (signed out, too many) is closed for good by the browser: try again later ourselves.
      if (source.readyState === EventSource.CLOSED && this.#source === source) setTimeout(() => this.#again(source), 5000);
    });
    for (const topic of [...TOPICS, 'snapshot'] as const) this.#hear(source, topic);
  }

  #hear(source: EventSource, topic: Topic): void {
    source.addEventListener(topic, ({ data }: MessageEvent<string>) => {
      this.#events += 1;
      this.#tell(topic, JSON.parse(data));
    });
  }

  #again(source: EventSource): void {
    if (this.#source !== source) return;
    source.close();
    this.#open();
  }

  readonly #visibility = (): void => {
    clearTimeout(this.#hiding);
    if (!document.hidden) {
      if (this.#source === undefined) this.#open();
      return;
    }
    this.#hiding = setTimeout(() => {
      this.#source?.close();
      this.#source = undefined;
    }, HIDDEN_MS);
  };

  #tell<K extends Topic>(topic: K, data: Topics[K]): void {
    const listeners: Set<(data: Topics[K]) => void> = this.#listeners[topic];
    for (const listener of listeners) listener(data);
  }

  #set(state: StreamState): void {
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}

export const stream = new Stream();
