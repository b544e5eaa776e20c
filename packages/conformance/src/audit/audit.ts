import type { TestCase } from '../case.ts';
import type { Expectation } from '../expectation.ts';
import type { CaseResult } from '../run-case.ts';
import { type Mutation, type Recording, sweep, targeted } from './mutations.ts';
import { type Laboratory, type Recorded, replay } from './replay.ts';
import type { Tape } from './tape.ts';
import { poolOf } from './values.ts';

/** A passing case as it was recorded. */
export interface Evidenced {
  readonly testCase: TestCase;
  readonly tape: Tape;
  readonly result: CaseResult;
}

export interface Unbreakable {
  readonly step: number;
  readonly says: string;
}

export interface CaseAudit {
  readonly id: string;
  /** Undefined when the recorded trace, played back as it is, passes; otherwise what happened instead. */
  readonly unfaithful: string | undefined;
  readonly expectations: number;
  readonly mutations: number;
  /** Mutations that turned the case red. */
  readonly red: number;
  /** Expectations that held whatever was wrong. */
  readonly never: readonly Unbreakable[];
}

/** Replays of one case at most; a case that needs more has an expectation that cannot fail. */
const MOST_MUTATIONS = 1000;

const keyOf = ({ step, says }: Unbreakable): string => `${step} ${says}`;

/** Breaks one thing at a time until every expectation of the case has failed once. */
export async function auditCase({ testCase, tape, result }: Evidenced, recording: Recording, laboratory: Laboratory): Promise<CaseAudit> {
  const play = (entries: Recorded['entries']): Promise<CaseResult> => replay({ testCase, tape, entries }, laboratory);
  const open = new Map(result.expectations.map((expectation) => [keyOf(expectation), expectation]));
  const base = { id: testCase.id, expectations: open.size };
  const faithful = await play(result.trace);
  if (faithful.verdict !== 'pass')
    return { ...base, unfaithful: `${faithful.verdict} ${faithful.reason ?? firstFailure(faithful)}`, mutations: 0, red: 0, never: [] };

  let mutations = 0;
  let red = 0;
  const tried = async ({ entries }: Mutation): Promise<void> => {
    mutations += 1;
    const broken = await play(entries);
    if (broken.verdict === 'fail') red += 1;
    for (const expectation of broken.expectations) if (!expectation.ok) open.delete(keyOf(expectation));
  };
  for (const expectation of result.expectations) {
    if (!open.has(keyOf(expectation))) continue;
    for (const mutation of targeted(expectation, recording)) {
      await tried(mutation);
      if (!open.has(keyOf(expectation)) || mutations > MOST_MUTATIONS) break;
    }
  }
  if (open.size > 0)
    for (const mutation of sweep(recording)) {
      await tried(mutation);
      if (open.size === 0 || mutations > MOST_MUTATIONS) break;
    }
  return { ...base, unfaithful: undefined, mutations, red, never: [...open.values()].map(({ step, says }) => ({ step, says })) };
}

const firstFailure = ({ expectations }: CaseResult): string => expectations.find(({ ok }: Expectation) => !ok)?.says ?? '';

/** Every case that passed, one after the other. */
export async function auditAll(
  recorded: readonly Evidenced[],
  laboratory: Laboratory,
  progress: (audit: CaseAudit, done: number, of: number) => void = () => {},
): Promise<readonly CaseAudit[]> {
  const pool = poolOf(recorded.map(({ result }) => result.trace));
  const audits: CaseAudit[] = [];
  for (const one of recorded) {
    const audit = await auditCase(one, { entries: one.result.trace, rules: laboratory.rules, pool }, laboratory);
    audits.push(audit);
    progress(audit, audits.length, recorded.length);
  }
  return audits;
}
