import type { Role, TestCase } from './case.ts';
import type { Outside } from './outside.ts';
import { type CaseResult, runCase, type SystemUnderTest, type Verdict } from './run-case.ts';
import type { Selected } from './select.ts';

export interface RunOptions {
  readonly role: Role;
  readonly selected: readonly Selected[];
  readonly outside: Outside;
  /** The outside as one case gets it: the audit lets a tape run. */
  readonly outsideOf?: (id: string) => Outside;
  readonly system: SystemUnderTest;
  /** Cases at the same time. */
  readonly jobs: number;
  readonly started?: (id: string) => void;
  readonly progress?: (result: CaseResult, done: number, of: number) => void;
}

export interface RunReport {
  readonly role: Role;
  readonly results: readonly CaseResult[];
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly durationMs: number;
  /** What the cases spent waiting in proofs of silence, added up. */
  readonly silenceMs: number;
}

/** Runs what was selected, several at once; the order of the results is the catalogue's. */
export async function runAll(options: RunOptions): Promise<RunReport> {
  const { role, selected, outside, outsideOf = () => outside, system, jobs, started, progress } = options;
  const began = outside.clock.monotonic();
  const results = new Map<string, CaseResult>();
  const note = (result: CaseResult): void => {
    results.set(result.id, result);
    progress?.(result, results.size, selected.length);
  };
  const queue = selected.flatMap((one) => {
    if ('run' in one) return [one];
    note(skipped(one.entry.id, one.title, one.notApplicable));
    return [];
  });
  const together = queue.filter(({ run }) => run.alone !== true);
  const alone = queue.filter(({ run }) => run.alone === true);
  const runOne = async (run: TestCase): Promise<void> => {
    started?.(run.id);
    note(await runCase(run, outsideOf(run.id), system));
  };
  const worker = async (): Promise<void> => {
    for (let next = together.shift(); next !== undefined; next = together.shift()) await runOne(next.run);
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  for (const { run } of alone) await runOne(run);
  const ordered = selected.flatMap(({ entry }) => results.get(entry.id) ?? []);
  const count = (verdict: Verdict): number => ordered.filter((result) => result.verdict === verdict).length;
  return {
    role,
    results: ordered,
    counts: { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive'), notApplicable: count('notApplicable') },
    durationMs: Math.round(outside.clock.monotonic() - began),
    silenceMs: ordered.reduce((sum, { silenceMs }) => sum + silenceMs, 0),
  };
}

const skipped = (id: string, title: string, reason: string): CaseResult => ({
  id,
  title,
  verdict: 'notApplicable',
  reason,
  expectations: [],
  readings: [],
  trace: [],
  durationMs: 0,
  silenceMs: 0,
});
