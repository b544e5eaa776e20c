import { BusbarError, type Instant, isRecord, type Millis } from '@busbar/runtime';
import { type Micro, parseDecimal } from './decimal.ts';

/** Prices that count on these days between these times of the clock at the site; the first period that fits counts. */
export interface Period {
  /** 1 = Monday … 7 = Sunday; every day when left out. */
  readonly days: readonly number[] | undefined;
  /** Minutes of the day; `to` at or before `from` means over midnight. Absent: the whole day. */
  readonly hours: { readonly from: number; readonly to: number } | undefined;
  readonly perKWh: Micro;
  readonly perMinute: Micro;
  readonly idlePerMinute: Micro;
}

/** One version of a tariff; a version never changes. Prices are without VAT. */
export interface Tariff {
  readonly id: string;
  readonly version: number;
  readonly validFrom: Instant;
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Thousandths of a percent: 19 % is 19000. */
  readonly vat: bigint;
  readonly periods: readonly Period[];
  readonly perSession: Micro;
  readonly idleGraceMs: Millis;
}

/** What a tariff says, without its version. */
export type TariffTerms = Omit<Tariff, 'id' | 'version' | 'validFrom'>;

/** Bound of what is read and cut for each bill. */
const MOST_PERIODS = 50;
const DAY_MINUTES = 1440;

function bad(detail: string, pointer: string): never {
  throw new BusbarError('invalid-request', detail, { fields: { pointer } });
}

/** Reads the JSON form of a tariff; prices are decimal strings, so that no price was ever a floating-point number. */
export function readTariff(body: unknown): TariffTerms {
  if (!isRecord(body)) bad('A tariff is a JSON object.', '');
  const { name, currency, vatPercent = '0', periods, perSession = '0', idleGraceMinutes = 0 } = body;
  if (typeof name !== 'string' || name === '' || name.length > 100) bad('name has 1 to 100 characters.', '/name');
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    bad('currency has three capitals of ISO 4217, such as EUR.', '/currency');
  if (!Array.isArray(periods) || periods.length === 0 || periods.length > MOST_PERIODS)
    bad(`periods has 1 to ${MOST_PERIODS} elements.`, '/periods');
  const read = periods.map((period: unknown, index) => readPeriod(period, `/periods/${index}`));
  const last = read.at(-1);
  if (last === undefined || last.days !== undefined || last.hours !== undefined)
    bad('The last period has neither days nor times, so that every moment has a price.', `/periods/${read.length - 1}`);
  if (typeof idleGraceMinutes !== 'number' || !Number.isInteger(idleGraceMinutes) || idleGraceMinutes < 0 || idleGraceMinutes > 10_080)
    bad('idleGraceMinutes is a whole number of 0 to 10080.', '/idleGraceMinutes');
  return {
    name,
    currency,
    vat: decimal(vatPercent, '/vatPercent', 3),
    periods: read,
    perSession: decimal(perSession, '/perSession'),
    idleGraceMs: idleGraceMinutes * 60_000,
  };
}

const isDay = (day: unknown): day is number => typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 7;

function readPeriod(body: unknown, pointer: string): Period {
  if (!isRecord(body)) bad('A period is a JSON object.', pointer);
  const { days, from, to, perKWh = '0', perMinute = '0', idlePerMinute = '0' } = body;
  if (days !== undefined && !(Array.isArray(days) && days.length > 0 && days.every(isDay)))
    bad('days lists numbers from 1 (Monday) to 7 (Sunday).', `${pointer}/days`);
  return {
    days,
    hours: readHours(from, to, pointer),
    perKWh: decimal(perKWh, `${pointer}/perKWh`),
    perMinute: decimal(perMinute, `${pointer}/perMinute`),
    idlePerMinute: decimal(idlePerMinute, `${pointer}/idlePerMinute`),
  };
}

function readHours(from: unknown, to: unknown, pointer: string): Period['hours'] {
  if (from === undefined && to === undefined) return undefined;
  const start = from === undefined ? 0 : minutes(from, `${pointer}/from`);
  const end = to === undefined ? DAY_MINUTES : minutes(to, `${pointer}/to`);
  if (start === end || start === DAY_MINUTES) bad('A period that begins when it ends is empty; a whole day has no times.', `${pointer}/to`);
  return { from: start, to: end };
}

function minutes(time: unknown, pointer: string): number {
  const [, hour, minute] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(typeof time === 'string' ? time : '') ?? [];
  const value = Number(hour) * 60 + Number(minute);
  if (!(value <= DAY_MINUTES)) bad('A time is HH:MM from 00:00 to 24:00.', pointer);
  return value;
}

function decimal(text: unknown, pointer: string, places = 6): bigint {
  const value = typeof text === 'string' ? parseDecimal(text, places) : undefined;
  if (value === undefined) bad(`A price is a text such as "0.39", not negative, with at most ${places} decimal places.`, pointer);
  return value;
}
