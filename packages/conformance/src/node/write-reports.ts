import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htmlReport } from '../report/html.ts';
import { junitReport } from '../report/junit.ts';
import type { RunFacts } from '../report/wording.ts';
import type { RunReport } from '../run-all.ts';

/** HTML for people, JUnit for build servers, JSON with every frame. Returns where they lie. */
export function writeReports(folder: string, report: RunReport, facts: RunFacts): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const texts = {
    html: htmlReport(report, facts),
    xml: junitReport(report, facts),
    json: `${JSON.stringify({ ...facts, ...report }, null, 1)}\n`,
  };
  return Object.entries(texts).map(([ending, text]) => {
    const file = join(folder, `${report.role}.${ending}`);
    writeFileSync(file, text);
    return file;
  });
}
