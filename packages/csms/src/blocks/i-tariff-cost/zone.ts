import { formatInstant, type Instant, parseInstant } from '@busbar/runtime';

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
/** More zones than a network of stations has sites in. */
const MOST_FORMATS = 100;

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  if (formats.size >= MOST_FORMATS) formats.clear();
  formats.set(zone, made);
  return made;
}

/** Whether it is a zone of the IANA database (an offset such as +01:00 is none: it knows no summer). */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows, as if it were UTC: arithmetic on days and minutes is then plain. */
export function wallClock(zone: string, at: Instant): number {
  const seconds = Math.floor(at / 1000) * 1000;
  const part: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(seconds)) part[type] = value;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = part;
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) + (at - seconds);
}

const offset = (zone: string, at: Instant): number => wallClock(zone, at) - at;

const two = (n: number): string => String(n).padStart(2, '0');

/** RFC 3339 with the zone's offset at that moment. */
export function localTime(zone: string, at: Instant): string {
  const wall = wallClock(zone, at);
  const minutes = Math.round((wall - at) / 60_000);
  const size = Math.abs(minutes);
  const text = formatInstant(wall).replace('Z', '');
  return `${text}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/**
 * All moments in between at which the clock on the wall shows one of these minutes of a day, or jumps: none of them is
 * left out on the two odd days of a year, when a minute is there twice or not at all. In order, `from` and `to` excluded.
 */
export function wallMoments(zone: string, from: Instant, to: Instant, minutes: readonly number[]): readonly Instant[] {
  const found = new Set<Instant>();
  const firstDay = Math.floor(wallClock(zone, from) / DAY_MS) - 1;
  const lastDay = Math.floor(wallClock(zone, to) / DAY_MS) + 1;
  for (let day = firstDay; day <= lastDay; day += 1) {
    const wall = day * DAY_MS;
    // No zone is further than 14 hours from UTC: the real day lies between these two.
    const [before, after] = [wall - 15 * 3_600_000, wall + DAY_MS + 15 * 3_600_000];
    const offsets = [...new Set([offset(zone, before), offset(zone, after)])];
    for (const minute of minutes) for (const one of offsets) found.add(wall + minute * 60_000 - one);
    if (offsets.length > 1) found.add(jump(zone, before, after));
  }
  return [...found].filter((at) => at > from && at < to).sort((a, b) => a - b);
}

/** When the offset changes between two moments that have different ones. */
function jump(zone: string, from: Instant, to: Instant): Instant {
  const first = offset(zone, from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(zone, middle) === first) low = middle;
    else high = middle;
  }
  return high;
}
