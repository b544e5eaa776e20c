export interface ByteRange {
  readonly from: number;
  /** The last byte, included. */
  readonly to: number;
}

/** One range of a GET (RFC 9110, 14); several at once or what nobody can read mean the whole. */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') return Number(to) === 0 || size === 0 ? 'unsatisfiable' : { from: Math.max(0, size - Number(to)), to: size - 1 };
  if (Number(from) >= size) return 'unsatisfiable';
  if (to !== '' && Number(to) < Number(from)) return undefined;
  return { from: Number(from), to: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

/** Which part of a file an upload brings (Content-Range of a PUT); undefined = the whole. */
export function uploadRangeOf(
  header: string | undefined,
): { readonly from: number; readonly total: number | undefined } | 'malformed' | undefined {
  if (header === undefined) return undefined;
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header) ?? [];
  if (from === undefined || Number(to) < Number(from) || (total !== '*' && Number(to) >= Number(total))) return 'malformed';
  return { from: Number(from), total: total === '*' ? undefined : Number(total) };
}
