import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { Word } from '../fleet/filter-sentence.tsx';
import { messagesWords } from './messages-words.ts';
import { isSend, type MessageFilter, type Pair, RESULTS, resultOf, SPANS, type Span, spanOf } from './pairs.ts';

/** Asked for most; those that are on the page stand beside them. */
const OFTEN = ['BootNotification', 'StatusNotification', 'TransactionEvent', 'Authorize', 'NotifyEvent', 'Heartbeat'];
const SPAN_NAMES: readonly Span[] = ['15min', '1h', '24h'].filter((name): name is Span => name in SPANS);

interface Props {
  readonly filter: MessageFilter;
  readonly change: (next: MessageFilter) => void;
  readonly rows: readonly Pair[];
}

/** Which messages, as a sentence; figures in it lead to what they count. */
export function MessageSentence({ filter, change, rows }: Props) {
  const words = useWords(messagesWords);
  const actions = [...new Set([...OFTEN, ...rows.flatMap(({ action }) => action ?? [])])].sort();
  const direction = filter.direction === 'in' || filter.direction === 'out' ? filter.direction : undefined;
  const result = resultOf(filter);
  const span = spanOf(filter);
  const violations = rows.filter((row) => row.violations.length > 0).length;
  const unanswered = rows.filter((row) => row.call !== null && row.answer === null && !isSend(row)).length;
  const filtered = direction ?? filter.action ?? result ?? span ?? filter.q;
  return (
    <p className="sentence">
      {words.show}{' '}
      <Word
        text={direction === undefined ? words.both : words.direction[direction]}
        choices={[
          { text: words.both, set: undefined },
          { text: words.direction.in, set: 'in' },
          { text: words.direction.out, set: 'out' },
        ]}
        choose={(next) => change({ direction: next })}
      />
      ,{' '}
      <Word
        text={filter.action ?? words.allActions}
        choices={[{ text: words.allActions, set: undefined }, ...actions.map((one) => ({ text: one, set: one }))]}
        choose={(action) => change({ action })}
      />
      ,{' '}
      <Word
        text={result === undefined ? words.anyResult : words.result[result]}
        choices={[{ text: words.anyResult, set: undefined }, ...RESULTS.map((one) => ({ text: words.result[one], set: one }))]}
        choose={(next) => change({ result: next })}
      />{' '}
      {words.from}{' '}
      <Word
        text={span === undefined ? words.ever : words.span[span]}
        choices={[{ text: words.ever, set: undefined }, ...SPAN_NAMES.map((one) => ({ text: words.span[one], set: one }))]}
        choose={(since) => change({ since })}
      />
      : <b>{words.pairs(count(rows.length))}</b>
      {violations > 0 && (
        <>
          ,{' '}
          <button type="button" className="link" onClick={() => change({ result: 'violations' })}>
            {words.violations(count(violations))}
          </button>
        </>
      )}
      {unanswered > 0 && (
        <>
          ,{' '}
          <button type="button" className="link" onClick={() => change({ result: 'unanswered' })}>
            {words.unanswered(count(unanswered))}
          </button>
        </>
      )}
      .{' '}
      {filtered !== undefined && (
        <button
          type="button"
          className="link"
          onClick={() => change({ direction: undefined, action: undefined, result: undefined, since: undefined, q: undefined })}
        >
          {words.clear}
        </button>
      )}
    </p>
  );
}
