import { formatInstant, type Log, silentLog } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import type { Role } from '../case.ts';
import { CASES } from '../cases/index.ts';
import type { Profile } from '../catalogue.ts';
import type { Driver } from '../drivers/driver.ts';
import { type Declared, everythingBut, FEATURES } from '../features.ts';
import type { CsmsAddress } from '../outside.ts';
import { summaryOf } from '../report/json.ts';
import { COLOURS, NO_COLOURS, type Paint } from '../report/paint.ts';
import { NARROWEST, Progress } from '../report/progress.ts';
import { terminalHead, terminalReport } from '../report/terminal.ts';
import type { RunFacts } from '../report/wording.ts';
import { type RunReport, runAll } from '../run-all.ts';
import { select } from '../select.ts';
import { SETTINGS, type Settings } from '../settings.ts';
import { LiveLines } from './live-lines.ts';
import { type OwnServers, realOutside } from './real-outside.ts';
import { writeReports } from './write-reports.ts';

/** A system under test that is up and reachable. */
export interface Reached {
  readonly driver: Driver;
  readonly settings: Partial<Settings>;
  readonly address?: CsmsAddress;
  readonly servers?: OwnServers;
  readonly jobs: number;
  /** Features that this system does not declare; used when no file of features is given. */
  readonly without?: readonly string[];
  close(): Promise<void>;
}

export interface CheckOptions {
  readonly role: Role;
  readonly profiles: readonly Profile[];
  /** What the system declares; without it everything but what it is known to lack. */
  readonly declared?: Declared;
  readonly ids?: readonly string[];
  readonly jobs?: number;
  readonly json: boolean;
  /** A folder for the reports. */
  readonly report?: string;
  readonly log?: Log;
  /** The command that runs one case again. */
  readonly again?: (id: string) => string;
}

export interface Screen {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** NO_COLOR: no colours, also on a terminal. */
  readonly plain?: boolean;
}

const paintFor = (stream: Screen['out'], { plain }: Screen): Paint => (stream.isTTY === true && plain !== true ? COLOURS : NO_COLOURS);

/** Runs the cases against a system and reports. 0 = everything applicable passed, 12 = not, or nothing applied. */
export async function check(
  reached: Reached,
  options: CheckOptions,
  screen: Screen,
): Promise<{ readonly report: RunReport; readonly exitCode: number }> {
  const settings: Settings = { ...SETTINGS, ...reached.settings };
  const { role, profiles, ids } = options;
  const declared = options.declared ?? everythingBut(role, reached.without ?? []);
  const selected = select({ role, profiles, declared, ...(ids ? { ids } : {}) }, CASES);
  const due = selected.flatMap((one) => ('run' in one ? [one.entry.id] : []));
  const facts: RunFacts = {
    target: reached.address?.ws ?? reached.address?.wss ?? reached.driver.name,
    profiles,
    undeclared: FEATURES.filter(({ id, roles }) => roles.includes(role) && !declared.has(id)),
    startedAt: formatInstant(systemClock.now()),
  };
  if (!options.json) screen.err.write(terminalHead(role, due.length, selected.length - due.length, facts, paintFor(screen.err, screen)));
  const columns = screen.err.columns ?? 100;
  const progress = new Progress(due, paintFor(screen.err, screen), columns);
  const began = systemClock.monotonic();
  // A person who is asked things at the same terminal needs it for the questions.
  const live = new LiveLines(
    screen.err,
    screen.err.isTTY === true && reached.driver.name !== 'manual' && !options.json && columns >= NARROWEST,
  );
  const draw = (): void => live.draw(progress.lines(systemClock.monotonic() - began));
  const report = await runAll({
    role,
    selected,
    outside: realOutside(reached.driver, options.log ?? silentLog, reached.servers),
    system: { settings, ...(reached.address ? { address: reached.address } : {}) },
    jobs: options.jobs ?? reached.jobs,
    started: (id) => {
      progress.started(id);
      draw();
    },
    progress: (result) => {
      if (result.verdict !== 'notApplicable' || due.includes(result.id)) progress.ended(result);
      draw();
    },
  });
  live.clear();
  const written = options.report === undefined ? undefined : writeReports(options.report, report, facts);
  const { pass, fail, inconclusive } = report.counts;
  const exitCode = fail + inconclusive === 0 && pass > 0 ? 0 : 12;
  if (options.json) screen.out.write(`${JSON.stringify(summaryOf(report, written))}\n`);
  else {
    screen.out.write(terminalReport(report, paintFor(screen.out, screen), options.again));
    if (written !== undefined) screen.out.write(`Report  ${written.join(', ')}\n`);
  }
  return { report, exitCode };
}
