import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
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
const HEAD = /\n(\d+) (in|out) (\d+) ([^\n]*)\n/y;

export const actionOf = (frame: string): string | undefined => CALL.exec(frame)?.[1];
export const messageIdOf = (frame: string): string | undefined => ID.exec(frame)?.[1];

/** One frame as the log hands it over, in two parts that nobody copies: its head on a line of its own, and the text as it was. */
export const printMessage = ({ at, stationId, direction, text }: LoggedMessage): readonly [head: string, text: string] => [
  `\n${at} ${direction} ${text.length} ${stationId}\n`,
  text,
];

export function parseMessages(texts: string): LoggedMessage[] {
  const out: LoggedMessage[] = [];
  for (let from = 0; from < texts.length; ) {
    HEAD.lastIndex = from;
    const head = HEAD.exec(texts);
    if (head === null) break;
    const [, at, direction, length, stationId = ''] = head;
    const end = HEAD.lastIndex + Number(length);
    out.push({ at: Number(at), stationId, direction: direction === 'in' ? 'in' : 'out', text: texts.slice(HEAD.lastIndex, end) });
    from = end;
  }
  return out;
}

/** Level 1 is enough (measured); repeats shrink to almost nothing. */
export function packBlock(texts: string): MessageBlock {
  const messages = parseMessages(texts);
  const actions = new Set(messages.flatMap(({ text }) => actionOf(text) ?? []));
  return {
    firstAt: messages[0]?.at ?? 0,
    lastAt: messages.at(-1)?.at ?? 0,
    n: messages.length,
    stations: [...new Set(messages.map(({ stationId }) => stationId))],
    actions: [...actions],
    body: zstdCompressSync(texts, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  };
}

export const unpackBlock = (body: Uint8Array): LoggedMessage[] => parseMessages(zstdDecompressSync(body).toString('utf8'));

/** False when no frame of the block can be among those asked for. */
export const mayHold = (head: Omit<BlockHead, 'id'>, filter: MessageFilter): boolean =>
  (filter.stationId === undefined || head.stations.includes(filter.stationId)) &&
  (filter.action === undefined || head.actions.includes(filter.action)) &&
  (filter.before === undefined || head.firstAt < filter.before) &&
  (filter.since === undefined || head.lastAt >= filter.since);

/** Those asked for, newest first. An action brings its answers along as far as they stand in the same block. */
export function select(messages: readonly LoggedMessage[], filter: MessageFilter): LoggedMessage[] {
  const { stationId, action, messageId, before, since } = filter;
  const calls = new Set<string>();
  if (action !== undefined)
    for (const message of messages) if (actionOf(message.text) === action) calls.add(`${message.stationId} ${messageIdOf(message.text)}`);
  return messages
    .filter(
      (message) =>
        (stationId === undefined || message.stationId === stationId) &&
        (before === undefined || message.at < before) &&
        (since === undefined || message.at >= since) &&
        (messageId === undefined || messageIdOf(message.text) === messageId) &&
        (action === undefined || calls.has(`${message.stationId} ${messageIdOf(message.text)}`)),
    )
    .toReversed();
}
