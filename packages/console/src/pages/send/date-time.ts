const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

export function isRfc3339(text: string): boolean {
  return RFC3339.test(text) && Number.isFinite(Date.parse(text));
}

const two = (value: number): string => String(value).padStart(2, '0');

/** What an input of the kind datetime-local shows: the time of this browser's zone. Undefined for what is no time. */
export function toLocal(text: string): string | undefined {
  if (!isRfc3339(text)) return undefined;
  const at = new Date(text);
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** What was picked, as RFC 3339 in UTC; undefined while it is not complete. */
export function fromLocal(local: string): string | undefined {
  const at = local === '' ? Number.NaN : Date.parse(local);
  return Number.isFinite(at) ? new Date(at).toISOString().replace('.000Z', 'Z') : undefined;
}
