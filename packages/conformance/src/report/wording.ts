import type { Role } from '../case.ts';
import type { Profile } from '../catalogue.ts';
import type { Expectation } from '../expectation.ts';
import type { Feature } from '../features.ts';
import type { RunReport } from '../run-all.ts';
import type { CaseResult, Verdict } from '../run-case.ts';

/** What a report says of the run itself. */
export interface RunFacts {
  /** What was tested: an address, or how the kit was reached. */
  readonly target: string;
  readonly profiles: readonly Profile[];
  /** Features of the role that the system does not declare. */
  readonly undeclared: readonly Feature[];
  /** When it began, RFC 3339. */
  readonly startedAt: string;
}

export const roleName = (role: Role): string => (role === 'csms' ? 'CSMS' : 'station');
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
  notApplicable: 'not applicable',
};

const BLOCKS: Readonly<Record<string, string>> = {
  A: 'security',
  B: 'provisioning',
  C: 'authorization',
  D: 'local list',
  E: 'transactions',
  F: 'remote control',
  G: 'availability',
  H: 'reservation',
  I: 'tariff and cost',
  J: 'meter values',
  K: 'smart charging',
  L: 'firmware',
  M: 'certificates',
  N: 'diagnostics',
  O: 'display messages',
  P: 'data transfer',
};
/** The letter of the document that a case belongs to. */
export const blockOf = (id: string): string => id.split('_')[1] ?? '';
export const blockName = (letter: string): string => BLOCKS[letter] ?? letter;

export const stepName = (step: number): string => (step === -1 ? 'every case' : step === 0 ? 'preparation' : `step ${step}`);
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const stamp = (ms: number): string => (ms / 1000).toFixed(3);
export const failedOf = ({ expectations }: CaseResult): readonly Expectation[] => expectations.filter(({ ok }) => !ok);
const cases = (count: number): string => (count === 1 ? '1 case' : `${count} cases`);

/** One sentence: does it conform, and if not, why not. */
export function verdictSentence({ role, counts }: RunReport): string {
  const { pass, fail, inconclusive } = counts;
  if (pass + fail + inconclusive === 0) return 'No case applies, so nothing was tested.';
  if (fail === 0 && inconclusive === 0) return `The ${roleName(role)} passes all ${cases(pass)} that apply to it.`;
  const open = inconclusive === 0 ? '' : `${cases(inconclusive)} could not be exercised`;
  if (fail === 0) return `Not proven: ${open}; ${pass} passed.`;
  return `The ${roleName(role)} fails ${cases(fail)} of ${pass + fail + inconclusive}${open === '' ? '' : `; ${open}`}.`;
}

/** Where the time went: the ten longest cases. */
export const slowest = ({ results }: RunReport): readonly CaseResult[] =>
  [...results]
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, 10)
    .filter(({ durationMs }) => durationMs > 0);

export const countsSentence = ({ counts }: RunReport): string =>
  `${counts.pass} passed, ${counts.fail} failed, ${counts.inconclusive} inconclusive, ${counts.notApplicable} not applicable`;

/** Where two readings are legal: each that was seen, and in which cases. */
export function readingsOf({ results }: RunReport): ReadonlyMap<string, readonly string[]> {
  const seen = results.flatMap(({ id, readings }) => readings.map((reading) => ({ id, reading })));
  const grouped = Map.groupBy(seen, ({ reading }) => reading);
  return new Map([...grouped].map(([reading, those]) => [reading, those.map(({ id }) => id)]));
}
