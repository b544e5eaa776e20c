import type { Act } from '../act.ts';

/** How the kit reaches what a person would do at the system under test. Throws NotApplicable or Inconclusive. */
export interface Driver {
  readonly name: string;
  perform(act: Act): Promise<unknown>;
  close(): Promise<void>;
}
