import type { Action } from '@busbar/protocol';
import type { Fields } from './field.ts';

/**
 * Where the value stood that an expectation looked at: an entry of the trace and the path inside its payload. Where nothing
 * may come, the entry before the silence and what would break it.
 */
export interface Evidence {
  readonly entry: number;
  readonly path?: string;
  /** A wrong value that nobody could guess. */
  readonly wrong?: unknown;
  readonly absent?: { readonly action: Action; readonly where: Fields };
}

/** One thing that had to hold, and whether it did. */
export interface Expectation {
  /** The step of the official case; 0 = the preparation, -1 = a rule that holds for every case. */
  readonly step: number;
  readonly says: string;
  readonly requirements: readonly string[];
  readonly ok: boolean;
  /** What came, when it did not hold. */
  readonly got?: string;
  readonly evidence?: Evidence;
}

/** A value that had to come did not: the case cannot go on. The failed expectation is on record already. */
export class StopCase extends Error {
  override readonly name = 'StopCase';
}

/** The kit could not exercise the system: no driver action, no station, a bug of the kit. Never a green step. */
export class Inconclusive extends Error {
  override readonly name = 'Inconclusive';
}

/** The system has no such hardware or feature; the reason says which. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

export class Expectations {
  readonly all: Expectation[] = [];
  /** Where two readings of the documents are both legal: which one was seen. */
  readonly readings: string[] = [];

  /** Records it; a failure does not stop the case. */
  that(expectation: Expectation): boolean {
    this.all.push(expectation);
    return expectation.ok;
  }
  /** Records a failure and stops the case. */
  stop(expectation: Omit<Expectation, 'ok'>): never {
    this.all.push({ ...expectation, ok: false });
    throw new StopCase(expectation.says);
  }
  reading(says: string): void {
    if (!this.readings.includes(says)) this.readings.push(says);
  }
  get failed(): boolean {
    return this.all.some(({ ok }) => !ok);
  }
}
