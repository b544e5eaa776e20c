import type { MessagePair } from '@busbar/api';
import type { Static } from 'typebox';
import { pathOf } from '../../design/json-text.ts';

export type Pair = Static<typeof MessagePair>;

/** What the address of the page says about which messages. */
export interface MessageFilter {
  readonly stationId?: string | undefined;
  readonly direction?: string | undefined;
  readonly action?: string | undefined;
  readonly result?: string | undefined;
  readonly since?: string | undefined;
  readonly q?: string | undefined;
}

export const RESULTS = ['errors', 'violations', 'unanswered'] as const;
export type Result = (typeof RESULTS)[number];
export const resultOf = ({ result }: MessageFilter): Result | undefined => RESULTS.find((known) => known === result);

/** Seconds back from now. */
export const SPANS = { '15min': 900, '1h': 3600, '24h': 86_400 } as const;
export type Span = keyof typeof SPANS;
export const spanOf = ({ since }: MessageFilter): Span | undefined =>
  since !== undefined && since in SPANS ? (Object.keys(SPANS) as Span[]).find((known) => known === since) : undefined;

/** The query of the API; what it cannot be asked is left out of what came (`isShown`). */
export function queryOf(filter: MessageFilter, now: number) {
  const span = spanOf(filter);
  return {
    ...(filter.stationId === undefined ? {} : { stationId: filter.stationId }),
    ...(filter.direction === 'in' || filter.direction === 'out' ? { direction: filter.direction } : {}),
    ...(filter.action === undefined ? {} : { action: filter.action }),
    ...(filter.q === undefined ? {} : { q: filter.q }),
    ...(filter.result === 'errors' ? { errors: true } : {}),
    ...(filter.result === 'violations' || filter.result === 'unanswered' ? { only: filter.result } : {}),
    ...(span === undefined ? {} : { since: new Date(now - SPANS[span] * 1000).toISOString() }),
  };
}

/** Heartbeats only when they are asked for. */
export function isShown(pair: Pair, filter: MessageFilter): boolean {
  if (pair.action === 'Heartbeat' && filter.action !== 'Heartbeat' && filter.q === undefined) return false;
  if (filter.result === 'violations') return pair.violations.length > 0;
  if (filter.result === 'unanswered') return pair.call !== null && pair.answer === null && !isSend(pair);
  return true;
}

/** SEND (2.1) has no answer. */
export const isSend = ({ call }: Pair): boolean => call !== null && /^\s*\[\s*6/.test(call);

export const keyOf = ({ at, stationId, direction, messageId, call }: Pair): string =>
  `${at} ${stationId} ${direction} ${messageId} ${call === null}`;

/** Newer ones before the known ones; a pair that was waiting for its answer is replaced where it stands. */
export function merged(known: readonly Pair[], fresh: readonly Pair[]): readonly Pair[] {
  const byKey = new Map(fresh.map((pair) => [keyOf(pair), pair]));
  const kept = known.map((pair) => {
    const key = keyOf(pair);
    const again = byKey.get(key);
    byKey.delete(key);
    return again ?? pair;
  });
  return [...byKey.values(), ...kept];
}

const parsed = (text: string | null): unknown => {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined; // a broken frame is shown as it came
  }
};

/** What a CALL carries. */
export function payloadOf({ call }: Pair): unknown {
  const frame = parsed(call);
  return Array.isArray(frame) ? frame[3] : undefined;
}

/** What a CALLRESULT carries. */
export function responseOf({ answer }: Pair): unknown {
  const frame = parsed(answer);
  return Array.isArray(frame) && frame[0] === 3 ? frame[2] : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const field = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

export function valueAt(value: unknown, pointer: string): unknown {
  return pathOf(pointer).reduce<unknown>((at, step) => (Array.isArray(at) ? at[Number(step)] : field(at, step)), value);
}

export const statusWordOf = (pair: Pair): string | undefined => statusOf(responseOf(pair));

/** The one word of an answer, of whichever shape. */
export function statusOf(response: unknown): string | undefined {
  const direct = field(response, 'status') ?? field(field(response, 'idTokenInfo'), 'status');
  if (typeof direct === 'string') return direct;
  for (const [list, name] of [
    ['setVariableResult', 'attributeStatus'],
    ['getVariableResult', 'attributeStatus'],
    ['setMonitoringResult', 'status'],
    ['clearMonitoringResult', 'status'],
  ] as const) {
    const results = field(response, list);
    if (!Array.isArray(results)) continue;
    const words = new Set(results.map((one) => field(one, name)).filter((word) => typeof word === 'string'));
    // One that says no is what one looks for.
    return [...words].find((word) => word !== 'Accepted') ?? [...words][0];
  }
  return undefined;
}

const GOOD: ReadonlySet<string> = new Set(['Accepted', 'Scheduled', 'RebootRequired', 'AcceptedCanceled', 'Unlocked', 'Downloaded']);
export const isGood = (word: string): boolean => GOOD.has(word);

export interface Fault {
  readonly of: 'call' | 'answer';
  readonly code: string;
  /** In the frame as it stands, not in the payload. */
  readonly pointer: string | undefined;
  /** In the payload; what people read. */
  readonly field: string | undefined;
  /** What the validators say of it. */
  readonly said: string;
  readonly written: unknown;
}

/** The first thing that is wrong with a pair, and where in which frame. */
export function faultOf(pair: Pair): Fault | undefined {
  const [violation] = pair.violations;
  if (violation === undefined) return undefined;
  const { of, code, detail } = violation;
  const [, pointer, said] = /^(\/\S*) (.*)$/s.exec(detail) ?? [];
  const isFirst = of === 'call' ? '/3' : '/2';
  const payload = of === 'call' ? payloadOf(pair) : responseOf(pair);
  const inPayload = pointer ?? undefined;
  return {
    of: of === 'answer' ? 'answer' : 'call',
    code,
    pointer: inPayload === undefined ? undefined : nearest(payload, inPayload, isFirst),
    field: inPayload,
    said: said ?? detail,
    written: inPayload === undefined ? undefined : valueAt(payload, inPayload),
  };
}

/** A field that is missing has no line: the object that misses it has. */
function nearest(payload: unknown, pointer: string, prefix: string): string {
  if (valueAt(payload, pointer) !== undefined) return prefix + pointer;
  return prefix + pointer.slice(0, pointer.lastIndexOf('/'));
}

/** The transaction a frame names, in whichever way. */
export function transactionOf(pair: Pair): string | undefined {
  const payload = payloadOf(pair);
  const named =
    field(field(payload, 'transactionInfo'), 'transactionId') ??
    field(payload, 'transactionId') ??
    field(responseOf(pair), 'transactionId');
  return typeof named === 'string' && named !== '' ? named : undefined;
}
