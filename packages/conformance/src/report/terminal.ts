import type { RunReport } from '../run-all.ts';
import type { CaseResult, Verdict } from '../run-case.ts';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}
const codes = (open: number, close: number) => (text: string) => `\u001B[${open}m${text}\u001B[${close}m`;
export const COLOURS: Paint = { bold: codes(1, 22), dim: codes(2, 22), red: codes(31, 39), green: codes(32, 39), yellow: codes(33, 39) };
const plain = (text: string): string => text;
export const NO_COLOURS: Paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };

const SIGNS: Record<Verdict, string> = { pass: '✓', fail: '✗', inconclusive: '?', notApplicable: '–' };
export const sign = (verdict: Verdict, paint: Paint): string => {
  const colour = { pass: paint.green, fail: paint.red, inconclusive: paint.yellow, notApplicable: paint.dim }[verdict];
  return colour(SIGNS[verdict]);
};

/** The bar that moves while cases run. */
export function bar(done: number, of: number, counts: Readonly<Record<Verdict, number>>, paint: Paint): string {
  const width = 30;
  const full = of === 0 ? width : Math.round((done / of) * width);
  return `${'█'.repeat(full)}${paint.dim('░'.repeat(width - full))} ${done}/${of}  ${paint.green(`${counts.pass} passed`)}  ${paint.red(`${counts.fail} failed`)}  ${paint.yellow(`${counts.inconclusive} inconclusive`)}`;
}

/** What a person reads when the run is over: failures whole, the rest in one line. */
export function terminalReport(report: RunReport, paint: Paint): string {
  const lines: string[] = [''];
  for (const result of report.results) {
    if (result.verdict === 'fail') lines.push(...failure(result, paint));
    if (result.verdict === 'inconclusive')
      lines.push(`${sign('inconclusive', paint)} ${paint.bold(result.id)} ${result.title}`, `    ${result.reason ?? ''}`, '');
  }
  const slowest = [...report.results]
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, 10)
    .filter(({ durationMs }) => durationMs > 0);
  const readings = report.results.flatMap(({ id, readings: seen }) => seen.map((reading) => `    ${id}  ${reading}`));
  if (readings.length > 0) lines.push(paint.bold('Where two readings are legal, this one was seen'), ...readings, '');
  lines.push(
    paint.bold('Slowest'),
    ...slowest.map(
      ({ id, durationMs, silenceMs }) =>
        `    ${id.padEnd(14)} ${seconds(durationMs)}${silenceMs > 0 ? `, of it ${seconds(silenceMs)} of silence` : ''}`,
    ),
    '',
    `${paint.bold(report.role === 'csms' ? 'CSMS' : 'Station')}  ${report.counts.pass} passed, ${report.counts.fail} failed, ${report.counts.inconclusive} inconclusive, ${report.counts.notApplicable} not applicable`,
    paint.dim(`in ${seconds(report.durationMs)}; proofs of silence took ${seconds(report.silenceMs)}, added up over the cases`),
    '',
  );
  return lines.join('\n');
}

function failure(result: CaseResult, paint: Paint): readonly string[] {
  const failed = result.expectations.filter(({ ok }) => !ok);
  return [
    `${sign('fail', paint)} ${paint.bold(result.id)} ${result.title}`,
    ...failed.flatMap(({ step, says, got, requirements, evidence }) => [
      `    ${stepName(step)}: ${says}${requirements.length > 0 ? `  [${requirements.join(', ')}]` : ''}`,
      `      came: ${got ?? 'nothing'}`,
      ...(evidence ? framesAround(result, evidence.entry, paint) : []),
    ]),
    '',
  ];
}

export const stepName = (step: number): string => (step === -1 ? 'every case' : step === 0 ? 'preparation' : `step ${step}`);

/** The evidence and the two entries before it. */
function framesAround(result: CaseResult, entry: number, paint: Paint): readonly string[] {
  return result.trace.slice(Math.max(0, entry - 2), entry + 1).map((happened) => {
    const what = 'text' in happened ? happened.text : JSON.stringify(happened);
    const arrow = happened.by === 'sut' ? '←' : '→';
    return paint.dim(
      `      ${(happened.at / 1000).toFixed(3).padStart(8)} s ${arrow} ${what.length > 220 ? `${what.slice(0, 220)}…` : what}`,
    );
  });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
