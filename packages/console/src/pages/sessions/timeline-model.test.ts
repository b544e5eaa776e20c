import { describe, expect, test } from 'vitest';
import { rangesOf, type SessionEvent, timelineOf } from './timeline-model.ts';

const T0 = Date.parse('2026-11-22T02:41:00Z');
type Part = Partial<SessionEvent['event']> & { readonly state?: string; readonly afterS?: number };
/** seqNo n happens at minute n; it arrives so many seconds later. */
const stored = (seqNo: number, eventType: 'Started' | 'Updated' | 'Ended', { state, afterS = 0, ...over }: Part = {}): SessionEvent => ({
  receivedAt: new Date(T0 + seqNo * 60_000 + afterS * 1000).toISOString(),
  conflict: false,
  event: {
    eventType,
    timestamp: new Date(T0 + seqNo * 60_000).toISOString(),
    triggerReason: 'MeterValuePeriodic',
    seqNo,
    transactionInfo: { transactionId: 'T', ...(state === undefined ? {} : { chargingState: state }) },
    ...over,
  },
});
const minutes = (list: readonly { from: number; to: number; kind: string }[] = []) =>
  list.map(({ from, to, kind }) => [(from - T0) / 60_000, (to - T0) / 60_000, kind]);

describe('lanes of a session', () => {
  const token = { idToken: 'ABCD', type: 'ISO14443' };
  const events = [
    stored(0, 'Started', { triggerReason: 'CablePluggedIn', state: 'EVConnected', afterS: 600 }),
    stored(1, 'Updated', { triggerReason: 'Authorized', idToken: token, state: 'Charging', afterS: 540 }),
    stored(5, 'Updated', { triggerReason: 'Deauthorized', state: 'EVConnected' }),
    stored(7, 'Ended', { triggerReason: 'EVDeparted', state: 'Idle' }),
  ];
  test('are stretches that end where the next begins', () => {
    const timeline = timelineOf(events, T0 + 3_600_000);
    expect(minutes(timeline?.states)).toEqual([
      [0, 1, 'EVConnected'],
      [1, 5, 'Charging'],
      [5, 7, 'EVConnected'],
    ]);
    expect(minutes(timeline?.authorized)).toEqual([
      [1, 5, 'accepted'],
      [5, 7, 'refused'],
    ]);
    expect(minutes(timeline?.cable)).toEqual([[0, 7, 'plugged']]);
  });
  test('the two clocks apart make an offline session readable', () => {
    const timeline = timelineOf(events, T0);
    expect(timeline?.happened.map(({ late }) => late)).toEqual([true, true, false, false]);
    expect(timeline?.arrived[0]?.at).toBe(T0 + 600_000);
    expect(timeline?.to).toBe(T0 + 600_000);
  });
  test('one that runs reaches until now; nothing has no lanes', () => {
    expect(timelineOf([stored(0, 'Started', { state: 'Charging' })], T0 + 60_000)?.states).toMatchObject([{ to: T0 + 60_000 }]);
    expect(timelineOf([], T0)).toBeUndefined();
  });
});

test('the ledger in ranges, what is missing between them', () => {
  expect(rangesOf([stored(0, 'Started'), stored(1, 'Updated'), stored(4, 'Ended')], [2, 3])).toEqual([
    { from: 0, to: 1, missing: false },
    { from: 2, to: 3, missing: true },
    { from: 4, to: 4, missing: false },
  ]);
});
