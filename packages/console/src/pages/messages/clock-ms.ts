const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of day with milliseconds; with the day when that is not today. */
export function clockMs(iso: string, today = new Date()): string {
  const at = new Date(iso);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return at.toDateString() === today.toDateString() ? clock : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}
