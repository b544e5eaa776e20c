/** Expectations that no mutation can break, each with its reason. A reason that fits nothing is told as stale. */
export interface Excuse {
  readonly id: string;
  /** The begin of what the expectation says. */
  readonly says: string;
  readonly reason: string;
}

export const EXCUSES: readonly Excuse[] = [
  {
    id: 'TC_A_07_CS',
    says: 'it has a serial number',
    reason: 'an X.509 certificate without one cannot be read at all; then the step before fails',
  },
];

export const excuseFor = (id: string, says: string): Excuse | undefined =>
  EXCUSES.find((excuse) => excuse.id === id && says.startsWith(excuse.says));
