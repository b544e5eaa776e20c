import type { Ocpp } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import fc from 'fast-check';
import type { LedgerFact } from '../ledger/event.ts';
import { minutes } from './events.ts';

type Request = Ocpp.TransactionEventRequest;
export interface PlacedFact {
  readonly generation: number;
  readonly fact: LedgerFact;
}

/** Registers as meters show them on their worst day, in Wh. */
export const ODD_REGISTERS = [
  0, 1000, 1000, 1397.5, 1500.001, 0.0004, -10, -4_503_599_627_370, 4_503_599_627_370, 9_007_199_254_740, 1e18, 1e300, 2_000_000,
] as const;

const sample = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        value: fc.oneof(fc.constantFrom(...ODD_REGISTERS), fc.double({ min: 0, max: 90_000, noNaN: true })),
        context: fc.constantFrom('Transaction.Begin', 'Transaction.End', 'Sample.Periodic'),
        phase: fc.constantFrom('L1', 'L2', 'L3'),
        unitOfMeasure: fc.record(
          { unit: fc.constantFrom('Wh', 'kWh', 'varh'), multiplier: fc.constantFrom(0, -3, 3, 400) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['value'] },
    ),
  },
  fc.record({ value: fc.constantFrom(0, 7400, 11_000.5), measurand: fc.constant('Power.Active.Import' as const) }),
  fc.record({ value: fc.constantFrom(0, 55, 100), measurand: fc.constant('SoC' as const) }),
) satisfies fc.Arbitrary<Ocpp.SampledValueType>;

/** Two weeks of minutes, and the clock of a station that has none: 1970. */
const instant = fc.oneof(
  { weight: 6, arbitrary: fc.nat(12).map(minutes) },
  { weight: 2, arbitrary: fc.nat(20_000).map(minutes) },
  fc.nat(12).map((n) => n * 60_000),
);

/** One TransactionEvent of the one id: few numbers and few instants, so that everything collides with everything. */
const oddEvent: fc.Arbitrary<Request> = fc
  .record({
    eventType: fc.constantFrom<Request['eventType'][]>('Started', 'Updated', 'Updated', 'Updated', 'Ended'),
    seqNo: fc.oneof({ weight: 8, arbitrary: fc.nat(9) }, fc.nat(2_000), fc.constantFrom(-3, 2 ** 31, Number.MAX_SAFE_INTEGER - 1)),
    at: instant,
    meterValue: fc.option(fc.array(fc.tuple(instant, fc.array(sample, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    }),
    evse: fc.option(fc.record({ id: fc.integer({ min: 1, max: 2 }) }), { nil: undefined }),
    idToken: fc.option(fc.record({ idToken: fc.constantFrom('A', 'B'), type: fc.constant('ISO14443') }), { nil: undefined }),
    remoteStartId: fc.option(fc.nat(3), { nil: undefined }),
    chargingState: fc.option(fc.constantFrom('Charging', 'SuspendedEV', 'Idle'), { nil: undefined }),
    stoppedReason: fc.option(fc.constantFrom('Remote', 'EVDisconnected'), { nil: undefined }),
  })
  .map(({ eventType, seqNo, at, meterValue, evse, idToken, remoteStartId, chargingState, stoppedReason }) => ({
    eventType,
    seqNo,
    timestamp: formatInstant(at),
    triggerReason: 'MeterValuePeriodic',
    transactionInfo: {
      transactionId: 'tx-1',
      ...(remoteStartId === undefined ? {} : { remoteStartId }),
      ...(chargingState === undefined ? {} : { chargingState }),
      ...(stoppedReason === undefined ? {} : { stoppedReason }),
    },
    ...(meterValue === undefined
      ? {}
      : { meterValue: meterValue.map(([when, sampledValue]) => ({ timestamp: formatInstant(when), sampledValue })) }),
    ...(evse === undefined ? {} : { evse }),
    ...(idToken === undefined ? {} : { idToken }),
  }));

/** An orderly session that begins at some number and some minute: what most stations send most of the time. */
const orderly: fc.Arbitrary<Request[]> = fc
  .record({ first: fc.nat(20), at: fc.nat(400), length: fc.integer({ min: 1, max: 8 }), from1970: fc.nat(3) })
  .map(({ first, at, length, from1970 }) =>
    Array.from({ length: length + 1 }, (_, n) => {
      const timestamp = formatInstant(n < from1970 ? n * 60_000 : minutes(at + n));
      return {
        eventType: n === 0 ? 'Started' : n === length ? 'Ended' : 'Updated',
        seqNo: first + n,
        timestamp,
        triggerReason: 'MeterValuePeriodic',
        transactionInfo: { transactionId: 'tx-1' },
        meterValue: [{ timestamp, sampledValue: [{ value: 1000 + n * 100.5 }] }],
      } satisfies Request;
    }),
  );

/** The events of one transaction id: up to three orderly sessions (reused id), thinned, with odd events among them. */
export const oddTransaction: fc.Arbitrary<Request[]> = fc
  .tuple(fc.array(orderly, { maxLength: 3 }), fc.array(oddEvent, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(30), { maxLength: 4 }))
  .map(([sessions, odd, dropped]) => [...sessions.flat().filter((_, index) => !dropped.includes(index)), ...odd]);

const fact: fc.Arbitrary<LedgerFact> = fc.oneof(
  fc
    .record({ at: fc.nat(3).map(minutes), messagesInQueue: fc.boolean(), ongoing: fc.option(fc.boolean(), { nil: undefined }) })
    .map(({ at, messagesInQueue, ongoing }) => ({
      kind: 'statusAnswer' as const,
      at,
      messagesInQueue,
      ...(ongoing === undefined ? {} : { ongoing }),
    })),
  fc.record({ kind: fc.constant('billTimeout' as const), at: fc.nat(3).map(minutes) }),
  fc.record({
    kind: fc.constant('operatorClose' as const),
    at: fc.nat(2).map(minutes),
    reason: fc.constantFrom('stolen', 'burnt'),
    actor: fc.constantFrom('ada', 'bob'),
  }),
  // A hash is of one body, so its number is always the same.
  fc.nat(4).map((n) => ({ kind: 'invalidEvent' as const, at: minutes(n), hash: `h${n}`, ...(n === 0 ? {} : { seq: n }) })),
  fc
    .record({ n: fc.nat(4), how: fc.constantFrom('repaired' as const, 'discarded' as const) })
    .map(({ n, how }) => ({ kind: 'invalidResolved' as const, at: minutes(n), hash: `h${n}`, how })),
);
export const oddFacts: fc.Arbitrary<PlacedFact[]> = fc.array(fc.record({ generation: fc.integer({ min: 1, max: 3 }), fact }), {
  maxLength: 6,
});

/** Everything once in some order, and some of it again. */
export const arrival = <T>(all: readonly T[]): fc.Arbitrary<T[]> =>
  fc
    .tuple(fc.shuffledSubarray([...all], { minLength: all.length }), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }))
    .map(([order, again]) => {
      const out = [...order];
      for (const [which, where] of again) {
        const item = order[which % Math.max(1, order.length)];
        if (item !== undefined) out.splice(where % (out.length + 1), 0, item);
      }
      return out;
    });
