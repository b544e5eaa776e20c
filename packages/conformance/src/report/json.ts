import type { RunReport } from '../run-all.ts';

/** What `--json` prints: counts and one line a case, without frames. */
export const summaryOf = (report: RunReport) => ({
  role: report.role,
  passed: report.counts.pass,
  failed: report.counts.fail,
  inconclusive: report.counts.inconclusive,
  notApplicable: report.counts.notApplicable,
  durationMs: report.durationMs,
  silenceMs: report.silenceMs,
  slowest: [...report.results]
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, 10)
    .map(({ id, durationMs, silenceMs }) => ({ id, durationMs, silenceMs })),
  cases: report.results.map(({ id, title, verdict, reason, expectations, readings }) => ({
    id,
    title,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    expectations: expectations.length,
    ...(readings.length > 0 ? { readings } : {}),
    ...(verdict === 'fail' ? { failed: expectations.filter(({ ok }) => !ok) } : {}),
  })),
});
