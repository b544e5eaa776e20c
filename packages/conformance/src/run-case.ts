import { messageOf, Scope } from '@busbar/runtime';
import type { TestCase } from './case.ts';
import { CsmsTest } from './csms-test.ts';
import { type Expectation, Expectations, Inconclusive, NotApplicable, StopCase } from './expectation.ts';
import type { CsmsAddress, Outside } from './outside.ts';
import { everyLink } from './rules/every-link.ts';
import type { Settings } from './settings.ts';
import { StationTest } from './station-test.ts';
import type { ContextOptions, TestContext } from './test-context.ts';
import { Trace, type TraceEntry } from './trace.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'notApplicable';

export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why it is inconclusive or not applicable. */
  readonly reason?: string;
  readonly note?: string;
  readonly expectations: readonly Expectation[];
  readonly readings: readonly string[];
  readonly trace: readonly TraceEntry[];
  readonly durationMs: number;
  readonly silenceMs: number;
}

/** What a run knows of the system under test. */
export interface SystemUnderTest {
  readonly settings: Settings;
  /** CSMS role only. */
  readonly address?: CsmsAddress;
}

/** Runs one case and judges it. Never throws: what the kit cannot do is `inconclusive`. */
export async function runCase(
  testCase: TestCase,
  outside: Outside,
  { settings, address }: SystemUnderTest,
  watch?: (entry: TraceEntry) => void,
): Promise<CaseResult> {
  const trace = new Trace(outside.clock, watch);
  const expectations = new Expectations();
  const scope = new Scope(outside.clock, outside.log, testCase.id);
  const options: ContextOptions = {
    caseId: testCase.id,
    outside,
    settings,
    rules: await outside.rules(settings.version),
    trace,
    expectations,
    scope,
  };
  const run = prepare(testCase, options, address);
  let outcome: Outcome;
  try {
    outcome = await ended(run, scope, settings.caseMs);
    if (outcome.kind === 'done') everyLink(run.test);
    await run.tearDown();
  } catch (error) {
    outcome = { kind: 'inconclusive', reason: messageOf(error) };
  } finally {
    scope.close();
  }
  return {
    id: testCase.id,
    title: testCase.title,
    ...verdictOf(outcome, expectations),
    ...(testCase.note === undefined ? {} : { note: testCase.note }),
    expectations: expectations.all,
    readings: expectations.readings,
    trace: trace.entries,
    durationMs: Math.round(trace.elapsed),
    silenceMs: run.test.silenceMs,
  };
}

interface Run {
  readonly test: TestContext;
  readonly body: () => Promise<void>;
  readonly tearDown: () => Promise<void>;
}

function prepare(testCase: TestCase, options: ContextOptions, address: CsmsAddress | undefined): Run {
  if (testCase.role === 'csms') {
    const test = new CsmsTest(options, address ?? {});
    return { test, body: () => testCase.run(test), tearDown: () => test.tearDown() };
  }
  const test = new StationTest(options);
  return { test, body: () => testCase.run(test), tearDown: () => test.tearDown() };
}

type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'inconclusive'; readonly reason: string }
  | { readonly kind: 'notApplicable'; readonly reason: string };

async function ended(run: Run, scope: Scope, caseMs: number): Promise<Outcome> {
  const { promise: late, resolve } = Promise.withResolvers<Outcome>();
  const timer = scope.after(caseMs, 'the whole case', () =>
    resolve({ kind: 'inconclusive', reason: `the case did not end within ${caseMs / 1000} s` }),
  );
  const body = run.body().then(
    (): Outcome => ({ kind: 'done' }),
    (error: unknown): Outcome => {
      if (error instanceof StopCase) return { kind: 'done' };
      if (error instanceof NotApplicable) return { kind: 'notApplicable', reason: error.message };
      if (error instanceof Inconclusive) return { kind: 'inconclusive', reason: error.message };
      return { kind: 'inconclusive', reason: `the kit stumbled: ${messageOf(error)}` };
    },
  );
  const outcome = await Promise.race([body, late]);
  timer.cancel();
  return outcome;
}

/** A failed expectation outweighs whatever ended the case: what was seen to be wrong is wrong. */
function verdictOf(outcome: Outcome, expectations: Expectations): Pick<CaseResult, 'verdict' | 'reason'> {
  if (expectations.failed) return { verdict: 'fail' };
  if (outcome.kind !== 'done') return { verdict: outcome.kind, reason: outcome.reason };
  if (expectations.all.length === 0) return { verdict: 'inconclusive', reason: 'nothing was measured' };
  return { verdict: 'pass' };
}
