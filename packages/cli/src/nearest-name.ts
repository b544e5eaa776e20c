/** The known name that a wrong one is probably meant to be; undefined when none is near. */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  const lower = wrong.toLowerCase();
  const byDistance = known
    .map((name) => ({ name, distance: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (byDistance !== undefined && byDistance.distance <= Math.max(2, Math.floor(wrong.length / 4))) return byDistance.name;
  return known.find((name) => lower.length >= 4 && name.toLowerCase().startsWith(lower.slice(0, 4)));
}

/** Letters to insert, remove, replace, or swap with their neighbour. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1), swapped ? at(i - 2, j - 2) + 1 : Number.MAX_VALUE),
      );
    }
  }
  return at(a.length, b.length);
}
