import { parseInstant } from '@busbar/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyHash } from '../../ledger/canonical.ts';
import { event, minutes } from '../../testing/events.ts';
import { oddTransaction } from '../../testing/odd-transactions.ts';
import { bill, tariff, timed } from '../../testing/prices.ts';
import { divideHalfUp, parseDecimal, printDecimal } from './decimal.ts';
import { idleMs, price } from './price.ts';
import { segments } from './segments.ts';
import { type TimedEvent, timeline } from './timeline.ts';

const at = (text: string, wh?: number, over: Parameters<typeof event>[2] = {}) => ({
  at: parseInstant(text),
  ...(wh === undefined ? {} : { wh }),
  ...over,
});
/** 1 kWh in an hour from a local time on, in two steps. */
const hour = (begin: string, end: string) => [event('Started', 0, at(begin, 0)), event('Ended', 1, at(end, 1000))];
const NIGHT = [{ from: '22:00', to: '06:00', perKWh: '0.20' }, { perKWh: '0.40' }];

describe('decimals', () => {
  test('are read and printed exactly, and what is none is refused', () => {
    expect([parseDecimal('0.39'), parseDecimal('12'), parseDecimal('0.000001'), parseDecimal('19.6', 3)]).toEqual([
      390_000n,
      12_000_000n,
      1n,
      19_600n,
    ]);
    for (const text of ['', '.5', '1.', '-1', '1e3', '0.0000001', ' 1', '1234567890']) expect(parseDecimal(text)).toBeUndefined();
    expect([390_000n, 0n, 1_000_000n, -5n, 1n].map((value) => printDecimal(value))).toEqual(['0.39', '0', '1', '-0.000005', '0.000001']);
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), (value) => parseDecimal(printDecimal(value)) === value));
  });
  test('half is rounded up', () => {
    expect([divideHalfUp(1n, 2n), divideHalfUp(2n, 4n), divideHalfUp(1n, 3n), divideHalfUp(2n, 3n), divideHalfUp(0n, 7n)]).toEqual([
      1n,
      1n,
      0n,
      1n,
      0n,
    ]);
  });
});

describe('what a tariff may say', () => {
  test.each([
    [{}, '/periods'],
    [{ periods: [] }, '/periods'],
    [{ periods: [{ days: [1] }] }, '/periods/0'],
    [{ periods: [{ perKWh: 0.39 }] }, '/periods/0/perKWh'],
    [{ periods: [{ perKWh: '0.1234567' }] }, '/periods/0/perKWh'],
    [{ periods: [{ days: [8] }, {}] }, '/periods/0/days'],
    [{ periods: [{ from: '10:00', to: '10:00' }, {}] }, '/periods/0/to'],
    [{ periods: [{ from: '24:30' }, {}] }, '/periods/0/from'],
    [{ periods: [{}], vatPercent: '19.1234' }, '/vatPercent'],
    [{ periods: [{}], currency: 'eur' }, '/currency'],
    [{ periods: [{}], idleGraceMinutes: 1.5 }, '/idleGraceMinutes'],
  ])('%j is refused at %s', (terms, pointer) => {
    expect(() => tariff(terms)).toThrow(expect.objectContaining({ fields: { pointer } }));
  });
});

describe('the price of a transaction (D25)', () => {
  const charging = { info: { chargingState: 'Charging' as const } };
  const suspended = { info: { chargingState: 'SuspendedEV' as const } };
  const evse = { info: { chargingState: 'SuspendedEVSE' as const } };

  test('energy, time, session, idle fee beyond the grace time, VAT: each line exact, rounded half up once', () => {
    const night = [
      event('Started', 0, { wh: 1000, ...charging }),
      event('Updated', 30, { wh: 13_345.678, ...suspended }),
      event('Updated', 75, { ...charging }),
      event('Updated', 80, { ...suspended }),
      event('Ended', 100, { wh: 13_345.678 }),
    ];
    const { lines, total } = bill(night, {
      periods: [{ perKWh: '0.39', perMinute: '0.005', idlePerMinute: '0.10' }],
      perSession: '0.50',
      idleGraceMinutes: 15,
      vatPercent: '19',
    });
    expect(lines).toEqual([
      { kind: 'energy', quantity: '12.345678', unit: 'kWh', unitPrice: '0.39', per: 'kWh', amount: '4.814814' },
      { kind: 'time', quantity: '6000', unit: 's', unitPrice: '0.005', per: 'min', amount: '0.5' },
      { kind: 'session', quantity: '1', unit: 'session', unitPrice: '0.5', per: 'session', amount: '0.5' },
      { kind: 'idle', quantity: '2100', unit: 's', unitPrice: '0.1', per: 'min', amount: '3.5' },
      { kind: 'vat', quantity: '9.314814', unit: 'net', unitPrice: '19', per: '%', amount: '1.769815' },
    ]);
    expect(total).toBe('11.084629');
  });

  test('idle is what the vehicle causes after it has charged: not before, and not SuspendedEVSE', () => {
    const { parts } = bill(
      [
        event('Started', 0, { info: { chargingState: 'EVConnected' } }),
        event('Updated', 10, charging),
        event('Updated', 20, evse),
        event('Updated', 30, { info: { chargingState: 'EVConnected' } }),
        event('Updated', 33, { info: { chargingState: 'Idle' } }),
        event('Ended', 40),
      ],
      { periods: [{ idlePerMinute: '1' }] },
    );
    expect(idleMs(parts)).toBe(10 * 60_000);
    expect(parts.map(({ idle, from }) => [idle, from])).toEqual([
      [null, minutes(0)],
      [0, minutes(30)],
    ]);
  });

  test('without a usable register energy and total are unknown, not zero; a tariff without energy needs none', () => {
    const dark = [event('Started', 0), event('Ended', 10)];
    const { lines, total } = bill(dark, { periods: [{ perKWh: '0.39' }], perSession: '1', vatPercent: '19' });
    expect([lines[0], total]).toEqual([{ kind: 'energy', quantity: null, unit: 'kWh', unitPrice: null, per: 'kWh', amount: null }, null]);
    expect(bill(dark, { periods: [{ perMinute: '0.1' }] }).total).toBe('1');
  });

  test('I03.FR.04 free is a price of 0', () => {
    expect(bill([event('Started', 0, { wh: 0 }), event('Ended', 9, { wh: 5 })], { periods: [{}] })).toMatchObject({
      lines: [],
      total: '0',
    });
  });

  test('a session across a border is shared out by time in whole mWh', () => {
    const { lines } = bill(hour('2026-03-02T20:40:00Z', '2026-03-02T21:40:00Z'), { periods: NIGHT }); // 21:40 to 22:40 in Berlin
    expect(lines.map(({ quantity, unitPrice, amount }) => [quantity, unitPrice, amount])).toEqual([
      ['0.333333', '0.4', '0.133333'],
      ['0.666667', '0.2', '0.133333'],
    ]);
  });

  test('the hour that is missing and the hour that is there twice', () => {
    const periods = [{ from: '02:00', to: '03:00', perMinute: '1' }, {}];
    const paid = (begin: string, end: string, zone?: string) => bill(hour(begin, end), { periods }, zone).total;
    expect(paid('2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z')).toBe('0'); // 01:00 to 04:00: no clock showed 02:30
    expect(paid('2026-10-24T23:00:00Z', '2026-10-25T02:00:00Z')).toBe('120'); // 01:00 to 03:00: 02:30 came twice
    expect(paid('2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z', 'UTC')).toBe('60');
    const half = [{ from: '02:30', to: '03:30', perMinute: '1' }, {}];
    expect(bill(hour('2026-03-29T00:30:00Z', '2026-03-29T02:00:00Z'), { periods: half }).total).toBe('30'); // 03:00 to 03:30 is left
  });

  test('days: a period over midnight belongs to the day on which it begins', () => {
    const periods = [{ days: [7], from: '22:00', to: '06:00', perMinute: '1' }, {}];
    const paid = (begin: string, end: string) => bill(hour(begin, end), { periods }, 'UTC').total;
    expect(paid('2026-03-01T21:00:00Z', '2026-03-02T07:00:00Z')).toBe('480'); // from Sunday to Monday
    expect(paid('2026-02-28T21:00:00Z', '2026-03-01T07:00:00Z')).toBe('0'); // Saturday night
  });

  test('T4, ADR 6: a register that ran backwards costs its forward steps', () => {
    const exchanged = [
      event('Started', 0, { wh: 90_000 }),
      event('Updated', 1, { wh: 91_000 }),
      event('Updated', 2, { wh: 0 }),
      event('Ended', 3, { wh: 500 }),
    ];
    expect(bill(exchanged, { periods: [{ perKWh: '1' }] })).toMatchObject({ total: '1.5' });
  });

  test('T17 a clock of 1970 at the start counts from its arrival, not for 56 years', () => {
    const started = event('Started', 0, { at: 1000, wh: 0 });
    const line = timeline([timed(started, minutes(3)), timed(event('Ended', 10, { wh: 100 }), minutes(10))]);
    expect(line).toMatchObject({ from: minutes(3), to: minutes(10), energyMWh: 100_000 });
    const late = timeline([timed(started, minutes(500)), timed(event('Ended', 10, { wh: 100 }), minutes(500))]);
    expect(late).toMatchObject({ from: minutes(10), to: minutes(10) });
  });

  test('a clock that nobody can believe gives no price', () => {
    const line = timeline([event('Started', 0), event('Ended', 1, { at: minutes(401 * 1440) })].map((request) => timed(request)));
    expect(line && segments(line, tariff({ periods: [{}] }), 'UTC')).toBeUndefined();
  });
});

describe('properties', () => {
  const terms = {
    periods: [
      { days: [1, 3, 6], from: '23:17', to: '04:45', perKWh: '0.21', perMinute: '0.011', idlePerMinute: '0.1' },
      { perKWh: '0.433333', perMinute: '0.01', idlePerMinute: '0.2' },
    ],
    idleGraceMinutes: 1,
    vatPercent: '7.7',
  };
  // A store holds no body twice.
  const odd = oddTransaction.map((requests) => [
    ...new Map(requests.map((request, index) => [bodyHash(request), timed(request, minutes(index))])).values(),
  ]);
  const priced = (set: readonly TimedEvent[], own: Record<string, unknown> = terms) => {
    const line = timeline(set);
    const parts = line && segments(line, tariff(own), 'America/St_Johns');
    return { line, parts, price: parts && price(parts, tariff(own)) };
  };

  test('the pieces are the whole: time without a hole, energy as the bill says, never negative; lines add up to the total', () => {
    fc.assert(
      fc.property(odd, (set) => {
        const { line, parts, price: cost } = priced(set);
        if (line === undefined || parts === undefined || cost === undefined) return;
        expect(parts.map(({ from }) => from)).toEqual([line.from, ...parts.slice(0, -1).map(({ to }) => to)]);
        expect(parts.at(-1)?.to).toBe(line.to);
        if (line.energyMWh !== null) {
          expect(parts.reduce((sum, { mWh }) => sum + (mWh ?? Number.NaN), 0)).toBe(line.energyMWh);
          expect(Math.min(...parts.map(({ mWh }) => mWh ?? -1))).toBeGreaterThanOrEqual(0);
        }
        if (cost.total !== null) expect(cost.lines.reduce((sum, { amount }) => sum + (amount ?? -1n), 0n)).toBe(cost.total);
      }),
    );
  });

  test('T15 any order of arrival gives the same price', () => {
    fc.assert(
      fc.property(
        odd.chain((set) => fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length }))),
        ([set, shuffled]) => {
          expect(priced(shuffled).price).toEqual(priced(set).price);
        },
      ),
    );
  });

  test('periods with the same prices change nothing', () => {
    const one = terms.periods[1] ?? {};
    fc.assert(
      fc.property(odd, (set) => {
        const whole = priced(set, { ...terms, periods: [one] }).price;
        const cut = priced(set, { ...terms, periods: terms.periods.map((period) => ({ ...period, ...one })) }).price;
        expect(cut).toEqual(whole);
      }),
    );
  });
});
