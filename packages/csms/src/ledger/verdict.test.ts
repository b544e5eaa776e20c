import type { Ocpp } from '@busbar/protocol';
import { describe, expect, test } from 'vitest';
import { event } from '../testing/events.ts';
import { billOf } from './bill.ts';
import { ledgerEvent } from './event.ts';
import { fold } from './fold.ts';
import { verdictOf } from './verdict.ts';

const verdict = (...events: ReturnType<typeof event>[]) => {
  const row = fold(
    1,
    events.map((request, index) => ({ ...ledgerEvent(request), hash: String(index) })),
  );
  return verdictOf(row, billOf(row), events);
};
const ended = (seqNo: number, stoppedReason?: Ocpp.ReasonEnumType) =>
  event('Ended', seqNo, { info: stoppedReason === undefined ? {} : { stoppedReason } });

describe('why did it stop', () => {
  test('it has not', () => {
    expect(verdict(event('Started', 0))).toMatchObject({ code: 'running', good: true, certainty: 'certain' });
  });
  test('no reason given means that the driver stopped it (E06.FR.09)', () => {
    expect(verdict(event('Started', 0), ended(1))).toMatchObject({ code: 'byDriver', good: true, clause: 'E07' });
  });
  test('a token that was refused: only a lie of the link when the station was offline before', () => {
    const refused = event('Updated', 1, { triggerReason: 'Deauthorized' });
    expect(verdict(event('Started', 0), refused, ended(2, 'DeAuthorized'))).toMatchObject({ code: 'notAuthorized', seqNo: 1 });
    expect(verdict(event('Started', 0, { offline: true }), refused, ended(2, 'DeAuthorized'))).toMatchObject({
      code: 'blockedAfterOffline',
      good: false,
      seqNo: 1,
      detail: { offline: 1 },
    });
  });
  test('the car was full before it left', () => {
    expect(verdict(event('Started', 0), ended(1, 'EVDisconnected')).code).toBe('carLeft');
    expect(
      verdict(event('Started', 0), event('Updated', 1, { info: { chargingState: 'SuspendedEV' } }), ended(2, 'EVDisconnected')).code,
    ).toBe('carFull');
  });
  test('with a hole in its numbers it is only likely', () => {
    expect(verdict(event('Started', 0), ended(3, 'GroundFault'))).toMatchObject({
      code: 'fault',
      certainty: 'likely',
      detail: { missing: 2 },
    });
  });
});
