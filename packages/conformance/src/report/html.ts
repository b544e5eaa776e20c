import type { Expectation } from '../expectation.ts';
import type { RunReport } from '../run-all.ts';
import type { CaseResult, Verdict } from '../run-case.ts';
import { STYLE } from './html-style.ts';
import { Html, html, nothing } from './html-text.ts';
import { htmlTrace } from './html-trace.ts';
import {
  blockName,
  blockOf,
  failedOf,
  type RunFacts,
  readingsOf,
  roleName,
  seconds,
  slowest,
  stepName,
  VERDICT_WORDS,
  verdictSentence,
} from './wording.ts';

/** One file for people: no scripts, nothing from outside, everything that came over the wire escaped. */
export function htmlReport(report: RunReport, facts: RunFacts): string {
  const by = (verdict: Verdict): readonly CaseResult[] => report.results.filter((result) => result.verdict === verdict);
  const title = `Conformance of a ${roleName(report.role)}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: ${report.counts.fail + report.counts.inconclusive === 0 ? 'pass' : 'fail'}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${head(report, facts)}
${slow(report)}
${undeclared(facts)}
${readings(report)}
${cases('Failed', by('fail'), openCase)}
${cases('Inconclusive', by('inconclusive'), openCase)}
${cases('Passed', by('pass'), foldedCase)}
${notApplicable(by('notApplicable'))}
</main>
</body>
</html>
`;
  return page.toString();
}

function head(report: RunReport, { target, profiles, startedAt }: RunFacts): Html {
  const { counts } = report;
  const kind = counts.fail > 0 ? 'fail' : counts.inconclusive > 0 ? 'inconclusive' : 'pass';
  const facts: readonly (readonly [string, string | number])[] = [
    ['passed', counts.pass],
    ['failed', counts.fail],
    ['inconclusive', counts.inconclusive],
    ['not applicable', counts.notApplicable],
    ['took', seconds(report.durationMs)],
    ['proofs of silence', seconds(report.silenceMs)],
  ];
  return html`<p class="dim">OCPP 2.0.1 edition 3, Part 6; profiles ${profiles.join(' and ')}; at <span class="mono">${target}</span>; began ${startedAt}</p>
<p class="verdict ${kind}">${verdictSentence(report)}</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function cases(title: string, results: readonly CaseResult[], one: (result: CaseResult) => Html): Html {
  if (results.length === 0) return nothing;
  return html`<h2>${title} (${results.length})</h2>${results.map(one)}`;
}

const heading = ({ id, title, verdict }: CaseResult): Html =>
  html`<h3>${id}</h3> ${title} <span class="word ${verdict}">${VERDICT_WORDS[verdict]}</span>`;

const openCase = (result: CaseResult): Html =>
  html`<section class="case ${result.verdict}" id="${result.id}" aria-label="${result.id}"><p>${heading(result)}</p>${body(result)}</section>`;

const foldedCase = (result: CaseResult): Html =>
  html`<details class="case" id="${result.id}"><summary>${heading(result)}</summary>${body(result)}</details>`;

function body(result: CaseResult): Html {
  const { id, reason, note, readings: seen, expectations, trace, durationMs, silenceMs } = result;
  const block = blockOf(id);
  return html`<p class="dim">${block} ${blockName(block)}; ${seconds(durationMs)}${silenceMs > 0 ? `, of it ${seconds(silenceMs)} of silence` : ''}</p>
${reason === undefined ? nothing : html`<p><b>Why:</b> ${reason}</p>`}
${note === undefined ? nothing : html`<p><b>Note:</b> ${note}</p>`}
${seen.map((reading) => html`<p><b>Reading:</b> ${reading}</p>`)}
${failedOf(result).length === 0 ? nothing : expected(result, 'What did not hold', failedOf(result))}
${expectations.length === 0 ? nothing : folded('All expectations', expectations.length, expected(result, '', expectations))}
${trace.length === 0 ? nothing : result.verdict === 'pass' ? folded('Frames', trace.length, htmlTrace(result)) : html`<h4>Frames</h4>${htmlTrace(result)}`}`;
}

const folded = (title: string, count: number, inner: Html): Html => html`<details><summary>${title} (${count})</summary>${inner}</details>`;

const expected = (result: CaseResult, title: string, expectations: readonly Expectation[]): Html =>
  html`${title === '' ? nothing : html`<h4>${title}</h4>`}<table class="told"><thead><tr><th scope="col">step</th><th scope="col">expected</th><th scope="col">clause</th><th scope="col">what came</th></tr></thead><tbody>${expectations.map((one) => row(result, one))}</tbody></table>`;

function row({ id }: CaseResult, { step, says, requirements, ok, got, evidence }: Expectation): Html {
  const came = ok ? html`<span class="word pass">ok</span>` : html`<span class="word fail">failed</span> came: ${got ?? 'nothing'}`;
  const where =
    evidence === undefined
      ? nothing
      : html` <a href="#${id}-${evidence.entry}" aria-label="frame ${evidence.entry} of ${id}">frame ${evidence.entry}</a>`;
  return html`<tr><td>${stepName(step)}</td><td>${says}</td><td>${requirements.join(', ')}</td><td>${came}${where}</td></tr>`;
}

function notApplicable(results: readonly CaseResult[]): Html {
  if (results.length === 0) return nothing;
  return html`<h2>Not applicable (${results.length})</h2><ul>${results.map(({ id, title, reason }) => html`<li id="${id}"><b>${id}</b> ${title}: <span class="dim">${reason ?? ''}</span></li>`)}</ul>`;
}

function undeclared({ undeclared: features }: RunFacts): Html {
  if (features.length === 0) return nothing;
  const items = features.map(({ id, asks }) => html`<li><b>${id}</b> ${asks}</li>`);
  return folded('Features not declared', features.length, html`<ul>${items}</ul>`);
}

function readings(report: RunReport): Html {
  const seen = [...readingsOf(report)];
  if (seen.length === 0) return nothing;
  const items = seen.map(([reading, ids]) => html`<li>${reading}: <span class="dim">${ids.join(', ')}</span></li>`);
  return folded('Where two readings are legal, this one was seen', seen.length, html`<ul>${items}</ul>`);
}

function slow(report: RunReport): Html {
  const longest = slowest(report);
  if (longest.length === 0) return nothing;
  const rows = longest.map(
    ({ id, durationMs, silenceMs }) =>
      html`<tr><td><a href="#${id}">${id}</a></td><td class="r">${seconds(durationMs)}</td><td class="r">${seconds(silenceMs)}</td></tr>`,
  );
  const columns = html`<tr><th scope="col">case</th><th scope="col" class="r">took</th><th scope="col" class="r">of it silence</th></tr>`;
  return folded('Slowest', longest.length, html`<table><thead>${columns}</thead><tbody>${rows}</tbody></table>`);
}
