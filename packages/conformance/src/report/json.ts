import type { RunReport } from '../run-all.ts';
import { failedOf, slowest } from './wording.ts';

/** What `--json` prints: counts and one line a case, without frames; `reports` are the files that were written. */
export const summaryOf = (report: RunReport, reports?: readonly string[]) => ({
  role: report.role,
  passed: report.counts.pass,
  failed: report.counts.fail,
  inconclusive: report.counts.inconclusive,
  notApplicable: report.counts.notApplicable,
  durationMs: report.durationMs,
  silenceMs: report.silenceMs,
  ...(reports === undefined ? {} : { reports }),
  slowest: slowest(report).map(({ id, durationMs, silenceMs }) => ({ id, durationMs, silenceMs })),
  cases: report.results.map((result) => ({
    id: result.id,
    title: result.title,
    verdict: result.verdict,
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    expectations: result.expectations.length,
    ...(result.readings.length > 0 ? { readings: result.readings } : {}),
    ...(result.verdict === 'fail' ? { failed: failedOf(result) } : {}),
  })),
});
