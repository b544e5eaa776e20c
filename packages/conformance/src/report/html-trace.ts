import { actionsOf } from '../frames.ts';
import type { CaseResult } from '../run-case.ts';
import type { TraceEntry } from '../trace.ts';
import { said } from './happening.ts';
import { type Html, html, nothing } from './html-text.ts';
import { failedOf, stamp, stepName } from './wording.ts';

/** A report stays a file that a browser opens: above these the rest is in the JSON. */
const MOST_ENTRIES = 500;
const MOST_CHARACTERS = 4_000;

/** Two lanes: the kit at the left, the system under test at the right; what an expectation stumbled over is marked. */
export function htmlTrace(result: CaseResult): Html {
  const { trace } = result;
  const actions = actionsOf(trace);
  const wrong = Map.groupBy(failedOf(result), ({ evidence }) => evidence?.entry);
  const shown = trace.slice(0, MOST_ENTRIES).map((entry, index) => {
    const why = (wrong.get(index) ?? []).map(({ step, says, requirements }) =>
      `${stepName(step)}: ${says} ${requirements.join(', ')}`.trim(),
    );
    return line(`${result.id}-${index}`, entry, actions.get(index), why);
  });
  const rest = trace.length - shown.length;
  return html`<ol class="trace">${shown}</ol>${rest > 0 ? html`<p class="dim">${rest} more are in the JSON report.</p>` : nothing}`;
}

function line(id: string, entry: TraceEntry, action: string | undefined, why: readonly string[]): Html {
  const { what, text } = said(entry, action);
  const who = entry.by === 'sut' ? '\u2190 system' : 'kit \u2192';
  const link = 'link' in entry && entry.link > 1 ? ` (link ${entry.link})` : '';
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}\u2026` : text;
  return html`<li id="${id}" class="${entry.by}${why.length > 0 ? ' wrong' : ''}"><time datetime="PT${stamp(entry.at)}S">${stamp(entry.at)} s</time><div class="say"><span class="dim">${who}</span> <b>${what}</b>${link}<pre>${cut}</pre>${why.map((reason) => html`<p class="why">not as expected: ${reason}</p>`)}</div></li>`;
}
