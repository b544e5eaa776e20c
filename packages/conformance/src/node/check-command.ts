import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, silentLog } from '@busbar/runtime';
import type { Role } from '../case.ts';
import { CASES } from '../cases/index.ts';
import type { Profile } from '../catalogue.ts';
import type { Driver } from '../drivers/driver.ts';
import { type Declared, everythingBut } from '../features.ts';
import type { CsmsAddress } from '../outside.ts';
import { summaryOf } from '../report/json.ts';
import { bar, COLOURS, NO_COLOURS, terminalReport } from '../report/terminal.ts';
import { type RunReport, runAll } from '../run-all.ts';
import type { Verdict } from '../run-case.ts';
import { select } from '../select.ts';
import { SETTINGS, type Settings } from '../settings.ts';
import { type OwnServers, realOutside } from './real-outside.ts';

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
}

export interface Screen {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Runs the cases against a system and reports. 0 = everything applicable passed, 12 = not. */
export async function check(
  reached: Reached,
  options: CheckOptions,
  screen: Screen,
): Promise<{ readonly report: RunReport; readonly exitCode: number }> {
  const settings: Settings = { ...SETTINGS, ...reached.settings };
  const paint = screen.err.isTTY === true ? COLOURS : NO_COLOURS;
  const counts: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0, notApplicable: 0 };
  const report = await runAll({
    role: options.role,
    selected: select(
      {
        role: options.role,
        profiles: options.profiles,
        declared: options.declared ?? everythingBut(options.role, reached.without ?? []),
        ...(options.ids ? { ids: options.ids } : {}),
      },
      CASES,
    ),
    outside: realOutside(reached.driver, options.log ?? silentLog, reached.servers),
    system: { settings, ...(reached.address ? { address: reached.address } : {}) },
    jobs: options.jobs ?? reached.jobs,
    progress: (result, done, of) => {
      counts[result.verdict] += 1;
      if (screen.err.isTTY === true) screen.err.write(`\r\u001B[K${bar(done, of, counts, paint)}  ${result.id}`);
    },
  });
  if (screen.err.isTTY === true) screen.err.write('\r\u001B[K');
  if (options.report !== undefined) writeReports(options.report, report);
  if (options.json) screen.out.write(`${JSON.stringify(summaryOf(report))}\n`);
  else screen.out.write(terminalReport(report, screen.out.isTTY === true ? COLOURS : NO_COLOURS));
  return { report, exitCode: report.counts.fail + report.counts.inconclusive === 0 ? 0 : 12 };
}

function writeReports(folder: string, report: RunReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${report.role}.json`), `${JSON.stringify(report, null, 1)}\n`);
}
