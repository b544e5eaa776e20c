import type { RunReport } from '../run-all.ts';
import type { CaseResult } from '../run-case.ts';
import { blockName, blockOf, failedOf, type RunFacts, stepName } from './wording.ts';

/** XML 1.0 knows no control characters but tab, line feed and return, and no lone surrogates. */
const UNPRINTABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
const xml = (text: string): string => text.replaceAll(UNPRINTABLE, '\uFFFD').replaceAll(/[&<>"'\t\n\r]/g, (sign) => ENTITIES[sign] ?? sign);
const s = (ms: number): string => (ms / 1000).toFixed(3);

/** What build servers read: one suite a role, one test a case. */
export function junitReport(report: RunReport, { target, startedAt }: RunFacts): string {
  const { counts, results } = report;
  const totals = `tests="${results.length}" failures="${counts.fail}" errors="${counts.inconclusive}" skipped="${counts.notApplicable}" time="${s(report.durationMs)}"`;
  const name = `OCPP conformance of a ${report.role}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${totals}>`,
    `  <testsuite name="${name}" hostname="${xml(target)}" timestamp="${xml(startedAt)}" ${totals}>`,
    ...results.flatMap((result) => testCase(result, report.role)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(result: CaseResult, role: string): readonly string[] {
  const block = blockOf(result.id);
  const classname = `${role}.${block} ${blockName(block)}`;
  const head = `    <testcase name="${xml(`${result.id} ${result.title}`.trim())}" classname="${xml(classname)}" time="${s(result.durationMs)}"`;
  const inner = outcome(result);
  return inner === '' ? [`${head}/>`] : [`${head}>`, `      ${inner}`, '    </testcase>'];
}

function outcome(result: CaseResult): string {
  switch (result.verdict) {
    case 'pass':
      return '';
    case 'fail': {
      const told = failedOf(result).map(
        ({ step, says, requirements, got }) =>
          `${stepName(step)}: ${says}${requirements.length > 0 ? ` [${requirements.join(', ')}]` : ''}; came: ${got ?? 'nothing'}`,
      );
      return `<failure type="fail" message="${xml(told[0] ?? '')}">${xml(told.join('\n'))}</failure>`;
    }
    case 'inconclusive':
      return `<error type="inconclusive" message="${xml(result.reason ?? '')}"/>`;
    case 'notApplicable':
      return `<skipped message="${xml(result.reason ?? '')}"/>`;
  }
}
