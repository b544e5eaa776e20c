import type { Expectation } from '../expectation.ts';
import { actionsOf } from '../frames.ts';
import type { RunReport } from '../run-all.ts';
import type { CaseResult } from '../run-case.ts';
import { said } from './happening.ts';
import { type Paint, plainText, wrapped } from './paint.ts';
import {
  countsSentence,
  failedOf,
  type RunFacts,
  readingsOf,
  roleName,
  seconds,
  slowest,
  stamp,
  stepName,
  verdictSentence,
} from './wording.ts';

/** Expectations of one case that are told at length; the rest is in the reports. */
const TOLD = 5;
/** Characters of a frame that stands at the centre of a failure; its neighbours get one line. */
const FRAME_CHARACTERS = 600;
const WIDTH = 100;
const LABEL = 12;

/** What stands above the bars. */
export function terminalHead(role: RunReport['role'], due: number, leftOut: number, { target, profiles }: RunFacts, paint: Paint): string {
  return [
    `${paint.bold(`Conformance of a ${roleName(role)}`)}, OCPP Part 6, profiles ${profiles.join(' and ')}, at ${plainText(target)}`,
    `${due} cases chosen, ${leftOut} not applicable (why: at the end).`,
    '',
  ].join('\n');
}

/** What a person reads when the run is over: failures whole, the rest in a line each. */
export function terminalReport(report: RunReport, paint: Paint, again: (id: string) => string = () => ''): string {
  const { results, counts } = report;
  const lines = results.flatMap((result) =>
    result.verdict === 'fail' ? failure(result, paint, again) : result.verdict === 'inconclusive' ? inconclusive(result, paint, again) : [],
  );
  const section = (head: string, body: readonly string[]): void => {
    if (body.length > 0) lines.push(paint.bold(head), ...body, '');
  };
  section(
    'Where two readings are legal, this one was seen',
    [...readingsOf(report)].flatMap(([reading, ids]) => labelled(ids.length === 1 ? (ids[0] ?? '') : `${ids.length} cases`, reading, 16)),
  );
  section(
    'Not applicable',
    results.flatMap(({ id, verdict, reason }) => (verdict === 'notApplicable' ? labelled(id, reason ?? '', 16) : [])),
  );
  section('Slowest', slowest(report).map(slowLine));
  const verdict = counts.fail > 0 ? paint.red : counts.inconclusive > 0 ? paint.yellow : paint.green;
  lines.push(
    `${paint.bold('Result')}  ${verdict(verdictSentence(report))}`,
    `        ${countsSentence(report)}`,
    paint.dim(`        ${seconds(report.durationMs)}; proofs of silence took ${seconds(report.silenceMs)}, added up over the cases`),
    '',
  );
  return ['', ...lines].join('\n');
}

const slowLine = ({ id, durationMs, silenceMs }: CaseResult): string =>
  `  ${id.padEnd(16)}${seconds(durationMs).padStart(8)}${silenceMs > 0 ? `, of it ${seconds(silenceMs)} of silence` : ''}`;

/** A label in its column and a text that goes on below itself. */
function labelled(label: string, text: string, width = LABEL): readonly string[] {
  const [first = '', ...rest] = wrapped(text, WIDTH - 2 - width);
  return [`  ${label.padEnd(width)}${first}`, ...rest.map((line) => ' '.repeat(2 + width) + line)];
}

function failure(result: CaseResult, paint: Paint, again: (id: string) => string): readonly string[] {
  const failed = failedOf(result);
  const told = failed.slice(0, TOLD);
  return [
    paint.red(`${result.id}  ${result.title}  FAIL  ${[...new Set(failed.map(({ step }) => stepName(step)))].join(', ')}`),
    ...told.flatMap((expectation) => missed(result, expectation, paint)),
    ...(failed.length > told.length ? labelled('', `and ${failed.length - told.length} more; the reports have all (--report)`) : []),
    ...(result.note === undefined ? [] : labelled('note', result.note)),
    ...repeat(result.id, again),
    '',
  ];
}

function inconclusive(result: CaseResult, paint: Paint, again: (id: string) => string): readonly string[] {
  return [
    paint.yellow(`${result.id}  ${result.title}  INCONCLUSIVE`),
    ...labelled('why', result.reason ?? ''),
    ...(result.note === undefined ? [] : labelled('note', result.note)),
    ...framesAround(result, result.trace.length - 1, paint),
    ...repeat(result.id, again),
    '',
  ];
}

const repeat = (id: string, again: (id: string) => string): readonly string[] => {
  const command = again(id);
  return command === '' ? [] : [`  ${'again'.padEnd(LABEL)}${command}`];
};

function missed(result: CaseResult, { step, says, got, requirements, evidence }: Expectation, paint: Paint): readonly string[] {
  return [
    ...labelled('expected', `${stepName(step)}: ${says}`),
    ...labelled('got', got ?? 'nothing'),
    ...(requirements.length > 0 ? labelled('clause', requirements.join(', ')) : []),
    ...(evidence ? framesAround(result, evidence.entry, paint) : []),
  ];
}

/** The entry in question, marked, with the two before it and the one after. */
function framesAround({ trace }: CaseResult, entry: number, paint: Paint): readonly string[] {
  const actions = actionsOf(trace);
  const from = Math.max(0, entry - 2);
  return trace.slice(from, entry + 2).flatMap((happened, index) => {
    const here = from + index === entry;
    const { what, text } = said(happened, actions.get(from + index));
    const arrow = happened.by === 'sut' ? '<-' : '->';
    const start = `  ${here ? '>' : ' '} ${stamp(happened.at).padStart(8)} s ${arrow} `;
    const room = WIDTH - start.length;
    const all = wrapped(`${what}  ${cut(text, FRAME_CHARACTERS)}`, room);
    const shown = here ? all : [cut(all.join(''), room)];
    return shown.map((line, number) => (here ? same : paint.dim)(number === 0 ? start + line : ' '.repeat(start.length) + line));
  });
}

const same = (text: string): string => text;
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 3)}...` : text);
