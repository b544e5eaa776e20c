import { expect, test } from 'vitest';
import { next } from './next.ts';
import { type Cause, type Effect, emptySession, type Rules, type Session, type TxPoint } from './session.ts';

const TOKEN = { idToken: 'A', type: 'ISO14443' } as const;
const rules = (start: TxPoint[], stop: TxPoint[], more: Partial<Rules> = {}): Rules => ({
  startPoints: new Set(start),
  stopPoints: new Set(stop),
  stopOnEvSideDisconnect: true,
  unlockOnEvSideDisconnect: true,
  operative: true,
  signs: false,
  fixedCable: () => false,
  hasLock: () => true,
  newTransactionId: () => 'tx',
  now: 0,
  ...more,
});
const authorized: Cause = { kind: 'authorized', authorization: { idToken: TOKEN, via: 'local', at: 0, told: false } };
const plugged: Cause = { kind: 'plugged', connectorId: 1 };
const ready: Cause = { kind: 'ready', ready: true };
const locked: Cause = { kind: 'lock', lock: 'closed' };
const flowing: Cause = { kind: 'flow', flowing: true, because: 'ev' };
const short = (effect: Effect): string =>
  effect.kind === 'event' ? `${effect.type} ${effect.trigger} ${effect.chargingState}` : effect.kind;

function run(
  of: Rules,
  causes: readonly Cause[],
  from: Session = emptySession(1),
): { session: Session; steps: readonly (readonly string[])[] } {
  let session = from;
  const steps: string[][] = [];
  for (const cause of causes) {
    const [after, effects] = next(session, cause, of);
    session = after;
    steps.push(effects.map(short));
  }
  return { session, steps };
}

test('the order of a session: lock, then contactor; contactor open before the event, unlock last (P116)', () => {
  const { steps } = run(rules(['EVConnected'], ['Authorized']), [plugged, authorized, ready, locked, flowing, { kind: 'stopAuthorized' }]);
  expect(steps).toEqual([
    ['Started CablePluggedIn EVConnected'],
    ['Updated Authorized EVConnected', 'lock', 'startTimer'],
    ['stopTimer'],
    ['closeContactor'],
    ['Updated ChargingStateChanged Charging'],
    ['openContactor', 'Ended StopAuthorized EVConnected', 'unlock'],
  ]);
});

test('P116 on a fault the contactor opens first and the cable is freed last', () => {
  const { steps } = run(rules(['Authorized'], ['EVConnected']), [
    authorized,
    plugged,
    ready,
    locked,
    flowing,
    { kind: 'fault', code: 'ground-fault', active: true },
  ]);
  expect(steps.at(-1)).toEqual(['openContactor', 'Ended AbnormalCondition EVConnected', 'unlock']);
});

test('G05.FR.01 a lock that fails never closes the contactor', () => {
  const { session, steps } = run(rules(['Authorized'], ['Authorized']), [
    authorized,
    plugged,
    ready,
    { kind: 'lock', lock: 'failed' },
    { kind: 'ready', ready: false },
    ready,
  ]);
  expect(session.contactor).toBe('open');
  expect(steps.flat()).not.toContain('closeContactor');
});

test('a start point that still holds after the end starts nothing by itself, a new authorization does', () => {
  const of = rules(['EVConnected'], ['Authorized']);
  const { session } = run(of, [plugged, authorized, { kind: 'stopAuthorized' }, { kind: 'ready', ready: true }]);
  expect(session.transaction).toBeUndefined();
  expect(run(of, [authorized], session).steps[0]?.[0]).toBe('Started Authorized EVConnected');
});

test('no transaction starts on an EVSE that is out of service or faulted', () => {
  expect(run(rules(['EVConnected'], ['EVConnected'], { operative: false }), [plugged]).steps).toEqual([[]]);
  expect(run(rules(['EVConnected'], ['EVConnected']), [{ kind: 'fault', code: 'x', active: true }, plugged]).steps.flat()).toEqual([]);
});

test.each<[TxPoint[], Cause]>([
  [['ParkingBayOccupancy'], { kind: 'parked' }],
  [['EVConnected'], plugged],
  [['Authorized'], authorized],
])('E01.FR.01 E01.FR.02 E01.FR.03 the point %j starts with %j and with no other single fact', (points, cause) => {
  for (const fact of [{ kind: 'parked' } as const, plugged, authorized]) {
    expect(run(rules(points, points), [fact]).session.transaction !== undefined).toBe(fact.kind === cause.kind);
  }
});

test('F01.FR.19 F02.FR.21 P68 the first event after a remote start says RemoteStart, even when the cable starts the transaction', () => {
  const remote: Cause = { kind: 'authorized', authorization: { idToken: TOKEN, via: 'remote', remoteStartId: 9, at: 0, told: false } };
  const [, effects] = next(
    run(rules(['EVConnected'], ['EVConnected']), [remote]).session,
    plugged,
    rules(['EVConnected'], ['EVConnected']),
  );
  expect(effects[0]).toMatchObject({ type: 'Started', trigger: 'RemoteStart', remoteStartId: 9, idToken: TOKEN });
});

test('every sequence of facts keeps the invariants: no closed contactor without authorization, cable and a sound lock', () => {
  const causes: Cause[] = [
    plugged,
    { kind: 'unplugged' },
    authorized,
    ready,
    { kind: 'ready', ready: false },
    locked,
    { kind: 'lock', lock: 'failed' },
    flowing,
    { kind: 'flow', flowing: false, because: 'evse' },
    { kind: 'stopAuthorized' },
    { kind: 'deauthorized' },
    { kind: 'invalidated' },
    { kind: 'fault', code: 'x', active: true },
    { kind: 'fault', code: 'x', active: false },
    { kind: 'released' },
    { kind: 'connectTimeout' },
  ];
  let seed = 1;
  const draw = (n: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % n;
  };
  const points: TxPoint[] = ['EVConnected', 'Authorized', 'EnergyTransfer', 'PowerPathClosed'];
  for (let round = 0; round < 2_000; round += 1) {
    const of = rules([points[draw(4)] ?? 'Authorized'], [points[draw(4)] ?? 'Authorized'], { stopOnEvSideDisconnect: draw(2) === 0 });
    let session = emptySession(1);
    let open = false;
    for (let step = 0; step < 25; step += 1) {
      const [after, effects] = next(session, causes[draw(causes.length)] ?? plugged, of);
      for (const effect of effects) {
        if (effect.kind === 'event' && effect.type === 'Started') open = true;
        if (effect.kind === 'event' && effect.type === 'Ended') open = false;
      }
      session = after;
      const sound =
        session.authorization &&
        session.connectorId === 1 &&
        session.lock === 'closed' &&
        session.faults.length === 0 &&
        !session.held &&
        session.ready;
      expect(session.contactor === 'open' || sound).toBe(true);
      expect(session.transaction !== undefined).toBe(open);
    }
  }
});
