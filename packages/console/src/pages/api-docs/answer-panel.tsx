import { useMemo } from 'react';
import { Copy } from '../../design/copy.tsx';
import { linesOf } from '../../design/json-text.ts';
import { JsonLines } from '../../design/json-view.tsx';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { apiDocsWords } from './api-docs-words.ts';
import type { Answer } from './send-request.ts';

interface Props {
  readonly answer: Answer | undefined;
  readonly problem: string;
  readonly busy: boolean;
}

/** Status, the headers that matter, and the body: JSON in its colours, everything else as it came. */
export function AnswerPanel({ answer, problem, busy }: Props) {
  const words = useWords(apiDocsWords);
  return (
    <section className="panel" aria-label={words.answer}>
      <div className="ph wrap">
        <h2>{words.answer}</h2>
        {answer !== undefined && (
          <div className="row wrap s" role="status">
            <span className={`tag ${answer.status < 400 ? 'ok' : 'bad'}`}>
              {answer.status} {answer.statusText}
            </span>
            <span className="dim">{words.ms(count(answer.ms))}</span>
            {answer.text !== undefined && answer.text !== '' && <Copy text={laidOut(answer)} />}
          </div>
        )}
      </div>
      {problem !== '' && (
        <div className="note bad" role="alert">
          {problem}
        </div>
      )}
      {answer === undefined && problem === '' && <p className="pb s dim">{busy ? words.running : words.waits}</p>}
      {answer !== undefined && <Shown answer={answer} />}
    </section>
  );
}

function Shown({ answer }: { answer: Answer }) {
  const words = useWords(apiDocsWords);
  const lines = useMemo(() => (isJson(answer) ? linesOf(laidOut(answer)) : undefined), [answer]);
  return (
    <>
      {answer.headers.length > 0 && (
        <ul className="bare s mono api-headers">
          {answer.headers.map(([name, value]) => (
            <li key={name} className="wrap-any">
              <span className="dim">{name}:</span> {value}
            </li>
          ))}
        </ul>
      )}
      {answer.text === undefined ? (
        <p className="pb">{words.bytes(count(answer.bytes), answer.type)}</p>
      ) : answer.text === '' ? (
        <p className="pb s dim">{words.empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
        <pre className="pb mono api-text json" tabIndex={0} aria-label={words.answer}>
          {lines === undefined ? answer.text : <JsonLines lines={lines} />}
        </pre>
      )}
      {answer.cut && <p className="pb s dim">{words.cut}</p>}
    </>
  );
}

const isJson = ({ type, cut }: Answer): boolean => type.includes('json') && !cut;

function laidOut(answer: Answer): string {
  const text = answer.text ?? '';
  if (!isJson(answer)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // still on its way
  }
}
