import { describe, expect, test } from 'vitest';
import { htmlReport } from './html.ts';
import { summaryOf } from './json.ts';
import { junitReport } from './junit.ts';
import { COLOURS, NO_COLOURS, wrapped } from './paint.ts';
import { Progress } from './progress.ts';
import { exampleFacts, exampleReport, HOSTILE } from './report-example.ts';
import { terminalHead, terminalReport } from './terminal.ts';
import { faultsOf } from './well-formed.ts';
import { verdictSentence } from './wording.ts';

const CONTROL = /[^\P{Cc}\n]|\p{Cf}/u;
const report = exampleReport('Accepted');
const hostile = exampleReport(HOSTILE);

describe('the verdict in one sentence', () => {
  const sentence = (pass: number, fail: number, inconclusive: number) =>
    verdictSentence({ ...report, counts: { pass, fail, inconclusive, notApplicable: 1 } });
  test.each([
    [3, 0, 0, 'The CSMS passes all 3 cases that apply to it.'],
    [3, 1, 0, 'The CSMS fails 1 case of 4.'],
    [3, 1, 2, 'The CSMS fails 1 case of 6; 2 cases could not be exercised.'],
    [3, 0, 1, 'Not proven: 1 case could not be exercised; 3 passed.'],
    [0, 0, 0, 'No case applies, so nothing was tested.'],
  ])('%i passed, %i failed, %i inconclusive', (pass, fail, inconclusive, says) => {
    expect(sentence(pass, fail, inconclusive)).toBe(says);
  });
});

describe('the report of the terminal', () => {
  const text = terminalReport(report, NO_COLOURS, (id) => `busbar check csms --case ${id}`);
  test('a failing case shows step, expectation, clause, what came, the frames and how to repeat it', () => {
    expect(text).toContain('TC_C_20_CSMS  An invalid token  FAIL  step 2, every case');
    expect(text).toContain('expected    step 2: idTokenInfo.status is Invalid or Unknown');
    expect(text).toContain('got         Accepted');
    expect(text).toContain('clause      C12.FR.03');
    expect(text).toContain('note        the official text leaves the order open');
    expect(text).toContain('  >    1.203 s <- CALLRESULT Authorize  [3,"7",{"idTokenInfo":{"status":"Accepted"}}]');
    expect(text).toContain('again       busbar check csms --case TC_C_20_CSMS');
  });
  test('tells what is inconclusive and not applicable with the reason, readings, the slowest and the silence', () => {
    expect(text).toContain('INCONCLUSIVE\n  why         the driver failed');
    expect(text).toMatch(/Not applicable\n {2}TC_G_01_CSMS +C-11: not declared/);
    expect(text).toMatch(/TC_A_01_CSMS +the CSMS closes the link at once/);
    expect(text).toMatch(/Slowest\n {2}TC_C_20_CSMS +3\.0 s\n {2}TC_A_01_CSMS +1\.2 s, of it 1\.0 s of silence/);
    expect(text).toContain('proofs of silence took 1.0 s');
  });
  test('is ASCII, 100 columns wide, and shows no password', () => {
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(/[^\n -~]/.exec(text)).toBeNull();
    expect(text).not.toContain('top-secret');
  });
  test('nothing from the wire moves the cursor', () => {
    const all = terminalHead('csms', 1, 1, exampleFacts(HOSTILE), NO_COLOURS) + terminalReport(hostile, NO_COLOURS);
    expect(CONTROL.exec(all)).toBeNull();
  });
  test('colours repeat words that are there anyway', () => {
    // oxlint-disable-next-line eslint/no-control-regex -- the colours themselves
    expect(terminalReport(report, COLOURS).replaceAll(/\u001B\[\d+m/g, '')).toBe(terminalReport(report, NO_COLOURS));
  });
  test('a long text is broken at spaces and nothing is lost', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapped('x'.repeat(25), 10).join('')).toBe('x'.repeat(25));
  });
});

test('progress is told by block, the worst verdict of a cell wins', () => {
  const progress = new Progress(['TC_A_01_CSMS', 'TC_A_02_CSMS', 'TC_C_20_CSMS'], NO_COLOURS);
  const [pass, fail] = report.results;
  progress.started('TC_A_01_CSMS');
  expect(progress.lines(0)[0]).toMatch(/^ {2}A {2}security +\.{30} +0 \/ 2 +0 pass {2}TC_A_01_CSMS$/);
  if (pass) progress.ended(pass);
  if (fail) progress.ended({ ...fail, id: 'TC_A_02_CSMS' });
  const [a, c, , foot] = progress.lines(2_000);
  expect(a).toMatch(/#{15}x{15} +2 \/ 2 +1 pass {2}1 fail$/);
  expect(c).toMatch(/^ {2}C {2}authorization +\.{30} +0 \/ 1/);
  expect(foot).toBe('  2 of 3, 2.0 s, about 1.0 s left');
});

test('progress fits a narrow terminal', () => {
  const progress = new Progress(['TC_A_01_CSMS'], NO_COLOURS, 80);
  for (const result of report.results) progress.ended({ ...result, id: 'TC_A_01_CSMS' });
  expect(Math.max(...progress.lines(0).map((line) => line.length))).toBeLessThanOrEqual(80);
});

describe('the HTML report', () => {
  const text = htmlReport(report, exampleFacts('ws://127.0.0.1/ocpp'));
  test('is well-formed, also when the peer is hostile', () => {
    expect(faultsOf(text)).toEqual([]);
    expect(faultsOf(htmlReport(hostile, exampleFacts(HOSTILE)))).toEqual([]);
  });
  test('needs nothing from outside and runs nothing', () => {
    expect(text).not.toMatch(/<script|<link|<img|src=|url\(|@import|\son\w+=/i);
    expect(text).toContain("default-src 'none'");
    expect(text).toContain('prefers-color-scheme: dark');
  });
  test('escapes everything that came over the wire', () => {
    const bad = htmlReport(hostile, exampleFacts(HOSTILE));
    expect(bad).not.toContain('<script');
    expect(bad).toContain('&lt;script&gt;hacked()&lt;/script&gt;');
    expect(CONTROL.exec(bad)).toBeNull();
    expect(bad.isWellFormed()).toBe(true);
  });
  test('what failed is open and marked, what passed is folded', () => {
    expect(text).toContain('The CSMS fails 1 case of 3; 1 case could not be exercised.');
    expect(text).toContain('<section class="case fail" id="TC_C_20_CSMS"');
    expect(text).toContain('<details class="case" id="TC_A_01_CSMS">');
    expect(text).toContain('<li id="TC_C_20_CSMS-2" class="sut wrong">');
    expect(text).toContain('not as expected: step 2: idTokenInfo.status is Invalid or Unknown C12.FR.03');
    expect(text).toContain('href="#TC_C_20_CSMS-2"');
  });
  test('names what was left out and shows no password', () => {
    expect(text).toContain('C-11: not declared');
    expect(text).toContain('Can the CSMS unlock a connector?');
    expect(text).not.toContain('top-secret');
  });
  test('a trace without end is cut', () => {
    const frame = { kind: 'frame', by: 'sut', link: 1, text: 'x'.repeat(10_000), at: 1 } as const;
    const results = report.results.map((result) => ({ ...result, expectations: [], trace: Array.from({ length: 900 }, () => frame) }));
    const long = htmlReport({ ...report, results }, exampleFacts(''));
    expect(long).toContain('400 more are in the JSON report.');
    expect(long).not.toContain('x'.repeat(4_001));
  });
});

describe('the JUnit report', () => {
  const text = junitReport(report, exampleFacts('ws://127.0.0.1/ocpp'));
  test('is well-formed, also when the peer is hostile', () => {
    const bad = junitReport(hostile, exampleFacts(HOSTILE));
    expect(faultsOf(text)).toEqual([]);
    expect(faultsOf(bad)).toEqual([]);
    expect(CONTROL.exec(bad.replaceAll('\u202E', ''))).toBeNull();
    expect(bad.isWellFormed()).toBe(true);
  });
  test('counts, names, times', () => {
    expect(text).toContain('tests="4" failures="1" errors="1" skipped="1" time="4.200"');
    expect(text).toContain('<testcase name="TC_A_01_CSMS A station may connect" classname="csms.A security" time="1.200"/>');
  });
  test('failure, error and skipped say why', () => {
    expect(text).toContain('message="step 2: idTokenInfo.status is Invalid or Unknown [C12.FR.03]; came: Accepted"');
    expect(text).toContain('<error type="inconclusive" message="the driver failed: Accepted"/>');
    expect(text).toContain('<skipped message="C-11: not declared"/>');
  });
});

test('the JSON summary names the files that were written', () => {
  expect(summaryOf(report, ['r/csms.html'])).toMatchObject({
    passed: 1,
    failed: 1,
    inconclusive: 1,
    notApplicable: 1,
    reports: ['r/csms.html'],
  });
  expect(summaryOf(report)).not.toHaveProperty('reports');
});
