import type { Findings } from './report.ts';

/** What a bench is told. */
export interface BenchOptions {
  /** The long version. */
  readonly full: boolean;
  /** Measured windows of this length instead of the bench's own. */
  readonly roundMs?: number;
  /** So many connections instead of the bench's own. */
  readonly connections?: readonly number[];
  /** `serve --database`. */
  readonly database?: string;
  /** Where the profiles of the server go. */
  readonly cpuProf?: string;
  /** Where we are, for who waits. */
  readonly progress: (text: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Findings>;
