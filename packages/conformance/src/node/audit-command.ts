import { loadRules } from '@busbar/protocol';
import { silentLog } from '@busbar/runtime';
import { loadCrypto, systemClock } from '@busbar/runtime/node';
import { auditAll, type CaseAudit, type Evidenced } from '../audit/audit.ts';
import { EXCUSES, excuseFor } from '../audit/reasons.ts';
import { recording, type Tape } from '../audit/tape.ts';
import type { Role } from '../case.ts';
import { CASES } from '../cases/index.ts';
import { PROFILES } from '../catalogue.ts';
import { everythingBut } from '../features.ts';
import { seconds } from '../report/wording.ts';
import { runAll } from '../run-all.ts';
import type { SystemUnderTest } from '../run-case.ts';
import { select } from '../select.ts';
import { SETTINGS } from '../settings.ts';
import type { Reached, Screen } from './check-command.ts';
import { auditDoubles, type DoubleAudit } from './doubles/live-doubles.ts';
import { LiveLines } from './live-lines.ts';
import { realOutside } from './real-outside.ts';

const PATIENCE_MS = 600_000;

interface Unbroken {
  readonly id: string;
  readonly step: number;
  readonly says: string;
}

export interface AuditSummary {
  readonly cases: number;
  readonly expectations: number;
  readonly mutations: number;
  readonly red: number;
  readonly durationMs: number;
  /** Cases that no mutation turned red. */
  readonly cannotFail: readonly string[];
  /** Cases that did not pass, so that there was nothing to break. */
  readonly notRecorded: readonly string[];
  /** Cases whose own trace, played back, does not pass. */
  readonly unfaithful: readonly { readonly id: string; readonly what: string }[];
  readonly neverFailed: readonly Unbroken[];
  readonly excused: readonly (Unbroken & { readonly reason: string })[];
  readonly staleExcuses: readonly string[];
  readonly doubles: readonly DoubleAudit[];
}

/** Records our own products, breaks every trace in every way, and says which case or expectation could not fail. 0 = none, 12 = some. */
export async function audit(
  roles: readonly Role[],
  own: (role: Role) => Promise<Reached>,
  json: boolean,
  screen: Screen,
): Promise<{ readonly summary: AuditSummary; readonly exitCode: number }> {
  const began = systemClock.monotonic();
  const live = new LiveLines(screen.err, screen.err.isTTY === true && !json);
  const audits: CaseAudit[] = [];
  const notRecorded: string[] = [];
  for (const role of roles) {
    const { recorded, missing, system } = await record(role, own, (line) => live.draw([line]));
    notRecorded.push(...missing);
    // On virtual time a case may take as long as it likes.
    const patient = { ...system, settings: { ...system.settings, caseMs: PATIENCE_MS } };
    const laboratory = { system: patient, rules: await loadRules(system.settings.version), crypto: await loadCrypto() };
    audits.push(
      ...(await auditAll(recorded, laboratory, ({ id }, done, of) =>
        live.draw([`${role}: ${done} of ${of} cases broken in every way  ${id}`]),
      )),
    );
  }
  live.draw(['live doubles for the cases whose fault lies in the transport …']);
  const doubles = await auditDoubles();
  live.clear();
  const summary = summed(audits, notRecorded, doubles, systemClock.monotonic() - began);
  screen.out.write(json ? `${JSON.stringify(summary)}\n` : text(summary));
  const { cannotFail, unfaithful, neverFailed, staleExcuses } = summary;
  const wrong = cannotFail.length + unfaithful.length + neverFailed.length + staleExcuses.length + notRecorded.length;
  return { summary, exitCode: wrong === 0 && doubles.every(({ verdict }) => verdict === 'fail') ? 0 : 12 };
}

interface Recordings {
  readonly recorded: readonly Evidenced[];
  readonly missing: readonly string[];
  readonly system: SystemUnderTest;
}

/** A run of our own product with a tape for every case. */
async function record(role: Role, own: (role: Role) => Promise<Reached>, say: (line: string) => void): Promise<Recordings> {
  const reached = await own(role);
  const outside = realOutside(reached.driver, silentLog, reached.servers);
  const system = { settings: { ...SETTINGS, ...reached.settings }, ...(reached.address ? { address: reached.address } : {}) };
  const declared = everythingBut(role, reached.without ?? []);
  const tapes = new Map<string, Tape>();
  try {
    const { results } = await runAll({
      role,
      selected: select({ role, profiles: PROFILES, declared }, CASES),
      outside,
      outsideOf: (id) => {
        const taped = recording(outside);
        tapes.set(id, taped.tape);
        return taped.outside;
      },
      system,
      jobs: reached.jobs,
      progress: ({ id }, done, of) => say(`${role}: ${done} of ${of} cases recorded  ${id}`),
    });
    const recorded = results.flatMap((result): readonly Evidenced[] => {
      const [testCase, tape] = [CASES.get(result.id), tapes.get(result.id)];
      return result.verdict === 'pass' && testCase && tape ? [{ testCase, tape, result }] : [];
    });
    const missing = results.flatMap(({ id, verdict }) => (verdict === 'pass' || verdict === 'notApplicable' ? [] : [id]));
    return { recorded, missing, system };
  } finally {
    await reached.close();
  }
}

function summed(
  audits: readonly CaseAudit[],
  notRecorded: readonly string[],
  doubles: readonly DoubleAudit[],
  durationMs: number,
): AuditSummary {
  const never = audits.flatMap(({ id, never: unbroken }) => unbroken.map((one) => ({ id, ...one })));
  const excused = never.flatMap((one) => {
    const excuse = excuseFor(one.id, one.says);
    return excuse ? [{ ...one, reason: excuse.reason }] : [];
  });
  const audited = new Set(audits.map(({ id }) => id));
  const sum = (of: (audit: CaseAudit) => number): number => audits.reduce((total, one) => total + of(one), 0);
  return {
    cases: audits.length,
    expectations: sum(({ expectations }) => expectations),
    mutations: sum(({ mutations }) => mutations),
    red: sum(({ red }) => red),
    durationMs: Math.round(durationMs),
    cannotFail: audits.flatMap(({ id, red, unfaithful }) => (red === 0 && unfaithful === undefined ? [id] : [])),
    notRecorded,
    unfaithful: audits.flatMap(({ id, unfaithful }) => (unfaithful === undefined ? [] : [{ id, what: unfaithful }])),
    neverFailed: never.filter(({ id, says }) => excuseFor(id, says) === undefined),
    excused,
    staleExcuses: EXCUSES.filter(({ id }) => audited.has(id))
      .filter(({ id, says }) => !excused.some((one) => one.id === id && one.says.startsWith(says)))
      .map(({ id, says }) => `${id}: ${says}`),
    doubles,
  };
}

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;

function text(summary: AuditSummary): string {
  const {
    cases,
    expectations,
    mutations,
    red,
    durationMs,
    cannotFail,
    notRecorded,
    unfaithful,
    neverFailed,
    excused,
    staleExcuses,
    doubles,
  } = summary;
  const caught = doubles.filter(({ verdict }) => verdict === 'fail').length;
  return [
    `${cases} cases with ${expectations} expectations, ${mutations} broken traces, ${red} of them red, in ${seconds(durationMs)}.\n`,
    `${caught} of ${doubles.length} live doubles were caught.\n`,
    list('Cases that cannot fail', cannotFail),
    list(
      'Expectations that cannot fail',
      neverFailed.map(({ id, step, says }) => `${id} step ${step}: ${says}`),
    ),
    list('Cases that did not pass, so that nothing could be broken', notRecorded),
    list(
      'Traces that do not pass when they are played back',
      unfaithful.map(({ id, what }) => `${id}: ${what}`),
    ),
    list(
      'Doubles that were not caught',
      doubles.filter(({ verdict }) => verdict !== 'fail').map(({ id, flaw, verdict }) => `${id}, ${flaw}: ${verdict}`),
    ),
    list(
      'Excused',
      excused.map(({ id, step, says, reason }) => `${id} step ${step}: ${says} (${reason})`),
    ),
    list('Excuses that fit nothing any more', staleExcuses),
  ].join('');
}
