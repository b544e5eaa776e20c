import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { event, minutes, session } from '../testing/events.ts';
import { anomaliesOf, billOf, gapSeen, missingSeqNos } from './bill.ts';
import { bodyHash } from './canonical.ts';
import { ledgerEvent } from './event.ts';
import { addFact, emptyRow, fold, foldAll, type KeyedEvent, NO_FACTS, step } from './fold.ts';
import { milliWattHours } from './meter.ts';
import { add, has, missing, parse, print } from './ranges.ts';

const keyed = (request: Parameters<typeof ledgerEvent>[0]): KeyedEvent => ({ ...ledgerEvent(request), hash: bodyHash(request) });
const rowOf = (requests: readonly Parameters<typeof ledgerEvent>[0][]) => fold(1, requests.map(keyed));

describe('ranges of seqNo', () => {
  test('behave like a set, print and parse', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 })), (numbers) => {
        const ranges = numbers.reduce(add, parse(''));
        const set = new Set(numbers);
        for (let n = 0; n <= 61; n += 1) expect(has(ranges, n)).toBe(set.has(n));
        expect(parse(print(ranges))).toEqual(ranges);
        expect(missing(ranges, 0, 60)).toEqual(Array.from({ length: 61 }, (_, n) => n).filter((n) => !set.has(n)));
        for (const [index, [from]] of ranges.entries()) expect(from).toBeGreaterThan((ranges[index - 1]?.[1] ?? -2) + 1);
      }),
    );
  });
});

describe('energy is exact', () => {
  test.each([
    [1397.5, 'Wh', 0, 1_397_500],
    [1.3975, 'kWh', 0, 1_397_500],
    [0.1, 'kWh', 0, 100_000],
    [4.35, 'kWh', 0, 4_350_000],
    [13_975, 'Wh', -1, 1_397_500],
    [2, 'kWh', 3, 2_000_000_000],
    [0.0004, 'Wh', 0, 0],
    [0.0005, 'Wh', 0, 1],
  ] as const)('T4 %d %s × 10^%d', (value, unit, multiplier, mWh) => {
    expect(milliWattHours(value, unit, multiplier)).toBe(mWh);
  });

  test('T4 a sample of power only keeps energy, state and everything else', () => {
    const power = event('Updated', 1, {
      meterValue: [{ timestamp: '2027-01-15T08:01:00Z', sampledValue: [{ value: 7400, measurand: 'Power.Active.Import' }] }],
    });
    const [started, ended] = [event('Started', 0, { wh: 1000, info: { chargingState: 'Charging' } }), event('Ended', 2, { wh: 1397.5 })];
    expect(rowOf([started, power])).toMatchObject({ lastMWh: 1_000_000, powerW: 7400, chargingState: 'Charging' });
    expect(billOf(rowOf([started, power, ended])).energyMWh).toBe(397_500);
  });

  test.each([
    ['kWh', [1, 1.5], 500_000, []],
    ['repeated', [1000, 1000, 1000], 0, []],
    ['negative', [-10, 20], 30_000, ['registerNegative']],
    ['backward: the sum of the forward steps', [1000, 1500, 100, 400], 800_000, ['registerBackwards']],
    ['a spike in the middle does not bill', [1000, 99_999, 1200], 200_000, ['registerBackwards']],
    ['huge: not usable as energy', [0, 1e18], 0, ['registerOutOfRange']],
  ] as const)('T4 registers: %s', (kind, values, mWh, anomalies) => {
    const last = values.length - 1;
    const unit = kind === 'kWh' ? { unitOfMeasure: { unit: 'kWh' } } : {};
    const row = rowOf(
      values.map((value, seqNo) =>
        event(seqNo === 0 ? 'Started' : seqNo === last ? 'Ended' : 'Updated', seqNo, {
          meterValue: [{ timestamp: '2027-01-15T08:00:00Z', sampledValue: [{ value, ...unit }] }],
        }),
      ),
    );
    expect(billOf(row).energyMWh).toBe(mWh);
    expect(row.anomalies).toEqual(anomalies);
  });

  test('phases without a total are added up; other places than the outlet do not count', () => {
    const sampledValue = (['L1', 'L2', 'L3'] as const).map((phase, i) => ({ value: 100 * (i + 1), phase }));
    const row = rowOf([
      event('Started', 0, {
        meterValue: [{ timestamp: '2027-01-15T08:00:00Z', sampledValue: [{ value: 5, location: 'Inlet' }, ...sampledValue] }],
      }),
    ]);
    expect(row.beginMWh).toBe(600_000);
  });

  test('an Ended that carries the whole night again bills its begin and its end', () => {
    const all = [1000, 1200, 1400, 1600].map((value, i) => ({
      timestamp: `2027-01-15T0${i}:00:00Z`,
      sampledValue: [
        {
          value,
          context: i === 0 ? ('Transaction.Begin' as const) : i === 3 ? ('Transaction.End' as const) : ('Sample.Periodic' as const),
        },
      ],
    }));
    const row = rowOf([event('Started', 0, { wh: 1000 }), event('Updated', 1, { wh: 1300 }), event('Ended', 2, { meterValue: all })]);
    expect(billOf(row)).toMatchObject({ energyMWh: 600_000, bill: 'final', completeness: 'complete' });
    expect(row.anomalies).toEqual([]);
  });
});

describe('the row is a function of the set of events', () => {
  test('T2 T3 T15 any order, any number of times: the same row and bill', () => {
    const requests = session(40);
    const whole = rowOf(requests);
    fc.assert(
      fc.property(fc.shuffledSubarray(requests, { minLength: requests.length }), (shuffled) => {
        expect(rowOf(shuffled)).toEqual(whole);
      }),
    );
    expect(billOf(whole)).toMatchObject({ bill: 'final', completeness: 'complete', energyMWh: 4_020_000, missingSeqNos: [] });
  });

  test('stepping in order is folding', () => {
    const requests = session(20);
    const stepped = requests.reduce((row, request) => step(row, ledgerEvent(request)), emptyRow(1));
    expect(stepped).toEqual(rowOf(requests));
  });

  test('T2 an Updated after the Ended counts and is named', () => {
    const row = rowOf([...session(3), event('Updated', 4, { wh: 5000, at: minutes(5) })]);
    expect(row).toMatchObject({ state: 'ended', events: 5, anomalies: ['eventAfterEnded'] });
  });

  test('T8 T19 a counter that starts at 17 and one that never restarts have no gap', () => {
    const requests = session(3).map((request) => ({ ...request, seqNo: request.seqNo + 17 }));
    expect(billOf(rowOf(requests))).toMatchObject({ bill: 'final', completeness: 'complete', missingSeqNos: [] });
  });

  test('T16 T19 the id is used again after its Ended: another generation, wherever the events come', () => {
    const later = session(2).map((request, i) => ({
      ...request,
      timestamp: `2027-02-01T0${i}:00:00Z`,
      meterValue: [{ timestamp: `2027-02-01T0${i}:00:00Z`, sampledValue: [{ value: 7000 + i }] }],
    }));
    const all = [...session(3), ...later].map(keyed);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        const rows = foldAll(shuffled, () => NO_FACTS);
        expect(rows.map((row) => [row.generation, row.events, billOf(row).energyMWh])).toEqual([
          [1, 4, 301_500],
          [2, 3, 2_000],
        ]);
        expect(rows[1]?.anomalies).toContain('transactionIdReused');
      }),
    );
  });

  test('T17 a clock of 1970 that is corrected in mid-transaction: order is the seqNo, nothing is lost', () => {
    const requests = session(4).map((request, i) => ({ ...request, timestamp: i < 2 ? `1970-01-01T00:0${i}:00Z` : request.timestamp }));
    const row = rowOf(requests);
    expect(billOf(row)).toMatchObject({ bill: 'final', energyMWh: 402_000 });
    expect(row.anomalies).toEqual(['clockJump']);
    expect(foldAll(requests.map(keyed), () => NO_FACTS)).toHaveLength(1);
  });

  test('T20 D6 holes in more places than are kept: not named, but never called complete', () => {
    const thinned = session(1_200).filter(({ seqNo, eventType }) => eventType !== 'Updated' || seqNo % 2 === 0);
    const row = rowOf(thinned);
    expect(row.anomalies).toContain('seqNoScattered');
    expect(gapSeen(row)).toBe(true);
    expect(billOf(row)).toMatchObject({ bill: 'provisional', completeness: 'incomplete', missingSeqNos: null });
    const asked = addFact(NO_FACTS, { kind: 'statusAnswer', at: minutes(2_000), messagesInQueue: false, ongoing: false });
    expect(billOf({ ...row, facts: asked })).toMatchObject({ bill: 'final', completeness: 'incomplete' });
    expect(billOf(rowOf(session(1_200)))).toMatchObject({ bill: 'final', completeness: 'complete' });
  });

  test('T20 a thinned Updated: provisional, then final and honestly incomplete once the station has nothing more', () => {
    const thinned = session(4).filter(({ seqNo }) => seqNo !== 2);
    const row = rowOf(thinned);
    expect(billOf(row)).toMatchObject({ bill: 'provisional', missingSeqNos: [2], energyMWh: 402_000 });
    const asked = addFact(NO_FACTS, { kind: 'statusAnswer', at: minutes(60), messagesInQueue: false, ongoing: false });
    expect(billOf({ ...row, facts: asked })).toMatchObject({
      bill: 'final',
      completeness: 'incomplete',
      closedBy: 'station',
      missingSeqNos: [2],
    });
    const still = addFact(asked, { kind: 'statusAnswer', at: minutes(61), messagesInQueue: true });
    expect(billOf({ ...row, facts: still }).bill).toBe('provisional');
  });

  test('T21 a Started that never came: no missing numbers can be named, the registers that are there count', () => {
    const row = rowOf(session(4).slice(1));
    expect(missingSeqNos(row)).toBeNull();
    expect(billOf(row)).toMatchObject({ bill: 'provisional', energyMWh: 301_500 });
    expect(billOf({ ...row, facts: addFact(NO_FACTS, { kind: 'billTimeout', at: minutes(99) }) })).toMatchObject({
      bill: 'final',
      completeness: 'incomplete',
      closedBy: 'station',
    });
  });

  test('T22 one seqNo for Started, Updated and Ended alike: all count, time orders, gaps say nothing', () => {
    const same = session(3).map((request) => ({ ...request, seqNo: 0 }));
    const all = same.map(keyed);
    const whole = fold(1, all);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(fold(1, shuffled)).toEqual(whole);
      }),
    );
    expect(whole).toMatchObject({ events: 4, state: 'ended', anomalies: ['seqNoConflict'] });
    expect(billOf(whole)).toMatchObject({ bill: 'final', missingSeqNos: null, energyMWh: 301_500 });
  });

  test('T22 two different Ended: the latest decides, whoever came first', () => {
    const [first, second] = [event('Ended', 3, { wh: 1500, at: minutes(3) }), event('Ended', 3, { wh: 1600, at: minutes(4) })];
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      const row = rowOf([...session(3).slice(0, 3), ...order]);
      expect(row).toMatchObject({ endedAt: minutes(4), lastMWh: 1_600_000 });
      expect(row.anomalies).toEqual(expect.arrayContaining(['endedTwice', 'seqNoConflict']));
    }
  });

  test('an operator closes a stuck one: final, with his reason; a late Ended completes it all the same', () => {
    const stuck = rowOf(session(3).slice(0, 3));
    const facts = addFact(NO_FACTS, { kind: 'operatorClose', at: minutes(99), reason: 'station stolen', actor: 'ada' });
    expect(billOf({ ...stuck, facts })).toMatchObject({
      bill: 'final',
      completeness: 'incomplete',
      closedBy: 'operator',
      energyMWh: 201_000,
    });
    expect(billOf({ ...rowOf(session(3)), facts })).toMatchObject({ bill: 'final', completeness: 'complete', closedBy: 'station' });
  });

  test('T23 an invalid event is present until it is repaired or discarded: not missing, the bill waits', () => {
    const row = rowOf(session(3).filter(({ seqNo }) => seqNo !== 2));
    const invalid = addFact(NO_FACTS, { kind: 'invalidEvent', at: minutes(2), hash: 'h', seq: 2 });
    expect(billOf({ ...row, facts: invalid })).toMatchObject({ bill: 'provisional', missingSeqNos: [] });
    expect(anomaliesOf({ ...row, facts: invalid })).toEqual(['invalidEvent']);
    const discarded = addFact(invalid, { kind: 'invalidResolved', at: minutes(5), hash: 'h', how: 'discarded' });
    expect(billOf({ ...row, facts: discarded })).toMatchObject({ bill: 'provisional', missingSeqNos: [2] });
  });
});

test('T23 an invalid event whose seqNo came valid afterwards holds nothing back; it is still shown', () => {
  const facts = addFact(NO_FACTS, { kind: 'invalidEvent', at: minutes(2), hash: 'h', seq: 2 });
  const row = { ...rowOf(session(3)), facts };
  expect(billOf(row)).toMatchObject({ bill: 'final', completeness: 'complete' });
  expect(anomaliesOf(row)).toEqual(['invalidEvent']);
});

describe('two bodies are the same event', () => {
  const base = event('Updated', 1, { wh: 1 });
  test('when only `offline` differs (E04.FR.03)', () => expect(bodyHash({ ...base, offline: true })).toBe(bodyHash(base)));
  test('when keys come in another order or the time in another spelling', () => {
    const reordered = Object.fromEntries(Object.entries(base).toReversed()) as typeof base;
    expect(bodyHash({ ...reordered, timestamp: base.timestamp.replace('.000Z', 'Z') })).toBe(bodyHash(base));
  });
  test('not when a value differs', () => expect(bodyHash({ ...base, triggerReason: 'MeterValueClock' })).not.toBe(bodyHash(base)));
});
