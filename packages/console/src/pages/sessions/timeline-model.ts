import type { StoredEvent } from '@busbar/api';
import type { Static } from 'typebox';

export type SessionEvent = Static<typeof StoredEvent>;

/** A stretch of time in which something was so. */
export interface Stretch<Kind extends string = string> {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
}

export interface Tick {
  readonly at: number;
  readonly seqNo: number;
  readonly late: boolean;
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly authorized: readonly Stretch<'accepted' | 'refused'>[];
  readonly cable: readonly Stretch<'plugged'>[];
  readonly states: readonly Stretch[];
  /** On the station's clock. */
  readonly happened: readonly Tick[];
  /** On ours. */
  readonly arrived: readonly Tick[];
}

/** What arrives so much later than it happened was kept by the station. */
const LATE_MS = 30_000;
const timeOf = ({ event }: SessionEvent): number => Date.parse(event.timestamp);

const UNPLUGGED: ReadonlySet<string> = new Set(['EVDeparted', 'EVCommunicationLost']);
const REFUSED: ReadonlySet<string> = new Set(['Deauthorized']);
const RELEASED: ReadonlySet<string> = new Set(['StopAuthorized', 'RemoteStop']);

/** Closes the last stretch where the next begins, or where everything ends. */
function close<Kind extends string>(starts: readonly { at: number; kind: Kind | undefined }[], end: number): readonly Stretch<Kind>[] {
  return starts.flatMap(({ at, kind }, index) => {
    const to = starts[index + 1]?.at ?? end;
    return kind === undefined || to <= at ? [] : [{ from: at, to, kind }];
  });
}

/** Lanes on one axis of time, read from the events alone. */
export function timelineOf(events: readonly SessionEvent[], now: number): Timeline | undefined {
  const all = [...events].sort((a, b) => a.event.seqNo - b.event.seqNo);
  const [first] = all;
  if (first === undefined) return undefined;
  const happened = all.map((stored) => ({
    at: timeOf(stored),
    seqNo: stored.event.seqNo,
    late: Date.parse(stored.receivedAt) - timeOf(stored) > LATE_MS,
  }));
  const arrived = all.map((stored) => ({
    at: Date.parse(stored.receivedAt),
    seqNo: stored.event.seqNo,
    late: Date.parse(stored.receivedAt) - timeOf(stored) > LATE_MS,
  }));
  const ended = all.some(({ event }) => event.eventType === 'Ended');
  const last = Math.max(...happened.map(({ at }) => at));
  const end = ended ? last : Math.max(last, now);
  const states: { at: number; kind: string | undefined }[] = [];
  const authorized: { at: number; kind: 'accepted' | 'refused' | undefined }[] = [];
  const cable: { at: number; kind: 'plugged' | undefined }[] = [];
  for (const stored of all) {
    const at = timeOf(stored);
    const { triggerReason, idToken, transactionInfo } = stored.event;
    const { chargingState } = transactionInfo;
    if (chargingState !== undefined && states.at(-1)?.kind !== chargingState) states.push({ at, kind: chargingState });
    if (REFUSED.has(triggerReason)) authorized.push({ at, kind: 'refused' });
    else if (RELEASED.has(triggerReason)) authorized.push({ at, kind: undefined });
    else if ((idToken !== undefined || triggerReason === 'RemoteStart') && authorized.at(-1)?.kind === undefined)
      authorized.push({ at, kind: 'accepted' });
    const plugged = triggerReason === 'CablePluggedIn' || (chargingState !== undefined && chargingState !== 'Idle');
    if (UNPLUGGED.has(triggerReason)) cable.push({ at, kind: undefined });
    else if (plugged && cable.at(-1)?.kind === undefined) cable.push({ at, kind: 'plugged' });
  }
  return {
    from: Math.min(...happened.map(({ at }) => at)),
    to: Math.max(end, ...(ended ? arrived.map(({ at }) => at) : [])),
    authorized: close(authorized, end),
    cable: close(cable, end),
    states: close(states, end),
    happened,
    arrived,
  };
}

/** The seqNos of a ledger as ranges, gaps between them named. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
  readonly missing: boolean;
}

export function rangesOf(events: readonly SessionEvent[], missing: readonly number[]): readonly SeqRange[] {
  const numbers = [
    ...new Map([...events.map(({ event }) => [event.seqNo, false] as const), ...missing.map((seqNo) => [seqNo, true] as const)]),
  ].sort(([a], [b]) => a - b);
  const ranges: { from: number; to: number; missing: boolean }[] = [];
  for (const [seqNo, gone] of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last.missing === gone && seqNo === last.to + 1) last.to = seqNo;
    else ranges.push({ from: seqNo, to: seqNo, missing: gone });
  }
  return ranges;
}
