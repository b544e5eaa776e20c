import type { TraceEvent } from '@busbar/station';
import { expect, test } from 'vitest';
import { TraceLines } from './trace-lines.ts';

const at = Date.UTC(2026, 10, 24, 3, 12, 0);
const frame = (direction: 'in' | 'out', message: unknown, ms = 0): TraceEvent => ({
  kind: 'frame',
  at: at + ms,
  direction,
  text: JSON.stringify(message),
});
const link = (state: 'open' | 'lost' | 'failed', detail: string): TraceEvent => ({ kind: 'link', at, state, detail });

function told(...events: TraceEvent[]): string[] {
  const lines = new TraceLines({ timeZone: 'UTC' });
  return events.flatMap((event) => lines.lines(event));
}

test('a message is told with its answer, whichever side asked, and ids of both sides do not mix', () => {
  expect(
    told(
      frame('out', [2, '1', 'Heartbeat', {}]),
      frame('in', [2, '1', 'Reset', { type: 'OnIdle' }]),
      frame('out', [3, '1', { status: 'Scheduled' }], 2),
      frame('in', [3, '1', { currentTime: 'x' }], 7),
      { kind: 'decision', at, text: 'reset of the station (OnIdle)' },
    ),
  ).toEqual([
    '03:12:00  <- Reset  OnIdle                      -> Scheduled                            2 ms',
    '03:12:00  -> Heartbeat                          <- ok                                   7 ms',
    '          reset of the station (OnIdle)',
  ]);
});

test('what was open when the link was lost got no answer', () => {
  expect(told(link('open', 'ocpp2.0.1'), frame('out', [2, '1', 'Heartbeat', {}]), link('lost', '1006 connection lost'))).toEqual([
    '03:12:00  link  open, ocpp2.0.1',
    '03:12:00  -> Heartbeat                          <- no answer, the link is lost',
    '03:12:00  link  lost, 1006 connection lost',
  ]);
});

test('the first failure of a row points to the doctor', () => {
  const failed = link('failed', '401 wrong credentials');
  const lines = told(failed, failed, link('open', 'ocpp2.1'), failed);
  expect(lines.filter((line) => line.includes('doctor'))).toHaveLength(2);
});

test('noise, late answers and errors', () => {
  expect(
    told(frame('in', [3, 'never asked', {}]), frame('in', 'noise'), {
      kind: 'connector',
      at,
      evseId: 1,
      connectorId: 1,
      status: 'Faulted',
    }),
  ).toEqual(['03:12:00  <- no OCPP message: not an array']);
  expect(told(frame('out', [2, '1', 'Heartbeat', {}]), frame('in', [4, '1', 'SecurityError', '', {}], 3))[0]).toMatch(
    /<- SecurityError +3 ms$/,
  );
});
