/** Seeds of random lives that once failed, each with what it found. They always run. */
export const REGRESSIONS: ReadonlyMap<number, string> = new Map([
  [13, 'a dead link stayed open for ever: the own BootNotification counted as a sign of life'],
]);
