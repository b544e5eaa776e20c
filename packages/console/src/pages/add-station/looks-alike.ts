/** As people misread and mistype ids: without case, hyphens and leading zeros. */
const essence = (id: string): string =>
  id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .replaceAll(/\b0+(?=\d)/g, '')
    .trim();

/** Whether somebody who calls himself so may be the station with this id: the same but for spelling, or one letter off. */
export function looksAlike(id: string, other: string): boolean {
  if (id === other) return true;
  const [a, b] = [essence(id), essence(other)];
  if (a === b) return true;
  if (a.length < 4 || Math.abs(a.length - b.length) > 1) return false;
  return oneApart(a, b);
}

function oneApart(a: string, b: string): boolean {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}
