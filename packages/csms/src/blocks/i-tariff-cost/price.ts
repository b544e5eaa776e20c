import { divideHalfUp, type Micro, printDecimal } from './decimal.ts';
import type { Segment } from './segments.ts';
import type { Tariff } from './tariff.ts';

/** mWh in a kWh, ms in a minute, thousandths of a percent in the whole. */
const [KWH, MINUTE, WHOLE] = [1_000_000n, 60_000n, 100_000n];

/** One line of a price. The quantity is in mWh (energy), ms (time, idle), sessions, or 10⁻⁶ of the currency (vat). */
export interface Line {
  readonly kind: 'energy' | 'time' | 'session' | 'idle' | 'vat';
  readonly quantity: bigint | null;
  /** Per kWh, per minute, per session; thousandths of a percent for vat. */
  readonly unitPrice: bigint | null;
  readonly amount: Micro | null;
}

export interface Price {
  readonly lines: readonly Line[];
  /** With VAT. Null: unknown, which is not free (I03.FR.04). */
  readonly total: Micro | null;
}

/** The price of a transaction. Pure; each line is one unit price, rounded half up once (D25). */
export function price(segments: readonly Segment[], tariff: Tariff): Price {
  const lines: Line[] = [...energyLines(segments, tariff), ...timeLines(segments, tariff)];
  if (tariff.perSession > 0n) lines.push({ kind: 'session', quantity: 1n, unitPrice: tariff.perSession, amount: tariff.perSession });
  lines.push(...idleLines(segments, tariff));
  const net = sum(lines);
  if (tariff.vat > 0n)
    lines.push({ kind: 'vat', quantity: net, unitPrice: tariff.vat, amount: net === null ? null : divideHalfUp(net * tariff.vat, WHOLE) });
  return { lines, total: sum(lines) };
}

const sum = (lines: readonly Line[]): Micro | null =>
  lines.reduce<Micro | null>((total, { amount }) => (total === null || amount === null ? null : total + amount), 0n);

/** Quantities by unit price, in the order in which the prices first counted; nothing for what costs nothing. */
class Sums {
  readonly #sums = new Map<Micro, bigint>();
  add(unitPrice: Micro | undefined, quantity: bigint): void {
    if (unitPrice !== undefined && unitPrice > 0n && quantity > 0n) this.#sums.set(unitPrice, (this.#sums.get(unitPrice) ?? 0n) + quantity);
  }
  lines(kind: Line['kind'], unit: bigint): readonly Line[] {
    return [...this.#sums].map(([unitPrice, quantity]) => ({
      kind,
      quantity,
      unitPrice,
      amount: divideHalfUp(quantity * unitPrice, unit),
    }));
  }
}

function energyLines(segments: readonly Segment[], { periods }: Tariff): readonly Line[] {
  const sums = new Sums();
  const costs = periods.some(({ perKWh }) => perKWh > 0n);
  if (costs && segments.some(({ mWh }) => mWh === null)) return [{ kind: 'energy', quantity: null, unitPrice: null, amount: null }];
  for (const { period, mWh } of segments) sums.add(periods[period]?.perKWh, BigInt(mWh ?? 0));
  return sums.lines('energy', KWH);
}

function timeLines(segments: readonly Segment[], { periods }: Tariff): readonly Line[] {
  const sums = new Sums();
  for (const { period, from, to } of segments) sums.add(periods[period]?.perMinute, BigInt(to - from));
  return sums.lines('time', MINUTE);
}

/** Each idle stretch is free for the grace time; what is beyond costs what counts at that moment. */
function idleLines(segments: readonly Segment[], { periods, idleGraceMs }: Tariff): readonly Line[] {
  const sums = new Sums();
  let [run, grace]: [number | null, number] = [null, 0];
  for (const { period, from, to, idle } of segments) {
    if (idle === null) continue;
    if (idle !== run) [run, grace] = [idle, idleGraceMs];
    const free = Math.min(grace, to - from);
    grace -= free;
    sums.add(periods[period]?.idlePerMinute, BigInt(to - from - free));
  }
  return sums.lines('idle', MINUTE);
}

/** The time that is idle, with the grace time, in ms. */
export const idleMs = (segments: readonly { readonly from: number; readonly to: number; readonly idle: number | null }[]): number =>
  segments.reduce((total, { from, to, idle }) => (idle === null ? total : total + to - from), 0);

const UNITS = { energy: 'kWh', time: 's', session: 'session', idle: 's', vat: 'net' } as const;
const PER = { energy: 'kWh', time: 'min', session: 'session', idle: 'min', vat: '%' } as const;
const PLACES = { energy: 6, time: 3, session: 0, idle: 3, vat: 6 } as const;

/** A line for people and other programs: exact decimals as text. */
export const lineView = ({ kind, quantity, unitPrice, amount }: Line) => ({
  kind,
  quantity: quantity === null ? null : printDecimal(quantity, PLACES[kind]),
  unit: UNITS[kind],
  unitPrice: unitPrice === null ? null : printDecimal(unitPrice, kind === 'vat' ? 3 : 6),
  per: PER[kind],
  amount: amount === null ? null : printDecimal(amount),
});
