import { setTimeout as pause } from 'node:timers/promises';
import { BusbarError, isRecord, maskToken } from '@busbar/runtime';
import { ApiClient, type ApiFlags } from './api-client.ts';
import type { ApiSurroundings } from './listing.ts';
import { printable } from './table.ts';

export interface TailFlags extends ApiFlags {
  readonly json?: boolean;
  readonly station?: string;
  readonly topic?: string;
  readonly action?: string;
  readonly count?: number;
}

const AGAIN_MS = 1000;

/** `busbar tail`: what happens, line by line. A lost connection is taken up where it ended; nothing is shown twice. */
export async function tailCommand(flags: TailFlags, around: ApiSurroundings): Promise<void> {
  const tail = new Tail(flags, around);
  while (!(await tail.follow())) await pause(AGAIN_MS);
}

class Tail {
  readonly #flags: TailFlags;
  readonly #client: ApiClient;
  readonly #write: (text: string) => void;
  readonly #colour: boolean;
  #lastId: string | undefined;
  #shown = 0;
  #connected = false;

  constructor(flags: TailFlags, { environment, write, colour }: ApiSurroundings) {
    this.#flags = flags;
    this.#client = new ApiClient(flags, environment);
    this.#write = write;
    this.#colour = colour === true;
  }

  /** Shows what comes over one connection; true when enough was shown. */
  async follow(): Promise<boolean> {
    const { station, topic } = this.#flags;
    const query = new URLSearchParams();
    if (station !== undefined) query.set('stationId', station);
    if (topic !== undefined) query.set('topics', topic);
    const path = query.size === 0 ? '/events' : `/events?${query.toString()}`;
    try {
      for await (const { id, event, data } of this.#client.events(path, this.#lastId)) {
        if (id !== '') this.#lastId = id;
        if (this.#show(event, data)) return true;
      }
    } catch (error) {
      // The first connection must work; later the CSMS may restart.
      if (!this.#connected || (error instanceof BusbarError && error.code !== 'no-api')) throw error;
    }
    this.#connected = true;
    return false;
  }

  #show(event: string, data: unknown): boolean {
    const { json, count, action } = this.#flags;
    this.#connected = true;
    if (event === 'snapshot') {
      if (!json) this.#write('(some events were missed: the pause was longer than the memory of the CSMS)\n');
      return false;
    }
    if (action !== undefined && !(isRecord(data) && data['action'] === action)) return false;
    this.#write(json ? `${JSON.stringify(data)}\n` : `${coloured(textOf(data), event, this.#colour)}\n`);
    this.#shown += 1;
    return this.#shown === count;
  }
}

/** By what a line is about; the text says it as well. */
const COLOURS: Readonly<Record<string, number>> = {
  station: 36,
  connector: 34,
  transaction: 32,
  authorize: 35,
  command: 33,
  handshake: 31,
};

function coloured(text: string, event: string, colour: boolean): string {
  const code = colour ? COLOURS[event] : undefined;
  return code === undefined ? text : `\u001B[${code}m${text}\u001B[0m`;
}

function textOf(data: unknown): string {
  if (!isRecord(data)) return '';
  const { at, type, stationId, detail, ...open } = data;
  // What scrolls over a screen shows no whole token; --json does.
  const rest = typeof open['idToken'] === 'string' ? { ...open, idToken: maskToken(open['idToken']) } : open;
  const more = Object.entries({ ...rest, ...(isRecord(detail) ? detail : {}) }).flatMap(([name, value]) =>
    value === null || value === '' || (Array.isArray(value) && value.length === 0)
      ? []
      : [`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`],
  );
  return printable([String(at).slice(11, 23), String(stationId).padEnd(12), String(type).padEnd(11), ...more].join('  '));
}
