/** A set of whole numbers as sorted, disjoint, non-adjacent ranges `[from, to]`: how a transaction remembers its seqNos (D6). */
export type Ranges = readonly (readonly [from: number, to: number])[];

export const has = (ranges: Ranges, n: number): boolean => ranges.some(([from, to]) => from <= n && n <= to);

export function add(ranges: Ranges, n: number): Ranges {
  const last = ranges.at(-1);
  // The usual case: the next number after the last one.
  if (last && n === last[1] + 1) return ranges.length === 1 ? [[last[0], n]] : [...ranges.slice(0, -1), [last[0], n]];
  if (has(ranges, n)) return ranges;
  const out: [number, number][] = [];
  let [from, to] = [n, n];
  let placed = false;
  for (const [a, b] of ranges) {
    if (b + 1 < from) out.push([a, b]);
    else if (a > to + 1) {
      if (!placed) out.push([from, to]);
      placed = true;
      out.push([a, b]);
    } else {
      from = Math.min(from, a);
      to = Math.max(to, b);
    }
  }
  if (!placed) out.push([from, to]);
  return out;
}

/** The numbers between `first` and `last` (both included) that are not in the set, at most `limit` of them. */
export function missing(ranges: Ranges, first: number, last: number, limit = 1_000): number[] {
  const out: number[] = [];
  let next = first;
  for (const [from, to] of ranges) {
    for (; next < from && next <= last && out.length < limit; next += 1) out.push(next);
    next = Math.max(next, to + 1);
  }
  for (; next <= last && out.length < limit; next += 1) out.push(next);
  return out;
}

/** `0-7,9`: how a row keeps them. */
export const print = (ranges: Ranges): string => ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');

export function parse(text: string): Ranges {
  if (text === '') return [];
  return text.split(',').map((part) => {
    // 2.0.1 does not forbid a seqNo below zero.
    const [, from, to = from] = /^(-?\d+)(?:-(-?\d+))?$/.exec(part) ?? [];
    return [Number(from), Number(to)] as const;
  });
}
