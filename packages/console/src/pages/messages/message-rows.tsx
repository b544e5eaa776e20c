import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useRowKeys } from '../../design/rows-keys.ts';
import { count, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNarrow } from '../fleet/narrow.ts';
import { clockMs } from './clock-ms.ts';
import { MessageOpen } from './message-open.tsx';
import { messagesWords } from './messages-words.ts';
import { isGood, isSend, keyOf, type Pair, payloadOf, statusWordOf } from './pairs.ts';
import { wordsOfMessage } from './words-of-message.ts';

interface Props {
  readonly rows: readonly Pair[];
  readonly withStation: boolean;
  readonly open: string | undefined;
  readonly setOpen: (key: string | undefined) => void;
  /** Of a file: nothing of it is known here. */
  readonly foreign?: boolean;
}

/** A pair is a row, which opens in place. */
export function MessageRows({ rows, withStation, open, setOpen, foreign = false }: Props) {
  const words = useWords(messagesWords);
  const narrow = useNarrow();
  const keys = uniqueKeys(rows);
  const toggle = (key: string): void => setOpen(open === key ? undefined : key);
  const [cursor] = useRowKeys(rows.length, { open: (index) => toggle(keys[index] ?? '') });
  if (narrow)
    return (
      <div className="cards">
        {rows.map((pair, index) => (
          <MessageCard
            key={keys[index]}
            pair={pair}
            open={open === keys[index]}
            toggle={() => toggle(keys[index] ?? '')}
            foreign={foreign}
          />
        ))}
      </div>
    );
  const columns = withStation ? 8 : 7;
  return (
    <section className="panel scroll-x whole" aria-label={words.title}>
      <table className="c messages">
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            {withStation && <th scope="col">{words.station}</th>}
            <th scope="col">{words.who}</th>
            <th scope="col">{words.action}</th>
            <th scope="col">{words.inWords}</th>
            <th scope="col">{words.answer}</th>
            <th scope="col" className="r">
              {words.after}
            </th>
            <th scope="col" className="r">
              {words.useCases}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((pair, index) => {
            const key = keys[index] ?? '';
            const isOpen = open === key;
            return (
              <Fragment key={key}>
                <tr className={[isOpen ? 'sel' : '', index === cursor ? 'cur' : ''].join(' ')}>
                  <MessageCells pair={pair} withStation={withStation} open={isOpen} toggle={() => toggle(key)} />
                </tr>
                {isOpen && (
                  <tr>
                    <td colSpan={columns} className="open-cell">
                      <MessageOpen pair={pair} foreign={foreign} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Frames of a file may be the same twice, and have no time. */
function uniqueKeys(rows: readonly Pair[]): readonly string[] {
  const seen = new Map<string, number>();
  return rows.map((pair) => {
    const key = keyOf(pair);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times === 0 ? key : `${key} ${times}`;
  });
}

function MessageCells({ pair, withStation, open, toggle }: { pair: Pair; withStation: boolean; open: boolean; toggle: () => void }) {
  const words = useWords(messagesWords);
  const { at, stationId, direction, action, useCases, latencyMs } = pair;
  return (
    <>
      <td className="mono nw">
        {at !== null && (
          <time dateTime={at} title={exactTime(at)}>
            {clockMs(at)}
          </time>
        )}
      </td>
      {withStation && (
        <td className="nw">
          {stationId !== null && (
            <Link to="/stations/$stationId/messages" params={{ stationId }}>
              {stationId}
            </Link>
          )}
        </td>
      )}
      <td className="nw">
        <span aria-hidden="true">{direction === 'in' ? '→' : '←'}</span> {direction === 'in' ? words.asks.in : words.asks.out}
      </td>
      <td className="nw">
        <button type="button" className="link b" aria-expanded={open} onClick={toggle}>
          {action ?? words.unknownCall}
        </button>
      </td>
      <td className="ell in-words" title={inWords(pair)}>
        {inWords(pair)}
      </td>
      <td className="nw">
        <Answer pair={pair} />
      </td>
      <td className="r nw">
        {latencyMs !== null && (
          <>
            {count(latencyMs)}
            <span className="u">ms</span>
          </>
        )}
      </td>
      <td className="r nw">
        {useCases.slice(0, MOST_TAGS).map((one) => (
          <span key={one} className="tag">
            {one}
          </span>
        ))}
        {useCases.length > MOST_TAGS && (
          <span className="s dim" title={useCases.join(', ')}>
            {' '}
            +{useCases.length - MOST_TAGS}
          </span>
        )}
      </td>
    </>
  );
}

/** As many as fit beside each other. */
const MOST_TAGS = 2;

const inWords = (pair: Pair): string => wordsOfMessage(pair.action, payloadOf(pair));

function Answer({ pair }: { pair: Pair }) {
  const words = useWords(messagesWords);
  const status = statusWordOf(pair);
  return (
    <>
      {pair.error !== null ? (
        <span className="tag bad">{pair.error.code}</span>
      ) : pair.answer === null ? (
        isSend(pair) ? (
          <span className="dim">{words.needsNone}</span>
        ) : (
          <b style={{ color: 'var(--faulted)' }}>{words.noAnswer}</b>
        )
      ) : status === undefined ? (
        <span className="dim">{words.answered}</span>
      ) : (
        <b style={{ color: isGood(status) ? 'var(--ok)' : 'var(--warn)' }}>{status}</b>
      )}{' '}
      {pair.violations.some(({ code }) => code !== pair.error?.code) && <span className="tag bad">{words.violation}</span>}
    </>
  );
}

function MessageCard({ pair, open, toggle, foreign }: { pair: Pair; open: boolean; toggle: () => void; foreign: boolean }) {
  const words = useWords(messagesWords);
  const { at, stationId, direction, action } = pair;
  return (
    <article className="card">
      <div className="row between">
        <button type="button" className="link b" aria-expanded={open} onClick={toggle}>
          {action ?? words.unknownCall}
        </button>
        <Answer pair={pair} />
      </div>
      <div className="s wrap-any">{inWords(pair)}</div>
      <div className="row between s dim">
        <span>
          {stationId} {direction === 'in' ? words.asks.in : words.asks.out}
        </span>
        <span className="mono">{at === null ? '' : clockMs(at)}</span>
      </div>
      {open && <MessageOpen pair={pair} foreign={foreign} />}
    </article>
  );
}
