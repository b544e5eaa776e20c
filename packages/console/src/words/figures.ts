import { language } from './language.ts';

/** A number with its unit, apart so that the unit can stand smaller. */
export interface Figure {
  readonly value: string;
  readonly unit: string;
}

const formats = new Map<string, Intl.NumberFormat>();
function format(value: number, digits: number): string {
  const key = `${language()} ${digits}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(key, known);
  return known.format(value);
}

export const count = (value: number): string => format(value, 0);
export const decimal = (value: number, digits: number): string => format(value, digits);

/** Watts as people say them. */
export function power(watts: number): Figure {
  return Math.abs(watts) >= 1_000_000 ? { value: format(watts / 1e6, 2), unit: 'MW' } : { value: format(watts / 1000, 1), unit: 'kW' };
}

/** Every digit of a bill: watt-hours are exact to the thousandth of a kWh. */
export const energy = (wattHours: number): Figure => ({ value: format(wattHours / 1000, 3), unit: 'kWh' });
export const energyRough = (wattHours: number): Figure => ({ value: format(wattHours / 1000, wattHours < 10_000 ? 3 : 1), unit: 'kWh' });

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** How long something lasts, in at most two parts. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MINUTE) return `${s} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min`;
  if (s < DAY) return `${Math.floor(s / HOUR)} h ${String(Math.floor((s % HOUR) / MINUTE)).padStart(2, '0')}`;
  const days = Math.floor(s / DAY);
  return language() === 'de' ? `${days} ${days === 1 ? 'Tag' : 'Tage'}` : `${days} ${days === 1 ? 'day' : 'days'}`;
}

const times = new Map<string, Intl.DateTimeFormat>();
function when(iso: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${language()} ${JSON.stringify(options)}`;
  const known = times.get(key) ?? new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : 'de-DE', options);
  times.set(key, known);
  return known.format(new Date(iso));
}

export const clockTime = (iso: string): string => when(iso, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const dayAndTime = (iso: string): string => when(iso, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });
/** With zone and seconds: what a pointer over a short time shows, and what is copied. */
export const exactTime = (iso: string): string =>
  when(iso, {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
export const now = (): string =>
  when(new Date().toISOString(), {
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
