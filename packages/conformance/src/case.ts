import type { CsmsTest } from './csms-test.ts';
import type { StationTest } from './station-test.ts';

export type Role = 'csms' | 'station';

interface CaseBase {
  /** The id of the official case. */
  readonly id: string;
  /** What it proves, in our words. */
  readonly title: string;
  /** Where the official text has a gap and what the case does instead. */
  readonly note?: string;
  /** May disturb other cases of the same system: runs alone. */
  readonly alone?: boolean;
}
export interface CsmsCase extends CaseBase {
  readonly role: 'csms';
  readonly run: (t: CsmsTest) => Promise<void>;
}
export interface StationCase extends CaseBase {
  readonly role: 'station';
  readonly run: (t: StationTest) => Promise<void>;
}
export type TestCase = CsmsCase | StationCase;

type Options = Pick<CaseBase, 'note' | 'alone'>;
export const csmsCase = (id: string, title: string, run: CsmsCase['run'], options: Options = {}): CsmsCase => ({
  role: 'csms',
  id,
  title,
  run,
  ...options,
});
export const stationCase = (id: string, title: string, run: StationCase['run'], options: Options = {}): StationCase => ({
  role: 'station',
  id,
  title,
  run,
  ...options,
});
