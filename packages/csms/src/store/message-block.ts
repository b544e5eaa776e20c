import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Direction } from '@busbar/protocol';
import type { LoggedMessage, MessageFilter } from '../message-log.ts';

/** Many frames as one row: compressed, with what a search needs to pass it by. */
export interface MessageBlock {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly n: number;
  readonly stations: readonly string[];
  readonly actions: readonly string[];
  readonly body: Uint8Array;
}

/** What the table tells of a block before its body is read. */
export type BlockHead = Omit<MessageBlock, 'body' | 'n'> & { readonly id: number };

const CALL = /^\s*\[\s*[26]\s*,\s*"[^"]*"\s*,\s*"([^"]{1,50})"/;
const ID = /^\s*\[\s*\d\s*,\s*"([^"]*)"/;
const [NEWLINE, ZERO, NO_LENGTH, DIRECTIONS] = [10, 48, '00000000', ['in', 'out'] as const];
/** Behind the longest message id and action nothing is looked for. */
const BEGINNING = 256;

export const actionOf = (frame: string): string | undefined => CALL.exec(frame)?.[1];
export const messageIdOf = (frame: string): string | undefined => ID.exec(frame)?.[1];

/** Frames one after the other as bytes: each a head on a line of its own (time, direction, length, station), then the text as it was. */
export class MessageBytes {
  #buffer: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(size: number) {
    this.#buffer = Buffer.from(new ArrayBuffer(size));
  }

  get length(): number {
    return this.#length;
  }

  /** False when it does not fit any more; one that never would gets the room it needs. */
  add({ at, stationId, direction, text }: LoggedMessage): boolean {
    const before = `${at} ${direction} `;
    const head = `${before}${NO_LENGTH} ${stationId}\n`;
    const most = 3 * (text.length + head.length);
    if (this.#length + most > this.#buffer.length) {
      if (this.#length > 0) return false;
      this.#buffer = Buffer.from(new ArrayBuffer(most));
    }
    const from = this.#length + this.#buffer.write(head, this.#length);
    const bytes = this.#buffer.write(text, from);
    this.#digits(this.#length + before.length, bytes);
    this.#length = from + bytes;
    return true;
  }

  /** Over the zeros that stand there. */
  #digits(at: number, value: number): void {
    for (let [rest, digit] = [value, at + NO_LENGTH.length - 1]; rest > 0; rest = Math.floor(rest / 10), digit -= 1)
      this.#buffer[digit] = ZERO + (rest % 10);
  }

  /** What is in it, for another thread: the memory goes with it. */
  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, this.#length);
  }
}

interface Part {
  readonly at: number;
  readonly direction: Direction;
  readonly stationId: string;
  readonly text: () => string;
  /** Enough of it to see what it is. */
  readonly beginning: () => string;
}

function* parts(bytes: Uint8Array): Generator<Part> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < buffer.length; ) {
    const end = buffer.indexOf(NEWLINE, from);
    if (end < 0) return;
    const [at = '', direction = '', length = '', ...station] = buffer.toString('utf8', from, end).split(' ');
    const text = end + 1;
    from = text + Number(length);
    const until = from;
    yield {
      at: Number(at),
      direction: DIRECTIONS.find((known) => known === direction) ?? 'in',
      stationId: station.join(' '),
      text: () => buffer.toString('utf8', text, until),
      beginning: () => buffer.toString('latin1', text, Math.min(until, text + BEGINNING)),
    };
  }
}

export const parseMessages = (bytes: Uint8Array): LoggedMessage[] =>
  [...parts(bytes)].map(({ at, direction, stationId, text }) => ({ at, stationId, direction, text: text() }));

/** Level 1 is enough (measured); repeats shrink to almost nothing. */
export function packBlock(bytes: Uint8Array): MessageBlock {
  const [stations, actions] = [new Set<string>(), new Set<string>()];
  let [firstAt, lastAt, n] = [0, 0, 0];
  for (const { at, stationId, beginning } of parts(bytes)) {
    if (n === 0) firstAt = at;
    lastAt = at;
    n += 1;
    stations.add(stationId);
    const action = actionOf(beginning());
    if (action !== undefined) actions.add(action);
  }
  const body = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return { firstAt, lastAt, n, stations: [...stations], actions: [...actions], body };
}

export const unpackBlock = (body: Uint8Array): LoggedMessage[] => parseMessages(zstdDecompressSync(body));

/** False when no frame of the block can be among those asked for. */
export const mayHold = (head: Omit<BlockHead, 'id'>, filter: MessageFilter): boolean =>
  (filter.stationId === undefined || head.stations.includes(filter.stationId)) &&
  (filter.stationIds === undefined || head.stations.some((station) => filter.stationIds?.includes(station))) &&
  (filter.action === undefined || head.actions.includes(filter.action)) &&
  (filter.before === undefined || head.firstAt < filter.before) &&
  (filter.since === undefined || head.lastAt >= filter.since);

/** Those asked for, newest first. An action brings its answers along as far as they stand in the same block. */
export function select(messages: readonly LoggedMessage[], filter: MessageFilter): LoggedMessage[] {
  const { stationId, messageId, before, since, direction, pairs } = filter;
  const visible = filter.stationIds === undefined ? undefined : new Set(filter.stationIds);
  const wanted = criteria(filter).map(({ fits, whole }) => {
    if (!whole) return fits;
    // With its other half: the whole exchange of that station under that id.
    const exchanges = new Set(messages.filter(fits).map(exchangeOf));
    return (message: LoggedMessage): boolean => exchanges.has(exchangeOf(message));
  });
  return messages
    .filter(
      (message) =>
        (stationId === undefined || message.stationId === stationId) &&
        visible?.has(message.stationId) !== false &&
        (before === undefined || message.at < before) &&
        (since === undefined || message.at >= since) &&
        (messageId === undefined || messageIdOf(message.text) === messageId) &&
        (direction === undefined || pairs === true || message.direction === direction) &&
        wanted.every((fits) => fits(message)),
    )
    .toReversed();
}

const exchangeOf = ({ stationId, text }: LoggedMessage): string => `${stationId} ${messageIdOf(text)}`;
const ERROR = /^\s*\[\s*[45]\s*,/;
const CALLING = /^\s*\[\s*[26]\s*,/;

interface Criterion {
  readonly fits: (message: LoggedMessage) => boolean;
  /** Either half may meet it, and both are wanted. */
  readonly whole: boolean;
}

/** What a frame must be. In pairs each of it may be met by either half; an action always brings its answers along. */
function criteria({ action, text, errors, direction, ...filter }: MessageFilter): readonly Criterion[] {
  const pairs = filter.pairs === true;
  const part = text?.toLowerCase();
  const all: Criterion[] = [];
  if (action !== undefined) all.push({ whole: true, fits: (message) => actionOf(message.text) === action });
  if (part !== undefined) all.push({ whole: pairs, fits: (message) => message.text.toLowerCase().includes(part) });
  if (errors !== undefined) all.push({ whole: pairs, fits: (message) => ERROR.test(message.text) });
  if (direction !== undefined && pairs)
    all.push({ whole: true, fits: (message) => message.direction === direction && CALLING.test(message.text) });
  return all;
}
