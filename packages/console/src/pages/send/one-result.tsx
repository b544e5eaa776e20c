import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { Copy } from '../../design/copy.tsx';
import { laidOut } from '../../design/json-text.ts';
import { JsonLines } from '../../design/json-view.tsx';
import { stream } from '../../live/stream.ts';
import { clockTime, count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { type CommandView, resultWords, tookMs } from './command-result.ts';
import { sendWords } from './send-words.ts';

/** One command until its end and after: what waits is followed on the stream. */
export function OneResult({ sent }: { sent: CommandView }) {
  const words = useWords(sendWords);
  const client = useQueryClient();
  const { commandId } = sent;
  const queryKey = ['command', commandId];
  const { data: view } = useQuery({
    queryKey,
    queryFn: () => api.get('/commands/:commandId', { params: { commandId } }),
    initialData: sent,
    staleTime: 1_000,
  });
  useEffect(
    () =>
      stream.on('command', (event) => event.commandId === commandId && void client.invalidateQueries({ queryKey: ['command', commandId] })),
    [client, commandId],
  );
  const { word, why, tone } = resultWords(view, words);
  const ms = tookMs(view);
  const answer = view.state === 'answered' ? JSON.stringify(view.response) : undefined;
  return (
    <>
      <div className="row wrap result" role="status">
        <Link to="/stations/$stationId/messages" params={{ stationId: view.stationId }}>
          {view.stationId}
        </Link>
        <b style={{ color: `var(--${tone})` }}>{word}</b>
        <span className="grow">
          {why}
          {view.effect !== undefined && (
            <>
              {' '}
              {words.result.started}{' '}
              <Link
                to="/sessions/$stationId/$transactionId"
                params={{ stationId: view.stationId, transactionId: view.effect.transactionId }}
                className="mono"
              >
                {view.effect.transactionId}
              </Link>
            </>
          )}
        </span>
        {view.state === 'queued' && (
          <button
            type="button"
            className="link s"
            onClick={() =>
              void api.delete('/commands/:commandId', { params: { commandId } }).then(() => client.invalidateQueries({ queryKey }))
            }
          >
            {words.drop}
          </button>
        )}
        <span className="s dim">{words.sentAt(view.action, clockTime(view.createdAt))}</span>
        {ms !== undefined && <span className="nw">{words.ms(count(ms))}</span>}
      </div>
      {answer !== undefined && (
        <div className="frame answer">
          <div className="row between s">
            <b>{view.action}Response</b>
            <Copy text={answer} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard */}
          <pre tabIndex={0} aria-label={`${view.action}Response`}>
            <JsonLines lines={laidOut(answer)} />
          </pre>
        </div>
      )}
    </>
  );
}
